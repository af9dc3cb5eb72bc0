#ifndef DANGOL_SERVER_RPC_PROGRAM_PROGRAM_CURRENCIES_H_
#define DANGOL_SERVER_RPC_PROGRAM_PROGRAM_CURRENCIES_H_

#include <string>
#include <vector>

#include "dangol/v1/program.pb.h"
#include "server/domain/program/program.h"
#include "server/rpc/program/program_place.h"

namespace dangol::rpc {

// Reads the currencies that a program, which stands at `root`, declares.
std::vector<domain::Currency> ReadCurrencies(const v1::Program& message, const Place& root,
                                             ProblemList& problems);

// The index of the currency that is named at `place`; -1, and a problem, where it is not one of
// `declared`.
int ReadCurrency(const std::string& code, const std::vector<domain::Currency>& declared,
                 const Place& place, ProblemList& problems);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_PROGRAM_PROGRAM_CURRENCIES_H_
