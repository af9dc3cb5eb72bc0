#ifndef DANGOL_SERVER_RPC_PROGRAM_PROGRAM_TIERS_H_
#define DANGOL_SERVER_RPC_PROGRAM_PROGRAM_TIERS_H_

#include <vector>

#include "dangol/v1/program.pb.h"
#include "server/domain/program/program.h"
#include "server/rpc/program/program_place.h"

namespace dangol::rpc {

// Reads the ladders of a program that stands at `root`. `read` has its currencies and wallets.
std::vector<domain::Ladder> ReadLadders(const v1::Program& message, const domain::Program& read,
                                        const Place& root, ProblemList& problems);

// The tiers that a condition at `place` names; none where there is no condition.
std::vector<domain::TierName> ReadTierCondition(bool present, const v1::TierCondition& message,
                                                const std::vector<domain::Ladder>& declared,
                                                const Place& place, ProblemList& problems);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_PROGRAM_PROGRAM_TIERS_H_
