#ifndef DANGOL_SERVER_RPC_PROGRAM_CONVERT_PROGRAM_H_
#define DANGOL_SERVER_RPC_PROGRAM_CONVERT_PROGRAM_H_

#include "absl/status/statusor.h"
#include "dangol/v1/program_service.pb.h"
#include "server/domain/program/program_catalog.h"
#include "server/lane/request.h"
#include "server/rpc/program/program_text.h"

namespace dangol::rpc {

// Validates the message and its program.
absl::StatusOr<lane::Request> ToRequest(const v1::ActivateProgramRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::WithdrawProgramRequest& message);

void ToProto(const ProgramProblem& problem, v1::ProgramProblem& out);
void ToProto(const domain::ProgramVersion& version, bool with_text, v1::ProgramVersion& out);
void ToProto(const domain::ProgramOutcome& outcome, v1::ActivateProgramResponse& out);
void ToProto(const domain::ProgramOutcome& outcome, v1::WithdrawProgramResponse& out);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_PROGRAM_CONVERT_PROGRAM_H_
