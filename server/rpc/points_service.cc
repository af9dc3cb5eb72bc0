#include "server/rpc/points_service.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dangol/v1/points_service.grpc.pb.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/rpc/convert_points.h"
#include "server/rpc/page_token.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

using grpc::ByteBuffer;
using grpc::ServerUnaryReactor;

// A member's ledger as of now: what is stored, and what is due and not stored
// yet.
struct Ledger {
  domain::MemberId member_id;
  int64_t stored = 0;                    // The number of the last stored entry.
  std::vector<domain::LedgerEntry> due;  // Last first.
};

absl::StatusOr<Ledger> FindLedger(const domain::MemberRef& ref, absl::Time now,
                                  const domain::ProgramCatalog& catalog, storage::Reader& reader) {
  storage::KeySet keys;
  keys.now = now;
  keys.members.push_back({ref, {}});
  keys.known_program_version = lane::LatestVersion(catalog);
  ASSIGN_OR_RETURN(const storage::Loaded loaded, reader.Load(keys));
  const domain::MemberState* state = loaded.Find(ref);
  if (state == nullptr) return domain::MemberNotFound(ref);
  Ledger ledger{state->member.id, state->member.entry_count,
                domain::Advance(*state, catalog, now).entries};
  std::reverse(ledger.due.begin(), ledger.due.end());
  return ledger;
}

bool Selects(const storage::EntryFilter& filter, const domain::LedgerEntry& entry) {
  return (filter.wallet.empty() || filter.wallet == entry.wallet) &&
         (!filter.kind.has_value() || *filter.kind == entry.kind) &&
         (!filter.before_number.has_value() || entry.number < *filter.before_number);
}

absl::Status ListEntries(const v1::ListLedgerEntriesRequest& message, absl::Time now,
                         const domain::ProgramCatalog& catalog, storage::Reader& reader,
                         v1::ListLedgerEntriesResponse& response) {
  Validator validator;
  const domain::MemberRef ref =
      validator.MemberRef(Path("member"), message.has_member(), message.member());
  const int page_size = validator.PageSize(Path("page_size"), message.page_size());
  validator.Check(v1::EntryKind_IsValid(message.kind()), Path("kind"), "is not an EntryKind");
  validator.Text(Path("wallet"), message.wallet(), limits::kMaxNameBytes);
  RETURN_IF_ERROR(validator.status());

  ASSIGN_OR_RETURN(const Ledger ledger, FindLedger(ref, now, catalog, reader));
  storage::EntryFilter filter;
  filter.member_id = ledger.member_id;
  filter.wallet = message.wallet();
  if (message.kind() != v1::ENTRY_KIND_UNSPECIFIED) {
    filter.kind = static_cast<domain::EntryKind>(message.kind());
  }
  const std::string list = absl::StrCat("entries/", filter.member_id.ToString(), "/",
                                        message.kind(), "/", message.wallet());
  ASSIGN_OR_RETURN(const std::vector<std::string> position,
                   DecodePageToken(list, message.page_token(), 1));
  if (!position.empty()) {
    ASSIGN_OR_RETURN(filter.before_number, TokenNumber(position[0]));
  }

  std::vector<domain::LedgerEntry> entries;
  for (const domain::LedgerEntry& entry : ledger.due) {
    if (Selects(filter, entry)) entries.push_back(entry);
  }
  // What was stored since the member was read is not of that state.
  filter.before_number =
      std::min(filter.before_number.value_or(ledger.stored + 1), ledger.stored + 1);
  ASSIGN_OR_RETURN(const std::vector<domain::LedgerEntry> stored,
                   reader.ListEntries(filter, page_size + 1));
  entries.insert(entries.end(), stored.begin(), stored.end());
  if (static_cast<int>(entries.size()) > page_size) {
    entries.resize(static_cast<size_t>(page_size));
    response.set_next_page_token(EncodePageToken(list, {absl::StrCat(entries.back().number)}));
  }
  for (const domain::LedgerEntry& entry : entries) ToProto(entry, *response.add_entries());
  return absl::OkStatus();
}

using Base = v1::PointsService::WithRawCallbackMethod_GetBalance<
    v1::PointsService::WithRawCallbackMethod_ListLedgerEntries<v1::PointsService::Service>>;

class Service final : public Base {
 public:
  explicit Service(const Backend& backend) : backend_(backend) {}

  ServerUnaryReactor* GetBalance(Context* context, const ByteBuffer* in, ByteBuffer* out) override {
    return ReadMember<v1::GetBalanceRequest, v1::GetBalanceResponse>(backend_, *context, *in, *out,
                                                                     ToReads, ToProto);
  }

  ServerUnaryReactor* ListLedgerEntries(Context* context, const ByteBuffer* in,
                                        ByteBuffer* out) override {
    return Query<v1::ListLedgerEntriesRequest, v1::ListLedgerEntriesResponse>(
        backend_, *context, *in, *out,
        [this](const v1::ListLedgerEntriesRequest& message, storage::Reader& reader,
               v1::ListLedgerEntriesResponse& response) {
          return ListEntries(message, backend_.clock.Now(), *backend_.programs.Current(), reader,
                             response);
        });
  }

 private:
  Backend backend_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakePointsService(const Backend& backend) {
  return std::make_unique<Service>(backend);
}

}  // namespace dangol::rpc
