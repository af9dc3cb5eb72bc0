#include "server/insight/breakage.h"

#include <algorithm>

#include "absl/numeric/int128.h"

namespace dangol::insight {
namespace {

constexpr int64_t kWhole = 1'000'000'000;

// floor(part * share / of).
int64_t Scaled(int64_t share, int64_t part, int64_t of) {
  return static_cast<int64_t>(absl::int128(share) * part / of);
}

}  // namespace

BreakageTable::BreakageTable(const std::map<int, Months>& earned, int last_month) {
  if (!earned.empty()) history_months_ = std::max(last_month - earned.begin()->first + 1, 0);
  std::vector<Age> ages = Pool(earned, last_month);
  // Beyond the first age that nobody has seen points at, nothing is known.
  const auto unseen =
      std::find_if(ages.begin(), ages.end(), [](const Age& age) { return age.there == 0; });
  ages.erase(unseen, ages.end());
  shares_.resize(ages.size());
  Shares later{0, kWhole};
  for (size_t i = ages.size(); i-- > 0;) {
    const Age& age = ages[i];
    const int64_t expired = std::min(age.expired, age.there);
    const int64_t stay =
        std::clamp<int64_t>(age.there - expired - age.used, 0, age.there - expired);
    shares_[i].expires =
        Scaled(kWhole, expired, age.there) + Scaled(later.expires, stay, age.there);
    shares_[i].unknown = Scaled(later.unknown, stay, age.there);
    later = shares_[i];
  }
}

std::vector<BreakageTable::Age> BreakageTable::Pool(const std::map<int, Months>& earned,
                                                    int last_month) {
  std::vector<Age> ages;
  for (const auto& [month_earned, months] : earned) {
    int64_t there = 0;
    for (int month = month_earned; month <= last_month; ++month) {
      const auto index = static_cast<size_t>(month - month_earned);
      if (ages.size() <= index) ages.resize(index + 1);
      const auto found = months.find(month);
      const domain::Outstanding::Flow flow =
          found == months.end() ? domain::Outstanding::Flow() : found->second;
      // What is issued in a month is there from its beginning.
      there += flow.issued;
      ages[index].there += std::max<int64_t>(there, 0);
      ages[index].expired += flow.expired;
      ages[index].used += flow.used;
      there -= flow.expired + flow.used;
    }
  }
  return ages;
}

BreakageTable::Estimate BreakageTable::Of(int64_t points, int age) const {
  const auto index = static_cast<size_t>(std::max(age, 0));
  if (index >= shares_.size()) return {0, points};
  return {Scaled(shares_[index].expires, points, kWhole),
          Scaled(shares_[index].unknown, points, kWhole)};
}

}  // namespace dangol::insight
