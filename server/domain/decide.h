#ifndef DANGOL_SERVER_DOMAIN_DECIDE_H_
#define DANGOL_SERVER_DOMAIN_DECIDE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/domain/activity/activity_fact.h"
#include "server/domain/advocate/judge_advocacy.h"
#include "server/domain/advocate/testimony.h"
#include "server/domain/command.h"
#include "server/domain/incentive/status.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/purchase/payment.h"
#include "server/domain/standing/status.h"
#include "server/domain/state.h"

namespace dangol::domain {

// What the caller is told.

struct MemberOutcome {
  Member member;
  std::vector<Alias> aliases;
};

// What a purchase earned in one wallet, and what time will make of it.
struct CreditedPoints : EarnedPoints {
  absl::Time available_from;
  absl::Time expires_at;
};

struct PurchaseOutcome {
  std::string purchase_id;
  MemberId member_id;
  absl::Time occurred_at;
  absl::Time recorded_at;
  int64_t program_version = 0;
  int64_t total_minor = 0;
  std::vector<CreditedPoints> earned;
  std::vector<Account> balances;   // By name of the wallet.
  std::optional<Payment> payment;  // Where it names a reservation.
  std::vector<TierChange> tiers;   // By ladder, as the program has them.
  // How far the person is with those incentives that it counts for, as the program has them;
  // without those of which nothing is there.
  std::vector<IncentiveStatus> incentives;
  std::vector<Award> awards;  // Those that it gave, took back, or made stand again.
};

// What a return took back of the points of one wallet.
struct ReversedPoints {
  std::string wallet;
  // What stands no more of what the purchases had earned. Negative where more stands again:
  // the rest may earn what the whole did not.
  int64_t points = 0;
  int64_t qualifying = 0;   // Points toward tiers that stand no more.
  int64_t expired = 0;      // Of `points`: had expired before; nothing was taken for them.
  int64_t owed = 0;         // Of `points`: made a debt.
  int64_t written_off = 0;  // Of `points`: given up.
  int64_t restored = 0;     // Given back, that had paid for the goods.
};

struct ReturnOutcome {
  Return recorded;
  std::vector<ReversedPoints> points;  // By name of the wallet.
  std::vector<Account> balances;       // By name of the wallet.
};

// Whether an activity counts.
enum class Counting : int8_t {
  kCounted = 1,
  kOverDailyCap = 2,  // As many of its kind as count on its day are there.
  kSuspended = 3,     // Who did it is suspended.
  kUndone = 4,
};

// Of an activity, and of what undoes one.
struct ActivityOutcome {
  Activity activity;
  Counting counting = Counting::kCounted;
  // Of its kind on its day, with it: all, and those that count. Nothing where the history does
  // not go back so far.
  ActivityCount recorded;
  ActivityCount counted;
  int64_t daily_cap = 0;  // 0: without limit.
};

struct ReservationOutcome {
  MemberId member_id;
  Reservation reservation;
  std::vector<Account> balances;  // By name of the wallet.
};

// Of an adjustment and of a confirmation.
struct BalanceOutcome {
  MemberId member_id;
  std::vector<Account> balances;  // By name of the wallet.
};

struct TransferOutcome {
  MemberId member_id;  // Who gave.
  MemberId to;
  std::string transfer_id;
  std::string wallet;
  std::vector<MovedLot> lots;     // What moved.
  std::vector<Account> balances;  // Of the giver, by name of the wallet.
};

struct MergeOutcome {
  Member survivor;
  std::vector<Alias> aliases;     // Of the survivor.
  std::vector<Account> balances;  // Of the survivor, by name of the wallet.
  Member merged;                  // Who was merged.
};

struct UnmergeOutcome {
  Member member;  // Who was merged, by themselves again.
  std::vector<Alias> aliases;
  std::vector<Account> balances;  // By name of the wallet.
  Member survivor;
};

// What a coupon is worth, and what to call it.
struct CouponTerms {
  std::string reward_name;
  std::string prize_name;  // Of a scratch coupon; empty of any other.
  Benefit benefit;
};

struct CouponOutcome {
  MemberId member_id;
  Coupon coupon;
  CouponTerms terms;
  std::vector<Account> balances;  // By name of the wallet.
};

struct TierOutcome {
  MemberId member_id;
  std::vector<TierStatus> ladders;
  std::vector<ImportOf> imports;  // Of an import.
};

struct AdvocateOutcome {
  AdvocateView view;
  AdvocateStanding standing;
};

struct ComplaintOutcome {
  Complaint complaint;
  MemberId member_id;  // Whose it is, as a person.
  std::string escalated_to;
  absl::Time now;
  std::vector<Account> balances;  // By name of the wallet.
};

struct SurveyOutcome {
  Survey survey;
  MemberId member_id;       // Whose it is, as a person.
  bool is_waiting = false;  // It is a bad one, and waits for somebody.
};

struct WorkOutcome {
  Alert alert;  // That was seen to.
  MemberId member_id;
  absl::Time now;
};

struct ProgramOutcome {
  ProgramVersion version;
};

struct NormsOutcome {
  Norms norms;
};

using Outcome =
    std::variant<std::monostate, MemberOutcome, PurchaseOutcome, ProgramOutcome, ReturnOutcome,
                 ReservationOutcome, BalanceOutcome, TransferOutcome, CouponOutcome, MergeOutcome,
                 UnmergeOutcome, ActivityOutcome, TierOutcome, NormsOutcome, AdvocateOutcome,
                 ComplaintOutcome, SurveyOutcome, WorkOutcome>;

// What a command brings about for another member: a command of theirs, decided with it
// and to be committed with it. Its action says all that it depends on beside their own
// state, so that their log alone explains what they have.
struct Consequence {
  Action action;
  Effects effects;
  std::string id;  // Of what the server does by itself; empty: that of the request.
};

struct Decision {
  Effects effects;
  Outcome outcome;
  // In the order in which they happen: one may concern a member whom another does, too.
  std::vector<Consequence> consequences;
  // Whom it concerns as well, and who are not in State::also: nothing is to be done before they
  // are, with their lots and what IncentiveBudgets names.
  std::vector<MemberId> asks_for;
};

// Whether it depends on what is left of the budgets of incentives (IncentiveBudgets). Where these
// are not known it is worth nothing.
bool UsesIncentiveBudgets(const Decision& decision);

// Judges a command. Pure: the same arguments always give the same decision, and
// nothing else is read or changed. A refused command is a status with details
// (server/common/error.h) and has no effects. `state` must hold what ReadsOf
// asks for, and the member's lots where the member is due at `now`.
absl::StatusOr<Decision> Decide(const Command& command, const State& state,
                                const ProgramCatalog& catalog, absl::Time now);

// What time alone causes to a member up to `now`. Needs the lots of a member
// that is due; without effects where nothing is due.
Effects Advance(const MemberState& state, const ProgramCatalog& catalog, absl::Time now);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_DECIDE_H_
