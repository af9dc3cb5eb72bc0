#ifndef DANGOL_SERVER_DOMAIN_SHARED_COUNTER_H_
#define DANGOL_SERVER_DOMAIN_SHARED_COUNTER_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

// Numbers that all members share: how much of a budget has been given, or of a stock been
// taken. Whoever changes one writes it only where it still is what they saw.
namespace dangol::domain {

struct SharedCounter {
  int64_t used = 0;
  // The version of the stored row that this was made from; 0 where there is none yet.
  int64_t version = 0;

  friend bool operator==(const SharedCounter&, const SharedCounter&) = default;
};

// By name. Whatever is not there has not been used.
using SharedCounters = absl::flat_hash_map<std::string, SharedCounter>;

// What a decision saw of a counter, and what it makes of it: the same where it only
// looked.
struct CounterUse {
  std::string name;
  int64_t before = 0;
  int64_t after = 0;

  friend bool operator==(const CounterUse&, const CounterUse&) = default;
};

// The points that a rule with a budget has given in all.
inline std::string BudgetCounter(absl::string_view rule_id) {
  return absl::StrCat("budget/", rule_id);
}

// The pieces of a reward with a stock that are taken: issued and not cancelled.
inline std::string StockCounter(absl::string_view reward_id) {
  return absl::StrCat("stock/", reward_id);
}

// What has been used; `counters` may be null.
inline int64_t UsedOf(const SharedCounters* counters, absl::string_view name) {
  if (counters == nullptr) return 0;
  const auto counter = counters->find(name);
  return counter == counters->end() ? 0 : counter->second.used;
}

// Counters while a decision is made.
class CounterDraft {
 public:
  // `before` must outlive it, and may be null.
  explicit CounterDraft(const SharedCounters* before) : before_(before) {}

  int64_t used(const std::string& name) { return Find(name).after; }
  void Add(const std::string& name, int64_t more) { Find(name).after += more; }
  // Those that were asked for.
  std::vector<CounterUse> Take() { return std::move(uses_); }

 private:
  CounterUse& Find(const std::string& name) {
    for (CounterUse& use : uses_) {
      if (use.name == name) return use;
    }
    const int64_t used = UsedOf(before_, name);
    return uses_.emplace_back(CounterUse{name, used, used});
  }

  const SharedCounters* const before_;
  std::vector<CounterUse> uses_;
};

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_SHARED_COUNTER_H_
