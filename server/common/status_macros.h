#ifndef DANGOL_SERVER_COMMON_STATUS_MACROS_H_
#define DANGOL_SERVER_COMMON_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Leaves the function with the status of `expression` unless it is OK.
#define RETURN_IF_ERROR(expression)                                         \
  do {                                                                      \
    if (absl::Status status_ = (expression); !status_.ok()) return status_; \
  } while (false)

// Declares or assigns `target` from the value of a StatusOr, or leaves the
// function with its status.
#define ASSIGN_OR_RETURN(target, expression) \
  DANGOL_ASSIGN_OR_RETURN_(DANGOL_CONCAT_(status_or_, __LINE__), target, expression)

#define DANGOL_ASSIGN_OR_RETURN_(variable, target, expression) \
  auto variable = (expression);                                \
  if (!variable.ok()) return std::move(variable).status();     \
  target = *std::move(variable)

#define DANGOL_CONCAT_(a, b) DANGOL_CONCAT_INNER_(a, b)
#define DANGOL_CONCAT_INNER_(a, b) a##b

#endif  // DANGOL_SERVER_COMMON_STATUS_MACROS_H_
