#include "server/rpc/audit/audit_service.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dangol/v1/audit_service.pb.h"
#include "server/common/status_macros.h"
#include "server/domain/audit/audit.h"
#include "server/domain/audit/family.h"
#include "server/rpc/audit/audit_log.h"
#include "server/rpc/method.h"
#include "server/rpc/page_token.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

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

void Verify(const std::vector<domain::StoredMember>& family, const domain::ProgramCatalog& catalog,
            v1::VerifyLedgerResponse& response) {
  domain::VerifyFamily(family, catalog,
                       [&](const domain::MemberId& member, std::vector<domain::Finding> findings) {
                         Add(member, std::move(findings), response);
                       });
  for (const domain::StoredMember& member : family) {
    response.set_members(response.members() + 1);
    response.set_commands(response.commands() + static_cast<int64_t>(member.commands.size()));
    response.set_entries(response.entries() + static_cast<int64_t>(member.entries.size()));
  }
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

absl::Status VerifyPage(const v1::VerifyLedgerRequest& message, Backend& backend,
                        storage::Reader& reader, v1::VerifyLedgerResponse& response) {
  Validator validator;
  const int page_size = validator.PageSize(Path("page_size"), message.page_size());
  RETURN_IF_ERROR(validator.status());
  ASSIGN_OR_RETURN(const std::vector<std::string> position,
                   DecodePageToken("verify", message.page_token(), 1));
  const std::shared_ptr<const domain::ProgramCatalog> known = backend.programs.Current();
  const domain::ProgramCatalog& catalog = *known;
  std::optional<domain::MemberId> after;
  if (!position.empty()) {
    after = domain::MemberId::Parse(position[0]);
    if (!after.has_value()) return NotAToken();
  }
  for (int i = 0; i < page_size; ++i) {
    ASSIGN_OR_RETURN(const storage::FamilyRecords records, reader.ReadRecords(after));
    if (!records.first.has_value()) return VerifyShared(catalog, reader, response);
    after = records.first;
    if (!records.family.empty()) Verify(records.family, catalog, response);
  }
  response.set_next_page_token(EncodePageToken("verify", {after->ToString()}));
  return absl::OkStatus();
}

}  // namespace

ServiceTable AuditService() {
  using enum When;
  return {"dangol.v1.AuditService",
          {ReadWith<v1::VerifyLedgerRequest, v1::VerifyLedgerResponse>(VerifyPage)
               .For({.auditor = kAlways}),
           ReadWith<v1::ListAuditLogRequest, v1::ListAuditLogResponse>(ListAuditLog)
               .For({.auditor = kAlways}),
           ReadWith<v1::VerifyAuditLogRequest, v1::VerifyAuditLogResponse>(VerifyAuditLog)
               .For({.auditor = kAlways})}};
}

}  // namespace dangol::rpc
