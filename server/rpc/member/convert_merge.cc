#include "server/rpc/member/convert_merge.h"

#include <string>
#include <utility>

#include "server/common/status_macros.h"
#include "server/rpc/handling.h"
#include "server/rpc/member/convert_member.h"
#include "server/rpc/points/convert_points.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

// The id of the request is that of the merge, or of what undoes it.
std::string& IdIn(domain::MergeMembers& merge) { return merge.merge_id; }
std::string& IdIn(domain::UnmergeMember& unmerge) { return unmerge.unmerge_id; }

template <typename Message, typename Action>
absl::StatusOr<lane::Request> RequestTo(const Message& message, Action action,
                                        const Validator& validator) {
  RETURN_IF_ERROR(validator.status());
  IdIn(action) = message.request_id();
  return RequestFor(message.request_id(), std::move(action));
}

}  // namespace

absl::StatusOr<lane::Request> ToRequest(const v1::MergeMembersRequest& message) {
  Validator validator;
  validator.RequestId(Path("request_id"), message.request_id());
  domain::MergeMembers merge;
  merge.member = validator.MemberRef(Path("member"), message.has_member(), message.member());
  merge.member.resolve = domain::Resolve::kToItself;
  merge.into = validator.MemberRef(Path("into"), message.has_into(), message.into());
  merge.into.resolve = domain::Resolve::kToPerson;
  return RequestTo(message, std::move(merge), validator);
}

absl::StatusOr<lane::Request> ToRequest(const v1::UnmergeMemberRequest& message) {
  Validator validator;
  validator.RequestId(Path("request_id"), message.request_id());
  domain::UnmergeMember unmerge;
  unmerge.member.id = validator.MemberId(Path("merged_member_id"), message.merged_member_id());
  return RequestTo(message, std::move(unmerge), validator);
}

absl::StatusOr<lane::Request> ToRequest(const v1::JoinHouseholdRequest& message) {
  Validator validator;
  validator.RequestId(Path("request_id"), message.request_id());
  domain::MergeMembers join;
  join.household = true;
  join.member = validator.MemberRef(Path("member"), message.has_member(), message.member());
  join.member.resolve = domain::Resolve::kToPerson;
  join.into = validator.MemberRef(Path("household"), message.has_household(), message.household());
  return RequestTo(message, std::move(join), validator);
}

absl::StatusOr<lane::Request> ToRequest(const v1::LeaveHouseholdRequest& message) {
  Validator validator;
  validator.RequestId(Path("request_id"), message.request_id());
  domain::UnmergeMember leave;
  leave.household = true;
  leave.member = validator.MemberRef(Path("member"), message.has_member(), message.member());
  return RequestTo(message, std::move(leave), validator);
}

void ToProto(const domain::MergeOutcome& outcome, v1::MergeMembersResponse& out) {
  ToProto(outcome.survivor, outcome.aliases, *out.mutable_member());
  ToProto(outcome.balances, *out.mutable_balances());
  out.set_merged_member_id(outcome.merged.id.ToString());
}

void ToProto(const domain::UnmergeOutcome& outcome, v1::UnmergeMemberResponse& out) {
  ToProto(outcome.member, outcome.aliases, *out.mutable_member());
  ToProto(outcome.balances, *out.mutable_balances());
  out.set_survivor_member_id(outcome.survivor.id.ToString());
}

void ToProto(const domain::MergeOutcome& outcome, v1::JoinHouseholdResponse& out) {
  ToProto(outcome.survivor, outcome.aliases, *out.mutable_household());
  ToProto(outcome.balances, *out.mutable_balances());
  out.set_member_id(outcome.merged.id.ToString());
}

void ToProto(const domain::UnmergeOutcome& outcome, v1::LeaveHouseholdResponse& out) {
  ToProto(outcome.member, outcome.aliases, *out.mutable_member());
  ToProto(outcome.balances, *out.mutable_balances());
  out.set_household_member_id(outcome.survivor.id.ToString());
}

}  // namespace dangol::rpc
