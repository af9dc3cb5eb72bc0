#include "server/lane/recalling.h"

#include <algorithm>
#include <utility>

namespace dangol::lane {

bool Recalling::IsWorthwhile() {
  if (loads_left_ == 0) return true;
  --loads_left_;
  return false;
}

void Recalling::Note(bool succeeded) {
  if (succeeded) {
    loads_after_failure_ = kFewestLoads;
  } else {
    loads_left_ =
        std::exchange(loads_after_failure_, std::min(2 * loads_after_failure_, kMostLoads));
  }
}

}  // namespace dangol::lane
