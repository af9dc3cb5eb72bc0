#ifndef DANGOL_SERVER_DOMAIN_STANDING_PROFILE_H_
#define DANGOL_SERVER_DOMAIN_STANDING_PROFILE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "server/domain/activity/activity_fact.h"
#include "server/domain/program/days.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/purchase/purchase.h"

// What a member did within a window of days: a function of their purchases, returns and
// activities as they stand, and of nothing else.
namespace dangol::domain {

// Where money went.
struct Favourite {
  std::string name;
  int64_t net_minor = 0;
  int64_t share_ppm = 0;  // Of all of its currency, rounded down.

  friend bool operator==(const Favourite&, const Favourite&) = default;
};

// What was spent in one currency, in its minor units.
struct Spend {
  int64_t purchases = 0;
  int64_t gross_minor = 0;
  int64_t returned_minor = 0;   // Of that, whenever it came back.
  int64_t unmatched_minor = 0;  // Paid back for goods of no purchase.
  int64_t net_minor = 0;
  int64_t mean_basket_minor = 0;  // Of what has not come back, rounded down.
  std::vector<Favourite> categories;
  std::vector<Favourite> channels;
};

// What came back in one currency, in its minor units.
struct ReturnedAmount {
  int64_t cancelled_minor = 0;  // Purchases of which everything came back.
  int64_t returned_minor = 0;   // Paid back in returns of the window.
  int64_t unmatched_minor = 0;  // Of that: for goods of no purchase.
};

struct EngagementOfKind {
  ActivityCount counted;
  ActivityCount recorded;
};

struct Profile {
  Days days;
  std::optional<DayNumber> last_purchase;
  int64_t recency_days = 0;
  int64_t purchases = 0;
  int64_t quantity = 0;
  std::map<std::string, Spend> spend;  // By currency.
  int64_t visits = 0;
  int64_t visit_days = 0;
  int64_t mean_visit_interval_millidays = 0;
  std::map<std::string, EngagementOfKind> engagement;  // By kind.
  int64_t cancellations = 0;
  int64_t returns = 0;
  int64_t exchanges = 0;
  int64_t unmatched_returns = 0;
  std::map<std::string, ReturnedAmount> returned;  // By currency.
};

// Adds up a profile from what is told to it one by one, in any order but for one thing: purchases
// come before returns. Keeps sums by day, by category and by channel, and the ids of those
// purchases of which a part came back; not what it was told. Not thread-safe.
class ProfileBuilder {
 public:
  // `today`: to which recency counts where the window goes on.
  ProfileBuilder(Days days, DayNumber today, const ProgramCatalog& catalog);

  // Times between which everything lies that may belong to the window, whatever version
  // judged it.
  absl::Time from() const;
  absl::Time until() const;

  void Add(const Purchase& purchase);
  void Add(const Return& returned);
  void Add(const Activity& activity);

  // `favourites`: so many of each.
  Profile Finish(size_t favourites);

 private:
  // What was spent by name.
  using Shares = std::map<std::string, int64_t>;
  struct Places {
    Shares categories;
    Shares channels;
    int64_t standing_minor = 0;  // Of purchases that count.
  };

  // The day of what a version judged; nothing where it is not of the window.
  std::optional<DayNumber> DayWithin(absl::Time time, int64_t version) const;
  void AddSpend(const Purchase& purchase);
  void AddEngagement();
  void AddVisits();
  bool IsExchange(const Return& returned, DayNumber day) const;

  const Days days_;
  const DayNumber today_;
  const ProgramCatalog& catalog_;
  Profile profile_;
  std::map<std::string, Places> places_;                   // By currency.
  std::map<DayNumber, int64_t> purchases_;                 // That stand, of nothing as well.
  std::map<DayNumber, int64_t> visits_;                    // Activities that count.
  absl::flat_hash_map<std::string, DayNumber> returning_;  // Purchases of which a part stands.
  std::map<std::string, std::map<DayNumber, ActivityCount>> activities_;  // By kind.
};

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_STANDING_PROFILE_H_
