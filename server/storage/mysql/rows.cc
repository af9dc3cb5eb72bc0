#include "server/storage/mysql/rows.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace dangol::storage::mysql {
namespace {

// That the row which is there has the key of the one that is written.
std::string SameKeySql(const Shape& shape) {
  const std::vector<std::string> keys = absl::StrSplit(KeyNames(shape), ", ");
  return absl::StrJoin(keys, " AND ", [](std::string* out, const std::string& name) {
    absl::StrAppend(out, name, " = VALUES(", name, ")");
  });
}

}  // namespace

std::string InsertSql(const Shape& shape, absl::string_view more) {
  return InsertHead(shape, more) + ") VALUES ";
}

std::string OnDuplicateSql(const Shape& shape) {
  // It is another column that is the same where the key is not.
  std::string refused_unless = HasAny(shape, {Use::kUnique}) ? SameKeySql(shape) : "";
  std::vector<std::string> assignments;
  for (const auto& [name, use] : shape.columns) {
    const std::string written = absl::StrCat("VALUES(", name, ")");
    if (use == Use::kVersion) {
      assignments.push_back(
          absl::StrCat(name, " = IF(", name, " = ", written, " - 1, ", written, ", NULL)"));
    } else if (use == Use::kChanging || use == Use::kIndexed) {
      const std::string condition = std::exchange(refused_unless, "");
      assignments.push_back(
          condition.empty() ? absl::StrCat(name, " = ", written)
                            : absl::StrCat(name, " = IF(", condition, ", ", written, ", NULL)"));
    }
  }
  // A row that never changes must be new.
  if (assignments.empty()) return "";
  return absl::StrCat(" ON DUPLICATE KEY UPDATE ", absl::StrJoin(assignments, ", "));
}

RowHandler Into(std::vector<domain::MemberId>& ids) {
  return [&ids](const Row& row) {
    ids.push_back(row.Id(0));
    return absl::OkStatus();
  };
}

}  // namespace dangol::storage::mysql
