#ifndef DANGOL_SERVER_RPC_CARE_CONVERT_SURVEY_H_
#define DANGOL_SERVER_RPC_CARE_CONVERT_SURVEY_H_

#include "absl/status/statusor.h"
#include "dangol/v1/care_service.pb.h"
#include "server/domain/decide.h"
#include "server/lane/request.h"

// Between surveys, and what was seen to, as the API says them and the domain's.
namespace dangol::rpc {

absl::StatusOr<lane::Request> ToRequest(const v1::RecordSurveyRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::CompleteWorkItemRequest& message);

void ToProto(const domain::Survey& survey, const domain::MemberId& member, v1::Survey& out);

void ToProto(const domain::SurveyOutcome& outcome, v1::RecordSurveyResponse& out);
void ToProto(const domain::WorkOutcome& outcome, v1::CompleteWorkItemResponse& out);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_CARE_CONVERT_SURVEY_H_
