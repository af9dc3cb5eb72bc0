#include "server/storage/mysql/records.h"

#include <string>
#include <utility>
#include <vector>

#include "server/common/status_macros.h"
#include "server/storage/gathering.h"
#include "server/storage/mysql/rows.h"
#include "server/storage/mysql/sql_text.h"

namespace dangol::storage::mysql {
namespace {

// Nothing where there is no such member.
absl::StatusOr<std::optional<MemberRecords>> FindRecords(Connection& connection, SqlText which) {
  std::vector<domain::Member> members;
  RETURN_IF_ERROR(connection.Run(which.Take(), Into(members)));
  if (members.empty()) return std::nullopt;

  MemberRecords records;
  records.stored.state.member = std::move(members.front());
  const domain::MemberId& id = records.stored.state.member.id;
  Script script;
  RETURN_IF_ERROR(ForEachKind([&]<typename Stored>() {
    if constexpr (IsStored<Stored>) {
      SqlText sql = SelectOf<Stored>(id);
      sql.Raw(" ORDER BY ").Raw(KeyNames(ShapeOf<Stored>()));
      script.Add(sql.Take(), Into(Table<Stored>::Stored(records)));
    }
    return absl::OkStatus();
  }));
  // A member's commands are all in one partition.
  SqlText commands = SelectBy<CommandRecord>("command_log_by_member");
  commands.Raw("member_id = ").Value(id).Raw(" ORDER BY position");
  script.Add(commands.Take(), Into(records.commands));
  RETURN_IF_ERROR(connection.Run(script));
  return records;
}

absl::StatusOr<std::vector<domain::MemberId>> PartiesOf(Connection& connection,
                                                        const std::string& request) {
  SqlText sql;
  sql.Raw(
         "SELECT member_id FROM command_log FORCE INDEX (command_log_by_request)"
         " WHERE request_id = ")
      .Value(request)
      .Raw(" AND kind BETWEEN ")
      .Value(domain::kKindOf<domain::MergeMembers>)
      .Raw(" AND ")
      .Value(domain::kKindOf<domain::RestoreMember>);
  std::vector<domain::MemberId> parties;
  RETURN_IF_ERROR(connection.Run(sql.Take(), Into(parties)));
  return parties;
}

}  // namespace

absl::StatusOr<FamilyRecords> ReadMemberRecords(Connection& connection,
                                                const std::optional<domain::MemberId>& after) {
  SqlText next = SelectBy<domain::Member>("PRIMARY");
  next.Raw("member_id > ")
      .Value(after.value_or(domain::MemberId()))
      .Raw(" ORDER BY member_id LIMIT 1");
  ASSIGN_OR_RETURN(std::optional<MemberRecords> first, FindRecords(connection, std::move(next)));
  return ReadFamily(
      std::move(first),
      [&](const domain::MemberId& id) {
        return FindRecords(connection, SelectOf<domain::Member>(id));
      },
      [&](const std::string& request) { return PartiesOf(connection, request); },
      [](std::vector<MemberRecords>&) { return absl::OkStatus(); });
}

}  // namespace dangol::storage::mysql
