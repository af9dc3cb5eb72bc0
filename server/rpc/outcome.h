#ifndef DANGOL_SERVER_RPC_OUTCOME_H_
#define DANGOL_SERVER_RPC_OUTCOME_H_

#include <string>

#include "server/domain/command.h"
#include "server/domain/decide.h"
#include "server/lane/request.h"

namespace dangol::rpc {

// The reply to a mutation as it is stored and sent: its response message in the
// wire format, with `replayed` unset.
std::string EncodeOutcome(const domain::Outcome& outcome);

// What the log keeps of a command that another one brought about, hashed with the type
// of its message as a request is.
lane::Payload EncodeConsequence(const domain::Action& action);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_OUTCOME_H_
