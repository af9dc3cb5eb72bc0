#include "server/storage/mysql/records.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/common/status_macros.h"
#include "server/storage/gathering.h"
#include "server/storage/json.h"
#include "server/storage/mysql/rows.h"
#include "server/storage/mysql/sql_text.h"

namespace dangol::storage::mysql {
namespace {

// Adds "SELECT columns FROM table WHERE member_id = id", and what comes after.
void AddSelect(absl::string_view what, const domain::MemberId& id, absl::string_view order,
               RowHandler on_row, Script& script) {
  SqlText sql;
  sql.Raw("SELECT ").Raw(what).Raw(" WHERE member_id = ").Value(id).Raw(order);
  script.Add(sql.Take(), std::move(on_row));
}

// Puts rows that may be unreadable into `rows`.
template <typename Item>
RowHandler Into(std::vector<Item>& rows, absl::StatusOr<Item> (*read)(const Row&)) {
  return [&rows, read](const Row& row) -> absl::Status {
    ASSIGN_OR_RETURN(Item item, read(row));
    rows.push_back(std::move(item));
    return absl::OkStatus();
  };
}

template <typename Item>
RowHandler Into(std::vector<Item>& rows, Item (*read)(const Row&)) {
  return [&rows, read](const Row& row) {
    rows.push_back(read(row));
    return absl::OkStatus();
  };
}

domain::Alias ReadAlias(const Row& row) { return {row.Text(0), row.Text(1)}; }

domain::Account ReadAccountRow(const Row& row) { return ReadAccount(row, 0); }

absl::StatusOr<CommandRecord> ReadCommandRow(const Row& row) {
  CommandRecord record;
  record.key = {static_cast<RequestScope>(row.Int(0)), row.Text(1)};
  record.kind = static_cast<CommandKind>(row.Int(2));
  record.member_id = row.Id(3);
  record.principal = row.Text(4);
  record.recorded_at = row.Time(5);
  record.payload_hash = row.Text(6);
  record.payload = row.Text(7);
  record.reply = row.Text(8);
  if (!row.IsNull(9)) {
    ASSIGN_OR_RETURN(record.inputs, InputsFromJson(row.Text(9)));
  }
  return record;
}

// A member's commands are all in one partition.
constexpr char kCommands[] =
    "scope, request_id, kind, member_id, principal, recorded_at, payload_hash, payload, reply, "
    "inputs"
    " FROM command_log FORCE INDEX (command_log_by_member)";

// Nothing where there is no such member.
absl::StatusOr<std::optional<MemberRecords>> ReadMember(Connection& connection, SqlText which) {
  std::vector<domain::Member> members;
  RETURN_IF_ERROR(connection.Run(which.Take(), Into(members, mysql::ReadMember)));
  if (members.empty()) return std::nullopt;

  MemberRecords records;
  domain::MemberState& state = records.stored.state;
  state.member = std::move(members.front());
  const domain::MemberId& id = state.member.id;
  Script script;
  AddSelect(DANGOL_ACCOUNT_COLUMNS " FROM account", id, " ORDER BY wallet",
            Into(state.accounts, ReadAccountRow), script);
  AddSelect(DANGOL_LOT_COLUMNS " FROM lot", id, " ORDER BY lot", Into(state.lots, ReadLot), script);
  AddSelect("kind, value FROM alias FORCE INDEX (alias_by_member)", id, "",
            Into(state.aliases, ReadAlias), script);
  AddSelect(DANGOL_CAP_USAGE_COLUMNS " FROM cap_usage", id, "", Into(state.cap_usage, ReadCapUsage),
            script);
  AddSelect(DANGOL_RESERVATION_COLUMNS " FROM reservation FORCE INDEX (PRIMARY)", id, "",
            Into(state.reservations, ReadReservation), script);
  AddSelect(DANGOL_COUPON_COLUMNS " FROM coupon FORCE INDEX (PRIMARY)", id, "",
            Into(state.coupons, ReadCoupon), script);
  AddSelect(DANGOL_PURCHASE_COLUMNS " FROM purchase FORCE INDEX (purchase_by_member)", id, "",
            Into(state.purchases, ReadPurchase), script);
  AddSelect(DANGOL_RETURN_COLUMNS " FROM purchase_return FORCE INDEX (purchase_return_by_member)",
            id, "", Into(records.stored.returns, ReadReturn), script);
  AddSelect(DANGOL_ENTRY_COLUMNS " FROM ledger_entry", id, " ORDER BY number",
            Into(records.stored.entries, ReadEntry), script);
  AddSelect(kCommands, id, " ORDER BY position", Into(records.commands, ReadCommandRow), script);
  RETURN_IF_ERROR(connection.Run(script));
  return records;
}

}  // namespace

absl::StatusOr<std::vector<MemberRecords>> ReadMemberRecords(
    Connection& connection, const std::optional<domain::MemberId>& after) {
  SqlText next;
  next.Raw("SELECT " DANGOL_MEMBER_COLUMNS " FROM member FORCE INDEX (PRIMARY) WHERE member_id > ")
      .Value(after.value_or(domain::MemberId()))
      .Raw(" ORDER BY member_id LIMIT 1");
  ASSIGN_OR_RETURN(std::optional<MemberRecords> first, ReadMember(connection, std::move(next)));
  std::vector<MemberRecords> family;
  if (!first.has_value()) return family;
  family.push_back(*std::move(first));
  for (size_t i = 0; i < family.size(); ++i) {
    std::vector<domain::MemberId> others;
    for (const std::string& request : MergesOf(family[i])) {
      SqlText sql;
      sql.Raw(
             "SELECT member_id FROM command_log FORCE INDEX (command_log_by_request)"
             " WHERE request_id = ")
          .Value(request)
          .Raw(" AND kind BETWEEN ")
          .Value(CommandKind::kMerge)
          .Raw(" AND ")
          .Value(CommandKind::kRestore);
      RETURN_IF_ERROR(connection.Run(sql.Take(), [&](const Row& row) {
        others.push_back(row.Id(0));
        return absl::OkStatus();
      }));
    }
    for (const domain::MemberId& other : others) {
      if (Has(family, other)) continue;
      SqlText sql;
      sql.Raw("SELECT " DANGOL_MEMBER_COLUMNS " FROM member WHERE member_id = ").Value(other);
      ASSIGN_OR_RETURN(std::optional<MemberRecords> records,
                       ReadMember(connection, std::move(sql)));
      if (records.has_value()) family.push_back(*std::move(records));
    }
  }
  return family;
}

}  // namespace dangol::storage::mysql
