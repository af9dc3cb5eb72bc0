#include "server/domain/standing/tier_gifts.h"

#include <algorithm>
#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/domain/program/calendar.h"
#include "server/domain/standing/assessor.h"
#include "server/domain/standing/judge.h"
#include "server/domain/standing/tally.h"

namespace dangol::domain {
namespace {

// Of a window that is no year.
constexpr int kMonthsBetweenGifts = 12;

// Days whose gift is the same as that of this day.
Days PeriodOfGift(const Ladder& ladder, DayNumber enrolled, DayNumber day) {
  if (const auto year = YearOf(ladder.qualification, enrolled, day)) return *year;
  const Qualification& window = ladder.qualification;
  const int months = window.months > 0 || window.days > 0 ? window.months : kMonthsBetweenGifts;
  return {NumberOf(AddMonths(DayOf(day) - window.days, -months)) + 1,
          NumberOf(AddMonths(DayOf(day), months) + window.days)};
}

// The gifts along one ladder. Whoever reaches a tier has passed those below: so it does not matter
// on how many days somebody climbs.
class Climb {
 public:
  Climb(const ProgramCatalog& catalog, absl::Time now, absl::TimeZone zone, const Member& person,
        std::vector<AwardDue>& due)
      : catalog_(catalog),
        now_(now),
        zone_(zone),
        enrolled_(NumberOf(absl::ToCivilDay(person.enrolled_at, zone))),
        due_(due) {}

  void AddDue(const LadderStanding& standing) {
    TierSpan before;
    for (const TierSpan& span : standing.spans) {
      if (span.reason == TierReason::kReached) Enter(standing.ladder, before, span);
      before = span;
    }
  }

 private:
  void Enter(const std::string& name, const TierSpan& before, const TierSpan& span) {
    // Of a version that begins later today nobody has anything yet.
    const ProgramVersion* const version =
        catalog_.At(std::min(now_, StartOfDay(DayOf(span.day + 1), zone_) - absl::Microseconds(1)));
    const Ladder* const ladder = version == nullptr ? nullptr : FindLadder(*version->program, name);
    if (ladder == nullptr) return;
    for (int place = PlaceOf(before, *ladder) + 1; place <= PlaceOf(span, *ladder); ++place) {
      const Tier& tier = ladder->tiers[static_cast<size_t>(place)];
      if (!tier.gift.has_value()) continue;
      const Days period = PeriodOfGift(*ladder, enrolled_, span.day);
      auto given = last_.find(tier.id);
      if (given == last_.end()) given = last_.find(tier.takes_over);
      if (given != last_.end() && period.Contains(given->second)) continue;
      last_[tier.id] = span.day;
      const Wallet& wallet = version->program->wallets[static_cast<size_t>(tier.gift->wallet)];
      due_.push_back({absl::StrCat("tier:", name, "/", tier.id),
                      span.day,
                      {wallet.id, tier.gift->points},
                      period});
    }
  }

  const ProgramCatalog& catalog_;
  const absl::Time now_;
  const absl::TimeZone zone_;
  const DayNumber enrolled_;
  std::vector<AwardDue>& due_;
  std::map<std::string, DayNumber> last_;  // By tier: when it was given.
};

}  // namespace

std::vector<AwardDue> TierGiftsDue(const ProgramCatalog& catalog, absl::Time now,
                                   const Member& person) {
  std::vector<AwardDue> due;
  const ProgramVersion* const version = catalog.At(now);
  const bool has_gifts =
      std::any_of(catalog.versions().begin(), catalog.versions().end(),
                  [](const ProgramVersion& one) { return HasGifts(*one.program); });
  if (version == nullptr || !has_gifts) return due;
  for (const Ladder& ladder : version->program->ladders) {
    const LadderStanding* const standing = FindStanding(person, ladder.id);
    if (standing == nullptr) continue;
    Climb(catalog, now, version->program->time_zone, person, due).AddDue(*standing);
  }
  return due;
}

}  // namespace dangol::domain
