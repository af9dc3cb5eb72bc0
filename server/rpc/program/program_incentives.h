#ifndef DANGOL_SERVER_RPC_PROGRAM_PROGRAM_INCENTIVES_H_
#define DANGOL_SERVER_RPC_PROGRAM_PROGRAM_INCENTIVES_H_

#include <set>
#include <string>
#include <vector>

#include "dangol/v1/program.pb.h"
#include "server/domain/program/program.h"
#include "server/rpc/program/program_place.h"

namespace dangol::rpc {

// Reads the incentives of a program that stands at `root`. `read` has all else of it; `names`
// are those of its rules, which none may have.
std::vector<domain::Incentive> ReadIncentives(const v1::Program& message,
                                              const domain::Program& read,
                                              const std::set<std::string>& names, const Place& root,
                                              ProblemList& problems);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_PROGRAM_PROGRAM_INCENTIVES_H_
