#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "client/demo/progress.h"
#include "dangol/client.h"

namespace dangol::demo {

struct PurchaseFact {
  absl::Time occurred_at;
  int64_t won = 0;
};

struct ExpiryFact {
  absl::Time at;
  int64_t points = 0;
};

// A tier that began on a day.
struct TierFact {
  absl::CivilDay from;
  std::string tier;
};

// How a member stands with an incentive.
struct IncentiveFact {
  std::string id;
  std::string name;
  int64_t awards = 0;     // That stand.
  int64_t points = 0;     // Given for these.
  bool one_step = false;  // One step more, and there is the next.
};

// What the server knows of one member, as far as the report needs it.
struct MemberFacts {
  std::string card;
  std::string name;
  // The earliest first.
  std::vector<PurchaseFact> purchases;
  int64_t points_pending = 0;
  int64_t points_available = 0;
  std::vector<ExpiryFact> expiries;
  std::vector<TierFact> tiers;  // The first first.
  std::vector<IncentiveFact> incentives;
  absl::CivilDay first_day;  // Of the first purchase.
};

// Asks the server for every member, their purchases and their balance in
// `wallet`.
absl::StatusOr<std::vector<MemberFacts>> GatherFacts(Client client, const std::string& wallet,
                                                     Progress& progress);

}  // namespace dangol::demo
