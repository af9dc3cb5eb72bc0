#ifndef DANGOL_SERVER_RPC_PROGRAM_PROGRAM_REWARDS_H_
#define DANGOL_SERVER_RPC_PROGRAM_PROGRAM_REWARDS_H_

#include <vector>

#include "dangol/v1/program.pb.h"
#include "server/domain/program/program.h"
#include "server/rpc/program/program_place.h"

namespace dangol::rpc {

// Checks the rewards of a program and makes the domain's of them. `read` has what they
// refer to: wallets and currencies. Goes on after a mistake, to find them all.
std::vector<domain::Reward> ReadRewards(const v1::Program& message, const domain::Program& read,
                                        const Place& root, ProblemList& problems);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_PROGRAM_PROGRAM_REWARDS_H_
