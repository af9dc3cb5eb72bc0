#ifndef DANGOL_SERVER_RPC_PROGRAM_INCENTIVE_CHECKS_H_
#define DANGOL_SERVER_RPC_PROGRAM_INCENTIVE_CHECKS_H_

#include <cstddef>
#include <vector>

#include "server/domain/program/program.h"
#include "server/rpc/program/program_place.h"

// What is a mistake in an incentive though each of its fields is right by itself.
namespace dangol::rpc {

// Notes an incentive that can never award anything, or whose window says nothing. `program`: all
// else of it.
void CheckCanAward(const domain::Incentive& incentive, const domain::Program& program,
                   const Place& place, ProblemList& problems);

// Notes where an earlier one is of the same kind and about the same goods, and nothing says what
// happens when both are due.
void CheckStacking(const std::vector<domain::Incentive>& all, size_t index, const Place& place,
                   ProblemList& problems);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_PROGRAM_INCENTIVE_CHECKS_H_
