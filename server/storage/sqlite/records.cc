#include "server/storage/sqlite/records.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/common/status_macros.h"
#include "server/storage/json.h"
#include "server/storage/sqlite/rows.h"

namespace dangol::storage::sqlite {
namespace {

absl::string_view View(const std::array<char, 16>& bytes) { return {bytes.data(), bytes.size()}; }

// Reads the tables of one member, one after the other.
class RecordReader {
 public:
  RecordReader(Connection& connection, const domain::MemberId& id)
      : connection_(connection), id_(id.ToBytes()) {}

  // The rows of a table that are the member's. `read` makes one of them, and may fail.
  template <typename Item, typename Read>
  absl::Status Select(absl::string_view columns_from_table, Read read, std::vector<Item>& rows) {
    return SelectBy(absl::StrCat("SELECT ", columns_from_table, " WHERE member_id = ?"), read,
                    rows);
  }

  // The rows of a statement whose parameter is the member's id.
  template <typename Item, typename Read>
  absl::Status SelectBy(absl::string_view sql, Read read, std::vector<Item>& rows) {
    ASSIGN_OR_RETURN(Statement statement, connection_.Prepare(sql));
    statement.BindBlob(View(id_));
    while (true) {
      ASSIGN_OR_RETURN(const bool found, statement.Step());
      if (!found) return absl::OkStatus();
      absl::StatusOr<Item> row = read(statement);
      if (!row.ok()) return row.status();
      rows.push_back(*std::move(row));
    }
  }

 private:
  Connection& connection_;
  const std::array<char, 16> id_;
};

domain::Alias ReadAlias(const Statement& row) {
  return {std::string(row.Text(0)), std::string(row.Text(1))};
}

domain::CapUsage ReadCapUsage(const Statement& row) {
  return {std::string(row.Text(0)), std::string(row.Text(1)), row.Int(2)};
}

absl::StatusOr<CommandRecord> ReadCommand(const Statement& row) {
  CommandRecord record;
  record.key = {static_cast<RequestScope>(row.Int(0)), std::string(row.Text(1))};
  record.kind = static_cast<CommandKind>(row.Int(2));
  record.member_id = ReadMemberId(row, 3);
  record.principal = std::string(row.Text(4));
  record.recorded_at = row.Time(5);
  record.payload_hash = std::string(row.Blob(6));
  record.payload = std::string(row.Blob(7));
  record.reply = std::string(row.Blob(8));
  ASSIGN_OR_RETURN(record.inputs, InputsFromJson(row.Text(9)));
  return record;
}

// Those of purchases are found by the purchases: they have no place in the index.
constexpr char kCommands[] =
    "SELECT scope, request_id, kind, member_id, principal, recorded_at, payload_hash, payload,"
    " reply, inputs FROM command_log WHERE position IN (SELECT position FROM command_log"
    " INDEXED BY command_log_by_member WHERE member_id = ?1 AND kind <> 4"
    " UNION ALL SELECT position FROM purchase WHERE member_id = ?1) ORDER BY position";

absl::StatusOr<std::optional<domain::Member>> NextMember(
    Connection& connection, const std::optional<domain::MemberId>& after) {
  const std::array<char, 16> id = after.value_or(domain::MemberId()).ToBytes();
  ASSIGN_OR_RETURN(Statement next,
                   connection.Prepare("SELECT " DANGOL_MEMBER_COLUMNS
                                      " FROM member WHERE member_id > ? ORDER BY member_id"
                                      " LIMIT 1"));
  next.BindBlob(View(id));
  ASSIGN_OR_RETURN(const bool found, next.Step());
  if (!found) return std::nullopt;
  ASSIGN_OR_RETURN(domain::Member member, ReadMember(next));
  return member;
}

}  // namespace

absl::StatusOr<std::optional<MemberRecords>> ReadMemberRecords(
    Connection& connection, const std::optional<domain::MemberId>& after) {
  ASSIGN_OR_RETURN(std::optional<domain::Member> member, NextMember(connection, after));
  if (!member.has_value()) return std::nullopt;
  MemberRecords records;
  domain::MemberState& state = records.stored.state;
  state.member = *std::move(member);
  RecordReader reader(connection, state.member.id);
  RETURN_IF_ERROR(
      reader.Select(DANGOL_ACCOUNT_COLUMNS " FROM account", ReadAccount, state.accounts));
  RETURN_IF_ERROR(reader.Select(DANGOL_LOT_COLUMNS " FROM lot", ReadLot, state.lots));
  RETURN_IF_ERROR(reader.Select("kind, value FROM alias", ReadAlias, state.aliases));
  RETURN_IF_ERROR(
      reader.Select("period, rule_id, points FROM cap_usage", ReadCapUsage, state.cap_usage));
  RETURN_IF_ERROR(reader.Select(DANGOL_RESERVATION_COLUMNS " FROM reservation", ReadReservation,
                                state.reservations));
  RETURN_IF_ERROR(reader.Select(DANGOL_COUPON_COLUMNS " FROM coupon", ReadCoupon, state.coupons));
  RETURN_IF_ERROR(
      reader.Select(DANGOL_PURCHASE_COLUMNS " FROM purchase", ReadPurchase, state.purchases));
  RETURN_IF_ERROR(reader.Select(DANGOL_RETURN_COLUMNS " FROM purchase_return", ReadReturn,
                                records.stored.returns));
  RETURN_IF_ERROR(reader.SelectBy("SELECT " DANGOL_ENTRY_COLUMNS
                                  " FROM ledger_entry WHERE member_id = ? ORDER BY number",
                                  ReadEntry, records.stored.entries));
  RETURN_IF_ERROR(reader.SelectBy(kCommands, ReadCommand, records.commands));
  return records;
}

}  // namespace dangol::storage::sqlite
