#ifndef DANGOL_TESTS_SUPPORT_RECORDED_H_
#define DANGOL_TESTS_SUPPORT_RECORDED_H_

#include <utility>

#include "server/domain/audit/audit.h"

namespace dangol::testing {

// An action as the log has it, decided by the first version of the program unless `inputs` say
// otherwise.
inline domain::RecordedCommand Recorded(domain::Action action, absl::Time at,
                                        domain::Inputs inputs = {}) {
  if (inputs.rules == 0) inputs.rules = 1;
  const domain::ActionKind kind = domain::KindOf(action);
  return {"request", kind, std::move(action), "till-1", at, std::move(inputs)};
}

}  // namespace dangol::testing

#endif  // DANGOL_TESTS_SUPPORT_RECORDED_H_
