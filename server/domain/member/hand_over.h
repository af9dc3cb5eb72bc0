#ifndef DANGOL_SERVER_DOMAIN_MEMBER_HAND_OVER_H_
#define DANGOL_SERVER_DOMAIN_MEMBER_HAND_OVER_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/domain/draft.h"

namespace dangol::domain {

// Points on their way from one purse to another.
struct HandedOver {
  std::vector<Lot> lots;
  std::vector<Lot> held;  // What is held of lots, as `remaining`.
  // When the first hold lapses or coupon expires of those that go with them.
  absl::Time due = absl::InfiniteFuture();
  int64_t fallen_awards = 0;  // Of those that go with them.
};

// Gives up what these persons earned and is left, what they owe, and what they have set
// aside: whoever earned that.
HandedOver HandOver(const std::vector<MemberId>& persons, const Cause& cause, Draft& from);

// Whether a wallet has room for what another draft hands over: BALANCE_TOO_LARGE where not. What
// somebody had before is theirs, however much there is by now, and is not asked for.
absl::Status CheckRoomFor(const HandedOver& handed, const Draft& to);

// Takes over what another draft, of the same moment, has handed over.
void TakeOver(const HandedOver& handed, const Cause& cause, Draft& to);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_MEMBER_HAND_OVER_H_
