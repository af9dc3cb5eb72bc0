#ifndef DANGOL_SERVER_DOMAIN_REWARD_COUPON_H_
#define DANGOL_SERVER_DOMAIN_REWARD_COUPON_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/domain/points/ledger.h"

namespace dangol::domain {

enum class CouponStatus : int8_t { kIssued = 1, kUsed = 2, kExpired = 3, kCancelled = 4 };

// What a member has taken of the catalogue of rewards, and what became of it.
struct Coupon {
  std::string coupon_id;  // The id of the request that issued it; entries refer to it.
  std::string code;       // What the member shows: whoever knows it may use the coupon.
  std::string reward_id;
  std::string prize_id;  // Of a scratch coupon; empty of any other.
  std::string wallet;
  int64_t points = 0;           // What it cost.
  int64_t program_version = 0;  // Whose terms it has, whatever later versions say.
  CouponStatus status = CouponStatus::kIssued;
  absl::Time issued_at;
  absl::Time expires_at = absl::InfiniteFuture();
  std::optional<absl::Time> ended_at;  // When it was used, expired or was cancelled.
  std::string reference;               // What it was used for, as said by the till.
  // The lots that paid, as they were; their `remaining` is how much was taken. Empty once
  // it is cancelled: they have it back.
  std::vector<Lot> lots;
  MemberId person;  // Who took it, and takes it along.

  friend bool operator==(const Coupon&, const Coupon&) = default;
};

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_REWARD_COUPON_H_
