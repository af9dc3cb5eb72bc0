#ifndef DANGOL_SERVER_STORAGE_SQLITE_WRITING_H_
#define DANGOL_SERVER_STORAGE_SQLITE_WRITING_H_

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/storage/sqlite/connection.h"
#include "server/storage/storage.h"

namespace dangol::storage::sqlite {

// Writes write sets over one connection, inside a transaction that the caller
// began and ends.
class BatchWriter {
 public:
  static absl::StatusOr<std::unique_ptr<BatchWriter>> Make(Connection& connection);

  absl::Status Write(const WriteSet& writes);

 private:
  explicit BatchWriter(Connection& connection) : connection_(connection) {}

  absl::Status PrepareAll();
  absl::Status WriteMember(const domain::Member& member, bool due_changed);
  absl::Status WriteMerge(const domain::Member& member);
  absl::Status WriteMove(const domain::Move& move);
  absl::Status WriteBelongings(const MemberWrite& write);
  absl::Status WriteEntry(const domain::LedgerEntry& entry);
  absl::Status WriteAlias(const domain::AliasChange& change);
  absl::Status WriteCommand(const CommandWrite& write);
  absl::Status WriteReservation(const domain::MemberId& member,
                                const domain::Reservation& reservation);
  absl::Status WriteCoupon(const domain::MemberId& member, const domain::Coupon& coupon);
  absl::Status WritePurchase(const domain::Purchase& purchase, int64_t position);
  absl::Status WriteReturn(const domain::Return& returned, int64_t position);
  absl::Status UpdatePurchase(const domain::Purchase& purchase);
  absl::Status WriteCounter(const CounterWrite& write);
  absl::Status WriteProgram(const StoredProgram& program);

  Connection& connection_;
  Statement insert_member_;
  Statement update_member_;
  Statement update_member_and_due_;
  Statement update_merge_;
  Statement add_expired_;
  Statement move_purchases_;
  Statement move_returns_;
  Statement move_reservations_;
  Statement move_coupons_;
  Statement move_cap_usage_;
  Statement put_account_;
  Statement put_lot_;
  Statement put_cap_usage_;
  Statement put_reservation_;
  Statement put_coupon_;
  Statement insert_entry_;
  Statement insert_alias_;
  Statement delete_alias_;
  Statement insert_command_;
  Statement insert_purchase_;
  Statement insert_return_;
  Statement update_purchase_;
  Statement insert_program_;
  Statement put_counter_;
};

}  // namespace dangol::storage::sqlite

#endif  // DANGOL_SERVER_STORAGE_SQLITE_WRITING_H_
