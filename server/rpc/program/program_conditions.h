#ifndef DANGOL_SERVER_RPC_PROGRAM_PROGRAM_CONDITIONS_H_
#define DANGOL_SERVER_RPC_PROGRAM_PROGRAM_CONDITIONS_H_

#include <optional>
#include <vector>

#include "absl/time/civil_time.h"
#include "dangol/v1/program.pb.h"
#include "server/domain/program/program.h"
#include "server/rpc/program/program_place.h"

namespace dangol::rpc {

// Reads what must hold for a rule to match, in a program that declares these currencies.
domain::Conditions ReadConditions(const v1::Conditions& message,
                                  const std::vector<domain::Currency>& declared, const Place& place,
                                  ProblemList& problems);

// The first day and the last; nothing where there is no end.
struct DayRange {
  std::optional<absl::CivilDay> first;
  std::optional<absl::CivilDay> last;
};
std::optional<absl::CivilDay> ReadDay(const std::string& text, const Place& place,
                                      ProblemList& problems);
DayRange ReadDates(const v1::DateRange& message, const Place& place, ProblemList& problems);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_PROGRAM_PROGRAM_CONDITIONS_H_
