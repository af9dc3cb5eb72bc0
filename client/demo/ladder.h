#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "client/demo/facts.h"
#include "dangol/client.h"

namespace dangol::demo {

struct TierOnLadder {
  std::string id;
  std::string name;
  int64_t members = 0;
  int64_t about_to_rise = 0;
  int64_t at_risk = 0;
};

// How many members were in each tier at the end of a day.
struct LadderOnDay {
  absl::CivilDay day;
  std::vector<int64_t> members;  // In the order of the tiers.
};

struct Ladder {
  std::vector<TierOnLadder> tiers;  // The lowest first.
  std::vector<LadderOnDay> days;    // The first first.
};

// Asks the server how many members are in each tier now.
absl::StatusOr<Ladder> AskLadder(Client client);

// Adds where members were at the end of every third month of the last two years, and where they
// are today. Pure.
void AddMigration(const std::vector<MemberFacts>& members, absl::CivilDay today, Ladder& ladder);

}  // namespace dangol::demo
