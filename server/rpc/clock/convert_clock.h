#ifndef DANGOL_SERVER_RPC_CLOCK_CONVERT_CLOCK_H_
#define DANGOL_SERVER_RPC_CLOCK_CONVERT_CLOCK_H_

#include "absl/status/statusor.h"
#include "dangol/v1/clock_service.pb.h"
#include "server/lane/clock_mover.h"

namespace dangol::rpc {

// Without who waits for it.
absl::StatusOr<lane::ClockAdvance> ToAdvance(const v1::AdvanceClockRequest& message);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_CLOCK_CONVERT_CLOCK_H_
