#ifndef DANGOL_SERVER_RPC_AUDIT_RECORDED_COMMAND_H_
#define DANGOL_SERVER_RPC_AUDIT_RECORDED_COMMAND_H_

#include "absl/status/statusor.h"
#include "server/domain/command.h"
#include "server/storage/storage.h"

namespace dangol::rpc {

// Makes the command of its record in the log again, as it was when it was decided.
// DATA_LOSS where the record is not one that this server, or one before it, wrote.
absl::StatusOr<domain::Command> ReadCommand(const storage::CommandRecord& record);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_AUDIT_RECORDED_COMMAND_H_
