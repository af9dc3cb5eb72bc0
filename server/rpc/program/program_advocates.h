#ifndef DANGOL_SERVER_RPC_PROGRAM_PROGRAM_ADVOCATES_H_
#define DANGOL_SERVER_RPC_PROGRAM_PROGRAM_ADVOCATES_H_

#include "dangol/v1/program.pb.h"
#include "server/domain/program/program.h"
#include "server/rpc/program/program_place.h"

namespace dangol::rpc {

// Reads who is looked after by name, and who speaks for the house, into `program`, which stands at
// `root` and has its activities, its incentives and Program::rfm.
void ReadAdvocates(const v1::Program& message, const Place& root, ProblemList& problems,
                   domain::Program& program);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_PROGRAM_PROGRAM_ADVOCATES_H_
