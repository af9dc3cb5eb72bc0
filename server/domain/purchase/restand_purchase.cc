#include "server/domain/purchase/restand_purchase.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "server/common/status_macros.h"
#include "server/domain/errors.h"
#include "server/domain/points/holds.h"
#include "server/domain/points/missing.h"
#include "server/domain/purchase/earning.h"
#include "server/domain/purchase/payment.h"
#include "server/domain/purchase/purchase_fact.h"
#include "server/domain/purchase/purchase_lot.h"
#include "server/domain/purchase/rest.h"
#include "server/domain/purchase/reversal.h"

namespace dangol::domain {
namespace {

// Sets what should stand of what a purchase earned.
void SetStanding(const std::vector<RulePoints>& of_rest, const Program& program,
                 std::vector<EarnedPoints>& all) {
  for (EarnedPoints& earned : all) {
    int64_t points = 0;
    int64_t qualifying = 0;
    for (EarnedPart& part : earned.parts) part.stands = 0;
    for (const RulePoints& rest : of_rest) {
      if (program.wallets[static_cast<size_t>(rest.rule->wallet)].id != earned.wallet) continue;
      points += rest.points;
      if (rest.rule->qualifying) qualifying += rest.points;
      for (EarnedPart& part : earned.parts) {
        if (part.rule_id == rest.rule->id) part.stands = std::min(part.points, rest.points);
      }
    }
    earned.stands = std::min(earned.points, points);
    earned.qualifying_stands = std::min(earned.qualifying, qualifying);
  }
}

class Restander {
 public:
  Restander(const Program& program, const Program& now, const Cause& cause,
            const Purchase& purchase, Draft& draft, std::map<std::string, ReversedPoints>& changes)
      : program_(program),
        now_(now),
        policy_(now.debt_policy),
        cause_(cause),
        purchase_(purchase),
        draft_(draft),
        changes_(changes) {}

  // What had paid for the goods goes where they go.
  absl::Status GiveBackPayment() {
    ASSIGN_OR_RETURN(const int64_t given, SettlePayment(purchase_, policy_, cause_, draft_));
    if (given == 0) return absl::OkStatus();
    const std::string& wallet = FindReservation(purchase_.reservation_id, draft_)->wallet;
    ChangesOf(wallet).restored += given;
    paid_back_ = {wallet, std::max<int64_t>(given, 0)};
    return absl::OkStatus();
  }

  // Posts the difference to what stood. What was given up earlier is taken of what has just
  // come back for the same goods, as if all had come back at once.
  absl::Status Post(const EarnedPoints& stood, EarnedPoints& stands) {
    const int64_t points = stood.stands - stands.stands;
    const int64_t qualifying = stood.qualifying_stands - stands.qualifying_stands;
    const bool has_come_back = paid_back_.first == stands.wallet && stands.written_off > 0;
    if (points == 0 && qualifying == 0 && !has_come_back) return absl::OkStatus();
    ReversedPoints& changed = ChangesOf(stands.wallet);
    changed.points += points;
    changed.qualifying += qualifying;
    if (points < 0) GiveAgain(-points, stands.points - stood.stands, stands);
    const int64_t again = has_come_back ? std::min(paid_back_.second, stands.written_off) : 0;
    WithdrawWriteOff(again, stands);
    return TakeBack(std::max<int64_t>(points, 0) + again, stands);
  }

 private:
  // From the purchase's own lots, then from others, and then as the program says. What
  // has expired of them was never spent, and need not come from anywhere.
  absl::Status TakeBack(int64_t points, EarnedPoints& stands) {
    if (points == 0) return absl::OkStatus();
    const std::string& wallet = stands.wallet;
    ReversedPoints& changes = ChangesOf(wallet);
    int64_t left = points - ReverseOwn(wallet, purchase_, points, cause_, draft_.book());
    const GonePoints gone = draft_.GoneOf(purchase_.purchase_id, wallet);
    const int64_t expired = std::clamp<int64_t>(gone.expired - stands.expired, 0, left);
    stands.expired += expired;
    changes.expired += expired;
    left -= expired;
    left -= ReverseOthers(wallet, purchase_, left, policy_, cause_, draft_.book());
    if (policy_ == DebtPolicy::kReject && left > 0) {
      return InsufficientPoints(wallet, points - expired, points - expired - left);
    }
    // Nobody buys, gives the points away, brings the goods back and owes nothing.
    const bool stay_owed = policy_ == DebtPolicy::kWriteOff && !now_.write_off_given_points;
    const int64_t given =
        stay_owed ? std::clamp<int64_t>(gone.given - stands.given_owed, 0, left) : 0;
    stands.given_owed += given;
    changes.owed += Take(DebtPolicy::kAllowDebt, given, wallet).owed;
    const Missing missing = Take(policy_, left - given, wallet);
    changes.owed += missing.owed;
    changes.written_off += missing.written_off;
    stands.written_off += missing.written_off;
    return absl::OkStatus();
  }

  Missing Take(DebtPolicy policy, int64_t points, const std::string& wallet) {
    Lot of;
    of.person = purchase_.person;
    of.wallet = wallet;
    of.purchase_id = purchase_.purchase_id;
    return TakeMissing(policy, of, points, EntryKind::kReverse, LedgerAccount::kReversed, cause_,
                       draft_.book());
  }

  // The rest may earn what the whole did not, and a return may be undone: the other way round.
  // Of `taken` in all, what had expired was never taken, and is not given again.
  void GiveAgain(int64_t points, int64_t taken, EarnedPoints& stands) {
    const int64_t given_up = std::min(points, stands.written_off);
    const int64_t there = taken - stands.expired - stands.written_off;
    WithdrawWriteOff(given_up, stands);
    const int64_t given = std::min(points - given_up, std::max<int64_t>(there, 0));
    const int64_t expired = points - given_up - given;
    stands.expired -= expired;
    ChangesOf(stands.wallet).expired -= expired;
    stands.given_owed = std::min(stands.given_owed, std::max<int64_t>(there - given, 0));
    const auto wallet =
        std::find_if(program_.wallets.begin(), program_.wallets.end(),
                     [&](const Wallet& declared) { return declared.id == stands.wallet; });
    domain::GiveAgain(LotOf(purchase_, *wallet, program_.time_zone), given, cause_, draft_.book());
  }

  void WithdrawWriteOff(int64_t points, EarnedPoints& stands) {
    domain::WithdrawWriteOff(stands.wallet, purchase_, points, cause_, draft_.book());
    stands.written_off -= points;
    ChangesOf(stands.wallet).written_off -= points;
  }

  ReversedPoints& ChangesOf(const std::string& wallet) {
    ReversedPoints& changes = changes_[wallet];
    changes.wallet = wallet;
    return changes;
  }

  const Program& program_;
  const Program& now_;
  const DebtPolicy policy_;
  const Cause& cause_;
  const Purchase& purchase_;
  Draft& draft_;
  std::map<std::string, ReversedPoints>& changes_;
  std::pair<std::string, int64_t> paid_back_;  // A wallet, and what has come back to it.
};

}  // namespace

absl::Status RestandPurchase(const Program& program, const Program& now, const Cause& cause,
                             const Purchase& before, Purchase& purchase, Draft& draft,
                             std::map<std::string, ReversedPoints>& changes) {
  ASSIGN_OR_RETURN(const std::vector<RulePoints> of_rest, EarnOfRest(purchase, program));
  SetStanding(of_rest, program, purchase.earned);
  Restander restander(program, now, cause, purchase, draft, changes);
  RETURN_IF_ERROR(restander.GiveBackPayment());
  for (size_t i = 0; i < purchase.earned.size(); ++i) {
    RETURN_IF_ERROR(restander.Post(before.earned[i], purchase.earned[i]));
  }
  return draft.Restand(purchase.person, FactOf(purchase, program), FactOf(before, program), cause,
                       cause.occurred_at);
}

}  // namespace dangol::domain
