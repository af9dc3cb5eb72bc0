#include "server/storage/sqlite/writing.h"

#include <array>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/common/status_macros.h"
#include "server/storage/json.h"
#include "server/storage/sqlite/rows.h"

namespace dangol::storage::sqlite {
namespace {

// Gives rows of a member to another.
#define DANGOL_MOVE(table)                                      \
  "UPDATE " table                                               \
  " SET member_id = ?, origin = origin + ? WHERE member_id = ?" \
  " AND origin BETWEEN ? AND ?"

absl::string_view View(const std::array<char, 16>& bytes) { return {bytes.data(), bytes.size()}; }

void BindOptional(Statement& statement, const std::optional<absl::Time>& time) {
  if (time.has_value()) {
    statement.Bind(*time);
  } else {
    statement.BindNull();
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<BatchWriter>> BatchWriter::Make(Connection& connection) {
  std::unique_ptr<BatchWriter> writer(new BatchWriter(connection));
  RETURN_IF_ERROR(writer->PrepareAll());
  return writer;
}

absl::Status BatchWriter::PrepareAll() {
  const std::pair<Statement*, absl::string_view> statements[] = {
      {&insert_member_, "INSERT INTO member (" DANGOL_MEMBER_WRITTEN_COLUMNS
                        ") VALUES (?1, 1, ?2, ?3, ?4, ?5, ?6, ?7, ?9, ?10, ?11, ?8)"},
      // SQLite writes the index of every column that is set, changed or not.
      {&update_member_,
       "UPDATE member SET version = version + 1, status = ?, enrolled_at = ?, attributes = ?,"
       " purchase_count = ?, first_purchase_at = ?, last_purchase_at = ?, last_activity_at = ?,"
       " entry_count = ?, advanced_until = ? WHERE member_id = ? AND version = ?"},
      {&update_member_and_due_,
       "UPDATE member SET version = version + 1, status = ?, enrolled_at = ?, attributes = ?,"
       " purchase_count = ?, first_purchase_at = ?, last_purchase_at = ?, last_activity_at = ?,"
       " entry_count = ?, advanced_until = ?, next_due_at = ? WHERE member_id = ? AND version = ?"},
      {&update_merge_,
       "UPDATE member SET merged_into = ?, merge_json = ?, last_origin = ?,"
       " origins_json = ? WHERE member_id = ?"},
      {&add_expired_,
       "INSERT INTO expired_elsewhere (member_id, purchase_id, wallet, points) VALUES (?, ?, ?, ?)"
       " ON CONFLICT (member_id, purchase_id, wallet) DO UPDATE SET"
       " points = points + excluded.points"},
      {&move_purchases_, DANGOL_MOVE("purchase")},
      {&move_returns_, DANGOL_MOVE("purchase_return")},
      {&move_reservations_, DANGOL_MOVE("reservation")},
      {&move_coupons_, DANGOL_MOVE("coupon")},
      {&move_cap_usage_, DANGOL_MOVE("cap_usage")},
      {&put_account_, "INSERT OR REPLACE INTO account (member_id, " DANGOL_ACCOUNT_COLUMNS
                      ") VALUES (?, ?, ?, ?, ?, ?)"},
      {&put_lot_, "INSERT OR REPLACE INTO lot (member_id, " DANGOL_LOT_COLUMNS
                  ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      {&put_cap_usage_, "INSERT OR REPLACE INTO cap_usage (member_id, " DANGOL_CAP_USAGE_COLUMNS
                        ") VALUES (?, ?, ?, ?, ?)"},
      {&put_reservation_,
       "INSERT OR REPLACE INTO reservation (member_id, " DANGOL_RESERVATION_COLUMNS
       ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      // A code that another coupon has is an error, and no other row is put in its place.
      {&put_coupon_, "INSERT INTO coupon (member_id, " DANGOL_COUPON_COLUMNS
                     ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                     " ON CONFLICT (member_id, coupon_id) DO UPDATE SET status = excluded.status,"
                     " ended_at = excluded.ended_at, reference = excluded.reference,"
                     " lots_json = excluded.lots_json"},
      {&insert_entry_, "INSERT INTO ledger_entry (" DANGOL_ENTRY_COLUMNS
                       ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      {&insert_alias_, "INSERT INTO alias (kind, value, member_id) VALUES (?, ?, ?)"},
      {&delete_alias_, "DELETE FROM alias WHERE kind = ? AND value = ? AND member_id = ?"},
      // SQLite gives the next position: one more than the last.
      {&insert_command_,
       "INSERT INTO command_log (scope, request_id, kind, member_id, principal, recorded_at,"
       " payload_hash, payload, reply, inputs) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      {&insert_purchase_, "INSERT INTO purchase (position, line_count, " DANGOL_PURCHASE_COLUMNS
                          ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      {&insert_return_, "INSERT INTO purchase_return (position, " DANGOL_RETURN_COLUMNS
                        ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      {&update_purchase_,
       "UPDATE purchase SET returned_minor = ?, lines = ?"
       " WHERE member_id = ? AND occurred_at = ? AND purchase_id = ?"},
      {&insert_program_,
       "INSERT INTO program_version (version, name, effective_from, recorded_at, program_text)"
       " VALUES (?, ?, ?, ?, ?)"},
      {&put_counter_,
       "INSERT INTO shared_counter (name, version, used) VALUES (?, ?, ?) ON CONFLICT (name)"
       " DO UPDATE SET version = excluded.version, used = excluded.used"
       " WHERE version = excluded.version - 1"},
  };
  for (const auto& [statement, sql] : statements) {
    ASSIGN_OR_RETURN(*statement, connection_.Prepare(sql));
  }
  return absl::OkStatus();
}

absl::Status BatchWriter::Write(const WriteSet& writes) {
  for (const MemberWrite& write : writes.members) {
    RETURN_IF_ERROR(
        WriteMember(write.member, write.member.next_due_at != write.next_due_at_before));
    RETURN_IF_ERROR(WriteBelongings(write));
  }
  for (const domain::LedgerEntry& entry : writes.entries) RETURN_IF_ERROR(WriteEntry(entry));
  for (const domain::AliasChange& change : writes.aliases) RETURN_IF_ERROR(WriteAlias(change));
  for (const StoredProgram& program : writes.programs) RETURN_IF_ERROR(WriteProgram(program));
  for (const CommandWrite& write : writes.commands) RETURN_IF_ERROR(WriteCommand(write));
  for (const CounterWrite& write : writes.counters) RETURN_IF_ERROR(WriteCounter(write));
  // Last, because what is returned may have been bought in the same batch.
  for (const MemberWrite& write : writes.members) {
    for (const domain::Purchase& purchase : write.purchases)
      RETURN_IF_ERROR(UpdatePurchase(purchase));
    if (write.merge_changed) RETURN_IF_ERROR(WriteMerge(write.member));
  }
  for (const domain::Move& move : writes.moves) RETURN_IF_ERROR(WriteMove(move));
  return absl::OkStatus();
}

absl::Status BatchWriter::WriteMember(const domain::Member& member, bool due_changed) {
  const std::array<char, 16> id = member.id.ToBytes();
  const std::string attributes = AttributesToJson(member.attributes);
  const bool is_new = member.version == 0;
  Statement& update = due_changed ? update_member_and_due_ : update_member_;
  Statement& statement = is_new ? insert_member_ : update;
  if (is_new) statement.BindBlob(View(id));
  statement.Bind(static_cast<int64_t>(member.status))
      .Bind(member.enrolled_at)
      .Bind(attributes)
      .Bind(member.purchase_count);
  BindOptional(statement, member.first_purchase_at);
  BindOptional(statement, member.last_purchase_at);
  BindOptional(statement, member.last_activity_at);
  statement.Bind(member.entry_count).Bind(member.advanced_until);
  if (is_new || due_changed) statement.Bind(member.next_due_at);
  if (is_new) return statement.Run();

  RETURN_IF_ERROR(statement.BindBlob(View(id)).Bind(member.version).Run());
  if (connection_.Changes() != 1)
    return absl::AbortedError("a member was changed by another server");
  return absl::OkStatus();
}

absl::Status BatchWriter::WriteMerge(const domain::Member& member) {
  const std::array<char, 16> id = member.id.ToBytes();
  const bool is_merged = member.merged.has_value();
  const std::array<char, 16> into = is_merged ? member.merged->into.ToBytes() : id;
  const std::string json = is_merged ? MergedToJson(*member.merged) : "";
  const std::string origins = OriginsToJson(member);
  if (is_merged) {
    update_merge_.BindBlob(View(into)).Bind(json);
  } else {
    update_merge_.BindNull().BindNull();
  }
  return update_merge_.Bind(int64_t{member.origins.last}).Bind(origins).BindBlob(View(id)).Run();
}

absl::Status BatchWriter::WriteMove(const domain::Move& move) {
  const std::array<char, 16> from = move.from.ToBytes();
  const std::array<char, 16> to = move.to.ToBytes();
  for (Statement* statement :
       {&move_purchases_, &move_returns_, &move_reservations_, &move_coupons_, &move_cap_usage_}) {
    RETURN_IF_ERROR(statement->BindBlob(View(to))
                        .Bind(int64_t{move.shift})
                        .BindBlob(View(from))
                        .Bind(int64_t{move.first})
                        .Bind(int64_t{move.last})
                        .Run());
  }
  return absl::OkStatus();
}

absl::Status BatchWriter::WriteBelongings(const MemberWrite& write) {
  const std::array<char, 16> id = write.member.id.ToBytes();
  for (const domain::Account& account : write.accounts) {
    RETURN_IF_ERROR(put_account_.BindBlob(View(id))
                        .Bind(account.wallet)
                        .Bind(account.pending)
                        .Bind(account.available)
                        .Bind(account.held)
                        .Bind(account.qualifying)
                        .Run());
  }
  for (const domain::Lot& lot : write.lots) {
    RETURN_IF_ERROR(put_lot_.BindBlob(View(id))
                        .Bind(lot.lot)
                        .Bind(lot.wallet)
                        .Bind(lot.points)
                        .Bind(lot.remaining)
                        .Bind(lot.earned_at)
                        .Bind(lot.available_from)
                        .Bind(lot.expires_at)
                        .Bind(lot.purchase_id)
                        .Bind(int64_t{lot.idle_months})
                        .Bind(int64_t{lot.idle_days})
                        .Run());
  }
  for (const domain::CapUsage& usage : write.cap_usage) {
    RETURN_IF_ERROR(put_cap_usage_.BindBlob(View(id))
                        .Bind(usage.period)
                        .Bind(usage.rule_id)
                        .Bind(usage.points)
                        .Bind(int64_t{usage.origin})
                        .Run());
  }
  for (const domain::Reservation& reservation : write.reservations) {
    RETURN_IF_ERROR(WriteReservation(write.member.id, reservation));
  }
  for (const domain::Coupon& coupon : write.coupons) {
    RETURN_IF_ERROR(WriteCoupon(write.member.id, coupon));
  }
  for (const domain::ExpiredPoints& points : write.expired) {
    RETURN_IF_ERROR(add_expired_.BindBlob(View(id))
                        .Bind(points.purchase_id)
                        .Bind(points.wallet)
                        .Bind(points.points)
                        .Run());
  }
  return absl::OkStatus();
}

absl::Status BatchWriter::WriteReservation(const domain::MemberId& member,
                                           const domain::Reservation& reservation) {
  const std::array<char, 16> id = member.ToBytes();
  const std::string lots = LotsToJson(reservation.lots, reservation.origin);
  return put_reservation_.BindBlob(View(id))
      .Bind(reservation.reservation_id)
      .Bind(reservation.wallet)
      .Bind(reservation.points)
      .Bind(reservation.captured)
      .Bind(reservation.restored)
      .Bind(static_cast<int64_t>(reservation.status))
      .Bind(reservation.reserved_at)
      .Bind(reservation.lapses_at)
      .Bind(lots)
      .Bind(int64_t{reservation.origin})
      .Run();
}

absl::Status BatchWriter::WriteCoupon(const domain::MemberId& member,
                                      const domain::Coupon& coupon) {
  const std::array<char, 16> id = member.ToBytes();
  const std::string lots = LotsToJson(coupon.lots, coupon.origin);
  put_coupon_.BindBlob(View(id))
      .Bind(coupon.coupon_id)
      .Bind(coupon.code)
      .Bind(coupon.reward_id)
      .Bind(coupon.prize_id)
      .Bind(coupon.wallet)
      .Bind(coupon.points)
      .Bind(coupon.program_version)
      .Bind(static_cast<int64_t>(coupon.status))
      .Bind(coupon.issued_at)
      .Bind(coupon.expires_at);
  BindOptional(put_coupon_, coupon.ended_at);
  return put_coupon_.Bind(coupon.reference).Bind(lots).Bind(int64_t{coupon.origin}).Run();
}

absl::Status BatchWriter::WriteEntry(const domain::LedgerEntry& entry) {
  const std::array<char, 16> id = entry.member_id.ToBytes();
  return insert_entry_.BindBlob(View(id))
      .Bind(entry.number)
      .Bind(entry.wallet)
      .Bind(static_cast<int64_t>(entry.kind))
      .Bind(entry.points)
      .Bind(static_cast<int64_t>(entry.debit))
      .Bind(static_cast<int64_t>(entry.credit))
      .Bind(entry.rule_id)
      .Bind(entry.purchase_id)
      .Bind(entry.lot)
      .Bind(entry.program_version)
      .Bind(entry.principal)
      .Bind(entry.effective_at)
      .Bind(entry.recorded_at)
      .Bind(entry.pending_after)
      .Bind(entry.available_after)
      .Bind(entry.held_after)
      .Bind(entry.reference)
      .Bind(entry.reason)
      .Run();
}

absl::Status BatchWriter::WriteAlias(const domain::AliasChange& change) {
  const std::array<char, 16> id = change.member_id.ToBytes();
  Statement& statement = change.added ? insert_alias_ : delete_alias_;
  return statement.Bind(change.alias.kind).Bind(change.alias.value).BindBlob(View(id)).Run();
}

absl::Status BatchWriter::WriteCommand(const CommandWrite& write) {
  const CommandRecord& record = write.record;
  const std::array<char, 16> id = record.member_id.ToBytes();
  const absl::string_view member = record.member_id.IsNil() ? absl::string_view() : View(id);
  const std::string inputs = InputsToJson(record.inputs);
  RETURN_IF_ERROR(insert_command_.Bind(static_cast<int64_t>(record.key.scope))
                      .Bind(record.key.id)
                      .Bind(static_cast<int64_t>(record.kind))
                      .BindBlob(member)
                      .Bind(record.principal)
                      .Bind(record.recorded_at)
                      .BindBlob(record.payload_hash)
                      .BindBlob(record.payload)
                      .BindBlob(record.reply)
                      .Bind(inputs)
                      .Run());
  const int64_t position = connection_.LastRowId();
  if (write.purchase.has_value()) RETURN_IF_ERROR(WritePurchase(*write.purchase, position));
  if (write.purchase_return.has_value())
    RETURN_IF_ERROR(WriteReturn(*write.purchase_return, position));
  return absl::OkStatus();
}

absl::Status BatchWriter::WritePurchase(const domain::Purchase& purchase, int64_t position) {
  const std::array<char, 16> id = purchase.member_id.ToBytes();
  const std::string lines = LinesToJson(purchase.lines);
  return insert_purchase_.Bind(position)
      .Bind(static_cast<int64_t>(purchase.lines.size()))
      .Bind(purchase.purchase_id)
      .BindBlob(View(id))
      .Bind(purchase.occurred_at)
      .Bind(purchase.recorded_at)
      .Bind(purchase.currency)
      .Bind(purchase.total_minor)
      .Bind(purchase.paid_with_points_minor)
      .Bind(purchase.channel)
      .Bind(purchase.store_id)
      .Bind(purchase.program_version)
      .Bind(lines)
      .Bind(purchase.returned_minor)
      .Bind(purchase.reservation_id)
      .Bind(int64_t{purchase.origin})
      .Run();
}

absl::Status BatchWriter::WriteReturn(const domain::Return& returned, int64_t position) {
  const std::array<char, 16> id = returned.member_id.ToBytes();
  const std::string lines = ReturnedLinesToJson(returned.lines);
  return insert_return_.Bind(position)
      .Bind(returned.return_id)
      .BindBlob(View(id))
      .Bind(returned.purchase_id)
      .Bind(returned.occurred_at)
      .Bind(returned.recorded_at)
      .Bind(returned.currency)
      .Bind(returned.reason)
      .Bind(returned.amount_minor)
      .Bind(returned.unmatched_minor)
      .Bind(lines)
      .Bind(int64_t{returned.origin})
      .Run();
}

absl::Status BatchWriter::UpdatePurchase(const domain::Purchase& purchase) {
  const std::array<char, 16> id = purchase.member_id.ToBytes();
  const std::string lines = LinesToJson(purchase.lines);
  return update_purchase_.Bind(purchase.returned_minor)
      .Bind(lines)
      .BindBlob(View(id))
      .Bind(purchase.occurred_at)
      .Bind(purchase.purchase_id)
      .Run();
}

absl::Status BatchWriter::WriteProgram(const StoredProgram& program) {
  return insert_program_.Bind(program.version)
      .Bind(program.name)
      .Bind(program.effective_from)
      .Bind(program.recorded_at)
      .Bind(program.text)
      .Run();
}

absl::Status BatchWriter::WriteCounter(const CounterWrite& write) {
  RETURN_IF_ERROR(
      put_counter_.Bind(write.name).Bind(write.counter.version + 1).Bind(write.counter.used).Run());
  if (connection_.Changes() != 1)
    return absl::AbortedError("a shared counter was changed by another server");
  return absl::OkStatus();
}

}  // namespace dangol::storage::sqlite
