#ifndef DANGOL_SERVER_RPC_PROGRAM_PROGRAM_TIME_ZONE_H_
#define DANGOL_SERVER_RPC_PROGRAM_PROGRAM_TIME_ZONE_H_

#include <string>

#include "absl/time/time.h"

namespace dangol::rpc {

// Finds the time zone of an IANA name. What is wrong with the name otherwise, to be told after
// that of its field.
std::string FindTimeZone(const std::string& name, absl::TimeZone& zone);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_PROGRAM_PROGRAM_TIME_ZONE_H_
