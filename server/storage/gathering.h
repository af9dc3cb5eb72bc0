#ifndef DANGOL_SERVER_STORAGE_GATHERING_H_
#define DANGOL_SERVER_STORAGE_GATHERING_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
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

// Adds an award unless it is there.
void AddAward(domain::Award award, domain::MemberState& state);

// Leaves the reservations that are held and the coupons that are issued, which is all that
// the lots come with.
void KeepHeld(domain::MemberState& state);

// The records of `first`, who may be nobody, with their family: `read` reads another member,
// `parties_of` who has a part in a merge or an unmerge, by its request. `complete` may add to
// those of a family of several.
absl::StatusOr<FamilyRecords> ReadFamily(
    std::optional<MemberRecords> first,
    absl::FunctionRef<absl::StatusOr<std::optional<MemberRecords>>(const domain::MemberId&)> read,
    absl::FunctionRef<absl::StatusOr<std::vector<domain::MemberId>>(const std::string&)> parties_of,
    absl::FunctionRef<absl::Status(std::vector<MemberRecords>& family)> complete);

// Whose purse a member uses, of those who are loaded.
const domain::MemberId& PurseOf(const Loaded& loaded, const domain::MemberState& state);

// Adds to what purchases are asked for; those to this day are asked for once, as far back as
// anybody wants.
void AddWithin(const domain::PurchasesWithin& within, std::vector<domain::PurchasesWithin>& all);

// Adds a purchase unless it is there.
void AddPurchase(domain::Purchase purchase, domain::MemberState& state);
void AddReturn(domain::Return back, domain::MemberState& state);
void AddActivity(domain::Activity activity, domain::MemberState& state);
void AddWorkItem(domain::WorkItem item, domain::MemberState& state);
bool HasPurchase(const domain::MemberState& state, absl::string_view purchase_id);

}  // namespace dangol::storage

#endif  // DANGOL_SERVER_STORAGE_GATHERING_H_
