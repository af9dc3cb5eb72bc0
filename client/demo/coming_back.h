#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "client/demo/facts.h"

namespace dangol::demo {

// What an incentive has brought about.
struct IncentiveFigures {
  std::string id;
  std::string name;
  int64_t members = 0;   // Who had an award of it.
  int64_t awards = 0;    // That stand.
  int64_t points = 0;    // Given for these.
  int64_t one_step = 0;  // Members who need one step more.
};

// What coming back costs and brings.
struct ComingBack {
  std::vector<IncentiveFigures> incentives;  // As the program has them.
  int64_t won_of_first = 0;                  // Spent on the members' first days.
  int64_t won_after = 0;                     // And on all later ones.
  int64_t points = 0;                        // Given by all incentives.
};

// Pure.
ComingBack MakeComingBack(const std::vector<MemberFacts>& members);

}  // namespace dangol::demo
