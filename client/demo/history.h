#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "client/demo/catalogue.h"

namespace dangol::demo {

// Civil time of the demo's shops, which are all in Korea.
absl::TimeZone ShopTimeZone();

// A member as they join.
struct MemberPlan {
  std::string card;
  std::string name;
  std::string city;
  absl::Time enrolled_at;
};

struct LinePlan {
  const Article* article = nullptr;
  int quantity = 0;
};

struct PurchasePlan {
  // Whose, as an index into History::members.
  std::size_t member = 0;
  absl::Time occurred_at;
  // "store", "web" or "app".
  std::string channel;
  // Empty unless the channel is "store".
  std::string store_id;
  std::vector<LinePlan> lines;
};

// What happened in the demo's shops.
struct History {
  std::vector<MemberPlan> members;
  // By time.
  std::vector<PurchasePlan> purchases;
};

struct HistoryOptions {
  uint64_t seed = 20;
  int members = 5000;
  // The history ends before this moment.
  absl::Time until;
  // How long it is: a little more than points live in the server's own program,
  // so that some have expired.
  int days = 820;
};

// Makes up a history. Members differ as customers do (the BG/NBD model): how
// often one buys is gamma distributed over members, and after each purchase one
// may silently leave, with a probability that is beta distributed over members.
// On top come seasons, weekdays, opening hours, and each member's own tastes.
// The same options give the same history.
History GenerateHistory(const HistoryOptions& options);

}  // namespace dangol::demo
