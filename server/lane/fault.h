#ifndef DANGOL_SERVER_LANE_FAULT_H_
#define DANGOL_SERVER_LANE_FAULT_H_

#include "absl/status/status.h"

// What a fault of the store means to those who wait.
namespace dangol::lane {

// Whether the same write may be accepted when it is tried again.
bool IsTransient(const absl::Status& status);

// Whether the fault lies with the store and not with what was written.
bool IsOutage(const absl::Status& status);

// What a caller is told of it; the log has the details.
absl::Status ExplainFault(const absl::Status& fault);

}  // namespace dangol::lane

#endif  // DANGOL_SERVER_LANE_FAULT_H_
