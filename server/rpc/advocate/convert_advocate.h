#ifndef DANGOL_SERVER_RPC_ADVOCATE_CONVERT_ADVOCATE_H_
#define DANGOL_SERVER_RPC_ADVOCATE_CONVERT_ADVOCATE_H_

#include "absl/status/statusor.h"
#include "dangol/v1/advocate_service.pb.h"
#include "server/domain/advocate/judge_advocacy.h"
#include "server/domain/advocate/testimony.h"
#include "server/domain/decide.h"
#include "server/lane/request.h"

// Between advocates as the API says them and the domain's.
namespace dangol::rpc {

absl::StatusOr<lane::Request> ToRequest(const v1::NominateTestifierRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::RecordConsentRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::WithdrawConsentRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::RecordTestimonyUseRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::RecordCompensationRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::RecordSponsorshipRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::AssignManagerRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::UndoAdvocateRecordRequest& message);

void ToProto(const domain::AdvocateView& view, const domain::AdvocateStanding& standing,
             v1::Advocate& out);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_ADVOCATE_CONVERT_ADVOCATE_H_
