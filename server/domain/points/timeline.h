#ifndef DANGOL_SERVER_DOMAIN_POINTS_TIMELINE_H_
#define DANGOL_SERVER_DOMAIN_POINTS_TIMELINE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <queue>
#include <string>
#include <tuple>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/domain/points/book.h"

namespace dangol::domain {

// What time alone causes, in the order in which it happens at one moment.
enum class Due : int8_t { kMature, kLapse, kExpire };

struct DueEvent {
  absl::Time at;
  Due due;
  bool is_others;  // Of lots the owner's own come first.
  size_t index;    // Of a lot; of a hold as who lets time pass counts them.
  // The number of a lot: what was opened first comes first, whatever date it has beside the
  // inactivity that ends it now. It may repay a debt that the next one then does not.
  int64_t lot = 0;

  friend bool operator>(const DueEvent& a, const DueEvent& b) {
    return std::tie(a.at, a.due, a.is_others, a.lot, a.index) >
           std::tie(b.at, b.due, b.is_others, b.lot, b.index);
  }
};

// The next one is on top.
using Timeline = std::priority_queue<DueEvent, std::vector<DueEvent>, std::greater<DueEvent>>;

// Adds what time does to a lot after `from` and up to now.
void AddEvents(const Book& book, size_t lot, absl::Time from, Timeline& timeline);

// Lets all of it happen. `lapse` ends a hold, and adds the events of lots that it brings back:
// they are not known at the beginning.
void PassTime(Timeline timeline, absl::FunctionRef<void(const DueEvent&, Timeline&)> lapse,
              Book& book);

// Where the points of a new lot come from.
struct Source {
  std::string rule_id;
  EntryKind kind = EntryKind::kEarn;
  int64_t points = 0;  // Positive.
  LedgerAccount debit = LedgerAccount::kIssued;
};

// Opens `lot` with the points of `sources`, of which there is one at least, as of
// lot.earned_at, and lets time have its effect on it up to now. Refused when the wallet would
// hold too much.
absl::Status OpenLot(Lot lot, const std::vector<Source>& sources, const Cause& cause, Book& book);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_POINTS_TIMELINE_H_
