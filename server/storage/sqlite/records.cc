#include "server/storage/sqlite/records.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/common/status_macros.h"
#include "server/storage/gathering.h"
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

// Those of purchases are found by the purchases, which one of `owners` has: they have no
// place in the index.
std::string CommandsOf(const std::vector<domain::MemberId>& owners) {
  std::string ids;
  for (const domain::MemberId& owner : owners) {
    const std::array<char, 16> id = owner.ToBytes();
    absl::StrAppend(&ids, ids.empty() ? "x'" : ", x'", absl::BytesToHexString(View(id)), "'");
  }
  return absl::StrCat(
      "SELECT scope, request_id, kind, member_id, principal, recorded_at, payload_hash, payload,"
      " reply, inputs FROM command_log WHERE member_id = ?1 AND position IN (SELECT position"
      " FROM command_log INDEXED BY command_log_by_member WHERE member_id = ?1 AND kind <> 4"
      " UNION ALL SELECT position FROM purchase WHERE member_id IN (",
      ids, ")) ORDER BY position");
}

// The member of a statement whose parameter is an id.
absl::StatusOr<std::optional<domain::Member>> FindMember(Connection& connection,
                                                         absl::string_view sql,
                                                         const domain::MemberId& parameter) {
  const std::array<char, 16> id = parameter.ToBytes();
  ASSIGN_OR_RETURN(Statement next, connection.Prepare(sql));
  next.BindBlob(View(id));
  ASSIGN_OR_RETURN(const bool found, next.Step());
  if (!found) return std::nullopt;
  ASSIGN_OR_RETURN(domain::Member member, ReadMember(next));
  return member;
}

absl::Status ReadCommands(Connection& connection, const std::vector<domain::MemberId>& owners,
                          MemberRecords& records) {
  RecordReader reader(connection, records.stored.state.member.id);
  records.commands.clear();
  return reader.SelectBy(CommandsOf(owners), ReadCommand, records.commands);
}

absl::StatusOr<MemberRecords> ReadAllOf(Connection& connection, domain::Member member) {
  MemberRecords records;
  domain::MemberState& state = records.stored.state;
  state.member = std::move(member);
  RecordReader reader(connection, state.member.id);
  RETURN_IF_ERROR(
      reader.Select(DANGOL_ACCOUNT_COLUMNS " FROM account", ReadAccount, state.accounts));
  RETURN_IF_ERROR(reader.Select(DANGOL_LOT_COLUMNS " FROM lot", ReadLot, state.lots));
  RETURN_IF_ERROR(reader.Select("kind, value FROM alias", ReadAlias, state.aliases));
  RETURN_IF_ERROR(
      reader.Select(DANGOL_CAP_USAGE_COLUMNS " FROM cap_usage", ReadCapUsage, state.cap_usage));
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
  RETURN_IF_ERROR(ReadCommands(connection, {state.member.id}, records));
  return records;
}

// Those who have a part in the same request.
absl::StatusOr<std::vector<domain::MemberId>> PartiesOf(Connection& connection,
                                                        const std::string& request) {
  ASSIGN_OR_RETURN(Statement parties,
                   connection.Prepare("SELECT member_id FROM command_log"
                                      " WHERE request_id = ? AND kind BETWEEN 19 AND 22"));
  parties.Bind(request);
  std::vector<domain::MemberId> members;
  while (true) {
    ASSIGN_OR_RETURN(const bool found, parties.Step());
    if (!found) return members;
    members.push_back(ReadMemberId(parties, 0));
  }
}

}  // namespace

absl::StatusOr<std::vector<MemberRecords>> ReadMemberRecords(
    Connection& connection, const std::optional<domain::MemberId>& after) {
  constexpr char kNext[] =
      "SELECT " DANGOL_MEMBER_COLUMNS " FROM member WHERE member_id > ? ORDER BY member_id LIMIT 1";
  constexpr char kThis[] = "SELECT " DANGOL_MEMBER_COLUMNS " FROM member WHERE member_id = ?";
  std::vector<MemberRecords> family;
  ASSIGN_OR_RETURN(std::optional<domain::Member> first,
                   FindMember(connection, kNext, after.value_or(domain::MemberId())));
  if (!first.has_value()) return family;
  ASSIGN_OR_RETURN(family.emplace_back(), ReadAllOf(connection, *std::move(first)));
  for (size_t i = 0; i < family.size(); ++i) {
    for (const std::string& request : MergesOf(family[i])) {
      ASSIGN_OR_RETURN(const std::vector<domain::MemberId> parties, PartiesOf(connection, request));
      for (const domain::MemberId& party : parties) {
        if (Has(family, party)) continue;
        ASSIGN_OR_RETURN(std::optional<domain::Member> member,
                         FindMember(connection, kThis, party));
        if (!member.has_value()) continue;
        ASSIGN_OR_RETURN(family.emplace_back(), ReadAllOf(connection, *std::move(member)));
      }
    }
  }
  if (family.size() == 1) return family;
  // What one of them bought another may have.
  std::vector<domain::MemberId> owners;
  owners.reserve(family.size());
  for (const MemberRecords& records : family) owners.push_back(records.stored.state.member.id);
  for (MemberRecords& records : family) {
    RETURN_IF_ERROR(ReadCommands(connection, owners, records));
  }
  return family;
}

}  // namespace dangol::storage::sqlite
