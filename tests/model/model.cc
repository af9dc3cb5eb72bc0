#include "tests/model/model.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>
#include <variant>

#include "tests/model/plain.h"

namespace dangol::model {

using domain::MemberStatus;
using domain::ReservationStatus;

std::string Model::NewId(const char* kind) const { return kind + std::to_string(ids_ + 1); }

Answer Model::Do(const domain::Action& action, absl::Time now) {
  const Model before = *this;
  clock_ = now;
  now_ = std::max(now_, now);
  answer_ = Answer();
  PassTime(now_);
  const std::string refusal = std::visit([this](const auto& one) { return Obey(one); }, action);
  if (!refusal.empty()) {
    *this = before;
    answer_ = Answer();
    answer_.refusal = refusal;
  }
  const bool changes = refusal.empty() && !std::holds_alternative<domain::AdvanceMember>(action) &&
                       !std::holds_alternative<domain::MergeMembers>(action) &&
                       !std::holds_alternative<domain::UnmergeMember>(action);
  if (changes) merges_to_undo_ = 0;
  for (const auto& [name, balance] : At(std::max(now_, now))) {
    WalletAnswer& wallet = answer_.wallets[name];
    wallet.pending = balance.pending;
    wallet.available = balance.available;
    wallet.held = balance.held;
    wallet.qualifying = balance.qualifying;
  }
  return answer_;
}

Wallets Model::At(absl::Time time) const {
  Model later = *this;
  later.PassTime(time);
  Wallets wallets;
  for (const domain::Wallet& wallet : program_.wallets) wallets[wallet.id];
  for (const Point& point : later.points_) {
    WalletAnswer& wallet = wallets[point.wallet];
    if (point.where == Where::kPending) ++wallet.pending;
    if (point.where == Where::kAvailable) ++wallet.available;
    if (point.where == Where::kHeld) ++wallet.held;
  }
  for (const Debt& debt : later.debts_) --wallets[debt.wallet].available;
  for (const auto& [name, points] : qualifying_) wallets[name].qualifying = points;
  return wallets;
}

// --- Time ---

absl::Time Model::NextMomentOf(size_t first_point, bool with_holds) const {
  absl::Time next = absl::InfiniteFuture();
  for (size_t i = first_point; i < points_.size(); ++i) {
    const Point& point = points_[i];
    if (point.where != Where::kPending && point.where != Where::kAvailable) continue;
    if (point.where == Where::kPending) next = std::min(next, point.available_from);
    next = std::min(next, ExpiresAt(point));
  }
  if (!with_holds) return next;
  for (const auto& [id, hold] : holds_) {
    if (hold.answer.status == ReservationStatus::kHeld) {
      next = std::min(next, hold.answer.lapses_at);
    }
  }
  return next;
}

// The points of a lot lie side by side and are asked for again and again, so the last
// answer is mostly the next one.
absl::Time Model::ExpiresAt(const Point& point) const {
  if (point.idle_days == 0) return point.expires_at;
  const absl::Time begin = std::max(point.earned_at, last_activity_);
  if (begin != idle_from_ || point.idle_days != idle_days_) {
    idle_from_ = begin;
    idle_days_ = point.idle_days;
    const absl::CivilDay last_day = absl::ToCivilDay(begin, program_.time_zone) + idle_days_;
    idle_until_ = FirstInstantOf(last_day + 1, program_.time_zone);
  }
  return std::min(point.expires_at, idle_until_);
}

absl::Time Model::NextMoment() const { return NextMomentOf(0, /*with_holds=*/true); }

void Model::PassTime(absl::Time until) {
  while (true) {
    const absl::Time moment = NextMoment();
    if (moment > until || moment == absl::InfiniteFuture()) return;
    Mature(0, moment);
    Lapse(moment);
    Expire(0, moment);
  }
}

void Model::CatchUp(size_t first_point) {
  while (true) {
    const absl::Time moment = NextMomentOf(first_point, /*with_holds=*/false);
    if (moment > now_ || moment == absl::InfiniteFuture()) return;
    Mature(first_point, moment);
    Expire(first_point, moment);
  }
}

void Model::Mature(size_t first_point, absl::Time moment) {
  std::set<std::string> wallets;
  for (size_t i = first_point; i < points_.size(); ++i) {
    if (points_[i].where != Where::kPending || points_[i].available_from > moment) continue;
    points_[i].where = Where::kAvailable;
    wallets.insert(points_[i].wallet);
  }
  for (const std::string& wallet : wallets) RepayDebts(wallet, moment);
}

void Model::Lapse(absl::Time moment) {
  for (auto& [id, hold] : holds_) {
    if (hold.answer.status == ReservationStatus::kHeld && hold.answer.lapses_at <= moment) {
      EndHold(hold, ReservationStatus::kLapsed, moment);
    }
  }
}

void Model::Expire(size_t first_point, absl::Time moment) {
  for (const bool own : {true, false}) Expire(first_point, moment, own);
}

void Model::Expire(size_t first_point, absl::Time moment, bool own) {
  for (size_t i = first_point; i < points_.size(); ++i) {
    Point& point = points_[i];
    if ((point.person == person_) != own) continue;
    const bool is_there = point.where == Where::kPending || point.where == Where::kAvailable;
    if (is_there && ExpiresAt(point) <= moment) End(point, moment);
  }
}

// Before it is gone it repays what anybody owes.
void Model::End(Point& point, absl::Time moment) {
  const bool repays =
      point.where == Where::kAvailable && PayDebt(point.wallet, moment, /*person=*/nullptr);
  point.where = repays ? Where::kGone : Where::kExpired;
}

// --- Points ---

const domain::Wallet* Model::FindWallet(const std::string& name) const {
  if (name.empty() && program_.wallets.size() == 1) return &program_.wallets.front();
  for (const domain::Wallet& wallet : program_.wallets) {
    if (wallet.id == name) return &wallet;
  }
  return nullptr;
}

int64_t Model::Available(const std::string& wallet) const {
  int64_t available = 0;
  for (const Point& point : points_) {
    if (point.wallet == wallet && point.where == Where::kAvailable) ++available;
  }
  for (const Debt& debt : debts_) {
    if (debt.wallet == wallet) --available;
  }
  return available;
}

// New points live through the time since they were earned by themselves; debts that
// are younger than all of that are repaid by what is left of them today.
void Model::Give(const std::string& wallet, const std::string& purchase_id, int64_t points,
                 absl::Time earned_at, bool may_be_pending, int person) {
  const domain::Wallet& rules = *FindWallet(wallet);
  Point point;
  point.wallet = rules.id;
  point.purchase_id = purchase_id;
  point.earned_at = earned_at;
  point.available_from =
      may_be_pending ? BeginsAt(rules, earned_at, program_.time_zone) : earned_at;
  point.expires_at = EndsAt(rules, earned_at, program_.time_zone);
  if (rules.expiry.policy == domain::Expiry::Policy::kInactivity) {
    point.idle_days = rules.expiry.days;
  }
  for (const domain::Expiry& other : rules.or_earlier) point.idle_days = other.days;
  point.turn = ++turns_;
  point.person = person;
  point.where = point.available_from > earned_at ? Where::kPending : Where::kAvailable;
  const size_t first = points_.size();
  for (int64_t i = 0; i < points; ++i) points_.push_back(point);
  if (points == 0) return;
  RepayDebts(rules.id, earned_at);
  CatchUp(first);
  RepayDebts(rules.id, now_);
}

// What expires first, then what was earned first, then one's own, then what was opened first.
std::vector<size_t> Model::InSpendingOrder(const std::string& wallet) const {
  std::vector<size_t> order;
  for (size_t i = 0; i < points_.size(); ++i) {
    if (points_[i].wallet == wallet && points_[i].where == Where::kAvailable) order.push_back(i);
  }
  std::sort(order.begin(), order.end(), [this](size_t a, size_t b) {
    const Point& p = points_[a];
    const Point& q = points_[b];
    const absl::Time p_expires_at = ExpiresAt(p);
    const absl::Time q_expires_at = ExpiresAt(q);
    const bool p_is_others = p.person != person_;
    const bool q_is_others = q.person != person_;
    return std::tie(p_expires_at, p.earned_at, p_is_others, p.turn, a) <
           std::tie(q_expires_at, q.earned_at, q_is_others, q.turn, b);
  });
  return order;
}

std::vector<size_t> Model::OfPurchase(const std::string& wallet,
                                      const std::string& purchase_id) const {
  std::vector<size_t> order;
  for (size_t i = 0; i < points_.size(); ++i) {
    const Point& point = points_[i];
    const bool counts = point.where == Where::kPending || point.where == Where::kAvailable ||
                        point.where == Where::kExpired;
    if (counts && point.wallet == wallet && point.purchase_id == purchase_id) order.push_back(i);
  }
  std::sort(order.begin(), order.end(), [this](size_t a, size_t b) {
    const bool a_expired = points_[a].where == Where::kExpired;
    const bool b_expired = points_[b].where == Where::kExpired;
    const absl::Time a_expires_at = ExpiresAt(points_[a]);
    const absl::Time b_expires_at = ExpiresAt(points_[b]);
    return std::tie(a_expired, a_expires_at, points_[a].turn, a) <
           std::tie(b_expired, b_expires_at, points_[b].turn, b);
  });
  return order;
}

// A point that was held or spent is free again. Where its time is over it repays a
// debt if there is one, and is gone; unless the wallet gives it days of grace.
void Model::ComeBack(size_t index, absl::Time moment) {
  Point& point = points_[index];
  const int grace_days = FindWallet(point.wallet)->grace_days;
  if (ExpiresAt(point) <= moment && grace_days > 0) {
    point.idle_days = 0;
    const absl::CivilDay today = absl::ToCivilDay(moment, program_.time_zone);
    point.expires_at = FirstInstantOf(today + grace_days + 1, program_.time_zone);
    point.turn = ++turns_;
  }
  point.where = Where::kAvailable;
  RepayDebts(point.wallet, moment);
  if (point.where == Where::kAvailable && ExpiresAt(point) <= moment) End(point, moment);
}

// Everybody repays their own, by what would be spent first.
void Model::RepayDebts(const std::string& wallet, absl::Time moment) {
  if (debts_.empty()) return;
  for (const size_t free : InSpendingOrder(wallet)) {
    if (PayDebt(wallet, moment, &points_[free].person)) points_[free].where = Where::kGone;
  }
}

// The oldest first.
bool Model::PayDebt(const std::string& wallet, absl::Time moment, const int* person) {
  auto oldest = debts_.end();
  for (auto debt = debts_.begin(); debt != debts_.end(); ++debt) {
    if (debt->wallet != wallet || debt->since > moment) continue;
    if (person != nullptr && debt->person != *person) continue;
    if (oldest == debts_.end() || debt->since < oldest->since) oldest = debt;
  }
  if (oldest == debts_.end()) return false;
  debts_.erase(oldest);
  return true;
}

void Model::EndHold(Hold& hold, ReservationStatus status, absl::Time moment) {
  hold.answer.status = status;
  for (const size_t point : std::exchange(hold.points, {})) ComeBack(point, moment);
}

// --- Spending ---

std::string Model::Obey(const domain::ReservePoints& reserve) {
  const domain::Wallet* wallet = FindWallet(reserve.wallet);
  if (wallet == nullptr) return "WALLET_NOT_DECLARED";
  if (status_ == MemberStatus::kClosed) return "MEMBER_CLOSED";
  if (status_ == MemberStatus::kSuspended) return "MEMBER_SUSPENDED";
  if (Available(wallet->id) < reserve.points) return "INSUFFICIENT_POINTS";
  Act(now_);
  Hold hold;
  hold.wallet = wallet->id;
  hold.answer.points = reserve.points;
  hold.answer.lapses_at = now_ + reserve.time_to_live;
  hold.points = InSpendingOrder(wallet->id);
  hold.points.resize(static_cast<size_t>(reserve.points));
  for (const size_t point : hold.points) {
    points_[point].where = reserve.capture ? Where::kSpent : Where::kHeld;
  }
  if (reserve.capture) {
    hold.answer.status = ReservationStatus::kCaptured;
    hold.answer.captured = reserve.points;
  }
  ++ids_;
  reservation_ids_.push_back(reserve.reservation_id);
  answer_.reservation = hold.answer;
  hold.person = person_;
  holds_[reserve.reservation_id] = std::move(hold);
  return "";
}

// What expires first is spent, the rest comes back.
std::string Model::Obey(const domain::CapturePoints& capture) {
  const auto found = holds_.find(capture.reservation_id);
  if (found == holds_.end()) return "RESERVATION_NOT_FOUND";
  if (status_ == MemberStatus::kClosed) return "MEMBER_CLOSED";
  if (status_ == MemberStatus::kSuspended) return "MEMBER_SUSPENDED";
  Hold& hold = found->second;
  if (hold.answer.status != ReservationStatus::kHeld) return "RESERVATION_ENDED";
  const int64_t points = capture.points.value_or(hold.answer.points);
  if (points > hold.answer.points) return "RESERVATION_TOO_SMALL";
  if (points == 0) {
    EndHold(hold, ReservationStatus::kVoided, now_);
    answer_.reservation = hold.answer;
    return "";
  }
  Act(now_);
  hold.answer.status = ReservationStatus::kCaptured;
  hold.answer.captured = points;
  const std::vector<size_t> held = hold.points;
  hold.points.resize(static_cast<size_t>(points));
  for (const size_t point : hold.points) points_[point].where = Where::kSpent;
  for (size_t i = hold.points.size(); i < held.size(); ++i) ComeBack(held[i], now_);
  // The goods may have come back before.
  if (!hold.pays_for.empty()) GiveBackFor(purchases_[hold.pays_for], hold);
  answer_.reservation = hold.answer;
  return "";
}

std::string Model::Obey(const domain::VoidReservation& release) {
  const auto found = holds_.find(release.reservation_id);
  if (found == holds_.end()) return "RESERVATION_NOT_FOUND";
  Hold& hold = found->second;
  if (hold.answer.status != ReservationStatus::kHeld) return "RESERVATION_ENDED";
  EndHold(hold, ReservationStatus::kVoided, now_);
  answer_.reservation = hold.answer;
  return "";
}

std::string Model::Obey(const domain::AdjustPoints& adjust) {
  const domain::Wallet* wallet = FindWallet(adjust.wallet);
  if (wallet == nullptr) return "WALLET_NOT_DECLARED";
  const domain::AdjustmentReason* reason = nullptr;
  for (const domain::AdjustmentReason& declared : program_.adjustment_reasons) {
    if (declared.code == adjust.reason) reason = &declared;
  }
  if (reason == nullptr) return "REASON_NOT_DECLARED";
  if (status_ == MemberStatus::kClosed) return "MEMBER_CLOSED";
  if (adjust.points > reason->max_points || adjust.points < -reason->max_points) {
    return "ADJUSTMENT_TOO_LARGE";
  }
  if (adjust.points > 0) {
    Give(wallet->id, "", adjust.points, clock_, /*may_be_pending=*/false, person_);
    return "";
  }
  if (Available(wallet->id) < -adjust.points) return "INSUFFICIENT_POINTS";
  std::vector<size_t> taken = InSpendingOrder(wallet->id);
  taken.resize(static_cast<size_t>(-adjust.points));
  for (const size_t point : taken) points_[point].where = Where::kGone;
  return "";
}

// As if they were spent.
std::string Model::Obey(const domain::TransferPoints& transfer) {
  const domain::Wallet* wallet = FindWallet(transfer.wallet);
  if (wallet == nullptr) return "WALLET_NOT_DECLARED";
  if (status_ == MemberStatus::kClosed) return "MEMBER_CLOSED";
  if (status_ == MemberStatus::kSuspended) return "MEMBER_SUSPENDED";
  if (Available(wallet->id) < transfer.points) return "INSUFFICIENT_POINTS";
  Act(now_);
  std::vector<size_t> taken = InSpendingOrder(wallet->id);
  taken.resize(static_cast<size_t>(transfer.points));
  for (const size_t point : taken) {
    points_[point].where = Where::kGone;
    ++answer_.given[ExpiresAt(points_[point])];
  }
  return "";
}

std::string Model::Obey(const domain::ReceivePoints& receive) {
  if (status_ == MemberStatus::kClosed) return "RECEIVER_CLOSED";
  if (status_ == MemberStatus::kSuspended) return "RECEIVER_SUSPENDED";
  for (const domain::MovedLot& lot : receive.lots) {
    Point point;
    point.wallet = receive.wallet;
    point.earned_at = point.available_from = lot.earned_at;
    point.expires_at = lot.expires_at;
    point.turn = ++turns_;
    point.person = person_;
    point.where = Where::kAvailable;
    points_.insert(points_.end(), static_cast<size_t>(lot.points), point);
    RepayDebts(receive.wallet, now_);
    Expire(0, now_);
  }
  return "";
}

// --- The member ---

// Newcomers have nothing, and it is told of the member whoever they are by now: so a merge
// with one changes nothing that can be told, and neither does its undoing.
std::string Model::Obey(const domain::MergeMembers& merge) {
  if (status_ == MemberStatus::kClosed) return "MEMBER_CLOSED";
  if (status_ == MemberStatus::kSuspended) return "MEMBER_SUSPENDED";
  if (!merge.member.id.has_value()) return "";
  ++merges_to_undo_;
  ++person_;
  return "";
}

std::string Model::Obey(const domain::UnmergeMember&) {
  --merges_to_undo_;
  --person_;
  return "";
}

std::string Model::Obey(const domain::ChangeStatus& change) {
  if (status_ == MemberStatus::kClosed) return "MEMBER_CLOSED";
  status_ = change.status;
  if (status_ != MemberStatus::kClosed) return "";
  for (auto& [id, hold] : holds_) {
    if (hold.answer.status == ReservationStatus::kHeld) {
      EndHold(hold, ReservationStatus::kVoided, now_);
    }
  }
  for (Point& point : points_) {
    if (point.where == Where::kPending || point.where == Where::kAvailable) {
      point.where = Where::kExpired;
    }
  }
  debts_.clear();
  ExpireCoupons();
  for (auto& [id, taken] : coupons_) {
    if (taken.answer.status == domain::CouponStatus::kIssued)
      taken.answer.status = domain::CouponStatus::kExpired;
  }
  return "";
}

}  // namespace dangol::model
