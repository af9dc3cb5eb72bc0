#include "server/storage/columns.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace dangol::storage {
namespace {

template <typename Wanted>
std::string NamesIf(const Shape& shape, Wanted wanted) {
  std::vector<absl::string_view> names;
  for (const Shape::Column& column : shape.columns) {
    if (wanted(column.use)) names.push_back(column.name);
  }
  return absl::StrJoin(names, ", ");
}

}  // namespace

std::string ColumnNames(const Shape& shape) {
  return NamesIf(shape, [](Use) { return true; });
}

std::string SelectSql(const Shape& shape) {
  return absl::StrCat("SELECT ", ColumnNames(shape), " FROM ", shape.table);
}

std::string InsertHead(const Shape& shape, absl::string_view more) {
  return absl::StrCat("INSERT INTO ", shape.table, " (", more, more.empty() ? "" : ", ",
                      NamesIf(shape, IsInserted));
}

std::string KeyNames(const Shape& shape) {
  return NamesIf(shape, [](Use use) { return use == Use::kKey; });
}

bool HasAny(const Shape& shape, std::initializer_list<Use> uses) {
  return std::any_of(shape.columns.begin(), shape.columns.end(), [&](const Shape::Column& column) {
    return std::find(uses.begin(), uses.end(), column.use) != uses.end();
  });
}

}  // namespace dangol::storage
