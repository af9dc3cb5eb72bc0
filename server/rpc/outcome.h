#ifndef DANGOL_SERVER_RPC_OUTCOME_H_
#define DANGOL_SERVER_RPC_OUTCOME_H_

#include <string>

#include "server/domain/decide.h"

namespace dangol::rpc {

// The reply to a mutation as it is stored and sent: its response message in the
// wire format, with `replayed` unset.
std::string EncodeOutcome(const domain::Outcome& outcome);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_OUTCOME_H_
