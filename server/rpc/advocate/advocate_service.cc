#include "server/rpc/advocate/advocate_service.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dangol/v1/advocate_service.pb.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/domain/advocate/testimony.h"
#include "server/domain/errors.h"
#include "server/rpc/advocate/convert_advocate.h"
#include "server/rpc/method.h"
#include "server/rpc/page_token.h"
#include "server/rpc/tier/person.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

absl::Status Get(const v1::GetAdvocateRequest& message, Backend& backend, storage::Reader& reader,
                 v1::GetAdvocateResponse& response) {
  Validator validator;
  const domain::MemberRef ref =
      validator.MemberRef(Path("member"), message.has_member(), message.member());
  RETURN_IF_ERROR(validator.status());
  ASSIGN_OR_RETURN(const Person person, FindPerson(ref, backend, reader));
  ToProto(domain::ViewOf(person.member, person.program->time_zone, person.now),
          *response.mutable_advocate());
  return absl::OkStatus();
}

bool IsHere(const domain::Member& member) {
  return member.status == domain::MemberStatus::kActive ||
         member.status == domain::MemberStatus::kSuspended;
}

// Reads as many members as a page may have, and tells those of them who are in that state.
absl::Status List(const v1::ListAdvocatesRequest& message, Backend& backend,
                  storage::Reader& reader, v1::ListAdvocatesResponse& response) {
  Validator validator;
  const int page_size = validator.PageSize(Path("page_size"), message.page_size());
  validator.Check(v1::TestifierState_IsValid(message.testifier()), Path("testifier"),
                  "is not a TestifierState");
  RETURN_IF_ERROR(validator.status());
  const absl::Time now = backend.clock.Now();
  const std::shared_ptr<const domain::ProgramCatalog> catalog = backend.programs.Current();
  const domain::ProgramVersion* const version = catalog->At(now);
  if (version == nullptr) return domain::ProgramMissing();
  const std::string list = absl::StrCat("advocates/", message.testifier());
  ASSIGN_OR_RETURN(const std::vector<std::string> position,
                   DecodePageToken(list, message.page_token(), 1));
  storage::MemberFilter filter;
  filter.bare = filter.advocates = true;
  if (!position.empty()) {
    filter.after = domain::MemberId::Parse(position[0]);
    if (!filter.after.has_value()) return NotAToken();
  }
  ASSIGN_OR_RETURN(const std::vector<domain::MemberState> members,
                   reader.ListMembers(filter, page_size));
  for (const domain::MemberState& state : members) {
    domain::AdvocateView view = domain::ViewOf(state.member, version->program->time_zone, now);
    view.records.clear();
    const bool is_wanted = message.testifier() == v1::TESTIFIER_STATE_UNSPECIFIED ||
                           static_cast<v1::TestifierState>(view.state()) == message.testifier();
    if (is_wanted && IsHere(state.member)) ToProto(view, *response.add_advocates());
  }
  if (members.size() == static_cast<size_t>(page_size)) {
    response.set_next_page_token(EncodePageToken(list, {members.back().member.id.ToString()}));
  }
  return absl::OkStatus();
}

template <typename Response>
void Tell(const domain::AdvocateOutcome& outcome, Response& out) {
  ToProto(outcome.view, *out.mutable_advocate());
}

template <typename Request, typename Response>
auto Recording() {
  return Mutation<Request, domain::AdvocateOutcome, Response>(ToRequest, Tell<Response>);
}

}  // namespace

std::unique_ptr<grpc::Service> MakeAdvocateService(const Backend& backend) {
  return MakeService(backend, "dangol.v1.AdvocateService",
                     {Recording<v1::NominateTestifierRequest, v1::NominateTestifierResponse>(),
                      Recording<v1::RecordConsentRequest, v1::RecordConsentResponse>(),
                      Recording<v1::WithdrawConsentRequest, v1::WithdrawConsentResponse>(),
                      Recording<v1::RecordTestimonyUseRequest, v1::RecordTestimonyUseResponse>(),
                      Recording<v1::RecordCompensationRequest, v1::RecordCompensationResponse>(),
                      Recording<v1::RecordSponsorshipRequest, v1::RecordSponsorshipResponse>(),
                      Recording<v1::UndoAdvocateRecordRequest, v1::UndoAdvocateRecordResponse>(),
                      ReadWith<v1::GetAdvocateRequest, v1::GetAdvocateResponse>(Get),
                      ReadWith<v1::ListAdvocatesRequest, v1::ListAdvocatesResponse>(List)});
}

}  // namespace dangol::rpc
