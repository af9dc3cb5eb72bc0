#include "server/rpc/care/work_queue.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/domain/care/work_item.h"
#include "server/rpc/care/convert_complaint.h"
#include "server/rpc/member/convert_member.h"
#include "server/rpc/page_token.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

absl::StatusOr<storage::WorkCursor> CursorOf(const std::string& list, const std::string& token) {
  storage::WorkCursor cursor;
  ASSIGN_OR_RETURN(const std::vector<std::string> position, DecodePageToken(list, token, 4));
  if (position.empty()) return cursor;
  int64_t micros = 0;
  int64_t kind = 0;
  const auto member = domain::MemberId::Parse(position[1]);
  const bool are_numbers =
      absl::SimpleAtoi(position[0], &micros) && absl::SimpleAtoi(position[2], &kind);
  if (!are_numbers || !member.has_value()) return NotAToken();
  return storage::WorkCursor{absl::FromUnixMicros(micros), *member, kind, position[3]};
}

std::string TokenAfter(const std::string& list, const storage::FoundWork& last) {
  return EncodePageToken(
      list, {absl::StrCat(absl::ToUnixMicros(last.item.due_at)), last.member_id.ToString(),
             absl::StrCat(static_cast<int>(last.item.kind)), last.item.item_id});
}

// An item as it is told.
v1::WorkItem Told(const storage::FoundWork& found, const domain::ProgramCatalog& catalog,
                  absl::Time now) {
  v1::WorkItem out;
  out.set_kind(static_cast<v1::WorkKind>(found.item.kind));
  out.set_item_id(found.item.item_id);
  out.set_member_id(found.member_id.ToString());
  out.set_department(found.item.department);
  out.set_owner(found.item.owner);
  *out.mutable_opened_at() = ToTimestamp(found.item.opened_at);
  *out.mutable_due_at() = ToTimestamp(found.item.due_at);
  out.set_overdue(found.item.due_at <= now);
  if (found.item.kind != domain::WorkKind::kComplaint) return out;
  const absl::StatusOr<domain::Complaint> complaint = domain::ComplaintOf(found.item);
  if (complaint.ok()) {
    TellComplaint(*complaint, found.member_id, catalog, now, *out.mutable_complaint());
    out.mutable_complaint()->clear_events();
  }
  return out;
}

bool IsWanted(const v1::WorkItem& item, const v1::ListWorkItemsRequest& message) {
  if (message.kind() != v1::WORK_KIND_UNSPECIFIED && message.kind() != item.kind()) return false;
  if (!message.department().empty() && message.department() != item.department()) return false;
  if (message.owner().empty() || message.owner() == item.owner()) return true;
  return message.owner() == item.complaint().escalated_to();
}

}  // namespace

void TellComplaint(const domain::Complaint& complaint, const domain::MemberId& member,
                   const domain::ProgramCatalog& catalog, absl::Time now, v1::Complaint& out) {
  const domain::ProgramVersion* const version = catalog.At(now);
  const bool is_declared = version != nullptr && version->program->care.has_value();
  const int missed = domain::StatusAt(complaint, now).missed;
  ToProto(complaint, member,
          is_declared ? domain::EscalatedTo(*version->program->care, missed) : "", now, out);
}

absl::Status ListWorkItems(const v1::ListWorkItemsRequest& message, Backend& backend,
                           storage::Reader& reader, v1::ListWorkItemsResponse& response) {
  Validator validator;
  const int page_size = validator.PageSize(Path("page_size"), message.page_size());
  validator.Check(v1::WorkKind_IsValid(message.kind()), Path("kind"), "is not a WorkKind");
  validator.Text(Path("department"), message.department(), limits::kMaxDepartmentBytes);
  validator.Text(Path("owner"), message.owner(), limits::kMaxDepartmentBytes);
  RETURN_IF_ERROR(validator.status());
  const absl::Time now = backend.clock.Now();
  const std::shared_ptr<const domain::ProgramCatalog> catalog = backend.programs.Current();
  const std::string list = absl::StrCat("work/", message.kind(), "/", message.department(), "/",
                                        message.owner(), "/", message.overdue_only());
  ASSIGN_OR_RETURN(const storage::WorkCursor after, CursorOf(list, message.page_token()));
  ASSIGN_OR_RETURN(const std::vector<storage::FoundWork> work,
                   reader.ListOpenWork(after, page_size));
  for (const storage::FoundWork& found : work) {
    // They come by due_at: nothing that follows is overdue.
    if (message.overdue_only() && found.item.due_at > now) return absl::OkStatus();
    v1::WorkItem item = Told(found, *catalog, now);
    if (IsWanted(item, message)) *response.add_items() = std::move(item);
  }
  if (work.size() == static_cast<size_t>(page_size)) {
    response.set_next_page_token(TokenAfter(list, work.back()));
  }
  return absl::OkStatus();
}

}  // namespace dangol::rpc
