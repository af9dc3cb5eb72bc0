#ifndef DANGOL_SERVER_RPC_PROGRAM_SAMPLE_PROGRAM_H_
#define DANGOL_SERVER_RPC_PROGRAM_SAMPLE_PROGRAM_H_

#include <string>

namespace dangol::rpc {

// What sample_program.txtpb says.
std::string SampleProgramText();

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_PROGRAM_SAMPLE_PROGRAM_H_
