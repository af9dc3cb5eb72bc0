#ifndef DANGOL_SERVER_DOMAIN_INCENTIVE_CARD_H_
#define DANGOL_SERVER_DOMAIN_INCENTIVE_CARD_H_

#include <algorithm>
#include <cstdint>
#include <deque>
#include <utility>

#include "server/domain/incentive/day.h"
#include "server/domain/incentive/window.h"

namespace dangol::domain {

// What is collected toward awards within a window: the oldest goes into an award first, and the
// rest stays.
class Card {
 public:
  // How many times it is full with so much more.
  int64_t Add(int64_t amount, int64_t needed, const IncentiveWindow& window, DayNumber day) {
    Begin(window, day);
    if (amount <= 0) return 0;
    there_ += amount;
    if (window.kind == IncentiveWindow::Kind::kRolling) parts_.emplace_back(day, amount);
    const int64_t full = there_ / needed;
    Use(full * needed);
    return full;
  }

  // What is there on a day.
  int64_t On(const IncentiveWindow& window, DayNumber day) const {
    Card card = *this;
    card.Begin(window, day);
    return card.there_;
  }

  // The last day on which all that is there counts.
  DayNumber Until(const IncentiveWindow& window, DayNumber day) const {
    if (window.kind == IncentiveWindow::Kind::kEver || On(window, day) == 0) return kNoDay;
    if (window.kind != IncentiveWindow::Kind::kRolling) return WindowOf(window, day).until - 1;
    Card card = *this;
    card.Begin(window, day);
    return card.parts_.front().first + window.days - 1;
  }

 private:
  // What does not count on this day goes.
  void Begin(const IncentiveWindow& window, DayNumber day) {
    const Days days = WindowOf(window, day);
    if (window.kind != IncentiveWindow::Kind::kRolling) {
      if (days_.until <= day) there_ = 0;
      days_ = days;
      parts_.clear();
      return;
    }
    while (!parts_.empty() && parts_.front().first < days.from) {
      there_ -= parts_.front().second;
      parts_.pop_front();
    }
    // Of what was collected under another kind of window nobody knows when.
    if (parts_.empty()) there_ = 0;
  }

  void Use(int64_t amount) {
    there_ -= amount;
    while (!parts_.empty() && amount > 0) {
      const int64_t part = std::min(amount, parts_.front().second);
      parts_.front().second -= part;
      amount -= part;
      if (parts_.front().second == 0) parts_.pop_front();
    }
  }

  int64_t there_ = 0;
  Days days_;                                          // Of a calendar window: the last that was.
  std::deque<std::pair<DayNumber, int64_t>> parts_;  // Of a rolling window: by day.
};

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_INCENTIVE_CARD_H_
