#include "server/storage/sqlite/rows.h"

#include <string>

#include "server/common/status_macros.h"
#include "server/storage/json.h"

namespace dangol::storage::sqlite {
namespace {

std::optional<absl::Time> OptionalTime(const Statement& row, int column) {
  if (row.IsNull(column)) return std::nullopt;
  return row.Time(column);
}

}  // namespace

absl::StatusOr<domain::Coupon> ReadCoupon(const Statement& row) {
  domain::Coupon coupon;
  coupon.coupon_id = std::string(row.Text(0));
  coupon.code = std::string(row.Text(1));
  coupon.reward_id = std::string(row.Text(2));
  coupon.prize_id = std::string(row.Text(3));
  coupon.wallet = std::string(row.Text(4));
  coupon.points = row.Int(5);
  coupon.program_version = row.Int(6);
  coupon.status = static_cast<domain::CouponStatus>(row.Int(7));
  coupon.issued_at = row.Time(8);
  coupon.expires_at = row.Time(9);
  if (!row.IsNull(10)) coupon.ended_at = row.Time(10);
  coupon.reference = std::string(row.Text(11));
  coupon.origin = static_cast<int>(row.Int(13));
  ASSIGN_OR_RETURN(coupon.lots, LotsFromJson(row.Text(12), coupon.origin));
  return coupon;
}

domain::MemberId ReadMemberId(const Statement& row, int column) {
  return domain::MemberId::FromBytes(row.Blob(column)).value_or(domain::MemberId());
}

absl::StatusOr<domain::Member> ReadMember(const Statement& row) {
  domain::Member member;
  member.id = ReadMemberId(row, 0);
  member.version = row.Int(1);
  member.status = static_cast<domain::MemberStatus>(row.Int(2));
  member.enrolled_at = row.Time(3);
  ASSIGN_OR_RETURN(member.attributes, AttributesFromJson(row.Text(4)));
  member.purchase_count = row.Int(5);
  member.first_purchase_at = OptionalTime(row, 6);
  member.last_purchase_at = OptionalTime(row, 7);
  member.entry_count = row.Int(8);
  member.advanced_until = row.Time(9);
  member.next_due_at = row.Time(10);
  member.last_activity_at = OptionalTime(row, 11);
  if (!row.IsNull(12)) {
    ASSIGN_OR_RETURN(member.merged, MergedFromJson(row.Text(13)));
    member.merged->into = ReadMemberId(row, 12);
  }
  member.origins.last = static_cast<int>(row.Int(14));
  RETURN_IF_ERROR(OriginsFromJson(row.Text(15), member));
  return member;
}

domain::Account ReadAccount(const Statement& row) {
  domain::Account account;
  account.wallet = std::string(row.Text(0));
  account.pending = row.Int(1);
  account.available = row.Int(2);
  account.held = row.Int(3);
  account.qualifying = row.Int(4);
  return account;
}

domain::Lot ReadLot(const Statement& row) {
  domain::Lot lot;
  lot.lot = row.Int(0);
  lot.wallet = std::string(row.Text(1));
  lot.points = row.Int(2);
  lot.remaining = row.Int(3);
  lot.earned_at = row.Time(4);
  lot.available_from = row.Time(5);
  lot.expires_at = row.Time(6);
  lot.purchase_id = std::string(row.Text(7));
  lot.idle_months = static_cast<int>(row.Int(8));
  lot.idle_days = static_cast<int>(row.Int(9));
  return lot;
}

domain::CapUsage ReadCapUsage(const Statement& row) {
  return {std::string(row.Text(0)), std::string(row.Text(1)), row.Int(2),
          static_cast<int>(row.Int(3))};
}

domain::LedgerEntry ReadEntry(const Statement& row) {
  domain::LedgerEntry entry;
  entry.member_id = ReadMemberId(row, 0);
  entry.number = row.Int(1);
  entry.wallet = std::string(row.Text(2));
  entry.kind = static_cast<domain::EntryKind>(row.Int(3));
  entry.points = row.Int(4);
  entry.debit = static_cast<domain::LedgerAccount>(row.Int(5));
  entry.credit = static_cast<domain::LedgerAccount>(row.Int(6));
  entry.rule_id = std::string(row.Text(7));
  entry.purchase_id = std::string(row.Text(8));
  entry.lot = row.Int(9);
  entry.program_version = row.Int(10);
  entry.principal = std::string(row.Text(11));
  entry.effective_at = row.Time(12);
  entry.recorded_at = row.Time(13);
  entry.pending_after = row.Int(14);
  entry.available_after = row.Int(15);
  entry.held_after = row.Int(16);
  entry.reference = std::string(row.Text(17));
  entry.reason = std::string(row.Text(18));
  return entry;
}

absl::StatusOr<domain::Purchase> ReadPurchase(const Statement& row) {
  domain::Purchase purchase;
  purchase.purchase_id = std::string(row.Text(0));
  purchase.member_id = ReadMemberId(row, 1);
  purchase.occurred_at = row.Time(2);
  purchase.recorded_at = row.Time(3);
  purchase.currency = std::string(row.Text(4));
  purchase.total_minor = row.Int(5);
  purchase.paid_with_points_minor = row.Int(6);
  purchase.channel = std::string(row.Text(7));
  purchase.store_id = std::string(row.Text(8));
  purchase.program_version = row.Int(9);
  ASSIGN_OR_RETURN(purchase.lines, LinesFromJson(row.Text(10)));
  purchase.returned_minor = row.Int(11);
  purchase.reservation_id = std::string(row.Text(12));
  purchase.origin = static_cast<int>(row.Int(13));
  return purchase;
}

absl::StatusOr<domain::Return> ReadReturn(const Statement& row) {
  domain::Return returned;
  returned.return_id = std::string(row.Text(0));
  returned.member_id = ReadMemberId(row, 1);
  returned.purchase_id = std::string(row.Text(2));
  returned.occurred_at = row.Time(3);
  returned.recorded_at = row.Time(4);
  returned.currency = std::string(row.Text(5));
  returned.reason = std::string(row.Text(6));
  returned.amount_minor = row.Int(7);
  returned.unmatched_minor = row.Int(8);
  ASSIGN_OR_RETURN(returned.lines, ReturnedLinesFromJson(row.Text(9)));
  returned.origin = static_cast<int>(row.Int(10));
  return returned;
}

absl::StatusOr<domain::Reservation> ReadReservation(const Statement& row) {
  domain::Reservation reservation;
  reservation.reservation_id = std::string(row.Text(0));
  reservation.wallet = std::string(row.Text(1));
  reservation.points = row.Int(2);
  reservation.captured = row.Int(3);
  reservation.restored = row.Int(4);
  reservation.status = static_cast<domain::ReservationStatus>(row.Int(5));
  reservation.reserved_at = row.Time(6);
  reservation.lapses_at = row.Time(7);
  reservation.origin = static_cast<int>(row.Int(9));
  ASSIGN_OR_RETURN(reservation.lots, LotsFromJson(row.Text(8), reservation.origin));
  return reservation;
}

}  // namespace dangol::storage::sqlite
