#ifndef DANGOL_SERVER_RPC_PROGRAM_PROGRAM_CARE_H_
#define DANGOL_SERVER_RPC_PROGRAM_PROGRAM_CARE_H_

#include <optional>

#include "dangol/v1/program.pb.h"
#include "server/domain/program/program.h"
#include "server/rpc/program/program_place.h"

namespace dangol::rpc {

// Reads how a program that stands at `root` deals with complaints; nothing where it does not say.
// `read` has its wallets and adjustment reasons.
std::optional<domain::Care> ReadCare(const v1::Program& message, const domain::Program& read,
                                     const Place& root, ProblemList& problems);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_PROGRAM_PROGRAM_CARE_H_
