#ifndef DANGOL_SERVER_RPC_PROGRAM_PROGRAM_SIMULATION_H_
#define DANGOL_SERVER_RPC_PROGRAM_PROGRAM_SIMULATION_H_

#include "dangol/v1/program_service.pb.h"
#include "server/rpc/handling.h"

namespace dangol::rpc {

// ProgramService.SimulateProgram: a page of members.
absl::Status SimulateProgram(const v1::SimulateProgramRequest& message, Backend& backend,
                             storage::Reader& reader, v1::SimulateProgramResponse& response);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_PROGRAM_PROGRAM_SIMULATION_H_
