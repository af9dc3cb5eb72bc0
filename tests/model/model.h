#ifndef DANGOL_TESTS_MODEL_MODEL_H_
#define DANGOL_TESTS_MODEL_MODEL_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "server/domain/command.h"
#include "server/domain/points/reservation.h"
#include "server/domain/program/program.h"
#include "tests/model/answer.h"

namespace dangol::model {

// What the rules mean, as slowly and plainly as they can be said: every point is an
// object of its own, every balance is counted, every return looks at all of what has
// come back. Written from docs and protos; it shares nothing with the domain but the
// structs that say what is asked.
class Model {
 public:
  explicit Model(const domain::Program& program) : program_(program) {}

  // What a command that comes `now` is answered.
  Answer Do(const domain::Action& action, absl::Time now);

  // How every wallet stands at a moment that is not before the last command.
  Wallets At(absl::Time time) const;

  // --- For whoever thinks up commands ---

  // When time next does something; InfiniteFuture for never.
  absl::Time NextMoment() const;
  int64_t Available(const std::string& wallet) const;
  // One that nothing has yet.
  std::string NewId(const char* kind) const;
  const std::vector<std::string>& purchase_ids() const { return purchase_ids_; }
  const std::vector<std::string>& reservation_ids() const { return reservation_ids_; }
  const std::vector<std::string>& coupon_ids() const { return coupon_ids_; }
  // Whether the member was merged into somebody: of three it could not be told here whose
  // points are older.
  bool is_merged() const { return person_ > 0; }
  // How many merges with newcomers can be undone as if nothing had been.
  int merges_to_undo() const { return merges_to_undo_; }
  static std::string CodeOf(const std::string& coupon_id) { return "code of " + coupon_id; }

  struct Line {
    domain::PurchaseLine said;
    int64_t returned_quantity = 0;
    int64_t returned_minor = 0;
  };
  // What one rule gives.
  struct Gift {
    const domain::Rule* rule = nullptr;
    std::string wallet;
    int64_t points = 0;
  };
  // Points of a wallet, in all and of those what counts toward tiers.
  struct Sums {
    int64_t points = 0;
    int64_t qualifying = 0;
  };
  struct Bought {
    std::string id;
    std::map<std::string, int64_t> first;  // What each rule gave, by its id.
    std::map<std::string, Sums> earned;    // At first, by wallet.
    std::map<std::string, Sums> stands;
    std::map<std::string, int64_t> given_up;
    std::map<std::string, int64_t> expired;  // Of what stands no more.
    int64_t paid_with_points_minor = 0;
    int64_t returned_by_amount = 0;
    std::string currency;
    std::string reservation_id;
    absl::Time occurred_at;
    int64_t total_minor = 0;
    int64_t returned_minor = 0;
    std::vector<Line> lines;
    int person = 0;
  };
  struct Hold {
    std::string wallet;
    ReservationAnswer answer;
    // Those that are held, then those that are spent and not given back, in the order
    // in which they were taken.
    std::vector<size_t> points;
    int person = 0;
    std::string pays_for;  // A purchase.
  };
  const Bought& purchase(const std::string& id) const { return purchases_.at(id); }
  const Hold& reservation(const std::string& id) const { return holds_.at(id); }

 private:
  // `person`: which of those who were merged one into the other it is of, by their number.
  enum class Where : int8_t { kPending, kAvailable, kHeld, kSpent, kExpired, kGone };

  struct Point {
    std::string wallet;
    std::string purchase_id;  // Empty of an adjustment.
    absl::Time earned_at;
    absl::Time available_from;
    absl::Time expires_at;
    // Not 0: it expires so many days after the last activity, if not at expires_at before.
    int idle_days = 0;
    int64_t turn = 0;  // Its lot's place in the order of opening.
    Where where = Where::kPending;
    int person = 0;
  };

  struct Taken {
    CouponAnswer answer;
    absl::Time issued_at;
    std::vector<size_t> points;  // That paid, in the order in which they were taken.
  };

  // One point that is owed.
  struct Debt {
    std::string wallet;
    absl::Time since;
    int person = 0;
    std::string purchase_id;
  };

  // What a rule with a cap or a budget gave.
  struct Grant {
    std::string purchase_id;
    std::string rule_id;
    absl::CivilDay day;  // When the purchase occurred.
    int64_t points = 0;  // What the budget has less.
    int64_t stands = 0;  // What caps count.
  };

  // What to do about each command. A reason for refusal; empty when it is obeyed.
  std::string Obey(const domain::RecordPurchase& record);
  std::string Obey(const domain::RecordReturn& record);
  std::string Obey(const domain::ConfirmPurchase& confirm);
  std::string Obey(const domain::ReservePoints& reserve);
  std::string Obey(const domain::CapturePoints& capture);
  std::string Obey(const domain::VoidReservation& release);
  std::string Obey(const domain::AdjustPoints& adjust);
  std::string Obey(const domain::TransferPoints& transfer);
  std::string Obey(const domain::ReceivePoints& receive);
  std::string Obey(const domain::ChangeStatus& change);
  std::string Obey(const domain::IssueCoupon& issue);
  std::string Obey(const domain::UseCoupon& use);
  std::string Obey(const domain::CancelCoupon& cancel);
  std::string Obey(const domain::MergeMembers& merge);
  std::string Obey(const domain::UnmergeMember& unmerge);
  std::string Obey(const domain::AdvanceMember&) { return ""; }
  template <typename Other>
  std::string Obey(const Other&) {
    return "NOT_MODELLED";
  }

  // Time.
  absl::Time NextMomentOf(size_t first_point, bool with_holds) const;
  // At one moment points mature, then holds lapse, then points expire.
  void PassTime(absl::Time until);
  // Lets what has passed until now happen to the points from `first_point` on, alone.
  void CatchUp(size_t first_point);
  void Mature(size_t first_point, absl::Time moment);
  void Lapse(absl::Time moment);
  // One's own points first.
  void Expire(size_t first_point, absl::Time moment);
  void Expire(size_t first_point, absl::Time moment, bool own);
  void End(Point& point, absl::Time moment);

  // When a point expires if the member does nothing more.
  absl::Time ExpiresAt(const Point& point) const;
  // The member did something by themselves.
  void Act(absl::Time at) { last_activity_ = std::max(last_activity_, at); }

  // Points.
  const domain::Wallet* FindWallet(const std::string& name) const;
  void Give(const std::string& wallet, const std::string& purchase_id, int64_t points,
            absl::Time earned_at, bool may_be_pending, int person);
  // One point less is owed of the wallet, by this person or by anybody; false where nothing is.
  bool PayDebt(const std::string& wallet, absl::Time moment, const int* person);

  std::vector<size_t> InSpendingOrder(const std::string& wallet) const;
  // What a return takes of its purchase: what is there, and then what has expired.
  std::vector<size_t> OfPurchase(const std::string& wallet, const std::string& purchase_id) const;
  void ComeBack(size_t point, absl::Time moment);
  void RepayDebts(const std::string& wallet, absl::Time moment);
  void EndHold(Hold& hold, domain::ReservationStatus status, absl::Time moment);

  // Coupons.
  void ExpireCoupons();
  Taken* FindTaken(const std::string& code);

  // Purchases.
  // What each rule gives where the lines cost this, so much of it was paid with points, and
  // it may give no more than `granted` says.
  std::vector<Gift> GiftsFor(const std::vector<Line>& lines, const std::vector<int64_t>& amounts,
                             int64_t paid,
                             const std::function<int64_t(const domain::Rule&, int64_t)>& granted);
  void Earn(Bought& bought);
  int64_t Granted(const domain::Rule& rule, int64_t wanted, const Bought& bought);
  std::map<std::string, Sums> SumsOf(const std::vector<Gift>& gifts) const;

  // Returns.
  std::string ReturnLines(const domain::RecordReturn& record);
  std::string ReturnAmount(const domain::RecordReturn& record);
  void ReturnWithoutReceipt(const domain::RecordReturn::Line& said,
                            const domain::RecordReturn& record, absl::Time occurred_at,
                            std::set<std::string>& changed);
  // Judges what remains, and takes back what stands no more.
  std::string JudgeAgain(Bought& bought);
  std::string TakePoints(const std::string& wallet, Bought& bought, int64_t points);
  void GiveAgain(const std::string& wallet, Bought& bought, int64_t points, int64_t stood);
  // Points that had paid come back; how many, by wallet.
  int Pay(const domain::Purchase& said);
  std::map<std::string, int64_t> GiveBack(const Bought& bought);
  int64_t GiveBackFor(const Bought& bought, Hold& hold);

  domain::Program program_;
  absl::Time now_ = absl::InfinitePast();  // Never runs backwards.
  // As the command's clock says; what it records happened then, however late.
  absl::Time clock_;
  absl::Time last_activity_ = absl::InfinitePast();
  domain::MemberStatus status_ = domain::MemberStatus::kActive;
  // The last answer of ExpiresAt where inactivity decides, and what it was asked for.
  mutable absl::Time idle_from_;
  mutable absl::Time idle_until_;
  mutable int idle_days_ = 0;
  std::vector<Point> points_;
  std::vector<Debt> debts_;
  std::map<std::string, int64_t> qualifying_;
  std::vector<Grant> grants_;
  std::map<std::string, Bought> purchases_;
  std::map<std::string, Hold> holds_;
  std::map<std::string, Taken> coupons_;
  std::vector<std::string> coupon_ids_;       // In the order of recording.
  std::vector<std::string> purchase_ids_;     // In the order of recording.
  std::vector<std::string> reservation_ids_;  // In the order of recording.
  int merges_to_undo_ = 0;
  int64_t turns_ = 0;
  int64_t ids_ = 0;
  int person_ = 0;  // Who the member has become.
  Answer answer_;   // To the command that is being obeyed.
};

}  // namespace dangol::model

#endif  // DANGOL_TESTS_MODEL_MODEL_H_
