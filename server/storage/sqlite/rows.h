#ifndef DANGOL_SERVER_STORAGE_SQLITE_ROWS_H_
#define DANGOL_SERVER_STORAGE_SQLITE_ROWS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/common/status_macros.h"
#include "server/domain/member/member.h"
#include "server/domain/points/ledger.h"
#include "server/domain/points/reservation.h"
#include "server/domain/purchase/purchase.h"
#include "server/domain/reward/coupon.h"
#include "server/domain/state.h"
#include "server/storage/sqlite/connection.h"

// Rows as the domain's types. Each list of columns is read by the function
// below it, from column 0 on.
namespace dangol::storage::sqlite {

// Without those that hardly any write changes.
#define DANGOL_MEMBER_WRITTEN_COLUMNS                                                        \
  "member_id, version, status, enrolled_at, attributes, purchase_count, first_purchase_at, " \
  "last_purchase_at, entry_count, advanced_until, next_due_at, last_activity_at"
#define DANGOL_MEMBER_COLUMNS   \
  DANGOL_MEMBER_WRITTEN_COLUMNS \
  ", merged_into, merge_json, last_origin, origins_json"
absl::StatusOr<domain::Member> ReadMember(const Statement& row);

#define DANGOL_ACCOUNT_COLUMNS "wallet, pending, available, held, qualifying"
domain::Account ReadAccount(const Statement& row);

#define DANGOL_LOT_COLUMNS                                                               \
  "lot, wallet, points, remaining, earned_at, available_from, expires_at, purchase_id, " \
  "idle_months, idle_days"
domain::Lot ReadLot(const Statement& row);

#define DANGOL_CAP_USAGE_COLUMNS "period, rule_id, points, origin"
domain::CapUsage ReadCapUsage(const Statement& row);

#define DANGOL_ENTRY_COLUMNS                                                                \
  "member_id, number, wallet, kind, points, debit, credit, rule_id, purchase_id, lot, "     \
  "program_version, principal, effective_at, recorded_at, pending_after, available_after, " \
  "held_after, reference, reason"
domain::LedgerEntry ReadEntry(const Statement& row);

#define DANGOL_PURCHASE_COLUMNS                                                         \
  "purchase_id, member_id, occurred_at, recorded_at, currency, total_minor, "           \
  "paid_with_points_minor, channel, store_id, program_version, lines, returned_minor, " \
  "reservation_id, origin"
absl::StatusOr<domain::Purchase> ReadPurchase(const Statement& row);

#define DANGOL_RETURN_COLUMNS                                                       \
  "return_id, member_id, purchase_id, occurred_at, recorded_at, currency, reason, " \
  "amount_minor, unmatched_minor, lines_json, origin"
absl::StatusOr<domain::Return> ReadReturn(const Statement& row);

#define DANGOL_RESERVATION_COLUMNS                                                       \
  "reservation_id, wallet, points, captured, restored, status, reserved_at, lapses_at, " \
  "lots_json, origin"
inline constexpr int kReservationColumns = 10;
absl::StatusOr<domain::Reservation> ReadReservation(const Statement& row);

#define DANGOL_COUPON_COLUMNS                                                       \
  "coupon_id, code, reward_id, prize_id, wallet, points, program_version, status, " \
  "issued_at, expires_at, ended_at, reference, lots_json, origin"
absl::StatusOr<domain::Coupon> ReadCoupon(const Statement& row);

// Hands every row of a bound statement to `add`. A row that cannot be read ends it.
template <typename Row, typename Add>
absl::Status ReadAll(Statement& statement, absl::StatusOr<Row> (*read)(const Statement&),
                     const Add& add) {
  while (true) {
    ASSIGN_OR_RETURN(const bool found, statement.Step());
    if (!found) return absl::OkStatus();
    absl::StatusOr<Row> row = read(statement);
    if (!row.ok()) {
      statement.Reset();
      return row.status();
    }
    add(*std::move(row));
  }
}

// A member id in a column; nil where there is none.
domain::MemberId ReadMemberId(const Statement& row, int column);

}  // namespace dangol::storage::sqlite

#endif  // DANGOL_SERVER_STORAGE_SQLITE_ROWS_H_
