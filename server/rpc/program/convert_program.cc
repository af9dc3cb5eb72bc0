#include "server/rpc/program/convert_program.h"

#include <utility>

#include "server/common/status_macros.h"
#include "server/rpc/handling.h"
#include "server/rpc/member/convert_member.h"
#include "server/rpc/validation.h"
#include "server/rpc/wire.h"

namespace dangol::rpc {

absl::StatusOr<lane::Request> ToRequest(const v1::ActivateProgramRequest& message) {
  Validator validator;
  validator.RequestId(Path("request_id"), message.request_id());
  domain::ActivateProgram activate;
  if (message.has_effective_from()) {
    activate.effective_from = validator.Time(Path("effective_from"), message.effective_from());
  }
  validator.Check(!message.program_text().empty(), Path("program_text"), "is required");
  RETURN_IF_ERROR(validator.status());
  ASSIGN_OR_RETURN(activate.program, ParseProgram(message.program_text()));
  activate.text = message.program_text();

  return RequestFor(message.request_id(), std::move(activate));
}

absl::StatusOr<lane::Request> ToRequest(const v1::WithdrawProgramRequest& message) {
  Validator validator;
  validator.RequestId(Path("request_id"), message.request_id());
  validator.Check(message.version() >= 1, Path("version"), "must be 1 or more");
  RETURN_IF_ERROR(validator.status());
  return RequestFor(message.request_id(), domain::WithdrawProgram{message.version()});
}

void ToProto(const ProgramProblem& problem, v1::ProgramProblem& out) {
  out.set_line(problem.line);
  out.set_column(problem.column);
  out.set_field(problem.field);
  out.set_message(problem.message);
}

void ToProto(const domain::ProgramVersion& version, bool with_text, v1::ProgramVersion& out) {
  out.set_version(version.version);
  out.set_name(version.program->name);
  if (version.effective_from != absl::InfinitePast()) {
    *out.mutable_effective_from() = ToTimestamp(version.effective_from);
  }
  *out.mutable_recorded_at() = ToTimestamp(version.recorded_at);
  if (with_text) out.set_program_text(version.text);
}

void ToProto(const domain::ProgramOutcome& outcome, v1::ActivateProgramResponse& out) {
  ToProto(outcome.version, /*with_text=*/true, *out.mutable_version());
}

void ToProto(const domain::ProgramOutcome& outcome, v1::WithdrawProgramResponse& out) {
  ToProto(outcome.version, /*with_text=*/true, *out.mutable_version());
}

}  // namespace dangol::rpc
