#include "server/storage/sqlite/records.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/common/status_macros.h"
#include "server/storage/gathering.h"
#include "server/storage/sqlite/rows.h"

namespace dangol::storage::sqlite {
namespace {

// Those of purchases are found by the purchases, which one of `owners` has: they have no
// place in the index.
absl::Status ReadCommands(Connection& connection, const std::vector<domain::MemberId>& owners,
                          MemberRecords& records) {
  ASSIGN_OR_RETURN(
      Statement commands,
      connection.Prepare(absl::StrCat(
          SelectSql<CommandRecord>(),
          " WHERE member_id = ?1 AND position IN (SELECT position"
          " FROM command_log INDEXED BY command_log_by_member WHERE member_id = ?1 AND kind <> 4"
          " UNION ALL SELECT position FROM purchase WHERE member_id IN (",
          Literals(owners), ")) ORDER BY position")));
  commands.Bind(records.stored.state.member.id);
  records.commands.clear();
  return ReadInto(commands, records.commands);
}

// The records of the member that a statement with this parameter finds.
absl::StatusOr<std::optional<MemberRecords>> FindRecords(Connection& connection,
                                                         absl::string_view which,
                                                         const domain::MemberId& parameter) {
  ASSIGN_OR_RETURN(Statement find,
                   connection.Prepare(absl::StrCat(SelectSql<domain::Member>(), which)));
  find.Bind(parameter);
  ASSIGN_OR_RETURN(std::optional<domain::Member> member, ReadOne<domain::Member>(find));
  if (!member.has_value()) return std::nullopt;

  MemberRecords records;
  records.stored.state.member = *std::move(member);
  const domain::MemberId& id = records.stored.state.member.id;
  RETURN_IF_ERROR(ForEachKind([&]<typename Row>() -> absl::Status {
    if constexpr (IsStored<Row>) {
      ASSIGN_OR_RETURN(Statement rows, connection.Prepare(absl::StrCat(
                                           SelectSql<Row>(), " WHERE member_id = ? ORDER BY ",
                                           KeyNames(ShapeOf<Row>()))));
      rows.Bind(id);
      return ReadInto(rows, Table<Row>::Stored(records));
    }
    return absl::OkStatus();
  }));
  RETURN_IF_ERROR(ReadCommands(connection, {id}, records));
  return records;
}

}  // namespace

absl::StatusOr<FamilyRecords> ReadMemberRecords(Connection& connection,
                                                const std::optional<domain::MemberId>& after) {
  ASSIGN_OR_RETURN(std::optional<MemberRecords> first,
                   FindRecords(connection, " WHERE member_id > ? ORDER BY member_id LIMIT 1",
                               after.value_or(domain::MemberId())));
  const auto read = [&](const domain::MemberId& id) {
    return FindRecords(connection, " WHERE member_id = ?", id);
  };
  const auto parties_of =
      [&](const std::string& request) -> absl::StatusOr<std::vector<domain::MemberId>> {
    static const std::string* const sql = new std::string(
        absl::StrCat("SELECT member_id FROM command_log WHERE request_id = ? AND kind BETWEEN ",
                     static_cast<int>(domain::kKindOf<domain::MergeMembers>), " AND ",
                     static_cast<int>(domain::kKindOf<domain::RestoreMember>)));
    ASSIGN_OR_RETURN(Statement parties, connection.Prepare(*sql));
    parties.Bind(request);
    return ReadIds(parties);
  };
  // What one of them bought another may have.
  const auto complete = [&](std::vector<MemberRecords>& family) -> absl::Status {
    std::vector<domain::MemberId> owners;
    owners.reserve(family.size());
    for (const MemberRecords& records : family) owners.push_back(records.stored.state.member.id);
    for (MemberRecords& records : family) {
      RETURN_IF_ERROR(ReadCommands(connection, owners, records));
    }
    return absl::OkStatus();
  };
  return ReadFamily(std::move(first), read, parties_of, complete);
}

}  // namespace dangol::storage::sqlite
