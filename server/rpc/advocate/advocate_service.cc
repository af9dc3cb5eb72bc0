#include "server/rpc/advocate/advocate_service.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dangol/v1/advocate_service.pb.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/domain/advocate/judge_advocacy.h"
#include "server/domain/advocate/testimony.h"
#include "server/domain/errors.h"
#include "server/domain/referral/referrals.h"
#include "server/lane/rfm_population.h"
#include "server/rpc/advocate/advocate_reads.h"
#include "server/rpc/advocate/convert_advocate.h"
#include "server/rpc/method.h"
#include "server/rpc/page_token.h"
#include "server/rpc/tier/person.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

// Whoever brought a member, as they stand now: whom they brought stays only while they do.
absl::Status TellReferrer(const Person& person, storage::Reader& reader, v1::Advocate& out) {
  const domain::Referral* const referral = domain::ReferralOf(person.member);
  if (referral == nullptr) return absl::OkStatus();
  domain::MemberRef ref;
  ref.id = referral->referrer;
  ref.resolve = domain::Resolve::kToPerson;
  storage::KeySet keys;
  keys.members.push_back({ref, {}});
  ASSIGN_OR_RETURN(const storage::Loaded loaded, storage::LoadFollowing(reader, keys));
  const domain::MemberState* const state = loaded.Find(ref);
  if (state == nullptr) return absl::OkStatus();
  const domain::AdvocateStanding standing =
      domain::StandingOf(state->member, *person.catalog, person.now);
  v1::AdvocateReferrer& referrer = *out.mutable_referrer();
  referrer.set_member_id(state->member.id.ToString());
  referrer.set_word_of_mouth(static_cast<v1::WordOfMouthState>(standing.word_of_mouth()));
  referrer.set_is_member(lane::TakesPart(state->member));
  return absl::OkStatus();
}

absl::Status Get(const v1::GetAdvocateRequest& message, Backend& backend, storage::Reader& reader,
                 v1::GetAdvocateResponse& response) {
  Validator validator;
  const domain::MemberRef ref =
      validator.MemberRef(Path("member"), message.has_member(), message.member());
  RETURN_IF_ERROR(validator.status());
  ASSIGN_OR_RETURN(const Person person, FindPerson(ref, backend, reader));
  ToProto(domain::ViewOf(person.member, person.program->time_zone, person.now),
          domain::StandingOf(person.stored, *person.catalog, person.now),
          *response.mutable_advocate());
  return TellReferrer(person, reader, *response.mutable_advocate());
}

bool IsWanted(const v1::Advocate& advocate, const v1::ListAdvocatesRequest& message) {
  if (message.vvip_only() && !advocate.vvip()) return false;
  if (message.testifier() != v1::TESTIFIER_STATE_UNSPECIFIED &&
      message.testifier() != advocate.testifier()) {
    return false;
  }
  return message.word_of_mouth() == v1::WORD_OF_MOUTH_STATE_UNSPECIFIED ||
         message.word_of_mouth() == advocate.word_of_mouth();
}

// Reads as many members as a page may have, and tells those of them who are wanted.
absl::Status List(const v1::ListAdvocatesRequest& message, Backend& backend,
                  storage::Reader& reader, v1::ListAdvocatesResponse& response) {
  Validator validator;
  const int page_size = validator.PageSize(Path("page_size"), message.page_size());
  validator.Check(v1::TestifierState_IsValid(message.testifier()), Path("testifier"),
                  "is not a TestifierState");
  validator.Check(v1::WordOfMouthState_IsValid(message.word_of_mouth()), Path("word_of_mouth"),
                  "is not a WordOfMouthState");
  RETURN_IF_ERROR(validator.status());
  const absl::Time now = backend.clock.Now();
  const std::shared_ptr<const domain::ProgramCatalog> catalog = backend.programs.Current();
  const domain::ProgramVersion* const version = catalog->At(now);
  if (version == nullptr) return domain::ProgramMissing();
  const std::string list = absl::StrCat("advocates/", message.testifier(), "/",
                                        message.word_of_mouth(), "/", message.vvip_only());
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
    if (!lane::TakesPart(state.member)) continue;
    domain::AdvocateView view = domain::ViewOf(state.member, version->program->time_zone, now);
    view.records.clear();
    v1::Advocate advocate;
    ToProto(view, domain::StandingOf(state.member, *catalog, now), advocate);
    if (IsWanted(advocate, message)) *response.add_advocates() = std::move(advocate);
  }
  if (members.size() == static_cast<size_t>(page_size)) {
    response.set_next_page_token(EncodePageToken(list, {members.back().member.id.ToString()}));
  }
  return absl::OkStatus();
}

template <typename Response>
void Tell(const domain::AdvocateOutcome& outcome, Response& out) {
  ToProto(outcome.view, outcome.standing, *out.mutable_advocate());
}

template <typename Request, typename Response>
auto Recording() {
  return Mutation<Request, domain::AdvocateOutcome, Response>(ToRequest, Tell<Response>);
}

}  // namespace

ServiceTable AdvocateService() {
  using enum When;
  return {
      "dangol.v1.AdvocateService",
      {Recording<v1::NominateTestifierRequest, v1::NominateTestifierResponse>().For(
           {.care = kAlways}),
       Recording<v1::RecordConsentRequest, v1::RecordConsentResponse>().For({.care = kAlways}),
       Recording<v1::WithdrawConsentRequest, v1::WithdrawConsentResponse>().For({.care = kAlways}),
       Recording<v1::RecordTestimonyUseRequest, v1::RecordTestimonyUseResponse>().For(
           {.care = kAlways}),
       Recording<v1::RecordCompensationRequest, v1::RecordCompensationResponse>().For(
           {.care = kAlways}),
       Recording<v1::RecordSponsorshipRequest, v1::RecordSponsorshipResponse>().For(
           {.care = kAlways}),
       Recording<v1::AssignManagerRequest, v1::AssignManagerResponse>().For({.care = kAlways}),
       Recording<v1::UndoAdvocateRecordRequest, v1::UndoAdvocateRecordResponse>().For(
           {.care = kAlways}),
       ReadWith<v1::GetAdvocateRequest, v1::GetAdvocateResponse>(Get).For(
           {.care = kAlways, .auditor = kAlways}),
       ReadWith<v1::ListAdvocatesRequest, v1::ListAdvocatesResponse>(List).For(
           {.care = kAlways, .auditor = kAlways}),
       ReadWith<v1::ListReferredMembersRequest, v1::ListReferredMembersResponse>(
           ListReferredMembers)
           .For({.care = kAlways, .auditor = kAlways}),
       ReadWith<v1::GetAdvocateReportRequest, v1::GetAdvocateReportResponse>(GetAdvocateReport)
           .For({.care = kAlways, .marketing = kAlways, .auditor = kAlways})}};
}

}  // namespace dangol::rpc
