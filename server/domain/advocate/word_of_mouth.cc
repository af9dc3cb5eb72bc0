#include "server/domain/advocate/word_of_mouth.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "server/common/limits.h"
#include "server/domain/advocate/influence.h"
#include "server/domain/advocate/strikes.h"
#include "server/domain/program/calendar.h"
#include "server/domain/program/reigns.h"
#include "server/domain/standing/rfm_values.h"

namespace dangol::domain {
namespace {

class Judge {
 public:
  Judge(const ProgramCatalog& catalog, absl::Time now, Member& person)
      : catalog_(catalog),
        now_(now),
        person_(person),
        changes_(person.advocacy.word_of_mouth),
        zone_(catalog.At(now)->program->time_zone) {}

  // From that moment on; what was so before stays so.
  void Run(absl::Time from) {
    std::erase_if(changes_, [&](const WordOfMouthChange& change) { return change.at >= from; });
    FindStrikes(from);
    points_.insert(from);
    AddDays(from);
    if (StateNow() == WordOfMouthState::kRecovered) AddRecovery(from);
    while (!points_.empty() && *points_.begin() <= now_) {
      const absl::Time at = *points_.begin();
      points_.erase(points_.begin());
      if (at >= from) Step(at);
    }
  }

 private:
  WordOfMouthState StateNow() const {
    return changes_.empty() ? WordOfMouthState::kNone : changes_.back().state;
  }

  void FindStrikes(absl::Time from) {
    strikes_ = StrikesOf(catalog_, person_);
    for (const Strike& strike : strikes_) {
      for (const absl::Time at : {strike.from, strike.hostile_from, strike.until}) {
        if (at >= from && at <= now_) points_.insert(at);
      }
    }
  }

  // The midnights after which somebody may qualify, or no longer.
  void AddDays(absl::Time from) {
    const DayNumber first = DayIn(from, zone_);
    const DayNumber last = DayIn(now_, zone_);
    const int window = WindowDays();
    const auto add = [&](DayNumber midnight) {
      if (first <= midnight && midnight <= last) {
        points_.insert(StartOfDay(DayOf(midnight), zone_));
      }
    };
    for (const History& history : person_.histories) {
      for (const Series& series : history.series) {
        auto day = std::lower_bound(series.days.begin(), series.days.end(), first - window - 1);
        for (; day != series.days.end(); ++day) {
          add(*day + 1);
          add(*day + window + 1);
        }
      }
      for (const InfluenceMark& mark : history.care.influence) add(mark.day + 1);
    }
    for (const ProgramVersion& version : catalog_.versions()) {
      if (version.effective_from > from) add(DayIn(version.effective_from, zone_) + 1);
    }
  }

  int WindowDays() const {
    const auto& terms = catalog_.At(now_)->program->word_of_mouth;
    return terms.has_value() ? terms->window_days : WordOfMouth().window_days;
  }

  void AddRecovery(absl::Time from) {
    const ProgramVersion& version = *catalog_.At(now_);
    if (!version.program->word_of_mouth.has_value()) return;
    const absl::CivilDay day = absl::ToCivilDay(changes_.back().at, zone_);
    const absl::Time over = StartOfDay(day + version.program->word_of_mouth->recovered_days, zone_);
    points_.insert(std::max(over, from));
  }

  // 0: they do not qualify; 1: as a candidate; 2: as an advocate. Of what they did before a day.
  int QualifiedOn(absl::Time at) {
    const DayNumber day = DayIn(at, zone_) - 1;
    if (day == qualified_day_) return qualified_;
    qualified_day_ = day;
    const ProgramVersion* const version = catalog_.At(StartOfDay(DayOf(day + 1), zone_));
    if (version == nullptr || !version->program->word_of_mouth.has_value()) return qualified_ = 0;
    const Program& program = *version->program;
    const WordOfMouth& terms = *program.word_of_mouth;
    const int64_t influence = InfluenceOn(person_, program, catalog_, day);
    if (influence < terms.candidate_points * kThousand) return qualified_ = 0;
    const Days window{day + 1 - terms.window_days, day + 1};
    const int64_t spent = InBaseCurrency(person_.histories, Measure::kNetSpend, window, program);
    if (spent < terms.min_spent_minor) return qualified_ = 0;
    return qualified_ = influence < terms.active_points * kThousand ? 1 : 2;
  }

  // The worst that is open at a moment; of equals, the oldest. Null: nothing is.
  const Strike* WorstAt(absl::Time at) const {
    const Strike* worst = nullptr;
    for (const Strike& strike : strikes_) {
      if (at < strike.from || strike.until <= at) continue;
      const bool is_worse =
          worst == nullptr || (strike.hostile_from <= at && worst->hostile_from > at);
      if (is_worse) worst = &strike;
    }
    return worst;
  }

  void Step(absl::Time at) {
    const Strike* const worst = WorstAt(at);
    const int qualified = QualifiedOn(at);
    switch (StateNow()) {
      case WordOfMouthState::kNone:
      case WordOfMouthState::kLapsed:
      case WordOfMouthState::kCandidate:
        return StepOfNoAdvocate(at, qualified, worst != nullptr);
      case WordOfMouthState::kActive:
      case WordOfMouthState::kRecovered:
        if (worst != nullptr) return Fall(at, *worst);
        if (qualified == 0)
          return Become(WordOfMouthState::kLapsed, WordOfMouthReason::kTooLittle, at);
        if (StateNow() == WordOfMouthState::kRecovered && IsRecoveryOver(at)) {
          Become(WordOfMouthState::kActive, WordOfMouthReason::kTime, at);
        }
        return;
      case WordOfMouthState::kAtRisk:
      case WordOfMouthState::kHostile:
        if (worst == nullptr) return Recover(at, qualified);
        if (StateNow() == WordOfMouthState::kAtRisk && worst->hostile_from <= at) Fall(at, *worst);
        return;
    }
  }

  void StepOfNoAdvocate(absl::Time at, int qualified, bool is_anything_open) {
    if (qualified == 0) {
      if (StateNow() == WordOfMouthState::kCandidate)
        Become(WordOfMouthState::kLapsed, WordOfMouthReason::kTooLittle, at);
    } else if (qualified == 2 && !is_anything_open) {
      Become(WordOfMouthState::kActive, WordOfMouthReason::kInfluence, at);
    } else if (StateNow() != WordOfMouthState::kCandidate) {
      Become(WordOfMouthState::kCandidate, WordOfMouthReason::kInfluence, at);
    }
  }

  void Fall(absl::Time at, const Strike& strike) {
    const bool is_hostile = strike.hostile_from <= at;
    Become(is_hostile ? WordOfMouthState::kHostile : WordOfMouthState::kAtRisk,
           is_hostile ? strike.hostile_reason : strike.reason, at, strike.about);
  }

  void Recover(absl::Time at, int qualified) {
    if (qualified == 0) return Become(WordOfMouthState::kLapsed, WordOfMouthReason::kTooLittle, at);
    Become(WordOfMouthState::kRecovered, WordOfMouthReason::kSettled, at);
    AddRecovery(at);
  }

  bool IsRecoveryOver(absl::Time at) const {
    const auto& terms = catalog_.At(now_)->program->word_of_mouth;
    const absl::CivilDay day = absl::ToCivilDay(changes_.back().at, zone_);
    return terms.has_value() && StartOfDay(day + terms->recovered_days, zone_) <= at;
  }

  void Become(WordOfMouthState state, WordOfMouthReason reason, absl::Time at,
              std::string about = "") {
    changes_.push_back({at, state, reason, std::move(about)});
    if (changes_.size() > limits::kMaxWordOfMouthChanges) changes_.erase(changes_.begin());
  }

  const ProgramCatalog& catalog_;
  const absl::Time now_;
  Member& person_;
  std::vector<WordOfMouthChange>& changes_;
  const absl::TimeZone zone_;
  std::vector<Strike> strikes_;
  std::set<absl::Time> points_;
  DayNumber qualified_day_ = 0;
  int qualified_ = 0;
};

// The most that anybody's influence can be from that day on; what they did is in the window of some
// day.
int64_t MostInfluence(const Member& person, const WordOfMouth& terms, DayNumber first) {
  const Days days{first - terms.window_days, kNever};
  int64_t most =
      terms.referral_points * SumOf(person.histories, Measure::kReferrals, kUnpaidReferrals, days);
  for (const AdvocateActivity& activity : terms.activities) {
    most += activity.points * SumOf(person.histories, Measure::kActivity, activity.kind, days);
  }
  most *= kThousand;
  for (const History& history : person.histories) {
    int64_t largest = 0;
    for (const InfluenceMark& mark : history.care.influence) {
      largest = std::max(largest, mark.thousandths);
    }
    most += largest;
  }
  return most;
}

}  // namespace

void JudgeWordOfMouth(const ProgramCatalog& catalog, absl::Time now, DayNumber from,
                      DayNumber judged, Member& person) {
  const auto& terms = catalog.At(now)->program->word_of_mouth;
  if (!terms.has_value() && person.advocacy.word_of_mouth.empty()) return;
  const absl::TimeZone zone = catalog.At(now)->program->time_zone;
  const DayNumber today = DayIn(now, zone);
  const int window = terms.has_value() ? terms->window_days : WordOfMouth().window_days;
  const DayNumber horizon = FirstDayOfWindow(window, today);
  const DayNumber first = std::min(std::max(std::min(from, judged), horizon), today);
  const absl::Time begin = StartOfDay(DayOf(first), zone);
  const auto may_begin = [&](const ProgramVersion& version) {
    const auto& its = version.program->word_of_mouth;
    return its.has_value() &&
           MostInfluence(person, *its, first) >= its->candidate_points * kThousand;
  };
  // Who has never spoken and does not now: nearly everybody.
  if (person.advocacy.word_of_mouth.empty() &&
      std::none_of(catalog.versions().begin(), catalog.versions().end(), may_begin)) {
    return;
  }
  Judge(catalog, now, person).Run(begin);
}

}  // namespace dangol::domain
