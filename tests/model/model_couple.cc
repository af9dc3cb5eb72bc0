// What the model makes of two who are one, and who part again.

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "tests/model/model.h"

namespace dangol::model {

using domain::MemberStatus;

namespace {

template <typename Rows>
Rows TakeTheirs(Rows& rows) {
  Rows theirs;
  const auto first =
      std::stable_partition(rows.begin(), rows.end(), [](const auto& row) { return !row.theirs; });
  for (auto row = first; row != rows.end(); ++row) {
    row->theirs = false;
    theirs.push_back(*row);
  }
  rows.erase(first, rows.end());
  return theirs;
}

template <typename Row>
std::map<std::string, Row> TakeTheirs(std::map<std::string, Row>& rows,
                                      std::vector<std::string>& ids,
                                      std::vector<std::string>& their_ids) {
  std::map<std::string, Row> theirs;
  std::vector<std::string> left;
  for (const std::string& id : std::exchange(ids, {})) {
    if (!rows.at(id).theirs) {
      ids.push_back(id);
      continue;
    }
    rows.at(id).theirs = false;
    theirs[id] = rows.at(id);
    rows.erase(id);
    their_ids.push_back(id);
  }
  return theirs;
}

template <typename Row>
void Take(std::map<std::string, Row>& from, std::vector<std::string>& from_ids,
          std::map<std::string, Row>& into, std::vector<std::string>& into_ids) {
  for (auto& [id, row] : std::exchange(from, {})) {
    row.theirs = true;
    into[id] = row;
  }
  for (const std::string& id : std::exchange(from_ids, {})) into_ids.push_back(id);
}

}  // namespace

std::string Model::WhyNotActive() const {
  return status_ == MemberStatus::kClosed ? "MEMBER_CLOSED" : "MEMBER_SUSPENDED";
}

std::string Model::Join(Model& other, absl::Time now) {
  if (other.status_ != MemberStatus::kActive) return other.WhyNotActive();
  if (status_ != MemberStatus::kActive) return WhyNotActive();
  now_ = other.now_ = std::max({now, now_, other.now_});
  PassTime(now_);
  other.PassTime(now_);
  TakeOver(other);
  RepayAll();
  return "";
}

std::string Model::Part(Model& other, absl::Time now) {
  if (status_ == MemberStatus::kSuspended) return WhyNotActive();
  now_ = other.now_ = std::max({now, now_, other.now_});
  PassTime(now_);
  UndoRepaid();
  last_activity_ = own_activity_;
  other.last_activity_ = other.own_activity_ = their_activity_;
  GiveBackPoints(other);
  other.debts_ = TakeTheirs(debts_);
  other.grants_ = TakeTheirs(grants_);
  other.purchases_ = TakeTheirs(purchases_, purchase_ids_, other.purchase_ids_);
  GiveBackQualifying(other);
  // What only the activity of the other had kept.
  Expire(0, now_);
  other.Expire(0, now_);
  TellExpired(other);
  other.turns_ = turns_ = std::max(turns_, other.turns_);
  RepayAll();
  other.RepayAll();
  return "";
}

void Model::TakeOver(Model& other) {
  their_origin_ = last_origin_ + 1;
  last_origin_ += 1 + other.last_origin_;
  turns_ = std::max(turns_, other.turns_);
  const size_t first = points_.size();
  for (Point& point : std::exchange(other.points_, {})) {
    point.theirs = true;
    point.turn += their_origin_ * kTurnsOfAMember;
    points_.push_back(point);
  }
  for (auto& [id, hold] : other.holds_) {
    for (size_t& point : hold.points) point += first;
  }
  for (auto& [id, taken] : other.coupons_) {
    for (size_t& point : taken.points) point += first;
  }
  Take(other.holds_, other.reservation_ids_, holds_, reservation_ids_);
  Take(other.coupons_, other.coupon_ids_, coupons_, coupon_ids_);
  Take(other.purchases_, other.purchase_ids_, purchases_, purchase_ids_);
  for (Debt& debt : std::exchange(other.debts_, {})) {
    debt.theirs = true;
    debts_.push_back(debt);
  }
  for (Grant& grant : std::exchange(other.grants_, {})) {
    grant.theirs = true;
    grants_.push_back(grant);
  }
  for (const auto& [wallet, points] : std::exchange(other.qualifying_, {})) {
    qualifying_[wallet] += points;
  }
  own_activity_ = last_activity_;
  their_activity_ = other.last_activity_;
  last_activity_ = std::max(last_activity_, other.last_activity_);
}

void Model::UndoRepaid() {
  for (const Repaid& repaid : std::exchange(repaid_, {})) {
    points_[repaid.point].where = Where::kAvailable;
    if (!repaid.write_off) debts_.push_back(repaid.debt);
  }
}

// What is held or was spent here stays, whoever had brought it, and is ours from now on.
void Model::GiveBackPoints(Model& other) {
  std::set<size_t> used;
  for (const auto& [id, hold] : holds_) {
    if (!hold.theirs) used.insert(hold.points.begin(), hold.points.end());
  }
  for (const auto& [id, taken] : coupons_) {
    if (!taken.theirs) used.insert(taken.points.begin(), taken.points.end());
  }
  std::map<size_t, size_t> places;  // Of those that go.
  std::vector<Point> left;
  std::map<size_t, size_t> left_places;
  for (size_t i = 0; i < points_.size(); ++i) {
    Point point = points_[i];
    bool goes = point.theirs && !used.contains(i);
    // That a point of a purchase has expired is known where the purchase is.
    if (point.where == Where::kExpired && !point.purchase_id.empty()) {
      goes = purchases_.at(point.purchase_id).theirs;
    }
    if (goes && point.theirs) point.turn -= their_origin_ * kTurnsOfAMember;
    point.theirs = false;
    std::vector<Point>& points = goes ? other.points_ : left;
    (goes ? places : left_places)[i] = points.size();
    points.push_back(point);
  }
  points_ = std::move(left);
  other.holds_ = TakeTheirs(holds_, reservation_ids_, other.reservation_ids_);
  other.coupons_ = TakeTheirs(coupons_, coupon_ids_, other.coupon_ids_);
  const auto renumber = [](auto& rows, const std::map<size_t, size_t>& by) {
    for (auto& [id, row] : rows) {
      for (size_t& point : row.points) point = by.at(point);
    }
  };
  renumber(holds_, left_places);
  renumber(coupons_, left_places);
  renumber(other.holds_, places);
  renumber(other.coupons_, places);
}

// Likewise of what has expired just now.
void Model::TellExpired(Model& other) {
  for (Point& point : points_) {
    if (point.where != Where::kExpired || !other.purchases_.contains(point.purchase_id)) continue;
    other.points_.push_back(point);
    point.where = Where::kGone;
  }
}

void Model::GiveBackQualifying(Model& other) {
  for (const auto& [id, bought] : other.purchases_) {
    for (const Line& line : bought.lines) {
      for (const auto& [wallet, share] : line.shares) {
        const int64_t points = share.qualifying - share.qualifying_reversed;
        qualifying_[wallet] -= points;
        other.qualifying_[wallet] += points;
      }
    }
  }
}

void Model::RepayAll() {
  for (const domain::Wallet& wallet : program_.wallets) RepayDebts(wallet.id, now_);
}

}  // namespace dangol::model
