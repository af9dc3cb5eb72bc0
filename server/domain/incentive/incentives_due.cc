#include "server/domain/incentive/incentives_due.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/container/inlined_vector.h"
#include "server/common/limits.h"
#include "server/domain/advocate/giving.h"
#include "server/domain/incentive/audience.h"
#include "server/domain/incentive/fold.h"
#include "server/domain/incentive/incentive_days.h"
#include "server/domain/program/reigns.h"

namespace dangol::domain {
namespace {

// One incentive of one person, under all versions of the program that declare it.
class Folding {
 public:
  Folding(const std::string& id, const Reigns& reigns, const ProgramCatalog& catalog,
          const Member& person)
      : reigns_(reigns), catalog_(catalog), person_(person) {
    for (const Reign& reign : reigns) terms_.push_back(FindIncentive(id, *reign.program));
  }

  // Calls visit(terms, day, awards, points of each) where any become due, up to and including a
  // day.
  template <typename Visit>
  void Run(DayNumber last, const Visit& visit) {
    IncentiveDays days(terms_, person_, catalog_);
    IncentiveDay day;
    const Incentive* const only = terms_.size() == 1 ? terms_[0] : nullptr;
    if (only != nullptr && only->tiers.empty() && only->segments.empty()) {
      fold_.Walk(*only, [&](auto& fold, const auto& kind) {
        while (days.Next(day) && day.day <= last) {
          Note(*only, day, fold.Step(kind, only->window, day), visit);
        }
      });
      return;
    }
    while (days.Next(day) && day.day <= last) {
      const auto [terms, program] = TermsOn(day.day);
      if (terms == nullptr) continue;
      KeepForAudience(*terms, *program, day);
      Note(*terms, day, fold_.Step(*terms, day), visit);
    }
  }

  // The same for every day, up to and including that one.
  std::vector<IncentiveStep> Explain(DayNumber last) {
    std::vector<IncentiveStep> steps;
    IncentiveDays days(terms_, person_, catalog_);
    for (IncentiveDay day; days.Next(day) && day.day <= last;) {
      const auto [terms, program] = TermsOn(day.day);
      if (terms == nullptr) continue;
      IncentiveStep& step = steps.emplace_back();
      step.day = day.day;
      step.brought = day.stamps;
      step.is_for_them = KeepForAudience(*terms, *program, day);
      Note(*terms, day, fold_.Step(*terms, day),
           [&](const Incentive&, DayNumber, int64_t awards, int64_t points) {
             step.awards = awards;
             step.points = points;
           });
      if (IsRefusedTo(*terms, *program, person_, day.day)) {
        step.is_for_them = false;
        step.awards = step.points = 0;
      }
      step.after = fold_.ProgressOn(*terms, day.day);
    }
    return steps;
  }

  int64_t given() const { return given_; }
  IncentiveFold& fold() { return fold_; }

 private:
  // Whether they were of its audience; what the day brings is nothing where they were not.
  bool KeepForAudience(const Incentive& terms, const Program& program, IncentiveDay& day) const {
    if (IsFor(terms, program, catalog_, person_, day.day)) return true;
    day.stamps = day.base = 0;
    day.categories = {};
    return false;
  }

  // Of awards that a fold has found those that one member may have.
  template <typename Visit>
  void Note(const Incentive& terms, const IncentiveDay& day, int64_t awards, const Visit& visit) {
    if (awards == 0 && !terms.boost.has_value()) return;
    awards = std::min(awards, limits::kMaxAwardsPerDay);
    if (terms.member_daily_max > 0) awards = std::min(awards, terms.member_daily_max);
    if (terms.member_max > 0) awards = std::clamp<int64_t>(terms.member_max - given_, 0, awards);
    given_ += awards;
    if (terms.boost.has_value()) {
      Boosted(terms, day, awards, visit);
    } else if (awards > 0) {
      visit(terms, day.day, awards, terms.reward.points);
    }
  }

  // Several awards of a day boost it several times. Those that wait for the next day with a
  // purchase wait for one that earns something.
  template <typename Visit>
  void Boosted(const Incentive& terms, const IncentiveDay& day, int64_t awards,
               const Visit& visit) {
    const int64_t boosts = terms.boost->of_next ? waiting_ : awards;
    const int64_t points = day.base * terms.boost->percent / 100 * boosts;
    if (points > 0) visit(terms, day.day, 1, points);
    if (!terms.boost->of_next) return;
    if (points > 0) waiting_ = 0;
    waiting_ = std::min(waiting_ + awards, limits::kMaxAwardsPerDay);
  }

  // Of the versions that are in force on a day the last that declares it.
  std::pair<const Incentive*, const Program*> TermsOn(DayNumber day) const {
    for (size_t i = reigns_.size(); i > 0; --i) {
      const Reign& reign = reigns_[i - 1];
      if (terms_[i - 1] == nullptr || day < reign.first || reign.last < day) continue;
      return {terms_[i - 1], reign.program};
    }
    return {nullptr, nullptr};
  }

  const Reigns& reigns_;
  const ProgramCatalog& catalog_;
  const Member& person_;
  TermsOverTime terms_;  // By reign; null where it does not declare it.
  IncentiveFold fold_;
  int64_t given_ = 0;    // Awards so far.
  int64_t waiting_ = 0;  // Boosts of the next purchase.
};

// Every incentive of any version in force up to now: those of the last as it has them, then those
// that are no more.
std::vector<const Incentive*> AllOf(const Reigns& reigns) {
  std::vector<const Incentive*> all;
  for (auto reign = reigns.rbegin(); reign != reigns.rend(); ++reign) {
    for (const Incentive& incentive : reign->program->incentives) {
      const bool is_known =
          reign != reigns.rbegin() &&
          absl::c_any_of(all, [&](const Incentive* known) { return known->id == incentive.id; });
      if (!is_known) all.push_back(&incentive);
    }
  }
  return all;
}

// Of several of a group that are due on one day only the first by priority is: of equals, the
// first in the program.
class Groups {
 public:
  void Note(const Incentive& terms, DayNumber day, size_t order) {
    if (terms.group.empty()) return;
    const auto [first, is_new] = first_.try_emplace({terms.group, day}, terms.priority, order);
    if (!is_new && first->second.first < terms.priority) {
      first->second = {terms.priority, order};
    }
  }

  bool IsFirst(const Incentive& terms, DayNumber day, size_t order) const {
    return terms.group.empty() || first_.at({terms.group, day}).second == order;
  }

 private:
  // By group and day: the priority and the place of the first.
  std::map<std::pair<std::string, DayNumber>, std::pair<int, size_t>> first_;
};

}  // namespace

void AddIncentivesDue(const ProgramCatalog& catalog, absl::Time now, DayNumber from,
                      const Member& person, std::vector<AwardDue>& due,
                      std::vector<IncentiveStanding>* standings) {
  const Reigns reigns = ReignsOf(catalog, now);
  if (reigns.empty() || person.histories.empty()) return;
  struct Found {
    const Incentive* terms;
    DayNumber day;
    int64_t awards;
    int64_t points;
    size_t order;
  };
  absl::InlinedVector<Found, 4> found;
  Groups groups;
  const DayNumber today = DayIn(now, reigns.back().program->time_zone);
  const std::vector<const Incentive*> all = AllOf(reigns);
  for (size_t order = 0; order < all.size(); ++order) {
    if (!HasDaysFrom(from, *all[order], person.histories)) continue;
    Folding folding(all[order]->id, reigns, catalog, person);
    // A till's clock may be ahead, into tomorrow.
    folding.Run(kNever, [&](const Incentive& terms, DayNumber day, int64_t awards, int64_t points) {
      if (day < from) return;
      found.push_back({&terms, day, awards, points, order});
      groups.Note(terms, day, order);
    });
    if (standings != nullptr) {
      standings->push_back(
          {all[order]->id, folding.fold().ProgressOn(*all[order], today), folding.given()});
    }
  }
  for (const Found& one : found) {
    if (!groups.IsFirst(*one.terms, one.day, one.order)) continue;
    AwardDue award;
    award.cause = CauseOf(*one.terms);
    award.day = one.day;
    award.reward = one.terms->reward;
    award.reward.points = one.points;
    award.budget = one.terms->budget;
    award.varies = one.terms->boost.has_value();
    award.for_advocacy = RewardsAdvocacy(*one.terms);
    if (one.terms->window.kind != IncentiveWindow::Kind::kRolling) {
      award.again = WindowOf(one.terms->window, one.day);
    }
    due.insert(due.end(), static_cast<size_t>(one.awards), award);
  }
}

std::vector<IncentiveStep> StepsOf(const std::string& incentive, const ProgramCatalog& catalog,
                                   absl::Time now, const Member& person) {
  const Reigns reigns = ReignsOf(catalog, now);
  if (reigns.empty()) return {};
  return Folding(incentive, reigns, catalog, person)
      .Explain(DayIn(now, reigns.back().program->time_zone));
}

IncentiveStanding StandingOn(const Incentive& incentive, const ProgramCatalog& catalog,
                             absl::Time now, DayNumber today, const Member& person) {
  const Reigns reigns = ReignsOf(catalog, now);
  Folding folding(incentive.id, reigns, catalog, person);
  folding.Run(today, [](const Incentive&, DayNumber, int64_t, int64_t) {});
  IncentiveStanding standing{incentive.id, folding.fold().ProgressOn(incentive, today),
                             folding.given()};
  if (IsOfDate(incentive)) {
    const DayNumber from = std::max(person.granted_until + 1, today);
    standing.progress.until =
        NextDateOf(incentive, *reigns.back().program, person, from).value_or(kNoDay);
  }
  return standing;
}

}  // namespace dangol::domain
