#include "server/rpc/audit/audit_service.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dangol/v1/audit_service.grpc.pb.h"
#include "server/common/status_macros.h"
#include "server/domain/audit/audit.h"
#include "server/rpc/audit/audit_replay.h"
#include "server/rpc/page_token.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

using grpc::ByteBuffer;
using grpc::ServerUnaryReactor;

// More would say nothing new.
constexpr int kMaxTransfers = 3;

void Add(const domain::MemberId& member, std::vector<domain::Finding> findings,
         v1::VerifyLedgerResponse& response) {
  for (domain::Finding& finding : findings) {
    v1::Finding& out = *response.add_findings();
    if (!member.IsNil()) out.set_member_id(member.ToString());
    out.set_kind(static_cast<v1::FindingKind>(finding.kind));
    out.set_message(std::move(finding.message));
  }
}

void Verify(const std::vector<storage::MemberRecords>& family,
            const domain::ProgramCatalog& catalog, v1::VerifyLedgerResponse& response) {
  VerifyFamily(family, catalog,
               [&](const domain::MemberId& member, std::vector<domain::Finding> findings) {
                 Add(member, std::move(findings), response);
               });
  for (const storage::MemberRecords& records : family) {
    response.set_members(response.members() + 1);
    response.set_commands(response.commands() + static_cast<int64_t>(records.commands.size()));
    response.set_entries(response.entries() + static_cast<int64_t>(records.stored.entries.size()));
  }
}

// Whether the first of them comes before all others: with the others they come again.
bool IsFirstMet(const std::vector<storage::MemberRecords>& family) {
  const domain::MemberId& first = family.front().stored.state.member.id;
  return std::none_of(family.begin(), family.end(), [&](const storage::MemberRecords& records) {
    return records.stored.state.member.id < first;
  });
}

// What all members share: once, with the last page.
absl::Status VerifyShared(const domain::ProgramCatalog& catalog, storage::Reader& reader,
                          v1::VerifyLedgerResponse& response) {
  ASSIGN_OR_RETURN(const domain::StoredCounters counters, reader.ReadCounters());
  Add(domain::MemberId(), domain::CheckCounters(counters, catalog), response);
  ASSIGN_OR_RETURN(const std::vector<domain::UnevenTransfer> uneven,
                   reader.FindUnevenTransfers(kMaxTransfers));
  Add(domain::MemberId(), domain::NameTransfers(uneven), response);
  return absl::OkStatus();
}

absl::Status VerifyPage(const v1::VerifyLedgerRequest& message,
                        const domain::ProgramCatalog& catalog, storage::Reader& reader,
                        v1::VerifyLedgerResponse& response) {
  Validator validator;
  const int page_size = validator.PageSize(Path("page_size"), message.page_size());
  RETURN_IF_ERROR(validator.status());
  ASSIGN_OR_RETURN(const std::vector<std::string> position,
                   DecodePageToken("verify", message.page_token(), 1));
  std::optional<domain::MemberId> after;
  if (!position.empty()) {
    after = domain::MemberId::Parse(position[0]);
    if (!after.has_value()) return NotAToken();
  }
  for (int i = 0; i < page_size; ++i) {
    ASSIGN_OR_RETURN(const std::vector<storage::MemberRecords> family, reader.ReadRecords(after));
    if (family.empty()) return VerifyShared(catalog, reader, response);
    after = family.front().stored.state.member.id;
    if (IsFirstMet(family)) Verify(family, catalog, response);
  }
  response.set_next_page_token(EncodePageToken("verify", {after->ToString()}));
  return absl::OkStatus();
}

using Base = v1::AuditService::WithRawCallbackMethod_VerifyLedger<v1::AuditService::Service>;

class Service final : public Base {
 public:
  explicit Service(const Backend& backend) : backend_(backend) {}

  ServerUnaryReactor* VerifyLedger(Context* context, const ByteBuffer* in,
                                   ByteBuffer* out) override {
    return Query<v1::VerifyLedgerRequest, v1::VerifyLedgerResponse>(
        backend_, *context, *in, *out,
        [this](const v1::VerifyLedgerRequest& message, storage::Reader& reader,
               v1::VerifyLedgerResponse& response) {
          return VerifyPage(message, *backend_.programs.Current(), reader, response);
        });
  }

 private:
  Backend backend_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeAuditService(const Backend& backend) {
  return std::make_unique<Service>(backend);
}

}  // namespace dangol::rpc
