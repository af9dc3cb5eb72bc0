#include "server/rpc/program/incentive_checks.h"

#include <algorithm>
#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "server/domain/activity/activity_fact.h"
#include "server/domain/program/days.h"

namespace dangol::rpc {
namespace {

using domain::Incentive;
using domain::IncentiveWindow;

// How many days a window has at most; 0: without limit.
int DaysOf(const IncentiveWindow& window) {
  switch (window.kind) {
    case IncentiveWindow::Kind::kEver:
      return 0;
    case IncentiveWindow::Kind::kRolling:
      return window.days;
    case IncentiveWindow::Kind::kWeek:
      return 7;
    case IncentiveWindow::Kind::kMonth:
      return 31;
    case IncentiveWindow::Kind::kQuarter:
      return 92;
    case IncentiveWindow::Kind::kHalfYear:
      return 184;
    case IncentiveWindow::Kind::kYear:
      return 366;
  }
  return 0;
}

// How many days it runs; 0: without limit.
int DaysOf(const domain::Conditions& when) {
  if (!when.first_day.has_value() || !when.last_day.has_value()) return 0;
  return static_cast<int>(*when.last_day - *when.first_day) + 1;
}

// On how many days at most something can be collected for one award; 0: without limit.
int CollectingDays(const Incentive& incentive) {
  const int window = DaysOf(incentive.window);
  const int dates = DaysOf(incentive.when);
  if (window == 0 || dates == 0) return std::max(window, dates);
  return std::min(window, dates);
}

// The fewest days from the first purchase of a streak to its last.
int64_t DaysOf(const domain::Streak& streak) {
  const int64_t periods_between = streak.length - 2;
  return 2 + periods_between * (streak.per == domain::Streak::Per::kWeek ? 7 : 28);
}

bool AreExcluded(const domain::Conditions& when, const domain::Program& program) {
  const auto all_of = [](const std::vector<std::string>& wanted, const auto& excluded) {
    return !wanted.empty() &&
           absl::c_all_of(wanted, [&](const std::string& one) { return excluded.contains(one); });
  };
  return all_of(when.categories, program.excluded_categories) ||
         all_of(when.skus, program.excluded_skus);
}

class CanAward {
 public:
  CanAward(const Incentive& incentive, const domain::Program& program, const Place& place,
           ProblemList& problems)
      : incentive_(incentive), program_(program), place_(place), problems_(problems) {}

  void operator()(const domain::PunchCard& card) const {
    CheckDaily(card.places, card.daily_max, place_.Child("punch_card").Child("places"),
               "max_per_day");
  }

  void operator()(const domain::Streak& streak) const {
    NoWindow("a streak has weeks or months of its own");
    const int dates = DaysOf(incentive_.when);
    problems_.Check(dates == 0 || dates >= DaysOf(streak), place_.Child("streak").Child("length"),
                    "can never be reached: the incentive runs for fewer weeks or months");
  }

  void operator()(const domain::ReturnWithin&) const {
    NoWindow("return_within has days of its own");
  }

  void operator()(const domain::WinBack&) const { NoWindow("win_back has days of its own"); }

  void operator()(const domain::SpendMilestone&) const {}

  void operator()(const domain::CategoryBreadth& breadth) const {
    const auto known = static_cast<int64_t>(incentive_.when.categories.size());
    problems_.Check(known == 0 || known >= breadth.categories,
                    place_.Child("category_breadth").Child("categories"),
                    absl::StrCat("can never be reached: `when` names ", known));
  }

  void operator()(const domain::Welcome&) const { NoWindow("a date is a day"); }
  void operator()(const domain::Anniversary&) const { NoWindow("a date is a day"); }
  void operator()(const domain::Birthday&) const { NoWindow("a date is a day"); }

  void operator()(const domain::Referrer&) const { NoWindow("each who is brought counts once"); }
  void operator()(const domain::Referred&) const { NoWindow("it is given once"); }

  void operator()(const domain::Engagement& engagement) const {
    const domain::ActivityKind* const kind =
        domain::FindActivityKind(engagement.activity, program_);
    if (kind == nullptr) return;
    CheckDaily(engagement.times, kind->daily_cap, place_.Child("engagement").Child("times"),
               "the daily_cap of the activity");
  }

 private:
  void CheckDaily(int64_t needed, int64_t daily, const Place& place, const char* what) const {
    const int days = CollectingDays(incentive_);
    if (days == 0 || daily == 0) return;
    problems_.Check(
        needed <= days * daily, place,
        absl::StrCat("can never be reached: in ", days, " days ", what, " leaves ", days * daily));
  }

  void NoWindow(absl::string_view why) const {
    problems_.Check(incentive_.window.kind == IncentiveWindow::Kind::kEver, place_.Child("window"),
                    absl::StrCat("says nothing here: ", why));
  }

  const Incentive& incentive_;
  const domain::Program& program_;
  const Place& place_;
  ProblemList& problems_;
};

bool Overlap(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return a.empty() || b.empty() ||
         absl::c_any_of(a, [&](const std::string& one) { return absl::c_linear_search(b, one); });
}

// Whether one purchase on one day may count for both.
bool AreAboutTheSame(const Incentive& a, const Incentive& b) {
  const domain::Conditions& x = a.when;
  const domain::Conditions& y = b.when;
  const bool never_together =
      (x.last_day.has_value() && y.first_day.has_value() && *x.last_day < *y.first_day) ||
      (y.last_day.has_value() && x.first_day.has_value() && *y.last_day < *x.first_day);
  const bool same_tiers =
      a.tiers.empty() || b.tiers.empty() || absl::c_any_of(a.tiers, [&](const auto& tier) {
        return absl::c_linear_search(b.tiers, tier);
      });
  const auto* const spent = std::get_if<domain::SpendMilestone>(&a.kind);
  const auto* const other_spent = std::get_if<domain::SpendMilestone>(&b.kind);
  if (spent != nullptr && other_spent != nullptr && spent->currency != other_spent->currency) {
    return false;
  }
  const auto* const birthday = std::get_if<domain::Birthday>(&a.kind);
  const auto* const other_birthday = std::get_if<domain::Birthday>(&b.kind);
  if (birthday != nullptr && other_birthday != nullptr &&
      birthday->attribute != other_birthday->attribute) {
    return false;
  }
  const auto* const one = std::get_if<domain::Engagement>(&a.kind);
  const auto* const other = std::get_if<domain::Engagement>(&b.kind);
  if (one != nullptr && other != nullptr && one->activity != other->activity) return false;
  return !never_together && same_tiers && Overlap(a.segments, b.segments) &&
         Overlap(x.channels, y.channels) && Overlap(x.store_ids, y.store_ids) &&
         Overlap(x.categories, y.categories) && Overlap(x.skus, y.skus);
}

}  // namespace

void CheckCanAward(const Incentive& incentive, const domain::Program& program, const Place& place,
                   ProblemList& problems) {
  problems.Check(!AreExcluded(incentive.when, program), place.Child("when"),
                 "names only goods that the program excludes: it can never award anything");
  std::visit(CanAward(incentive, program, place, problems), incentive.kind);
}

void CheckStacking(const std::vector<Incentive>& all, size_t index, const Place& place,
                   ProblemList& problems) {
  const Incentive& incentive = all[index];
  for (size_t i = 0; i < index; ++i) {
    const bool says = !incentive.group.empty() && incentive.group == all[i].group;
    if (says || all[i].kind.index() != incentive.kind.index() ||
        !AreAboutTheSame(all[i], incentive)) {
      continue;
    }
    problems.Check(false, place,
                   absl::StrCat("is about the same purchases as \"", all[i].id,
                                "\", which is of its kind: say stacks: true where both shall be "
                                "given, or give both a group and one of them a priority"));
    return;
  }
}

}  // namespace dangol::rpc
