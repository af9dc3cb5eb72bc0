#ifndef DANGOL_SERVER_STORAGE_MYSQL_SQL_TEXT_H_
#define DANGOL_SERVER_STORAGE_MYSQL_SQL_TEXT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/member/member_id.h"

namespace dangol::storage::mysql {

// Appends SQL to a string, with values as literals. A batch goes to the database
// as a few statements of many rows, which no prepared statement of a fixed shape
// could hold. Text is escaped for the sql_mode that every session sets
// (connection.cc). Bytes and ids are written in hexadecimal, which MariaDB reads in
// two thirds of the time that it takes for escaped bytes. A literal never has a
// line break in it, so ";\n" is always the end of a statement.
class SqlText {
 public:
  // Bytes, as against text.
  struct Blob {
    absl::string_view bytes;
  };

  SqlText& Raw(absl::string_view sql) {
    text_.append(sql.data(), sql.size());
    return *this;
  }
  SqlText& Value(int64_t value);
  SqlText& Value(absl::string_view text);
  SqlText& Value(const std::string& text) { return Value(absl::string_view(text)); }
  SqlText& Value(Blob value);
  SqlText& Value(absl::Time value);
  SqlText& Value(const domain::MemberId& value);
  template <typename T>
  SqlText& Value(const std::optional<T>& value) {
    return value.has_value() ? Value(*value) : Raw("NULL");
  }
  template <typename Enum, typename = std::enable_if_t<std::is_enum_v<Enum>>>
  SqlText& Value(Enum value) {
    return Value(static_cast<int64_t>(value));
  }

  // A row of a VALUES list: (value,value,...).
  template <typename... Values>
  SqlText& Row(const Values&... values) {
    char before = '(';
    ((text_.push_back(before), before = ',', Value(values)), ...);
    return Raw(")");
  }

  // (value,value,...) of a range, as IN wants it.
  template <typename Range>
  SqlText& List(const Range& values) {
    char before = '(';
    for (const auto& value : values) {
      text_.push_back(before);
      before = ',';
      Value(value);
    }
    return Raw(")");
  }

  bool empty() const { return text_.empty(); }
  size_t size() const { return text_.size(); }
  const std::string& str() const { return text_; }
  std::string Take() { return std::exchange(text_, {}); }

 private:
  std::string text_;
};

}  // namespace dangol::storage::mysql

#endif  // DANGOL_SERVER_STORAGE_MYSQL_SQL_TEXT_H_
