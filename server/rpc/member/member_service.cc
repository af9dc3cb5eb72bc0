#include "server/rpc/member/member_service.h"

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dangol/v1/member_service.pb.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/domain/advocate/judge_advocacy.h"
#include "server/domain/command.h"
#include "server/rpc/member/convert_member.h"
#include "server/rpc/member/convert_merge.h"
#include "server/rpc/method.h"
#include "server/rpc/page_token.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

template <typename Response>
absl::Status Show(const lane::MemberView& view, Response& response) {
  ToProto(view.member->member, view.member->aliases, *response.mutable_member());
  return absl::OkStatus();
}

// What is told where nobody is to be named, and not by whom they know either.
v1::Member WithoutPersonalData(const v1::Member& member) {
  v1::Member told;
  told.set_member_id(member.member_id());
  told.set_status(member.status());
  *told.mutable_enrolled_at() = member.enrolled_at();
  told.set_purchase_count(member.purchase_count());
  told.set_first_purchase_day(member.first_purchase_day());
  told.set_last_purchase_day(member.last_purchase_day());
  return told;
}

// A page of members, of whom some are left out.
struct MemberPage {
  std::optional<domain::MemberId> last;  // Who was told last.
  bool has_more = false;
};

// Tells members until the page is full. Whoever may not be used for marketing is left out where
// that is what the list is for, and nothing shows that there was anybody.
absl::StatusOr<MemberPage> TellMembers(const v1::ListMembersRequest& message, int page_size,
                                       storage::MemberFilter filter, const Backend& backend,
                                       storage::Reader& reader, v1::ListMembersResponse& response) {
  const std::shared_ptr<const domain::ProgramCatalog> catalog = backend.programs.Current();
  const absl::Time now = backend.clock.Now();
  MemberPage page;
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<domain::MemberState> members,
                     reader.ListMembers(filter, page_size + 1));
    for (const domain::MemberState& state : members) {
      if (message.for_marketing() && !domain::IsForMarketing(*catalog, now, state.member)) continue;
      // One more than asked for tells that there is a next page; one that would be too large ends
      // early.
      page.has_more =
          response.members_size() == page_size || response.ByteSizeLong() > limits::kMaxPageBytes;
      if (page.has_more) return page;
      v1::Member& told = *response.add_members();
      ToProto(state.member, state.aliases, told);
      if (message.without_personal_data()) told = WithoutPersonalData(told);
      page.last = state.member.id;
    }
    if (static_cast<int>(members.size()) <= page_size) return page;
    filter.after = members.back().member.id;
  }
}

absl::Status List(const v1::ListMembersRequest& message, Backend& backend, storage::Reader& reader,
                  v1::ListMembersResponse& response) {
  Validator validator;
  const int page_size = validator.PageSize(Path("page_size"), message.page_size());
  validator.Check(v1::MemberStatus_IsValid(message.status()), Path("status"),
                  "is not a MemberStatus");
  RETURN_IF_ERROR(validator.status());
  storage::MemberFilter filter;
  if (message.status() != v1::MEMBER_STATUS_UNSPECIFIED) {
    filter.status = static_cast<domain::MemberStatus>(message.status());
  } else if (message.for_marketing()) {
    filter.status = domain::MemberStatus::kActive;
  }
  const std::string list =
      absl::StrCat("members/", message.status(), message.for_marketing() ? "/marketing" : "");
  ASSIGN_OR_RETURN(const std::vector<std::string> position,
                   DecodePageToken(list, message.page_token(), 1));
  if (!position.empty()) {
    filter.after = domain::MemberId::Parse(position[0]);
    if (!filter.after.has_value()) return NotAToken();
  }
  ASSIGN_OR_RETURN(const MemberPage page,
                   TellMembers(message, page_size, filter, backend, reader, response));
  if (page.has_more) response.set_next_page_token(EncodePageToken(list, {page.last->ToString()}));
  return absl::OkStatus();
}

bool IsReferred(const domain::Action& action) {
  return std::get<domain::EnrollMember>(action).referred_by.has_value();
}

// Finds whom a caller means by who referred somebody. Whether they can be is decided: a repeated
// request is answered as it was, whatever has become of them.
absl::Status FindReferrer(lane::Request& request, Backend&, storage::Reader& reader) {
  auto* const enroll = std::get_if<domain::EnrollMember>(&request.command.action);
  auto* const record = std::get_if<domain::RecordReferral>(&request.command.action);
  const domain::MemberRef& ref = enroll != nullptr ? *enroll->referred_by : record->referred_by;
  storage::KeySet keys;
  keys.members.push_back({ref, {}});
  ASSIGN_OR_RETURN(const storage::Loaded loaded, storage::LoadFollowing(reader, keys));
  const domain::MemberState* const state = loaded.Find(ref);
  if (state == nullptr) return absl::OkStatus();
  const domain::Member& member = state->member;
  (enroll != nullptr ? enroll->referrer : record->referrer) = {
      member.id, member.enrolled_at, member.status == domain::MemberStatus::kActive};
  request.action = domain::EncodeAction(request.command.action);
  return absl::OkStatus();
}

}  // namespace

ServiceTable MemberService() {
  using enum When;
  return {"dangol.v1.MemberService",
          {Mutation<v1::EnrollMemberRequest, domain::MemberOutcome, v1::EnrollMemberResponse>(
               ToRequest, ToProto, "", FindReferrer, IsReferred)
               .For({.pos = kAlways, .app = kForMembers, .care = kAlways}),
           Mutation<v1::RecordReferralRequest, domain::MemberOutcome, v1::RecordReferralResponse>(
               ToRequest, ToProto, "", FindReferrer)
               .For({.pos = kAlways, .app = kOwnMember, .care = kAlways}),
           Mutation<v1::UpdateMemberRequest, domain::MemberOutcome, v1::UpdateMemberResponse>(
               ToRequest, ToProto)
               .For({.app = kForMembers, .care = kAlways}),
           Mutation<v1::AddAliasRequest, domain::MemberOutcome, v1::AddAliasResponse>(ToRequest,
                                                                                      ToProto)
               .For({.app = kForMembers, .care = kAlways}),
           Mutation<v1::RemoveAliasRequest, domain::MemberOutcome, v1::RemoveAliasResponse>(
               ToRequest, ToProto)
               .For({.app = kForMembers, .care = kAlways}),
           Mutation<v1::SuspendMemberRequest, domain::MemberOutcome, v1::SuspendMemberResponse>(
               ToRequest, ToProto)
               .For({.care = kAlways}),
           Mutation<v1::ReinstateMemberRequest, domain::MemberOutcome, v1::ReinstateMemberResponse>(
               ToRequest, ToProto)
               .For({.care = kAlways}),
           Mutation<v1::CloseMemberRequest, domain::MemberOutcome, v1::CloseMemberResponse>(
               ToRequest, ToProto)
               .For({.app = kOwnMember, .care = kAlways}),
           Mutation<v1::EraseMemberRequest, domain::MemberOutcome, v1::EraseMemberResponse>(
               ToRequest, ToProto)
               .For({.care = kAlways}),
           Mutation<v1::MergeMembersRequest, domain::MergeOutcome, v1::MergeMembersResponse>(
               ToRequest, ToProto)
               .For({.care = kAlways}),
           Mutation<v1::UnmergeMemberRequest, domain::UnmergeOutcome, v1::UnmergeMemberResponse>(
               ToRequest, ToProto)
               .For({.care = kAlways}),
           Mutation<v1::JoinHouseholdRequest, domain::MergeOutcome, v1::JoinHouseholdResponse>(
               ToRequest, ToProto)
               .For({.app = kForMembers, .care = kAlways}),
           Mutation<v1::LeaveHouseholdRequest, domain::UnmergeOutcome, v1::LeaveHouseholdResponse>(
               ToRequest, ToProto)
               .For({.app = kForMembers, .care = kAlways}),
           MemberRead<v1::GetMemberRequest, v1::GetMemberResponse>(ToReads, Show)
               .For({.pos = kAlways, .app = kOwnMember, .care = kAlways, .auditor = kAlways}),
           MemberRead<v1::LookupMemberRequest, v1::LookupMemberResponse>(ToReads, Show)
               .For({.pos = kAlways, .app = kForMembers, .care = kAlways, .auditor = kAlways}),
           ReadWith<v1::ListMembersRequest, v1::ListMembersResponse>(List).For(
               {.care = kAlways, .marketing = kAudience, .auditor = kAlways})}};
}

}  // namespace dangol::rpc
