#ifndef DANGOL_SERVER_RPC_MEMBER_CONVERT_MEMBER_H_
#define DANGOL_SERVER_RPC_MEMBER_CONVERT_MEMBER_H_

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "dangol/v1/member_service.pb.h"
#include "server/domain/decide.h"
#include "server/domain/member/member.h"
#include "server/domain/state.h"
#include "server/lane/request.h"

namespace dangol::rpc {

// Each validates its message and makes what it asks for.
absl::StatusOr<lane::Request> ToRequest(const v1::EnrollMemberRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::RecordReferralRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::UpdateMemberRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::AddAliasRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::RemoveAliasRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::SuspendMemberRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::ReinstateMemberRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::CloseMemberRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::EraseMemberRequest& message);
absl::StatusOr<domain::Reads> ToReads(const v1::GetMemberRequest& message);
absl::StatusOr<domain::Reads> ToReads(const v1::LookupMemberRequest& message);

void ToProto(const domain::Member& member, const std::vector<domain::Alias>& aliases,
             v1::Member& out);
// Of every response that has a member.
template <typename Response>
void ToProto(const domain::MemberOutcome& outcome, Response& response) {
  ToProto(outcome.member, outcome.aliases, *response.mutable_member());
}

google::protobuf::Timestamp ToTimestamp(absl::Time time);
google::protobuf::Duration ToDuration(absl::Duration duration);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_MEMBER_CONVERT_MEMBER_H_
