#include "server/storage/mysql/rows.h"

#include "server/common/status_macros.h"
#include "server/storage/json.h"

namespace dangol::storage::mysql {

absl::StatusOr<domain::Member> ReadMember(const Row& row) {
  domain::Member member;
  member.id = row.Id(0);
  member.version = row.Int(1);
  member.status = static_cast<domain::MemberStatus>(row.Int(2));
  member.enrolled_at = row.Time(3);
  ASSIGN_OR_RETURN(member.attributes, AttributesFromJson(row.Text(4)));
  member.purchase_count = row.Int(5);
  member.first_purchase_at = row.OptionalTime(6);
  member.last_purchase_at = row.OptionalTime(7);
  member.entry_count = row.Int(8);
  member.advanced_until = row.Time(9);
  member.next_due_at = row.Time(10);
  member.last_activity_at = row.OptionalTime(11);
  if (!row.IsNull(12)) {
    ASSIGN_OR_RETURN(member.merged, MergedFromJson(row.Text(13)));
    member.merged->into = row.Id(12);
  }
  member.origins.last = static_cast<int>(row.Int(14));
  if (!row.IsNull(15)) RETURN_IF_ERROR(OriginsFromJson(row.Text(15), member));
  return member;
}

void AppendMemberRow(const domain::Member& member, SqlText& sql) {
  sql.Row(member.id, member.version + 1, member.status, member.enrolled_at,
          AttributesToJson(member.attributes), member.purchase_count, member.first_purchase_at,
          member.last_purchase_at, member.entry_count, member.advanced_until, member.next_due_at,
          member.last_activity_at);
}

domain::Account ReadAccount(const Row& row, int from) {
  domain::Account account;
  account.wallet = row.Text(from);
  account.pending = row.Int(from + 1);
  account.available = row.Int(from + 2);
  account.held = row.Int(from + 3);
  account.qualifying = row.Int(from + 4);
  return account;
}

void AppendAccountRow(const domain::MemberId& member, const domain::Account& account,
                      SqlText& sql) {
  sql.Row(member, account.wallet, account.pending, account.available, account.held,
          account.qualifying);
}

domain::Lot ReadLot(const Row& row) {
  domain::Lot lot;
  lot.lot = row.Int(1);
  lot.wallet = row.Text(2);
  lot.points = row.Int(3);
  lot.remaining = row.Int(4);
  lot.earned_at = row.Time(5);
  lot.available_from = row.Time(6);
  lot.expires_at = row.Time(7);
  lot.purchase_id = row.Text(8);
  lot.idle_months = static_cast<int>(row.Int(9));
  lot.idle_days = static_cast<int>(row.Int(10));
  return lot;
}

void AppendLotRow(const domain::MemberId& member, const domain::Lot& lot, SqlText& sql) {
  sql.Row(member, lot.lot, lot.wallet, lot.points, lot.remaining, lot.earned_at, lot.available_from,
          lot.expires_at, lot.purchase_id, lot.idle_months, lot.idle_days);
}

domain::CapUsage ReadCapUsage(const Row& row) {
  return {row.Text(1), row.Text(2), row.Int(3), static_cast<int>(row.Int(4))};
}

void AppendCapUsageRow(const domain::MemberId& member, const domain::CapUsage& usage,
                       SqlText& sql) {
  sql.Row(member, usage.period, usage.rule_id, usage.points, usage.origin);
}

domain::LedgerEntry ReadEntry(const Row& row) {
  domain::LedgerEntry entry;
  entry.member_id = row.Id(0);
  entry.number = row.Int(1);
  entry.wallet = row.Text(2);
  entry.kind = static_cast<domain::EntryKind>(row.Int(3));
  entry.points = row.Int(4);
  entry.debit = static_cast<domain::LedgerAccount>(row.Int(5));
  entry.credit = static_cast<domain::LedgerAccount>(row.Int(6));
  entry.rule_id = row.Text(7);
  entry.purchase_id = row.Text(8);
  entry.lot = row.Int(9);
  entry.program_version = row.Int(10);
  entry.principal = row.Text(11);
  entry.effective_at = row.Time(12);
  entry.recorded_at = row.Time(13);
  entry.pending_after = row.Int(14);
  entry.available_after = row.Int(15);
  entry.held_after = row.Int(16);
  entry.reference = row.Text(17);
  entry.reason = row.Text(18);
  return entry;
}

void AppendEntryRow(const domain::LedgerEntry& entry, SqlText& sql) {
  sql.Row(entry.member_id, entry.number, entry.wallet, entry.kind, entry.points, entry.debit,
          entry.credit, entry.rule_id, entry.purchase_id, entry.lot, entry.program_version,
          entry.principal, entry.effective_at, entry.recorded_at, entry.pending_after,
          entry.available_after, entry.held_after, entry.reference, entry.reason);
}

absl::StatusOr<domain::Purchase> ReadPurchase(const Row& row) {
  domain::Purchase purchase;
  purchase.purchase_id = row.Text(0);
  purchase.member_id = row.Id(1);
  purchase.occurred_at = row.Time(2);
  purchase.recorded_at = row.Time(3);
  purchase.currency = row.Text(4);
  purchase.total_minor = row.Int(5);
  purchase.paid_with_points_minor = row.Int(6);
  purchase.channel = row.Text(7);
  purchase.store_id = row.Text(8);
  purchase.program_version = row.Int(9);
  ASSIGN_OR_RETURN(purchase.lines, LinesFromJson(row.Text(10)));
  purchase.returned_minor = row.Int(11);
  purchase.reservation_id = row.Text(12);
  purchase.origin = static_cast<int>(row.Int(13));
  return purchase;
}

absl::StatusOr<domain::Return> ReadReturn(const Row& row) {
  domain::Return returned;
  returned.return_id = row.Text(0);
  returned.member_id = row.Id(1);
  returned.purchase_id = row.Text(2);
  returned.occurred_at = row.Time(3);
  returned.recorded_at = row.Time(4);
  returned.currency = row.Text(5);
  returned.reason = row.Text(6);
  returned.amount_minor = row.Int(7);
  returned.unmatched_minor = row.Int(8);
  ASSIGN_OR_RETURN(returned.lines, ReturnedLinesFromJson(row.Text(9)));
  returned.origin = static_cast<int>(row.Int(10));
  return returned;
}

absl::StatusOr<domain::Reservation> ReadReservation(const Row& row) {
  domain::Reservation reservation;
  reservation.reservation_id = row.Text(1);
  reservation.wallet = row.Text(2);
  reservation.points = row.Int(3);
  reservation.captured = row.Int(4);
  reservation.restored = row.Int(5);
  reservation.status = static_cast<domain::ReservationStatus>(row.Int(6));
  reservation.reserved_at = row.Time(7);
  reservation.lapses_at = row.Time(8);
  reservation.origin = static_cast<int>(row.Int(10));
  ASSIGN_OR_RETURN(reservation.lots, LotsFromJson(row.Text(9), reservation.origin));
  return reservation;
}

void AppendReservationRow(const domain::MemberId& member, const domain::Reservation& reservation,
                          SqlText& sql) {
  sql.Row(member, reservation.reservation_id, reservation.wallet, reservation.points,
          reservation.captured, reservation.restored, reservation.status, reservation.reserved_at,
          reservation.lapses_at, LotsToJson(reservation.lots, reservation.origin),
          reservation.origin);
}

absl::StatusOr<domain::Coupon> ReadCoupon(const Row& row) {
  domain::Coupon coupon;
  coupon.coupon_id = row.Text(1);
  coupon.code = row.Text(2);
  coupon.reward_id = row.Text(3);
  coupon.prize_id = row.Text(4);
  coupon.wallet = row.Text(5);
  coupon.points = row.Int(6);
  coupon.program_version = row.Int(7);
  coupon.status = static_cast<domain::CouponStatus>(row.Int(8));
  coupon.issued_at = row.Time(9);
  coupon.expires_at = row.Time(10);
  coupon.ended_at = row.OptionalTime(11);
  coupon.reference = row.Text(12);
  coupon.origin = static_cast<int>(row.Int(14));
  ASSIGN_OR_RETURN(coupon.lots, LotsFromJson(row.Text(13), coupon.origin));
  return coupon;
}

void AppendCouponRow(const domain::MemberId& member, const domain::Coupon& coupon, SqlText& sql) {
  sql.Row(member, coupon.coupon_id, coupon.code, coupon.reward_id, coupon.prize_id, coupon.wallet,
          coupon.points, coupon.program_version, coupon.status, coupon.issued_at, coupon.expires_at,
          coupon.ended_at, coupon.reference, LotsToJson(coupon.lots, coupon.origin), coupon.origin);
}

}  // namespace dangol::storage::mysql
