#include "tests/bench/store_check.h"

#include <cmath>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/common/status_macros.h"
#include "tests/bench/sqlite_database.h"

namespace dangol::bench {
namespace {

constexpr double kRowsTolerance = 0.02;
constexpr double kBytesTolerance = 0.05;
// Tables so small that a percentage means nothing.
constexpr double kSmall = 4096;

absl::Status CheckAlike(const std::map<std::string, int64_t>& real,
                        const std::map<std::string, int64_t>& raw, double tolerance,
                        double forgiven, absl::string_view unit) {
  for (const auto& [name, count] : real) {
    const auto found = raw.find(name);
    const int64_t other = found == raw.end() ? 0 : found->second;
    const double difference = std::abs(static_cast<double>(count - other));
    if (difference <= forgiven || difference <= tolerance * static_cast<double>(count)) continue;
    return absl::DataLossError(absl::StrCat("the raw loop is no fair comparison: in ", name,
                                            " dangold wrote ", count, " ", unit, " and it wrote ",
                                            other));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<StoreContents> ReadContents(const std::string& store) {
  ASSIGN_OR_RETURN(SqliteDatabase database, SqliteDatabase::OpenReadOnly(store));
  StoreContents contents;
  ASSIGN_OR_RETURN(SqliteStatement tables,
                   database.Prepare("SELECT name FROM sqlite_schema WHERE type = 'table'"));
  ASSIGN_OR_RETURN(const std::vector<SqliteRow> names, tables.Rows());
  for (const SqliteRow& row : names) {
    const std::string name(BytesOf(row[0]));
    ASSIGN_OR_RETURN(contents.rows[name],
                     database.Integer(absl::StrCat("SELECT count(*) FROM ", name)));
  }
  ASSIGN_OR_RETURN(SqliteStatement sizes,
                   database.Prepare("SELECT name, sum(payload) FROM dbstat GROUP BY name"));
  ASSIGN_OR_RETURN(const std::vector<SqliteRow> rows, sizes.Rows());
  for (const SqliteRow& row : rows) {
    contents.bytes[std::string(BytesOf(row[0]))] = IntegerOf(row[1]);
  }
  return contents;
}

absl::Status CheckAlike(const StoreContents& dangold, const StoreContents& raw_loop) {
  RETURN_IF_ERROR(CheckAlike(dangold.rows, raw_loop.rows, kRowsTolerance, 0, "rows"));
  return CheckAlike(dangold.bytes, raw_loop.bytes, kBytesTolerance, kSmall, "bytes");
}

absl::Status CheckPurchases(const std::string& store, uint64_t acknowledged) {
  ASSIGN_OR_RETURN(SqliteDatabase database, SqliteDatabase::OpenReadOnly(store));
  ASSIGN_OR_RETURN(const int64_t stored, database.Integer("SELECT count(*) FROM purchase"));
  if (stored == static_cast<int64_t>(acknowledged)) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat(acknowledged, " purchases were acknowledged, ", stored, " are stored"));
}

}  // namespace dangol::bench
