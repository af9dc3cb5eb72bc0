#ifndef DANGOL_SERVER_STORAGE_GATHERING_H_
#define DANGOL_SERVER_STORAGE_GATHERING_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/domain/points/reservation.h"
#include "server/domain/purchase/purchase.h"
#include "server/domain/reward/coupon.h"
#include "server/domain/state.h"
#include "server/storage/storage.h"

// What of a member may be found in more than one way, and belongs into their state
// once. The same in every engine.
namespace dangol::storage {

// Adds a reservation unless it is there. They are kept in the order of their ids: what
// lapses at one moment does so in the same order, however it was loaded.
void AddReservation(domain::Reservation reservation, domain::MemberState& state);
bool HasReservation(const domain::MemberState& state, absl::string_view reservation_id);

// Adds a coupon unless it is there.
void AddCoupon(domain::Coupon coupon, domain::MemberState& state);

// Leaves the reservations that are held and the coupons that are issued, which is all that
// the lots come with.
void KeepHeld(domain::MemberState& state);

// The requests by which a member was merged with others, or that was undone.
std::vector<std::string> MergesOf(const MemberRecords& records);
bool Has(const std::vector<MemberRecords>& family, const domain::MemberId& member);

// Adds a purchase unless it is there.
void AddPurchase(domain::Purchase purchase, domain::MemberState& state);
bool HasPurchase(const domain::MemberState& state, absl::string_view purchase_id);

}  // namespace dangol::storage

#endif  // DANGOL_SERVER_STORAGE_GATHERING_H_
