#include "server/storage/gathering.h"

#include <algorithm>
#include <string>
#include <utility>

#include "server/common/status_macros.h"

namespace dangol::storage {
namespace {

// The requests by which a member was merged with others, or that was undone.
std::vector<std::string> MergesOf(const MemberRecords& records) {
  std::vector<std::string> requests;
  for (const CommandRecord& command : records.commands) {
    if (domain::IsOfMerge(command.kind)) requests.push_back(command.key.id);
  }
  return requests;
}

bool Has(const std::vector<MemberRecords>& family, const domain::MemberId& member) {
  return std::any_of(family.begin(), family.end(), [&](const MemberRecords& known) {
    return known.stored.state.member.id == member;
  });
}

domain::StoredMember StoredMemberOf(MemberRecords records) {
  domain::StoredMember stored = std::move(records.stored);
  for (CommandRecord& record : records.commands) {
    stored.commands.push_back({std::move(record.key.id), record.kind,
                               domain::DecodeAction(record.kind, record.action),
                               std::move(record.principal), record.recorded_at,
                               std::move(record.inputs), std::move(record.news)});
  }
  return stored;
}

}  // namespace

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

void AddAward(domain::Award award, domain::MemberState& state) {
  const bool known =
      std::any_of(state.awards.begin(), state.awards.end(), [&](const domain::Award& other) {
        return other.person == award.person && other.number == award.number;
      });
  if (!known) state.awards.push_back(std::move(award));
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

absl::StatusOr<FamilyRecords> ReadFamily(
    std::optional<MemberRecords> first,
    absl::FunctionRef<absl::StatusOr<std::optional<MemberRecords>>(const domain::MemberId&)> read,
    absl::FunctionRef<absl::StatusOr<std::vector<domain::MemberId>>(const std::string&)> parties_of,
    absl::FunctionRef<absl::Status(std::vector<MemberRecords>& family)> complete) {
  FamilyRecords records;
  if (!first.has_value()) return records;
  const domain::MemberId id = first->stored.state.member.id;
  records.first = id;
  std::vector<MemberRecords> family;
  family.push_back(*std::move(first));
  for (size_t i = 0; i < family.size(); ++i) {
    for (const std::string& request : MergesOf(family[i])) {
      ASSIGN_OR_RETURN(const std::vector<domain::MemberId> parties, parties_of(request));
      for (const domain::MemberId& party : parties) {
        if (party < id) return records;
        if (Has(family, party)) continue;
        ASSIGN_OR_RETURN(std::optional<MemberRecords> more, read(party));
        if (more.has_value()) family.push_back(*std::move(more));
      }
    }
  }
  if (family.size() > 1) RETURN_IF_ERROR(complete(family));
  for (MemberRecords& member : family) records.family.push_back(StoredMemberOf(std::move(member)));
  return records;
}

const domain::MemberId& PurseOf(const Loaded& loaded, const domain::MemberState& state) {
  const domain::MemberState* owner = &state;
  // What is remembered of different moments may be a circle.
  for (size_t hop = 0; owner->member.joined.has_value() && hop < loaded.members.size(); ++hop) {
    const auto next = loaded.members.find(owner->member.joined->into);
    if (next == loaded.members.end()) break;
    owner = &next->second;
  }
  return owner->member.id;
}

void AddWithin(const domain::PurchasesWithin& within, std::vector<domain::PurchasesWithin>& all) {
  for (domain::PurchasesWithin& known : all) {
    if (known.until != within.until || known.limit != within.limit) continue;
    known.from = std::min(known.from, within.from);
    return;
  }
  all.push_back(within);
}

void AddPurchase(domain::Purchase purchase, domain::MemberState& state) {
  if (!HasPurchase(state, purchase.purchase_id)) state.purchases.push_back(std::move(purchase));
}

void AddReturn(domain::Return back, domain::MemberState& state) {
  const bool is_known =
      std::any_of(state.returns.begin(), state.returns.end(),
                  [&](const domain::Return& known) { return known.return_id == back.return_id; });
  if (!is_known) state.returns.push_back(std::move(back));
}

void AddActivity(domain::Activity activity, domain::MemberState& state) {
  const bool is_known = std::any_of(
      state.activities.begin(), state.activities.end(),
      [&](const domain::Activity& known) { return known.activity_id == activity.activity_id; });
  if (!is_known) state.activities.push_back(std::move(activity));
}

void AddWorkItem(domain::WorkItem item, domain::MemberState& state) {
  const bool is_known = std::any_of(
      state.work_items.begin(), state.work_items.end(), [&](const domain::WorkItem& known) {
        return known.kind == item.kind && known.item_id == item.item_id;
      });
  if (!is_known) state.work_items.push_back(std::move(item));
}

bool HasPurchase(const domain::MemberState& state, absl::string_view purchase_id) {
  return std::any_of(
      state.purchases.begin(), state.purchases.end(),
      [&](const domain::Purchase& purchase) { return purchase.purchase_id == purchase_id; });
}

}  // namespace dangol::storage
