#ifndef DANGOL_SERVER_STORAGE_SQLITE_ROWS_H_
#define DANGOL_SERVER_STORAGE_SQLITE_ROWS_H_

#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/common/status_macros.h"
#include "server/storage/sqlite/connection.h"
#include "server/storage/tables.h"

// The rows of every table (tables.h), read from statements and bound to them.
namespace dangol::storage::sqlite {

// Inserts a row: `more` columns, and those of the table but for Use::kRare.
std::string InsertSql(const Shape& shape, absl::string_view more = "");

// The same where there is no row with this key; where there is one, writes it. Without
// `with_indexed`, columns of Use::kIndexed stay as they are.
std::string PutSql(const Shape& shape, bool with_indexed = true);

// Writes the columns for this use in a row that is there.
std::string UpdateSql(const Shape& shape, Use use);

template <typename Row, typename Wanted>
Statement& BindColumns(const Row& row, const domain::MemberId& owner, const Wanted& wanted,
                       Statement& statement) {
  VisitStored(row, owner, wanted, [&]<typename Value>(absl::string_view, Value&& value) {
    using Plain = std::remove_cvref_t<Value>;
    if constexpr (std::is_same_v<Plain, Bytes>) {
      statement.BindBlob(value.view);
    } else if constexpr (std::is_same_v<Plain, RecordBytes>) {
      statement.BindOwnedBlob(std::move(value.bytes));
    } else if constexpr (std::is_same_v<Plain, std::optional<std::string>>) {
      if (value.has_value()) {
        statement.BindOwned(*std::forward<Value>(value));
      } else {
        statement.BindNull();
      }
    } else {
      statement.Bind(value);
    }
  });
  return statement;
}

// Hands every row of a bound statement to on_row(statement), which may fail: that ends it.
template <typename OnRow>
absl::Status ForEachRow(Statement& statement, const OnRow& on_row) {
  while (true) {
    ASSIGN_OR_RETURN(const bool found, statement.Step());
    if (!found) return absl::OkStatus();
    if (absl::Status status = on_row(statement); !status.ok()) {
      statement.Reset();
      return status;
    }
  }
}

// Hands every row, as what it is, to `add`.
template <typename Row, typename Add>
absl::Status ReadAll(Statement& statement, const Add& add) {
  return ForEachRow(statement, [&](const Statement& source) -> absl::Status {
    ASSIGN_OR_RETURN(Row row, Read<Row>(source));
    add(std::move(row));
    return absl::OkStatus();
  });
}

template <typename Row>
absl::Status ReadInto(Statement& statement, std::vector<Row>& rows) {
  return ReadAll<Row>(statement, [&](Row row) { rows.push_back(std::move(row)); });
}

template <typename Row>
absl::StatusOr<std::vector<Row>> ReadList(Statement& statement) {
  std::vector<Row> rows;
  RETURN_IF_ERROR(ReadInto(statement, rows));
  return rows;
}

// The only row.
template <typename Row>
absl::StatusOr<std::optional<Row>> ReadOne(Statement& statement) {
  std::optional<Row> row;
  RETURN_IF_ERROR(ReadAll<Row>(statement, [&](Row read) { row = std::move(read); }));
  return row;
}

// Members as literals, for where an IN is followed by how many there are.
std::string Literals(const std::vector<domain::MemberId>& members);

// The ids in the first column.
absl::StatusOr<std::vector<domain::MemberId>> ReadIds(Statement& statement);

// Binds a row to the parameters that come next: those of a statement by InsertSql or PutSql.
template <typename Row>
Statement& BindRow(const Row& row, const domain::MemberId& owner, Statement& statement) {
  return BindColumns(row, owner, IsInserted, statement);
}

// Binds a row to the parameters of a statement by UpdateSql.
template <typename Row>
Statement& BindUpdate(const Row& row, const domain::MemberId& owner, Use use,
                      Statement& statement) {
  BindColumns(
      row, owner, [use](Use other) { return other == use; }, statement);
  return BindColumns(
      row, owner, [](Use other) { return other == Use::kKey; }, statement);
}

}  // namespace dangol::storage::sqlite

#endif  // DANGOL_SERVER_STORAGE_SQLITE_ROWS_H_
