#include "server/storage/mysql/sql_text.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/storage/stored_time.h"

namespace dangol::storage::mysql {
namespace {

constexpr char kDigits[] = "0123456789abcdef";

// What stands after the backslash for a character that needs one; 0 for others.
char Escaped(char c) {
  switch (c) {
    case '\0':
      return '0';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\x1a':  // Ends the input of some clients that read a log of statements.
      return 'Z';
    case '\'':
    case '\\':
      return c;
    default:
      return 0;
  }
}

}  // namespace

SqlText& SqlText::Value(int64_t value) {
  absl::StrAppend(&text_, value);
  return *this;
}

SqlText& SqlText::Value(absl::string_view text) {
  text_.push_back('\'');
  for (const char c : text) {
    const char escaped = Escaped(c);
    if (escaped != 0) text_.push_back('\\');
    text_.push_back(escaped != 0 ? escaped : c);
  }
  text_.push_back('\'');
  return *this;
}

SqlText& SqlText::Value(Blob value) {
  const size_t begin = text_.size();
  text_.resize(begin + value.bytes.size() * 2 + 3);
  char* out = text_.data() + begin;
  *out++ = 'x';
  *out++ = '\'';
  for (const char c : value.bytes) {
    const auto byte = static_cast<unsigned char>(c);
    *out++ = kDigits[byte >> 4];
    *out++ = kDigits[byte & 15];
  }
  *out = '\'';
  return *this;
}

SqlText& SqlText::Value(absl::Time value) { return Value(ToStored(value)); }

SqlText& SqlText::Value(const domain::MemberId& value) {
  char literal[36] = "x'";
  char* out = literal + 2;
  for (const uint64_t half : {value.high, value.low}) {
    for (int shift = 60; shift >= 0; shift -= 4) *out++ = kDigits[(half >> shift) & 15];
  }
  *out++ = '\'';
  return Raw({literal, static_cast<size_t>(out - literal)});
}

}  // namespace dangol::storage::mysql
