#ifndef DANGOL_SERVER_DOMAIN_DRAFT_H_
#define DANGOL_SERVER_DOMAIN_DRAFT_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/domain/incentive/incentives_due.h"
#include "server/domain/member/member.h"
#include "server/domain/points/book.h"
#include "server/domain/points/reservation.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/program/reigns.h"
#include "server/domain/reward/coupon.h"
#include "server/domain/state.h"

namespace dangol::domain {

// A member while a decision is made: starts from the stored state, is changed by the rules, and
// ends as effects. It holds what is changed and what time does to it; what the rules do to
// points is in points/, to holds in points/holds.h, to coupons in reward/coupons.h.
// Not thread-safe; lives within one decision.
class Draft {
 public:
  // Refers to `state`, `person` and `catalog`, which must outlive the draft. What can be done
  // without lots (state.has_lots) Book says. `person`: who acts, where the purse is another's;
  // else null. `counters`: as of State.
  Draft(const MemberState& state, const ProgramCatalog& catalog, absl::Time now,
        const MemberState* person = nullptr, const SharedCounters* counters = nullptr);
  // On behalf of who acts; there must be such a member.
  Draft(const State& state, const ProgramCatalog& catalog, absl::Time now)
      : Draft(*state.member, catalog, now, state.person, state.counters) {}
  Draft(const Draft&) = delete;  // The book refers to it.
  Draft& operator=(const Draft&) = delete;

  // Whose purse it is.
  Member& member() { return member_; }
  const Member& member() const { return member_; }

  // Who acts.
  Member& person() { return person_.has_value() ? *person_ : member_; }
  const Member& person() const { return person_.has_value() ? *person_ : member_; }
  // Whether this is who acts, or was merged into them.
  bool IsOneWithPerson(const MemberId& id) const;

  Book& book() { return book_; }
  const Book& book() const { return book_; }
  absl::Time now() const { return book_.now(); }

  // Those that are known: see MemberState. What is changed in them, or added, is written.
  std::vector<Reservation>& reservations() { return reservations_; }
  std::vector<Coupon>& coupons() { return coupons_; }
  const std::vector<Coupon>& coupons() const { return coupons_; }
  // Those that are held, in the order of ids: in which they were loaded must not show in the
  // ledger.
  std::vector<Reservation*> Held();

  // Who acts did something by themselves: bought, or set points aside, spent them or gave
  // them away.
  void NoteActivity(absl::Time at);

  // Lets everything happen that time causes up to now: in the order of time, and
  // at one moment points mature, then holds lapse, then points expire. Tiers are reviewed after
  // that: a gift for a tier is not among what expires.
  void Advance();

  // Grants who acts what is due by the calendar (DatesDue). Needs the lots.
  void GrantDates();
  // Days that are over are not granted any more.
  void SkipDates();

  // Changes the history of a person who is, or was merged into, who acts (history.h), and with
  // it their tiers and what they are given. `returned_at`: when the goods came back because of
  // which it changes; then it is refused where something cannot be taken back.
  absl::Status Restand(const MemberId& whose, const Fact& should, const Fact& stands,
                       const Cause& cause, std::optional<absl::Time> returned_at = std::nullopt);
  // Where who acts stands with incentives that what was restood may concern.
  const std::vector<IncentiveStanding>& standings() const { return standings_; }
  // Changes something else that is known of who acts, and with it what they are given from this
  // day on.
  absl::Status Change(DayNumber from, const Cause& cause, absl::FunctionRef<void()> change);
  // Posts to who acts what is due and was not before, and takes back what was and is not.
  absl::Status PostDue(const std::vector<AwardDue>& before, const std::vector<AwardDue>& due,
                       const Cause& cause);
  // What is decided depends on a shared counter.
  void LookAt(const std::string& counter) { counters_.used(counter); }
  // Judges the tiers of who acts anew from this day on: something else than their facts has
  // changed.
  absl::Status Rejudge(DayNumber from, const Cause& cause);

  // Something else is known of who acts from this day on: what they said, or was done about it.
  void NoteFactsAt(absl::Time at) { NoteFacts(DayIn(at, catalog_.At(now())->program->time_zone)); }
  void NoteFacts(DayNumber from) { facts_from_ = std::min(facts_from_, from); }

  // What has gone from the purse of every purchase that has its points there.
  std::vector<GonePoints> Gone() const;
  // What has gone of the points of a purchase so far, from whatever purse.
  GonePoints GoneOf(const std::string& purchase_id, const std::string& wallet) const;

  // Holds and coupons that go from one purse to another: the rows themselves are moved later
  // (Move).
  struct Moving {
    std::vector<MemberId> left;               // Whose are another's now.
    std::map<std::string, int64_t> taken;     // What is held of those that came, by wallet.
    absl::Time due = absl::InfiniteFuture();  // When the first of those that came ends.
    int64_t fallen_awards = 0;                // Of those that came.
  };
  Moving& moving() { return moving_; }

  // What has changed. The draft is empty afterwards. Checks what the ledger says must be so
  // (Effects::fault).
  Effects Finish();

 private:
  bool HasLeft(const MemberId& person) const;
  std::map<std::string, int64_t> HeldPoints() const;
  // When time does something next to what lies in the purse.
  absl::Time PointsDue() const;
  // The same of somebody's tiers and dates.
  absl::Time StandingDue(const Member& person) const;
  // How many awards of those that stay or have come are fallen, where that is known.
  int64_t FallenAwards();
  // What time does to what lies in the purse, and to somebody's tiers.
  void AdvancePurse();
  void AdvanceStanding(Member& person);
  // `before`: what was due of them from that day on. `may_refuse`: as of PostAwards.
  absl::Status Rejudge(DayNumber from, const std::vector<AwardDue>& before, const Cause& cause,
                       bool may_refuse);
  void JudgeAdvocates(const Member& before, Member& person, Effects& effects) const;
  // The first day whose midnight comes after that time.
  DayNumber NextDayAfter(absl::Time time) const;

  const MemberState& state_;
  const ProgramCatalog& catalog_;
  const MemberState* const person_state_;
  std::vector<TierRecord> announced_;  // To the member.
  std::vector<TierRecord> announced_to_person_;
  Member member_;
  std::optional<Member> person_;
  Book book_;
  std::vector<Reservation> reservations_;
  std::vector<Coupon> coupons_;
  Moving moving_;
  CounterDraft counters_;
  std::vector<IncentiveStanding> standings_;
  DayNumber facts_from_ = kNever;
};

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_DRAFT_H_
