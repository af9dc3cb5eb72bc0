#ifndef DANGOL_SERVER_RPC_MEMBER_CONVERT_MEMBER_H_
#define DANGOL_SERVER_RPC_MEMBER_CONVERT_MEMBER_H_

#include <google/protobuf/timestamp.pb.h>

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "dangol/v1/member_service.pb.h"
#include "server/domain/member/member.h"
#include "server/domain/state.h"
#include "server/lane/request.h"

namespace dangol::rpc {

// Each validates its message and makes what it asks for.
absl::StatusOr<lane::Request> ToRequest(const v1::MemberServiceEnrollRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::AddAliasRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::RemoveAliasRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::SuspendRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::ReinstateRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::CloseRequest& message);
absl::StatusOr<domain::Reads> ToReads(const v1::MemberServiceGetRequest& message);
absl::StatusOr<domain::Reads> ToReads(const v1::MemberServiceLookupRequest& message);

void ToProto(const domain::Member& member, const std::vector<domain::Alias>& aliases,
             v1::Member& out);
google::protobuf::Timestamp ToTimestamp(absl::Time time);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_MEMBER_CONVERT_MEMBER_H_
