#pragma once

#include <optional>

#include "absl/time/time.h"
#include "dangol/types.h"

namespace dangol::internal {

// Whether a request can be told until when it is valid.
template <typename Request>
inline constexpr bool kHasValidUntil = requires(Request request) {
  request.mutable_valid_until();
};

// Lets a request be valid until the moment when nobody waits for the answer any more, where one
// is given and its caller has not said another. It must be said before the first attempt, so
// that every retry says the same.
template <typename Request>
void EnsureValidUntil(std::optional<absl::Time> deadline, Request& request) {
  if constexpr (kHasValidUntil<Request>) {
    if (deadline.has_value() && !request.has_valid_until()) {
      *request.mutable_valid_until() = ToTimestamp(*deadline);
    }
  }
}

}  // namespace dangol::internal
