#ifndef DANGOL_SERVER_DOMAIN_INCENTIVE_CARD_H_
#define DANGOL_SERVER_DOMAIN_INCENTIVE_CARD_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

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
    return card.parts_[card.first_].first + window.days - 1;
  }

 private:
  // What does not count on this day goes.
  void Begin(const IncentiveWindow& window, DayNumber day) {
    if (window.kind != IncentiveWindow::Kind::kRolling) {
      if (!days_.Contains(day)) {
        if (days_.until <= day) there_ = 0;
        days_ = WindowOf(window, day);
        parts_.clear();
        first_ = 0;
      }
      return;
    }
    const DayNumber from = WindowOf(window, day).from;
    for (; first_ < parts_.size() && parts_[first_].first < from; ++first_) {
      there_ -= parts_[first_].second;
    }
    // Of what was collected under another kind of window nobody knows when.
    if (first_ == parts_.size()) Clear();
  }

  void Use(int64_t amount) {
    there_ -= amount;
    for (; first_ < parts_.size() && amount > 0; ++first_) {
      int64_t& part = parts_[first_].second;
      const int64_t used = std::min(amount, part);
      part -= used;
      amount -= used;
      if (part > 0) return;
    }
  }

  void Clear() {
    there_ = 0;
    first_ = 0;
    parts_.clear();
  }

  int64_t there_ = 0;
  Days days_;                                         // Of a calendar window: the last that was.
  std::vector<std::pair<DayNumber, int64_t>> parts_;  // Of a rolling window: by day.
  size_t first_ = 0;                                  // Of these, the first that is there.
};

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_INCENTIVE_CARD_H_
