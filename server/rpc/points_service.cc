#include "server/rpc/points_service.h"

#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "dangol/v1/points_service.grpc.pb.h"
#include "server/common/status_macros.h"
#include "server/rpc/convert_points.h"
#include "server/rpc/page_token.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

using grpc::ByteBuffer;
using grpc::ServerUnaryReactor;

// The ledger is shown with what time has made of it up to now: entries that are
// due and not stored yet come first.
absl::StatusOr<std::vector<domain::LedgerEntry>> DueEntries(const domain::MemberRef& ref,
                                                            absl::Time now,
                                                            const domain::ProgramCatalog& catalog,
                                                            storage::Reader& reader,
                                                            domain::MemberId& member_id) {
  storage::KeySet keys;
  keys.now = now;
  keys.members.push_back({ref, {}});
  keys.known_program_version = lane::LatestVersion(catalog);
  ASSIGN_OR_RETURN(const storage::Loaded loaded, reader.Load(keys));
  const domain::MemberState* state = loaded.Find(ref);
  if (state == nullptr) return domain::MemberNotFound(ref);
  member_id = state->member.id;
  std::vector<domain::LedgerEntry> entries = domain::Advance(*state, catalog, now).entries;
  return std::vector<domain::LedgerEntry>(entries.rbegin(), entries.rend());
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
  validator.Text(Path("wallet"), message.wallet(), 64);
  RETURN_IF_ERROR(validator.status());

  storage::EntryFilter filter;
  ASSIGN_OR_RETURN(const std::vector<domain::LedgerEntry> due,
                   DueEntries(ref, now, catalog, reader, filter.member_id));
  filter.wallet = message.wallet();
  if (message.kind() != v1::ENTRY_KIND_UNSPECIFIED)
    filter.kind = static_cast<domain::EntryKind>(message.kind());
  const std::string list = absl::StrCat("entries/", filter.member_id.ToString(), "/",
                                        message.kind(), "/", message.wallet());
  ASSIGN_OR_RETURN(const std::vector<std::string> position,
                   DecodePageToken(list, message.page_token(), 1));
  int64_t before = 0;
  if (!position.empty() && absl::SimpleAtoi(position[0], &before)) filter.before_number = before;

  std::vector<domain::LedgerEntry> entries;
  for (const domain::LedgerEntry& entry : due) {
    if (Selects(filter, entry)) entries.push_back(entry);
  }
  ASSIGN_OR_RETURN(const std::vector<domain::LedgerEntry> stored,
                   reader.ListEntries(filter, page_size + 1));
  for (const domain::LedgerEntry& entry : stored) {
    // What was due may have been stored since.
    if (entries.empty() || entry.number < entries.back().number) entries.push_back(entry);
  }
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
