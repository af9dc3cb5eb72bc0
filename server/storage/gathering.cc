#include "server/storage/gathering.h"

#include <algorithm>
#include <string>
#include <utility>

namespace dangol::storage {

void AddReservation(domain::Reservation reservation, domain::MemberState& state) {
  std::vector<domain::Reservation>& all = state.reservations;
  const auto place = std::lower_bound(all.begin(), all.end(), reservation.reservation_id,
                                      [](const domain::Reservation& known, const std::string& id) {
                                        return known.reservation_id < id;
                                      });
  if (place != all.end() && place->reservation_id == reservation.reservation_id) return;
  all.insert(place, std::move(reservation));
}

bool HasReservation(const domain::MemberState& state, absl::string_view reservation_id) {
  return std::any_of(state.reservations.begin(), state.reservations.end(),
                     [&](const domain::Reservation& reservation) {
                       return reservation.reservation_id == reservation_id;
                     });
}

void AddCoupon(domain::Coupon coupon, domain::MemberState& state) {
  const bool known =
      std::any_of(state.coupons.begin(), state.coupons.end(),
                  [&](const domain::Coupon& other) { return other.coupon_id == coupon.coupon_id; });
  if (!known) state.coupons.push_back(std::move(coupon));
}

void KeepHeld(domain::MemberState& state) {
  std::erase_if(state.coupons, [](const domain::Coupon& coupon) {
    return coupon.status != domain::CouponStatus::kIssued;
  });
  std::erase_if(state.reservations, [](const domain::Reservation& reservation) {
    return reservation.status != domain::ReservationStatus::kHeld;
  });
  std::sort(state.reservations.begin(), state.reservations.end(),
            [](const domain::Reservation& a, const domain::Reservation& b) {
              return a.reservation_id < b.reservation_id;
            });
}

std::vector<std::string> MergesOf(const MemberRecords& records) {
  std::vector<std::string> requests;
  for (const CommandRecord& command : records.commands) {
    if (IsOfMerge(command.kind)) requests.push_back(command.key.id);
  }
  return requests;
}

bool Has(const std::vector<MemberRecords>& family, const domain::MemberId& member) {
  return std::any_of(family.begin(), family.end(), [&](const MemberRecords& records) {
    return records.stored.state.member.id == member;
  });
}

void AddPurchase(domain::Purchase purchase, domain::MemberState& state) {
  if (!HasPurchase(state, purchase.purchase_id)) state.purchases.push_back(std::move(purchase));
}

bool HasPurchase(const domain::MemberState& state, absl::string_view purchase_id) {
  return std::any_of(
      state.purchases.begin(), state.purchases.end(),
      [&](const domain::Purchase& purchase) { return purchase.purchase_id == purchase_id; });
}

}  // namespace dangol::storage
