#include "server/storage/sqlite/rows.h"

#include <algorithm>
#include <array>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace dangol::storage::sqlite {
namespace {

// What becomes of a column where its row is there; nothing where it stays.
std::string AssignmentOf(const Shape::Column& column, bool with_indexed) {
  switch (column.use) {
    case Use::kIndexed:
      if (!with_indexed) return "";
      [[fallthrough]];
    case Use::kChanging:
    case Use::kVersion:
      return absl::StrCat(column.name, " = excluded.", column.name);
    case Use::kKey:
    case Use::kFixed:
    case Use::kUnique:
    case Use::kRare:
      return "";
  }
  return "";
}

}  // namespace

std::string InsertSql(const Shape& shape, absl::string_view more) {
  std::string sql = InsertHead(shape, more);
  const auto columns = std::count(sql.begin(), sql.end(), ',') + 1;
  absl::StrAppend(&sql, ") VALUES (?");
  for (int i = 1; i < columns; ++i) absl::StrAppend(&sql, ", ?");
  return sql + ")";
}

std::string PutSql(const Shape& shape, bool with_indexed) {
  std::string sql = InsertSql(shape);
  // Nothing of the row that is there is wanted, and this is the fastest.
  if (!HasAny(shape, {Use::kFixed, Use::kUnique, Use::kIndexed, Use::kVersion})) {
    return absl::StrReplaceAll(sql, {{"INSERT INTO", "INSERT OR REPLACE INTO"}});
  }
  absl::StrAppend(&sql, " ON CONFLICT (", KeyNames(shape), ") DO UPDATE SET ");
  absl::string_view before;
  for (const Shape::Column& column : shape.columns) {
    const std::string assignment = AssignmentOf(column, with_indexed);
    if (!assignment.empty()) absl::StrAppend(&sql, std::exchange(before, ", "), assignment);
  }
  // A row that never changes must be new.
  if (before.empty()) return InsertSql(shape);
  for (const Shape::Column& column : shape.columns) {
    if (column.use != Use::kVersion) continue;
    absl::StrAppend(&sql, " WHERE ", column.name, " = excluded.", column.name, " - 1");
  }
  return sql;
}

std::string UpdateSql(const Shape& shape, Use use) {
  std::string sql = absl::StrCat("UPDATE ", shape.table, " SET ");
  absl::string_view before;
  for (const Use wanted : {use, Use::kKey}) {
    for (const Shape::Column& column : shape.columns) {
      if (column.use != wanted) continue;
      absl::StrAppend(&sql, before, column.name, " = ?");
      before = wanted == Use::kKey ? " AND " : ", ";
    }
    before = " WHERE ";
  }
  return sql;
}

std::string Literals(const std::vector<domain::MemberId>& members) {
  std::string literals;
  for (const domain::MemberId& member : members) {
    const std::array<char, 16> id = member.ToBytes();
    absl::StrAppend(&literals, literals.empty() ? "x'" : ", x'",
                    absl::BytesToHexString({id.data(), id.size()}), "'");
  }
  return literals;
}

absl::StatusOr<std::vector<domain::MemberId>> ReadIds(Statement& statement) {
  std::vector<domain::MemberId> ids;
  RETURN_IF_ERROR(ForEachRow(statement, [&](const Statement& row) {
    ids.push_back(row.Id(0));
    return absl::OkStatus();
  }));
  return ids;
}

}  // namespace dangol::storage::sqlite
