#ifndef DANGOL_SERVER_DOMAIN_NEWS_H_
#define DANGOL_SERVER_DOMAIN_NEWS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "server/domain/care/work_item.h"
#include "server/domain/points/ledger.h"
#include "server/domain/reward/coupon.h"
#include "server/domain/standing/tier.h"
#include "server/domain/state.h"

// What a command has changed that others want to be told: an event of the stream is the command
// with its news. Nothing in it names or describes a person. It is stored with the command, so the
// numbers of fields keep their meaning.
namespace dangol::domain {

// What the entries of one kind come to in one wallet.
struct PointsNews {
  std::string wallet;
  EntryKind kind = EntryKind::kEarn;
  // How much more there is.
  int64_t pending = 0;
  int64_t available = 0;
  int64_t held = 0;

  friend bool operator==(const PointsNews&, const PointsNews&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.wallet);
    v(2, row.kind);
    v(3, row.pending);
    v(4, row.available);
    v(5, row.held);
  }
};

// A record of a person's tier (TierRecord).
struct TierNews {
  std::string ladder;
  std::string tier;  // Empty: the lowest, if it is everybody's; else none.
  TierReason reason = TierReason::kReached;
  DayNumber day = 0;  // From this day on; of an announcement, when it was made.
  bool withdrawn = false;

  friend bool operator==(const TierNews&, const TierNews&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.ladder);
    v(2, row.tier);
    v(3, row.reason);
    v(4, row.day);
    v(5, row.withdrawn);
  }
};

// An award that was given, stands again or has fallen.
struct AwardNews {
  std::string cause;
  int64_t number = 0;
  bool fallen = false;

  friend bool operator==(const AwardNews&, const AwardNews&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.cause);
    v(2, row.number);
    v(3, row.fallen);
  }
};

struct CouponNews {
  std::string coupon_id;
  std::string reward_id;
  CouponStatus status = CouponStatus::kIssued;

  friend bool operator==(const CouponNews&, const CouponNews&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.coupon_id);
    v(2, row.reward_id);
    v(3, row.status);
  }
};

// Something is to be done, or is done.
struct WorkNews {
  WorkKind kind = WorkKind::kComplaint;
  std::string item_id;
  WorkStatus status = WorkStatus::kOpen;

  friend bool operator==(const WorkNews&, const WorkNews&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.kind);
    v(2, row.item_id);
    v(3, row.status);
  }
};

struct News {
  std::vector<PointsNews> points;
  std::vector<TierNews> tiers;
  std::vector<AwardNews> awards;
  std::vector<CouponNews> coupons;
  std::vector<WorkNews> work;
  int64_t program_version = 0;  // That was recorded; 0: none.

  friend bool operator==(const News&, const News&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.points);
    v(2, row.tiers);
    v(3, row.awards);
    v(4, row.coupons);
    v(5, row.work);
    v(6, row.program_version);
  }
};

// Of all that a decision changes for its member, and for who acted where that is another.
News NewsOf(const Effects& effects);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_NEWS_H_
