#include "server/rpc/care/care_service.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "dangol/v1/care_service.pb.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/domain/care/care_errors.h"
#include "server/domain/care/work_item.h"
#include "server/rpc/care/convert_complaint.h"
#include "server/rpc/member/convert_member.h"
#include "server/rpc/member_read.h"
#include "server/rpc/method.h"
#include "server/rpc/page_token.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

// Tells a complaint as of now.
void Tell(const domain::Complaint& complaint, const domain::MemberId& member,
          const domain::ProgramCatalog& catalog, absl::Time now, v1::Complaint& out) {
  const domain::ProgramVersion* const version = catalog.At(now);
  const bool is_declared = version != nullptr && version->program->care.has_value();
  const int missed = domain::StatusAt(complaint, now).missed;
  ToProto(complaint, member,
          is_declared ? domain::EscalatedTo(*version->program->care, missed) : "", now, out);
}

absl::Status Get(const v1::GetComplaintRequest& message, Backend& backend, storage::Reader& reader,
                 v1::GetComplaintResponse& response) {
  Validator validator;
  validator.RequestId(Path("complaint_id"), message.complaint_id());
  RETURN_IF_ERROR(validator.status());
  domain::MemberRef ref;
  ref.complaint_id = message.complaint_id();
  ref.resolve = domain::Resolve::kToPerson;
  ASSIGN_OR_RETURN(const Found found, LoadMember(backend, reader, [&](const auto&, absl::Time) {
                     domain::Reads reads;
                     reads.member = ref;
                     reads.needs.work_items = {ref.complaint_id};
                     return reads;
                   }));
  const domain::MemberState* const state = found.loaded.Find(ref);
  if (state == nullptr || state->work_items.empty()) {
    return domain::ComplaintNotFound(message.complaint_id());
  }
  ASSIGN_OR_RETURN(const domain::Complaint complaint,
                   domain::ComplaintOf(state->work_items.front()));
  Tell(complaint, state->member.id, *found.catalog, found.now, *response.mutable_complaint());
  return absl::OkStatus();
}

absl::Status List(const v1::ListComplaintsRequest& message, Backend& backend,
                  storage::Reader& reader, v1::ListComplaintsResponse& response) {
  Validator validator;
  domain::MemberRef ref =
      validator.MemberRef(Path("member"), message.has_member(), message.member());
  ref.resolve = domain::Resolve::kToPerson;
  const int page_size = validator.PageSize(Path("page_size"), message.page_size());
  RETURN_IF_ERROR(validator.status());
  ASSIGN_OR_RETURN(const domain::MemberId member, FindMember(ref, reader));
  const absl::Time now = backend.clock.Now();
  const std::shared_ptr<const domain::ProgramCatalog> catalog = backend.programs.Current();
  const auto tell = [&](const domain::WorkItem& item) {
    const absl::StatusOr<domain::Complaint> complaint = domain::ComplaintOf(item);
    if (!complaint.ok()) return false;
    v1::Complaint& out = *response.add_complaints();
    Tell(*complaint, member, *catalog, now, out);
    out.clear_events();
    return true;
  };
  return FillPage<domain::WorkItem>(
      absl::StrCat("complaints/", member.ToString()), message.page_token(), page_size,
      [&](const std::string& after, int limit) {
        return reader.ListWorkOf(member, domain::WorkKind::kComplaint, after, limit);
      },
      [](const domain::WorkItem& item) -> const std::string& { return item.item_id; }, tell,
      response);
}

absl::StatusOr<storage::WorkCursor> CursorOf(const std::string& list, const std::string& token) {
  storage::WorkCursor cursor;
  ASSIGN_OR_RETURN(const std::vector<std::string> position, DecodePageToken(list, token, 3));
  if (position.empty()) return cursor;
  int64_t micros = 0;
  const auto member = domain::MemberId::Parse(position[1]);
  if (!absl::SimpleAtoi(position[0], &micros) || !member.has_value()) return NotAToken();
  return storage::WorkCursor{absl::FromUnixMicros(micros), *member, position[2]};
}

std::string TokenAfter(const std::string& list, const storage::FoundWork& last) {
  return EncodePageToken(list, {absl::StrCat(absl::ToUnixMicros(last.item.due_at)),
                                last.member_id.ToString(), last.item.item_id});
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
  const absl::StatusOr<domain::Complaint> complaint = domain::ComplaintOf(found.item);
  if (complaint.ok()) {
    Tell(*complaint, found.member_id, catalog, now, *out.mutable_complaint());
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

absl::Status ListWork(const v1::ListWorkItemsRequest& message, Backend& backend,
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

template <typename Response>
void TellOutcome(const domain::ComplaintOutcome& outcome, Response& out) {
  ToProto(outcome.complaint, outcome.member_id, outcome.escalated_to, outcome.now,
          *out.mutable_complaint());
}

template <typename Request, typename Response>
auto Changing() {
  return Mutation<Request, domain::ComplaintOutcome, Response>(ToRequest, TellOutcome<Response>);
}

}  // namespace

std::unique_ptr<grpc::Service> MakeCareService(const Backend& backend) {
  return MakeService(
      backend, "dangol.v1.CareService",
      {Changing<v1::FileComplaintRequest, v1::FileComplaintResponse>(),
       Changing<v1::AcknowledgeComplaintRequest, v1::AcknowledgeComplaintResponse>(),
       Changing<v1::AssignComplaintRequest, v1::AssignComplaintResponse>(),
       Mutation<v1::GrantGoodwillRequest, domain::ComplaintOutcome, v1::GrantGoodwillResponse>(
           ToRequest, ToProto),
       Changing<v1::ResolveComplaintRequest, v1::ResolveComplaintResponse>(),
       Changing<v1::RecordVerdictRequest, v1::RecordVerdictResponse>(),
       Changing<v1::ReopenComplaintRequest, v1::ReopenComplaintResponse>(),
       ReadWith<v1::GetComplaintRequest, v1::GetComplaintResponse>(Get),
       ReadWith<v1::ListComplaintsRequest, v1::ListComplaintsResponse>(List),
       ReadWith<v1::ListWorkItemsRequest, v1::ListWorkItemsResponse>(ListWork)});
}

}  // namespace dangol::rpc
