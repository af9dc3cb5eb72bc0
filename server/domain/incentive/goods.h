#ifndef DANGOL_SERVER_DOMAIN_INCENTIVE_GOODS_H_
#define DANGOL_SERVER_DOMAIN_INCENTIVE_GOODS_H_

#include <cstdint>

#include "absl/container/inlined_vector.h"
#include "absl/strings/string_view.h"

namespace dangol::domain {

// What of a purchase counts for an incentive: goods that cost something, that the program does not
// exclude, and that its conditions are about.
struct QualifyingGoods {
  int currency = 0;  // Index into Program::currencies.
  int64_t pieces = 0;
  int64_t amount_minor = 0;
  absl::InlinedVector<absl::string_view, 4> categories;  // Each once, without the empty one.
};

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_INCENTIVE_GOODS_H_
