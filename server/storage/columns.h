#ifndef DANGOL_SERVER_STORAGE_COLUMNS_H_
#define DANGOL_SERVER_STORAGE_COLUMNS_H_

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/common/record.h"
#include "server/domain/member/member_id.h"
#include "server/storage/json.h"

// What every engine does with the columns of a table (tables.h): how the fields of a row
// become what a database can store and back, and the SQL that lists them.
namespace dangol::storage {

// What a column is for.
enum class Use : int8_t {
  kKey,       // Finds the row. In the order of the index that has the member's id first.
  kFixed,     // Is as it was when the row was new.
  kUnique,    // Is fixed, and a row that has what another row has is refused.
  kChanging,  // Is written with the row. The first of them is never NULL.
  kIndexed,   // Is changing; SQLite writes its index with it, changed or not.
  kVersion,   // One less than it is written, or the write is refused: others were faster.
  kRare,      // Has an update of its own, since hardly any write changes it.
};

// The columns of one kind of row are listed once, by
//   Table<Row>::Columns(row, visitor): visitor("name", row.field, Use::kKey) for each
// in order. Where the row does not know its member, the member's id comes first
// (Table<Row>::kIsOwned). A field may be
//   an integer, an enum, text, a time, a member's id, or an optional one of these;
//   whatever has ToJson and FromJson: NULL where that is empty;
//   an object with ToColumn and FromColumn, as those below.
template <typename Row>
struct Table;

// Calls `visitor` with every column, beginning with that of `owner` where the row is owned.
template <typename Row, typename Visitor>
void VisitColumns(Row& row, const domain::MemberId& owner, Visitor& visitor) {
  using Described = Table<std::remove_const_t<Row>>;
  if constexpr (Described::kIsOwned) visitor("member_id", owner, Use::kKey);
  Described::Columns(row, visitor);
}

// Bytes, as against text.
struct Bytes {
  absl::string_view view;
};

template <typename Text>
struct BytesColumn {
  Text& bytes;

  Bytes ToColumn() const { return {bytes}; }
  template <typename Source>
  absl::Status FromColumn(const Source& row, int column) const {
    bytes = std::string(row.Text(column));
    return absl::OkStatus();
  }
};
template <typename Field>
BytesColumn(Field&) -> BytesColumn<Field>;

// What a row keeps as a record (server/common/record.h).
struct RecordBytes {
  std::string bytes;
};

template <typename Row>
struct RecordColumn {
  Row& row;

  RecordBytes ToColumn() const { return {EncodeRecord(row)}; }
  template <typename Source>
  absl::Status FromColumn(const Source& source, int column) const {
    return DecodeRecord(source.Text(column), row);
  }
};
template <typename Row>
RecordColumn(Row&) -> RecordColumn<Row>;

// A member's id; NULL where it is nil.
template <typename Id>
struct IdOrNullColumn {
  Id& id;

  std::optional<domain::MemberId> ToColumn() const {
    return id.IsNil() ? std::nullopt : std::optional<domain::MemberId>(id);
  }
  template <typename Source>
  absl::Status FromColumn(const Source& row, int column) const {
    id = row.Id(column);
    return absl::OkStatus();
  }
};
template <typename Field>
IdOrNullColumn(Field&) -> IdOrNullColumn<Field>;

// What follows from the other columns, for those who read the database by hand.
struct DerivedColumn {
  int64_t value;

  int64_t ToColumn() const { return value; }
  template <typename Source>
  absl::Status FromColumn(const Source&, int) const {
    return absl::OkStatus();
  }
};

template <typename Field>
inline constexpr bool kIsTime =
    std::is_same_v<Field, absl::Time> || std::is_same_v<Field, std::optional<absl::Time>>;

template <typename Field>
inline constexpr bool kIsPlain =
    std::is_integral_v<Field> || std::is_enum_v<Field> || kIsTime<Field> ||
    std::is_same_v<Field, std::string> || std::is_same_v<Field, domain::MemberId>;

// What is stored of a field.
template <typename Field>
decltype(auto) ToColumn(const Field& field) {
  if constexpr (kIsPlain<Field>) {
    return (field);
  } else if constexpr (requires { ToJson(field); }) {
    std::optional<std::string> json = ToJson(field);
    if (json->empty()) json.reset();
    return json;
  } else {
    return field.ToColumn();
  }
}

// Calls visitor(name, value) with what is to be stored of every column for which wanted(use).
template <typename Row, typename Wanted, typename Visitor>
void VisitStored(const Row& row, const domain::MemberId& owner, const Wanted& wanted,
                 const Visitor& visitor) {
  const auto visit = [&](absl::string_view name, const auto& field, Use use = Use::kChanging) {
    if (!wanted(use)) return;
    if constexpr (std::is_same_v<decltype(field), const int64_t&>) {
      visitor(name, use == Use::kVersion ? field + 1 : field);
    } else {
      visitor(name, ToColumn(field));
    }
  };
  VisitColumns(row, owner, visit);
}

// What a new row has: hardly any write changes the rest.
inline bool IsInserted(Use use) { return use != Use::kRare; }

// The field of which this is stored. A `Source` is a row as an engine has it.
template <typename Source, typename Field>
absl::Status FromColumn(const Source& row, int column, Field& field) {
  if constexpr (std::is_integral_v<Field> || std::is_enum_v<Field>) {
    field = static_cast<Field>(row.Int(column));
  } else if constexpr (std::is_same_v<Field, absl::Time>) {
    field = row.Time(column);
  } else if constexpr (kIsTime<Field>) {
    field = row.OptionalTime(column);
  } else if constexpr (std::is_same_v<Field, std::string>) {
    field = std::string(row.Text(column));
  } else if constexpr (std::is_same_v<Field, domain::MemberId>) {
    field = row.Id(column);
  } else if constexpr (requires { FromJson(absl::string_view(), field); }) {
    if (!row.IsNull(column)) return FromJson(row.Text(column), field);
  } else {
    return field.FromColumn(row, column);
  }
  return absl::OkStatus();
}

// Reads columns one after the other, up to the first that cannot be read.
template <typename Source>
class ColumnReader {
 public:
  ColumnReader(const Source& row, int column) : row_(row), column_(column) {}

  template <typename Field>
  void operator()(absl::string_view, Field&& field, Use = Use::kChanging) {
    if (status_.ok()) status_ = FromColumn(row_, column_++, field);
  }
  const absl::Status& status() const { return status_; }

 private:
  const Source& row_;
  int column_;
  absl::Status status_;
};

// The row whose columns, as ColumnNames lists them, begin at this one.
template <typename Row, typename Source>
absl::StatusOr<Row> Read(const Source& source, int column = 0) {
  Row row;
  ColumnReader<Source> reader(source, Table<Row>::kIsOwned ? column + 1 : column);
  Table<Row>::Columns(row, reader);
  if (!reader.status().ok()) return reader.status();
  return row;
}

// A table without the types of its columns.
struct Shape {
  struct Column {
    absl::string_view name;
    Use use;
  };
  absl::string_view table;
  std::vector<Column> columns;
};

template <typename Row>
const Shape& ShapeOf() {
  static const Shape* const shape = [] {
    auto* const made = new Shape{Table<Row>::kName, {}};
    Row row{};
    const auto add = [made](absl::string_view name, const auto&, Use use = Use::kChanging) {
      made->columns.push_back({name, use});
    };
    VisitColumns(row, domain::MemberId(), add);
    return made;
  }();
  return *shape;
}

// "a, b, c"
std::string ColumnNames(const Shape& shape);
// "SELECT a, b, c FROM table"
std::string SelectSql(const Shape& shape);
// "INSERT INTO table (more, a, b" without those of Use::kRare. `more` comes first.
std::string InsertHead(const Shape& shape, absl::string_view more = "");
// "a, b": those that find the row.
std::string KeyNames(const Shape& shape);
// Whether any of them is for one of these uses.
bool HasAny(const Shape& shape, std::initializer_list<Use> uses);

template <typename Row>
const std::string& ColumnNames() {
  static const std::string* const names = new std::string(ColumnNames(ShapeOf<Row>()));
  return *names;
}

template <typename Row>
const std::string& SelectSql() {
  static const std::string* const select = new std::string(SelectSql(ShapeOf<Row>()));
  return *select;
}

// How many columns ColumnNames lists.
template <typename Row>
int Width() {
  return static_cast<int>(ShapeOf<Row>().columns.size());
}

}  // namespace dangol::storage

#endif  // DANGOL_SERVER_STORAGE_COLUMNS_H_
