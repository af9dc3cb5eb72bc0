#include "tests/bench/database.h"

#include "absl/strings/str_cat.h"
#include "server/common/status_macros.h"

namespace dangol::bench {

absl::StatusOr<int64_t> Database::Integer(const std::string& sql) {
  ASSIGN_OR_RETURN(const std::vector<Row> rows, Select(sql));
  if (rows.size() != 1) return absl::NotFoundError(absl::StrCat("not one row: ", sql));
  return IntegerOf(rows[0][0]);
}

}  // namespace dangol::bench
