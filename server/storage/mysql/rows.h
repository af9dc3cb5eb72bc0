#ifndef DANGOL_SERVER_STORAGE_MYSQL_ROWS_H_
#define DANGOL_SERVER_STORAGE_MYSQL_ROWS_H_

#include "absl/status/statusor.h"
#include "server/domain/member/member.h"
#include "server/domain/points/ledger.h"
#include "server/domain/points/reservation.h"
#include "server/domain/purchase/purchase.h"
#include "server/domain/reward/coupon.h"
#include "server/domain/state.h"
#include "server/storage/mysql/connection.h"
#include "server/storage/mysql/sql_text.h"

// Rows as the domain's types, and back. Each list of columns is read by the
// function below it and written by the one after that, in the same order.
namespace dangol::storage::mysql {

// Without those that hardly any write changes.
#define DANGOL_MEMBER_WRITTEN_COLUMNS                                                        \
  "member_id, version, status, enrolled_at, attributes, purchase_count, first_purchase_at, " \
  "last_purchase_at, entry_count, advanced_until, next_due_at, last_activity_at"
#define DANGOL_MEMBER_COLUMNS   \
  DANGOL_MEMBER_WRITTEN_COLUMNS \
  ", merged_into, merge_json, last_origin, origins_json"
inline constexpr int kMemberColumns = 16;
absl::StatusOr<domain::Member> ReadMember(const Row& row);
// What is written always, as it is after this write: with the next version.
void AppendMemberRow(const domain::Member& member, SqlText& sql);

// From any column on, for a row that has a member before their account.
#define DANGOL_ACCOUNT_COLUMNS "wallet, pending, available, held, qualifying"
domain::Account ReadAccount(const Row& row, int from);
void AppendAccountRow(const domain::MemberId& member, const domain::Account& account, SqlText& sql);

#define DANGOL_LOT_COLUMNS                                                             \
  "member_id, lot, wallet, points, remaining, earned_at, available_from, expires_at, " \
  "purchase_id, idle_months, idle_days"
domain::Lot ReadLot(const Row& row);
void AppendLotRow(const domain::MemberId& member, const domain::Lot& lot, SqlText& sql);

#define DANGOL_CAP_USAGE_COLUMNS "member_id, period, rule_id, points, origin"
domain::CapUsage ReadCapUsage(const Row& row);
void AppendCapUsageRow(const domain::MemberId& member, const domain::CapUsage& usage, SqlText& sql);

#define DANGOL_ENTRY_COLUMNS                                                                \
  "member_id, number, wallet, kind, points, debit, credit, rule_id, purchase_id, lot, "     \
  "program_version, principal, effective_at, recorded_at, pending_after, available_after, " \
  "held_after, reference, reason"
domain::LedgerEntry ReadEntry(const Row& row);
void AppendEntryRow(const domain::LedgerEntry& entry, SqlText& sql);

#define DANGOL_PURCHASE_COLUMNS                                                              \
  "purchase_id, member_id, occurred_at, recorded_at, currency, total_minor, "                \
  "paid_with_points_minor, channel, store_id, program_version, lines_json, returned_minor, " \
  "reservation_id, origin"
absl::StatusOr<domain::Purchase> ReadPurchase(const Row& row);

// Its number, 0 where there is none.
#define DANGOL_LATEST_PROGRAM "SELECT COALESCE(MAX(version), 0) FROM program_version"

#define DANGOL_RETURN_COLUMNS                                                       \
  "return_id, member_id, purchase_id, occurred_at, recorded_at, currency, reason, " \
  "amount_minor, unmatched_minor, lines_json, origin"
absl::StatusOr<domain::Return> ReadReturn(const Row& row);

#define DANGOL_RESERVATION_COLUMNS                                                       \
  "member_id, reservation_id, wallet, points, captured, restored, status, reserved_at, " \
  "lapses_at, lots_json, origin"
inline constexpr int kReservationColumns = 11;
absl::StatusOr<domain::Reservation> ReadReservation(const Row& row);
void AppendReservationRow(const domain::MemberId& member, const domain::Reservation& reservation,
                          SqlText& sql);

#define DANGOL_COUPON_COLUMNS                                                                  \
  "member_id, coupon_id, code, reward_id, prize_id, wallet, points, program_version, status, " \
  "issued_at, expires_at, ended_at, reference, lots_json, origin"
absl::StatusOr<domain::Coupon> ReadCoupon(const Row& row);
void AppendCouponRow(const domain::MemberId& member, const domain::Coupon& coupon, SqlText& sql);

}  // namespace dangol::storage::mysql

#endif  // DANGOL_SERVER_STORAGE_MYSQL_ROWS_H_
