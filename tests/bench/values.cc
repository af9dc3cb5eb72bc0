#include "tests/bench/values.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace dangol::bench {

int64_t IntegerOf(const Value& value) {
  const int64_t* integer = std::get_if<int64_t>(&value);
  return integer == nullptr ? 0 : *integer;
}

absl::string_view BytesOf(const Value& value) {
  if (const Text* text = std::get_if<Text>(&value)) return text->bytes;
  if (const Blob* blob = std::get_if<Blob>(&value)) return blob->bytes;
  return "";
}

std::string Literal(const Value& value) {
  if (const int64_t* integer = std::get_if<int64_t>(&value)) return absl::StrCat(*integer);
  if (const Blob* blob = std::get_if<Blob>(&value)) {
    return absl::StrCat("x'", absl::BytesToHexString(blob->bytes), "'");
  }
  const Text* text = std::get_if<Text>(&value);
  if (text == nullptr) return "NULL";
  return absl::StrCat("'", absl::StrReplaceAll(text->bytes, {{"'", "''"}}), "'");
}

}  // namespace dangol::bench
