#ifndef DANGOL_SERVER_RPC_PROGRAM_PROGRAM_TEXT_H_
#define DANGOL_SERVER_RPC_PROGRAM_PROGRAM_TEXT_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/domain/program/program.h"

namespace dangol::rpc {

// A mistake in a program. Lines and columns count from 1; 0 where the text has
// no place for it.
struct ProgramProblem {
  int line = 0;
  int column = 0;
  std::string field;
  std::string message;
};

// Every mistake in a program (a dangol.v1.Program in protobuf text format);
// empty for a valid one.
std::vector<ProgramProblem> CheckProgram(const std::string& text);

// The program; INVALID_ARGUMENT (PROGRAM_INVALID) names every mistake.
absl::StatusOr<std::shared_ptr<const domain::Program>> ParseProgram(const std::string& text);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_PROGRAM_PROGRAM_TEXT_H_
