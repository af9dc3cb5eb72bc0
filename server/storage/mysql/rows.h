#ifndef DANGOL_SERVER_STORAGE_MYSQL_ROWS_H_
#define DANGOL_SERVER_STORAGE_MYSQL_ROWS_H_

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/common/status_macros.h"
#include "server/storage/mysql/connection.h"
#include "server/storage/mysql/sql_text.h"
#include "server/storage/tables.h"

// The rows of every table (tables.h), read from results and written as SQL.
namespace dangol::storage::mysql {

// The number of the latest rules, 0 where there are none.
inline constexpr absl::string_view kLatestRules = "SELECT COALESCE(MAX(number), 0) FROM rules";

// "INSERT INTO table (more, a, b) VALUES "
std::string InsertSql(const Shape& shape, absl::string_view more = "");

// What comes after the rows where they may be there already, and then are as these say. A
// column of Use::kVersion or kUnique that has another value than it should makes one NULL
// that cannot be NULL: error 1048, a conflict.
std::string OnDuplicateSql(const Shape& shape);

// "SELECT a, b FROM table FORCE INDEX (index) WHERE "
template <typename Row>
SqlText SelectBy(absl::string_view index) {
  SqlText sql;
  sql.Raw(SelectSql<Row>()).Raw(" FORCE INDEX (").Raw(index).Raw(") WHERE ");
  return sql;
}

// "SELECT a, b FROM table FORCE INDEX (...) WHERE member_id = owner"
template <typename Row>
SqlText SelectOf(const domain::MemberId& owner) {
  SqlText sql = SelectBy<Row>(Table<Row>::kMemberIndex);
  sql.Raw("member_id = ").Value(owner);
  return sql;
}

// Reads rows and hands them to `add`.
template <typename Stored, typename Add>
RowHandler ReadAll(Add add) {
  return [add](const Row& row) -> absl::Status {
    ASSIGN_OR_RETURN(Stored stored, Read<Stored>(row));
    add(std::move(stored));
    return absl::OkStatus();
  };
}

template <typename Stored>
RowHandler Into(std::vector<Stored>& rows) {
  return ReadAll<Stored>([&rows](Stored row) { rows.push_back(std::move(row)); });
}

// The ids in the first column.
RowHandler Into(std::vector<domain::MemberId>& ids);

template <typename Value>
void AppendValue(const Value& value, SqlText& sql) {
  if constexpr (std::is_same_v<Value, Bytes>) {
    sql.Value(SqlText::Blob{value.view});
  } else if constexpr (std::is_same_v<Value, RecordBytes>) {
    sql.Value(SqlText::Blob{value.bytes});
  } else {
    sql.Value(value);
  }
}

// "(more,a,b)" for a statement by InsertSql.
template <typename Stored, typename... More>
void AppendRow(const Stored& row, const domain::MemberId& owner, SqlText& sql,
               const More&... more) {
  absl::string_view before = "(";
  ((sql.Raw(std::exchange(before, ",")).Value(more)), ...);
  VisitStored(row, owner, IsInserted, [&](absl::string_view, const auto& value) {
    AppendValue(value, sql.Raw(std::exchange(before, ",")));
  });
  sql.Raw(")");
}

// Writes the columns for this use in a row that is there.
template <typename Stored>
SqlText UpdateSql(const Stored& row, const domain::MemberId& owner, Use use) {
  SqlText sql;
  sql.Raw("UPDATE ").Raw(Table<Stored>::kName).Raw(" FORCE INDEX (");
  sql.Raw(Table<Stored>::kMemberIndex);
  absl::string_view before = ") SET ";
  absl::string_view between = ", ";
  for (const Use wanted : {use, Use::kKey}) {
    VisitStored(
        row, owner, [wanted](Use other) { return other == wanted; },
        [&](absl::string_view name, const auto& value) {
          sql.Raw(std::exchange(before, between)).Raw(name).Raw(" = ");
          AppendValue(value, sql);
        });
    before = " WHERE ";
    between = " AND ";
  }
  return sql;
}

}  // namespace dangol::storage::mysql

#endif  // DANGOL_SERVER_STORAGE_MYSQL_ROWS_H_
