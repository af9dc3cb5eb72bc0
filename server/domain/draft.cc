#include "server/domain/draft.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "server/domain/advocate/judge_advocacy.h"
#include "server/domain/advocate/judge_alerts.h"
#include "server/domain/incentive/dates.h"
#include "server/domain/points/holds.h"
#include "server/domain/points/timeline.h"
#include "server/domain/program/calendar.h"
#include "server/domain/program/reigns.h"
#include "server/domain/reward/coupons.h"
#include "server/domain/standing/announcements.h"
#include "server/domain/standing/awards.h"
#include "server/domain/standing/judge.h"
#include "server/domain/standing/tier_gifts.h"

namespace dangol::domain {
namespace {

// Adds the rows that are new, or not as they were.
template <typename Row>
void AddChanged(const std::vector<Row>& before, const std::vector<Row>& now,
                std::vector<Row>& changed) {
  for (size_t i = 0; i < now.size(); ++i) {
    if (i >= before.size() || now[i] != before[i]) changed.push_back(now[i]);
  }
}

void AddRecords(std::vector<TierRecord> more, std::vector<TierRecord>& records) {
  std::move(more.begin(), more.end(), std::back_inserter(records));
}

}  // namespace

Draft::Draft(const MemberState& state, const ProgramCatalog& catalog, absl::Time now,
             const MemberState* person, const SharedCounters* counters)
    : state_(state),
      catalog_(catalog),
      person_state_(person),
      member_(state.member),
      book_(state, catalog, now, member_, person == nullptr ? state.member.id : person->member.id),
      reservations_(state.reservations),
      coupons_(state.coupons),
      counters_(counters) {
  if (person != nullptr) person_ = person->member;
}

bool Draft::IsOneWithPerson(const MemberId& id) const {
  const std::vector<Sharer> persons = SharersUnder(member_, person().id, /*merged=*/true);
  return std::any_of(persons.begin(), persons.end(),
                     [&](const Sharer& sharer) { return sharer.id == id; });
}

std::vector<Reservation*> Draft::Held() {
  std::vector<Reservation*> held;
  for (Reservation& reservation : reservations_) {
    if (reservation.status == ReservationStatus::kHeld) held.push_back(&reservation);
  }
  std::sort(held.begin(), held.end(), [](const Reservation* a, const Reservation* b) {
    return a->reservation_id < b->reservation_id;
  });
  return held;
}

void Draft::NoteActivity(absl::Time at) {
  domain::NoteActivity(person().id, at, member_);
  if (person_.has_value()) domain::NoteActivity(person_->id, at, *person_);
}

void Draft::Advance() {
  AdvancePurse();
  AdvanceStanding(member_);
  if (person_.has_value()) AdvanceStanding(*person_);
}

void Draft::AdvanceStanding(Member& person) {
  if (AreTiersDue(catalog_, now(), person)) {
    const std::vector<AwardDue> before = TierGiftsDue(catalog_, now(), person);
    const DayNumber unseen = NextDayAfter(person.advanced_until);
    AdvanceTiers(catalog_, now(), person);
    std::vector<TierRecord>& announced = &person == &member_ ? announced_ : announced_to_person_;
    announced = AnnouncementsFrom(unseen, catalog_, now(), person);
    // What is earned in a household goes to its head's purse. Refused only where it is full.
    const bool is_here = &person != &member_ || !member_.joined.has_value();
    if (is_here) {
      PostAwards(before, TierGiftsDue(catalog_, now(), person), kAlways, catalog_, OfTime(),
                 /*may_refuse=*/false, person, book_, counters_)
          .IgnoreError();
    }
  }
  JudgeAdvocacy(catalog_, now(), kNever, person.advanced_until, person);
  person.advanced_until = std::max(person.advanced_until, now());
  person.known_rules = std::max(person.known_rules, catalog_.rules());
}

DayNumber Draft::NextDayAfter(absl::Time time) const {
  const ProgramVersion* const version = catalog_.At(now());
  return NumberOf(absl::ToCivilDay(time, version->program->time_zone)) + 1;
}

void Draft::AdvancePurse() {
  const absl::Time from = member_.advanced_until;
  if (!member_.points_due_at.has_value() || *member_.points_due_at > now()) return;
  book_.Require(state_.has_lots, "the lots of a member who is due are not there");
  Timeline timeline;
  for (size_t i = 0; i < book_.lots().size(); ++i) AddEvents(book_, i, from, timeline);
  const std::vector<Reservation*> held = Held();
  for (size_t rank = 0; rank < held.size(); ++rank) {
    if (held[rank]->lapses_at <= now()) {
      timeline.push({held[rank]->lapses_at, Due::kLapse, false, rank});
    }
  }
  const auto lapse = [&](const DueEvent& event, Timeline& more) {
    const std::vector<size_t> lots =
        Release(*held[event.index], ReservationStatus::kLapsed, OfTime(), event.at, book_);
    for (const size_t lot : lots) AddEvents(book_, lot, event.at, more);
  };
  PassTime(std::move(timeline), lapse, book_);
  ExpireCoupons(*this);
}

void Draft::GrantDates() {
  const std::vector<AwardDue> due = DatesDue(catalog_, now(), person());
  const absl::TimeZone zone = catalog_.At(now())->program->time_zone;
  const DayNumber today = NumberOf(absl::ToCivilDay(now(), zone));
  person().granted_until = std::max(person().granted_until, today);
  // Refused only where the wallet is full.
  PostAwards({}, due, kAlways, catalog_, OfTime(), /*may_refuse=*/false, person(), book_, counters_)
      .IgnoreError();
}

void Draft::SkipDates() {
  const ProgramVersion* const version = catalog_.At(now());
  if (version == nullptr) return;
  const DayNumber today = NumberOf(absl::ToCivilDay(now(), version->program->time_zone));
  person().granted_until = std::max(person().granted_until, today - 1);
}

absl::Status Draft::Restand(const MemberId& whose, const Fact& should, const Fact& stands,
                            const Cause& cause, std::optional<absl::Time> returned_at) {
  const absl::TimeZone zone = catalog_.At(now())->program->time_zone;
  const DayNumber from = std::min(should.day, stands.marks.empty() ? should.day : stands.day);
  const std::vector<AwardDue> before = AwardsDue(catalog_, now(), from, person());
  if (returned_at.has_value()) {
    const DayNumber day = NumberOf(absl::ToCivilDay(*returned_at, zone));
    SettleTiers(catalog_, now(), should.day, day, person());
  }
  domain::Restand(should, stands, NumberOf(absl::ToCivilDay(now(), zone)),
                  HistoryOf(whose, person()));
  return Rejudge(from, before, cause, /*may_refuse=*/returned_at.has_value());
}

absl::Status Draft::Change(DayNumber from, const Cause& cause, absl::FunctionRef<void()> change) {
  const std::vector<AwardDue> before = AwardsDue(catalog_, now(), from, person());
  change();
  return Rejudge(from, before, cause, /*may_refuse=*/false);
}

absl::Status Draft::PostDue(const std::vector<AwardDue>& before, const std::vector<AwardDue>& due,
                            const Cause& cause) {
  return PostAwards(before, due, kAlways, catalog_, cause, /*may_refuse=*/false, person(), book_,
                    counters_);
}

absl::Status Draft::Rejudge(DayNumber from, const Cause& cause) {
  return Rejudge(from, AwardsDue(catalog_, now(), from, person()), cause, /*may_refuse=*/true);
}

absl::Status Draft::Rejudge(DayNumber from, const std::vector<AwardDue>& before, const Cause& cause,
                            bool may_refuse) {
  JudgeTiers(catalog_, now(), from, person());
  NoteFacts(from);
  standings_.clear();
  const std::vector<AwardDue> due = AwardsDue(catalog_, now(), from, person(), &standings_);
  absl::Status status =
      PostAwards(before, due, from, catalog_, cause, may_refuse, person(), book_, counters_);
  std::erase_if(person().histories, [](const History& history) { return history.IsEmpty(); });
  return status;
}

std::vector<GonePoints> Draft::Gone() const {
  std::vector<GonePoints> gone = state_.gone;
  for (const LedgerEntry& entry : book_.entries()) AddGone(entry, gone);
  return gone;
}

GonePoints Draft::GoneOf(const std::string& purchase_id, const std::string& wallet) const {
  std::vector<GonePoints> known = Gone();
  if (person_state_ != nullptr) JoinGone(person_state_->gone, known);
  GonePoints sum;
  for (const GonePoints& gone : known) {
    if (gone.purchase_id != purchase_id || gone.wallet != wallet) continue;
    sum.expired += gone.expired;
    sum.given += gone.given;
  }
  return sum;
}

Effects Draft::Finish() {
  Effects effects;
  const absl::Time points_due_at = PointsDue();
  member_.next_due_at = std::min(points_due_at, StandingDue(member_));
  member_.points_due_at.reset();
  if (points_due_at != absl::InfiniteFuture()) member_.points_due_at = points_due_at;
  if (state_.has_lots) member_.fallen_awards = FallenAwards();
  book_.Finish(HeldPoints(), effects);
  AddChanged(state_.reservations, reservations_, effects.reservations);
  AddChanged(state_.coupons, coupons_, effects.coupons);
  effects.counters = counters_.Take();
  effects.tier_records = std::move(announced_);
  AddRecords(RecordsOf(state_.member, now(), member_), effects.tier_records);
  JudgeAdvocates(state_.member, member_, effects);
  effects.member = std::move(member_);
  if (person_.has_value()) {
    person_->next_due_at = StandingDue(*person_);
    Effects& theirs = effects.of_person.emplace_back();
    theirs.tier_records = std::move(announced_to_person_);
    AddRecords(RecordsOf(person_state_->member, now(), *person_), theirs.tier_records);
    JudgeAdvocates(person_state_->member, *person_, theirs);
    theirs.member = std::move(person_);
  }
  return effects;
}

// What is known of a person may be another than it was.
void Draft::JudgeAdvocates(const Member& before, Member& person, Effects& effects) const {
  JudgeAdvocacy(catalog_, now(), facts_from_, before.advanced_until, person);
  person.next_due_at = std::min(person.next_due_at, AdvocacyDueAt(catalog_, now(), person));
  effects.work_items = ItemsOf(before.advocacy.alerts, person.advocacy.alerts);
}

bool Draft::HasLeft(const MemberId& person) const {
  return std::find(moving_.left.begin(), moving_.left.end(), person) != moving_.left.end();
}

int64_t Draft::FallenAwards() {
  int64_t fallen = moving_.fallen_awards;
  for (const Award& award : book_.awards()) {
    if (award.fallen && !HasLeft(award.person)) ++fallen;
  }
  return fallen;
}

std::map<std::string, int64_t> Draft::HeldPoints() const {
  std::map<std::string, int64_t> points = moving_.taken;
  for (const Reservation& reservation : reservations_) {
    if (reservation.status != ReservationStatus::kHeld || HasLeft(reservation.person)) continue;
    for (const Lot& held : reservation.lots) points[reservation.wallet] += held.remaining;
  }
  return points;
}

absl::Time Draft::StandingDue(const Member& person) const {
  return std::min(TiersDueAt(catalog_, now(), person), NextDateDue(catalog_, now(), person));
}

// Without the stored lots: not later than the next thing that time causes to them.
absl::Time Draft::PointsDue() const {
  absl::Time due = absl::InfiniteFuture();
  if (member_.joined.has_value()) return due;
  if (!state_.has_lots) due = member_.points_due_at.value_or(due);
  const auto note = [&](absl::Time time) {
    if (time > now()) due = std::min(due, time);
  };
  note(moving_.due);
  for (const Lot& lot : book_.lots()) {
    if (lot.remaining <= 0) continue;
    note(lot.available_from);
    note(book_.ExpiryOf(lot));
  }
  for (const Reservation& reservation : reservations_) {
    if (reservation.status == ReservationStatus::kHeld && !HasLeft(reservation.person)) {
      note(reservation.lapses_at);
    }
  }
  for (const Coupon& coupon : coupons_) {
    if (coupon.status == CouponStatus::kIssued && !HasLeft(coupon.person)) note(coupon.expires_at);
  }
  return due;
}

}  // namespace dangol::domain
