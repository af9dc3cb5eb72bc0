#ifndef DANGOL_SERVER_RPC_PROGRAM_PROGRAM_EXPIRY_H_
#define DANGOL_SERVER_RPC_PROGRAM_PROGRAM_EXPIRY_H_

#include "dangol/v1/program.pb.h"
#include "server/domain/program/program.h"
#include "server/rpc/program/program_place.h"

namespace dangol::rpc {

// Reads when the points of a wallet, which stands at `place`, expire.
void ReadExpiry(const v1::Wallet& message, const Place& place, ProblemList& problems,
                domain::Wallet& wallet);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_PROGRAM_PROGRAM_EXPIRY_H_
