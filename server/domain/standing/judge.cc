#include "server/domain/standing/judge.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "server/common/limits.h"
#include "server/domain/program/calendar.h"
#include "server/domain/program/reigns.h"
#include "server/domain/standing/assessor.h"
#include "server/domain/standing/rfm_values.h"

namespace dangol::domain {
namespace {

// The days that its window needs to be known before the first that is judged.
int WindowDays(const Qualification& qualification) {
  if (qualification.window == Qualification::Window::kSinceTier) return 0;
  if (qualification.window != Qualification::Window::kRolling) return 366;
  return qualification.months * 31 + qualification.days;
}

// Judges one ladder of one person, day by day.
class Fold {
 public:
  // `known`: the first day that can still be judged.
  Fold(const ProgramCatalog& catalog, const Reigns& reigns, DayNumber known, DayNumber today,
       const Member& person, LadderStanding& standing)
      : catalog_(catalog),
        reigns_(reigns),
        known_(known),
        today_(today),
        person_(person),
        standing_(standing) {}

  void Run(DayNumber from) {
    std::erase_if(standing_.spans, [&](const TierSpan& span) { return span.day >= from; });
    if (!standing_.spans.empty()) span_ = standing_.spans.back();
    for (DayNumber day = NextEvent(from); day <= today_; day = NextEvent(day + 1)) Step(day);
  }

 private:
  // The first day from this one on on which anything can change.
  DayNumber NextEvent(DayNumber from) const {
    DayNumber next = NextDayOf(person_.histories, from).value_or(kNever);
    const auto note = [&](DayNumber day) {
      if (day >= from) next = std::min(next, day);
    };
    if (span_.valid_until != 0) note(std::max(span_.valid_until + 1, from));
    for (const Reign& reign : reigns_) {
      if (reign.first != kAlways) note(reign.first);
      const Ladder* const ladder = LadderIn(reign);
      if (ladder == nullptr || from > reign.last) continue;
      for (const TierException& exception : ladder->exceptions) {
        note(NumberOf(exception.first_day));
      }
      NoteNorms(*ladder, from, next);
      if (!ladder->rollover.has_value()) continue;
      const Assessor assessor(*ladder, person_, *reign.program, catalog_);
      const auto year = YearOf(ladder->qualification, assessor.enrolled(), from);
      if (year.has_value()) note(year->from == from ? from : year->until);
    }
    for (const History& history : person_.histories) {
      for (const TierOverride& decided : history.overrides) {
        if (decided.kind == TierOverride::Kind::kOptOut && decided.until != 0) {
          note(decided.until + 1);
        }
      }
      // Who brings what is long past has its tier as soon as that can be.
      for (const LifetimeImport& import : history.imports) note(std::max(import.day, known_));
    }
    return next;
  }

  // Everybody may be scored otherwise from the first day of norms on. They begin in their order.
  void NoteNorms(const Ladder& ladder, DayNumber from, DayNumber& next) const {
    if (catalog_.norms().empty() || !IsScored(ladder)) return;
    for (auto norms = catalog_.norms().rbegin(); norms != catalog_.norms().rend(); ++norms) {
      if (norms->from < from) return;
      if (!norms->only_advocates) next = std::min(next, norms->from);
    }
  }

  void Step(DayNumber day) {
    const Ladder* before = nullptr;
    for (const Reign& reign : reigns_) {
      if (reign.last < day - 1 || day < reign.first) continue;
      const Ladder* const ladder = LadderIn(reign);
      if (ladder != nullptr && day <= reign.last) {
        const Assessor assessor(*ladder, person_, *reign.program, catalog_);
        if (reign.first == day) Change(assessor, before, day);
        if (reign.first < day || reign.from_midnight) {
          Review(assessor, day);
          Carry(assessor, day);
        }
        Rise(assessor, day);
      }
      if (ladder != nullptr) before = ladder;
    }
  }

  // The program is another one from this day on.
  void Change(const Assessor& assessor, const Ladder* before, DayNumber day) {
    const Ladder& ladder = assessor.ladder();
    int tier = assessor.IndexOf(span_);
    if (!span_.tier.empty() && tier < 0) {
      tier = HeirOf(span_.tier, before, ladder);
      TakeOver(assessor, tier, day);
    }
    if (ladder.on_change != OnChange::kRejudge || tier < 0) return;
    const int kept = assessor.HighestKept(tier, span_, day);
    if (kept < tier) Fall(assessor, kept, TierReason::kProgram, day);
  }

  // What they were in is another tier now: what they have begun goes on.
  void TakeOver(const Assessor& assessor, int tier, DayNumber day) {
    if (tier < 0 || assessor.IsBase(tier)) return Fall(assessor, tier, TierReason::kProgram, day);
    TierSpan next = span_;
    next.tier = assessor.ladder().tiers[static_cast<size_t>(tier)].id;
    next.reason = TierReason::kProgram;
    next.reached_on = day;
    Push(std::move(next), day);
  }

  // Who has the members of a tier that is no more: the one that says so, or the next below.
  static int HeirOf(const std::string& tier, const Ladder* before, const Ladder& ladder) {
    if (const int heir = FindTierOrHeir(ladder, tier); heir >= 0) return heir;
    for (int lower = before == nullptr ? -1 : FindTier(*before, tier) - 1; lower >= 0; --lower) {
      const int heir = FindTier(ladder, before->tiers[static_cast<size_t>(lower)].id);
      if (heir >= 0) return heir;
    }
    return ladder.tiers.front().reach.items.empty() ? 0 : -1;
  }

  // At the first midnight of the day.
  void Review(const Assessor& assessor, DayNumber day) {
    if (span_.valid_until == 0 || span_.valid_until >= day) return;
    const Ladder& ladder = assessor.ladder();
    const DayNumber last = span_.valid_until;
    const int tier = assessor.IndexOf(span_);
    if (tier < 0) return;
    if (KeepsAll(ladder, last) || assessor.IsKept(tier, span_, last)) {
      Keep(assessor, last, day);
    } else if (ladder.grace_days > 0 && span_.missed_on == 0) {
      TierSpan next = span_;
      next.reason = TierReason::kGrace;
      next.valid_until = last + ladder.grace_days;
      next.missed_on = last;
      next.missed_carried = span_.carried;
      Push(std::move(next), day);
    } else {
      Fall(assessor, assessor.FallsTo(tier, span_, last), TierReason::kFell, day);
    }
  }

  // At the first midnight of the day.
  void Carry(const Assessor& assessor, DayNumber day) {
    const Ladder& ladder = assessor.ladder();
    if (!ladder.rollover.has_value()) return;
    const auto year = YearOf(ladder.qualification, assessor.enrolled(), day);
    if (!year.has_value() || year->from != day) return;
    TierSpan next = span_;
    next.reason = TierReason::kCarried;
    next.carried = assessor.LeftOver(span_.WithoutGrace(), day - 1);
    if (next.carried != span_.carried) Push(std::move(next), day);
  }

  // By what has been done up to and including the day.
  void Rise(const Assessor& assessor, DayNumber day) {
    const Ladder& ladder = assessor.ladder();
    const int tier = assessor.IndexOf(span_);
    int highest = assessor.HighestWanted(day);
    // What leads to one tier does not lead to the next as well.
    if (ladder.qualification.window == Qualification::Window::kSinceTier) {
      highest = std::min(highest, tier + 1);
    }
    const TierSpan span = span_.WithoutGrace();
    for (int above = highest; above > tier; --above) {
      if (!assessor.IsReached(above, span, day)) continue;
      Enter(assessor, above, TierReason::kReached, day,
            ValidUntil(ladder.validity, assessor.enrolled(), day));
      return;
    }
    if (span_.missed_on != 0 && tier >= 0 && assessor.IsKept(tier, span_, day)) {
      Keep(assessor, day, day);
    }
  }

  void Keep(const Assessor& assessor, DayNumber last, DayNumber day) {
    const Validity& validity = assessor.ladder().validity;
    TierSpan next = span_.WithoutGrace();
    next.reason = TierReason::kKept;
    // What has made up for the days before has done so.
    next.counts_from = last + 1;
    next.valid_until = ValidUntil(validity, assessor.enrolled(), last);
    // Of a year that ends with this day, the next one.
    if (next.valid_until != 0 && next.valid_until <= last) {
      next.valid_until = ValidUntil(validity, assessor.enrolled(), last + 1);
    }
    Push(std::move(next), day);
  }

  // To a tier for which this day is the first.
  void Fall(const Assessor& assessor, int tier, TierReason reason, DayNumber day) {
    const bool lasts = tier < 0 || assessor.IsBase(tier);
    const DayNumber valid_until =
        lasts ? 0 : ValidUntil(assessor.ladder().validity, assessor.enrolled(), day);
    Enter(assessor, tier, reason, day, valid_until);
  }

  void Enter(const Assessor& assessor, int tier, TierReason reason, DayNumber day,
             DayNumber valid_until) {
    TierSpan next = span_.WithoutGrace();
    next.tier = tier < 0 ? "" : assessor.ladder().tiers[static_cast<size_t>(tier)].id;
    next.reason = reason;
    next.reached_on = day;
    next.valid_until = valid_until;
    next.counts_from = day + (reason == TierReason::kReached ? 1 : 0);
    Push(std::move(next), day);
  }

  void Push(TierSpan span, DayNumber day) {
    span.day = day;
    span_ = standing_.spans.emplace_back(std::move(span));
  }

  const Ladder* LadderIn(const Reign& reign) const {
    return FindLadder(*reign.program, standing_.ladder);
  }

  const ProgramCatalog& catalog_;
  const Reigns& reigns_;
  const DayNumber known_;
  const DayNumber today_;
  const Member& person_;
  LadderStanding& standing_;
  TierSpan span_;  // The last.
};

LadderStanding& StandingIn(const std::string& ladder, Member& person) {
  for (LadderStanding& standing : person.ladders) {
    if (standing.ladder == ladder) return standing;
  }
  LadderStanding standing;
  standing.ladder = ladder;
  return person.ladders.emplace_back(std::move(standing));
}

// Who is, or was, somebody by themselves. Who is merged keeps what they had for when they part.
bool HasTiers(const Member& person) {
  const bool is_there =
      person.status == MemberStatus::kActive || person.status == MemberStatus::kSuspended;
  return is_there && (!person.histories.empty() || !person.ladders.empty());
}

// Whether a version has begun that has not judged the person yet: they were advanced before it
// began, or at its very moment by a server that did not know of it.
bool IsNew(const ProgramVersion& version, absl::Time now, const Member& person) {
  if (version.effective_from > now || version.effective_from == absl::InfinitePast()) return false;
  return person.advanced_until < version.effective_from || person.known_rules < version.number;
}

// Whether norms by which tiers are judged have begun since the person was advanced.
bool HaveNormsBegun(const ProgramCatalog& catalog, const Program& program, absl::Time now,
                    const Member& person) {
  if (catalog.norms().empty()) return false;
  const bool is_scored = std::any_of(program.ladders.begin(), program.ladders.end(),
                                     [](const Ladder& ladder) { return IsScored(ladder); });
  if (!is_scored) return false;
  const DayNumber today = DayIn(now, program.time_zone);
  const DayNumber judged = DayIn(person.advanced_until, program.time_zone);
  return std::any_of(catalog.norms().rbegin(), catalog.norms().rend(), [&](const Norms& norms) {
    return !norms.only_advocates && judged < norms.from && norms.from <= today;
  });
}

// From when on a late event can be judged as if it had come in time.
DayNumber Horizon(const Ladder& ladder, DayNumber today) {
  const DayNumber horizon = today - limits::kHistoryDays + WindowDays(ladder.qualification);
  return IsScored(ladder) ? std::max(horizon, FirstRfmDay(today)) : horizon;
}

}  // namespace

void JudgeTiers(const ProgramCatalog& catalog, absl::Time now, DayNumber from, Member& person) {
  const ProgramVersion* const version = catalog.At(now);
  if (version == nullptr || version->program->ladders.empty() || !HasTiers(person)) return;
  const Reigns reigns = ReignsOf(catalog, now);
  const absl::TimeZone zone = reigns.back().program->time_zone;
  const DayNumber today = DayIn(now, zone);
  const DayNumber judged = DayIn(person.advanced_until, zone);
  for (const Ladder& ladder : reigns.back().program->ladders) {
    LadderStanding& standing = StandingIn(ladder.id, person);
    const DayNumber known =
        std::max(std::min(Horizon(ladder, today), judged + 1), standing.settled_until);
    Fold(catalog, reigns, known, today, person, standing).Run(std::max(from, known));
  }
  std::erase_if(person.ladders, [](const LadderStanding& standing) {
    return standing.spans.empty() && standing.settled_until == 0;
  });
}

void JoinTiers(const ProgramCatalog& catalog, absl::Time now, const Member& merged,
               Member& survivor) {
  JudgeTiers(catalog, now, kAlways, survivor);
  const ProgramVersion* const version = catalog.At(now);
  if (version == nullptr) return;
  const DayNumber today = DayIn(now, version->program->time_zone);
  for (const Ladder& ladder : version->program->ladders) {
    const LadderStanding* const stood = FindStanding(merged, ladder.id);
    if (stood == nullptr) continue;
    const DayNumber from = std::max(Horizon(ladder, today), stood->settled_until);
    const int place = PlaceOf(SpanOn(merged, ladder, from - 1), ladder);
    if (place <= PlaceOf(SpanOn(survivor, ladder, from - 1), ladder)) continue;
    LadderStanding& standing = StandingIn(ladder.id, survivor);
    standing.spans = stood->spans;
    standing.settled_until = std::max(standing.settled_until, stood->settled_until);
    Fold(catalog, ReignsOf(catalog, now), from, today, survivor, standing).Run(from);
  }
}

void AdvanceTiers(const ProgramCatalog& catalog, absl::Time now, Member& person) {
  if (!AreTiersDue(catalog, now, person)) return;
  const ProgramVersion* const version = catalog.At(now);
  DayNumber from = DayIn(person.advanced_until, version->program->time_zone) + 1;
  for (const ProgramVersion& changed : catalog.versions()) {
    if (!IsNew(changed, now, person)) continue;
    from = std::min(from, DayIn(changed.effective_from, changed.program->time_zone));
  }
  JudgeTiers(catalog, now, from, person);
}

absl::Time TiersDueAt(const ProgramCatalog& catalog, absl::Time now, const Member& person) {
  const ProgramVersion* const version = catalog.At(now);
  if (version == nullptr || !HasTiers(person)) return absl::InfiniteFuture();
  const Program& program = *version->program;
  const DayNumber today = DayIn(now, program.time_zone);
  DayNumber next = kNever;
  const auto note = [&](DayNumber day) {
    if (day > today) next = std::min(next, day);
  };
  for (const Ladder& ladder : program.ladders) {
    const TierSpan span = SpanOn(person, ladder, today);
    if (span.valid_until != 0) {
      note(span.valid_until + 1);
      for (const int days : ladder.announce_days) note(span.valid_until + 1 - days);
    }
    for (const TierException& exception : ladder.exceptions) note(NumberOf(exception.first_day));
    if (!ladder.rollover.has_value()) continue;
    const Assessor assessor(ladder, person, program, catalog);
    const auto year = YearOf(ladder.qualification, assessor.enrolled(), today);
    if (year.has_value()) note(year->until);
  }
  for (const History& history : person.histories) {
    for (const TierOverride& decided : history.overrides) {
      if (decided.until != 0) note(decided.until + 1);
    }
    for (const LifetimeImport& import : history.imports) note(import.day);
  }
  // A till's clock may be ahead.
  if (const auto day = NextDayOf(person.histories, today + 1); day.has_value()) note(*day);
  return next == kNever ? absl::InfiniteFuture() : StartOfDay(DayOf(next), program.time_zone);
}

bool AreTiersDue(const ProgramCatalog& catalog, absl::Time now, const Member& person) {
  const ProgramVersion* const version = catalog.At(now);
  if (version == nullptr || !HasTiers(person)) return false;
  if (person.next_due_at <= now || HaveNormsBegun(catalog, *version->program, now, person)) {
    return true;
  }
  return std::any_of(catalog.versions().begin(), catalog.versions().end(),
                     [&](const ProgramVersion& changed) { return IsNew(changed, now, person); });
}

void SettleTiers(const ProgramCatalog& catalog, absl::Time now, DayNumber of, DayNumber day,
                 Member& person) {
  const ProgramVersion* const version = catalog.At(now);
  if (version == nullptr) return;
  for (const Ladder& ladder : version->program->ladders) {
    if (ladder.late_returns != LateReturns::kKeepUntilReview) continue;
    if (FindStanding(person, ladder.id) == nullptr) continue;
    const Assessor assessor(ladder, person, *version->program, catalog);
    const auto year = YearOf(ladder.qualification, assessor.enrolled(), of);
    const Qualification& window = ladder.qualification;
    const DayNumber period_ends = year.has_value()
                                      ? year->until
                                      : NumberOf(AddMonths(DayOf(of), window.months) + window.days);
    const bool is_over = ladder.qualification.window == Qualification::Window::kSinceTier
                             ? SpanOn(person, ladder, day).day > of
                             : day >= period_ends;
    if (!is_over) continue;
    LadderStanding& standing = StandingIn(ladder.id, person);
    standing.settled_until = std::max(standing.settled_until, day);
  }
}

std::vector<TierRecord> RecordsOf(const Member& before, absl::Time now, Member& after) {
  std::vector<TierRecord> records;
  if (before.ladders == after.ladders) return records;
  const auto add = [&](const std::string& ladder, const TierSpan& span, bool withdrawn) {
    records.push_back({++after.tier_record_count, ladder, span, withdrawn, now});
  };
  static const LadderStanding kNone;
  const auto add_changes = [&](const std::string& ladder) {
    const LadderStanding* const stood = FindStanding(before, ladder);
    const LadderStanding* const stands = FindStanding(after, ladder);
    const std::vector<TierSpan>& old_spans = (stood == nullptr ? kNone : *stood).spans;
    const std::vector<TierSpan>& new_spans = (stands == nullptr ? kNone : *stands).spans;
    const auto [old_rest, new_rest] =
        std::mismatch(old_spans.begin(), old_spans.end(), new_spans.begin(), new_spans.end());
    for (auto span = old_rest; span != old_spans.end(); ++span) add(ladder, *span, true);
    for (auto span = new_rest; span != new_spans.end(); ++span) add(ladder, *span, false);
  };
  for (const LadderStanding& stood : before.ladders) add_changes(stood.ladder);
  for (const LadderStanding& stands : after.ladders) {
    if (FindStanding(before, stands.ladder) == nullptr) add_changes(stands.ladder);
  }
  return records;
}

const LadderStanding* FindStanding(const Member& person, const std::string& ladder) {
  for (const LadderStanding& standing : person.ladders) {
    if (standing.ladder == ladder) return &standing;
  }
  return nullptr;
}

TierSpan SpanOn(const Member& person, const Ladder& ladder, DayNumber day) {
  const LadderStanding* const standing = FindStanding(person, ladder.id);
  if (standing == nullptr) return {};
  const auto after =
      std::upper_bound(standing->spans.begin(), standing->spans.end(), day,
                       [](DayNumber wanted, const TierSpan& span) { return wanted < span.day; });
  return after == standing->spans.begin() ? TierSpan() : *(after - 1);
}

absl::InlinedVector<const TierOverride*, 2> DecisionsOf(const Member& person,
                                                        const std::string& ladder) {
  absl::InlinedVector<const TierOverride*, 2> found;
  for (const History& history : person.histories) {
    for (const TierOverride& decided : history.overrides) {
      if (decided.ladder == ladder) found.push_back(&decided);
    }
  }
  // On one person they are in the order in which they were made.
  std::stable_sort(found.begin(), found.end(), [](const TierOverride* a, const TierOverride* b) {
    return std::tie(a->from, a->decided_at) < std::tie(b->from, b->decided_at);
  });
  return found;
}

int TierOn(const Member& person, const Ladder& ladder, DayNumber day) {
  int tier = PlaceOf(SpanOn(person, ladder, day), ladder);
  for (const TierOverride* decided : DecisionsOf(person, ladder.id)) {
    const int place = FindTierOrHeir(ladder, decided->tier);
    if (place < 0 || !decided->Holds(day)) continue;
    if (decided->kind == TierOverride::Kind::kAtLeast) tier = std::max(tier, place);
    if (decided->kind == TierOverride::Kind::kAtMost) tier = std::min(tier, place);
  }
  return tier;
}

bool IsInAnyOf(const std::vector<TierName>& tiers, const Program& program, const Member& person,
               DayNumber day) {
  return std::any_of(tiers.begin(), tiers.end(), [&](const TierName& wanted) {
    const Ladder* const ladder = FindLadder(program, wanted.ladder);
    if (ladder == nullptr) return false;
    const int tier = TierOn(person, *ladder, day);
    return tier >= 0 && ladder->tiers[static_cast<size_t>(tier)].id == wanted.tier;
  });
}

}  // namespace dangol::domain
