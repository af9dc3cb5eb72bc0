#ifndef DANGOL_TESTS_BENCH_VALUES_H_
#define DANGOL_TESTS_BENCH_VALUES_H_

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"

namespace dangol::bench {

// A value in a row of any engine's database.
struct Text {
  std::string bytes;

  friend bool operator==(const Text&, const Text&) = default;
};
struct Blob {
  std::string bytes;

  friend bool operator==(const Blob&, const Blob&) = default;
};
using Value = std::variant<std::monostate, int64_t, Text, Blob>;  // The first is NULL.
using Row = std::vector<Value>;

// 0 where it is no integer.
int64_t IntegerOf(const Value& value);
// Empty where it is neither text nor blob.
absl::string_view BytesOf(const Value& value);

// As every engine's SQL writes it; text of printable characters only.
std::string Literal(const Value& value);

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_VALUES_H_
