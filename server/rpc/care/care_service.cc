#include "server/rpc/care/care_service.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dangol/v1/care_service.pb.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/domain/advocate/strikes.h"
#include "server/domain/care/care_errors.h"
#include "server/domain/care/work_item.h"
#include "server/rpc/care/care_report.h"
#include "server/rpc/care/convert_complaint.h"
#include "server/rpc/care/convert_survey.h"
#include "server/rpc/care/work_queue.h"
#include "server/rpc/member/convert_member.h"
#include "server/rpc/member_read.h"
#include "server/rpc/method.h"
#include "server/rpc/page_token.h"
#include "server/rpc/tier/person.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

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
  TellComplaint(complaint, state->member.id, *found.catalog, found.now,
                *response.mutable_complaint());
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
    TellComplaint(*complaint, member, *catalog, now, out);
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

absl::Status ListSurveys(const v1::ListSurveysRequest& message, Backend& backend,
                         storage::Reader& reader, v1::ListSurveysResponse& response) {
  Validator validator;
  const domain::MemberRef ref =
      validator.MemberRef(Path("member"), message.has_member(), message.member());
  const int page_size = validator.PageSize(Path("page_size"), message.page_size());
  RETURN_IF_ERROR(validator.status());
  ASSIGN_OR_RETURN(const Person person, FindPerson(ref, backend, reader));
  const std::string list = absl::StrCat("surveys/", person.member.id.ToString());
  ASSIGN_OR_RETURN(const std::vector<std::string> position,
                   DecodePageToken(list, message.page_token(), 2));
  std::vector<const domain::Survey*> surveys;
  for (const domain::History& history : person.member.histories) {
    for (const domain::Survey& survey : history.care.surveys) surveys.push_back(&survey);
  }
  const auto key_of = [](const domain::Survey& survey) {
    return std::pair(absl::ToUnixMicros(survey.at), survey.survey_id);
  };
  std::sort(surveys.begin(), surveys.end(),
            [&](const auto* a, const auto* b) { return key_of(*b) < key_of(*a); });
  if (!position.empty()) {
    ASSIGN_OR_RETURN(const int64_t micros, TokenNumber(position[0]));
    const std::pair last(micros, position[1]);
    std::erase_if(surveys, [&](const auto* survey) { return key_of(*survey) >= last; });
  }
  for (size_t i = 0; i < surveys.size(); ++i) {
    if (i == static_cast<size_t>(page_size)) {
      const auto [micros, survey_id] = key_of(*surveys[i - 1]);
      response.set_next_page_token(EncodePageToken(list, {absl::StrCat(micros), survey_id}));
      break;
    }
    v1::Survey& out = *response.add_surveys();
    ToProto(*surveys[i], person.member.id, out);
    out.set_open(domain::IsWaiting(*surveys[i], *person.catalog, person.member));
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

ServiceTable CareService() {
  using enum When;
  return {
      "dangol.v1.CareService",
      {Changing<v1::FileComplaintRequest, v1::FileComplaintResponse>().For(
           {.pos = kAlways, .app = kOwnMember, .care = kAlways}),
       Changing<v1::AcknowledgeComplaintRequest, v1::AcknowledgeComplaintResponse>().For(
           {.care = kAlways}),
       Changing<v1::AssignComplaintRequest, v1::AssignComplaintResponse>().For({.care = kAlways}),
       Mutation<v1::GrantGoodwillRequest, domain::ComplaintOutcome, v1::GrantGoodwillResponse>(
           ToRequest, ToProto)
           .For({.care = kGoodwillLimit}),
       Changing<v1::ResolveComplaintRequest, v1::ResolveComplaintResponse>().For({.care = kAlways}),
       Changing<v1::RecordVerdictRequest, v1::RecordVerdictResponse>().For(
           {.app = kForMembers, .care = kAlways}),
       Changing<v1::ReopenComplaintRequest, v1::ReopenComplaintResponse>().For(
           {.app = kForMembers, .care = kAlways}),
       ReadWith<v1::GetComplaintRequest, v1::GetComplaintResponse>(Get).For(
           {.app = kForMembers, .care = kAlways, .auditor = kAlways}),
       ReadWith<v1::ListComplaintsRequest, v1::ListComplaintsResponse>(List).For(
           {.app = kOwnMember, .care = kAlways, .auditor = kAlways}),
       Mutation<v1::RecordSurveyRequest, domain::SurveyOutcome, v1::RecordSurveyResponse>(ToRequest,
                                                                                          ToProto)
           .For({.pos = kAlways, .app = kOwnMember, .care = kAlways}),
       ReadWith<v1::ListSurveysRequest, v1::ListSurveysResponse>(ListSurveys)
           .For({.app = kOwnMember, .care = kAlways, .auditor = kAlways}),
       Mutation<v1::CompleteWorkItemRequest, domain::WorkOutcome, v1::CompleteWorkItemResponse>(
           ToRequest, ToProto)
           .For({.care = kAlways}),
       ReadWith<v1::GetCareReportRequest, v1::GetCareReportResponse>(GetCareReport)
           .For({.care = kAlways, .marketing = kAlways, .auditor = kAlways}),
       ReadWith<v1::ListWorkItemsRequest, v1::ListWorkItemsResponse>(ListWorkItems)
           .For({.care = kAlways, .auditor = kAlways})}};
}

}  // namespace dangol::rpc
