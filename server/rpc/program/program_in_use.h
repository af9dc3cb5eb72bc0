#ifndef DANGOL_SERVER_RPC_PROGRAM_PROGRAM_IN_USE_H_
#define DANGOL_SERVER_RPC_PROGRAM_PROGRAM_IN_USE_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/domain/program/program_catalog.h"
#include "server/lane/program_library.h"
#include "server/lane/request.h"
#include "server/storage/storage.h"

// Keeps a version of the program from stranding what members have. How much there is of a wallet
// over all members is no part of a decision, which knows one member: the store is asked before
// the version is activated. What members earn between the two is not seen, and stays as in a
// wallet that is retired.
namespace dangol::rpc {

// Whether the program neither declares nor retires what a known version declares.
bool DropsAnything(const domain::Program& next, const domain::ProgramCatalog& known);

// Refuses a program that drops what members still have at `now`. Asks the store only where it
// drops anything.
absl::Status CheckNothingInUse(const domain::Program& next, const domain::ProgramCatalog& known,
                               absl::Time now, storage::Reader& reader);

// The same for an activation, unless it took effect before: then it is answered again, whatever
// members have earned since.
absl::Status CheckActivation(const lane::Request& request, lane::ProgramLibrary& programs,
                             absl::Time now, storage::Reader& reader);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_PROGRAM_PROGRAM_IN_USE_H_
