#ifndef DANGOL_SERVER_COMMON_RECORD_H_
#define DANGOL_SERVER_COMMON_RECORD_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

// Structs as bytes, in protobuf's wire format (protobuf.dev/programming-guides/encoding), so
// that `protoc --decode_raw` reads them, without a schema to compile. A struct lists its
// fields once:
//
//   static void Fields(auto& row, auto& v) { v(1, row.wallet); v(2, row.points); }
//
// A field is an integer, an enum or a bool (a varint), a time or a duration (in microseconds),
// text, an id of ToBytes and FromBytes, another such struct or a pair, a vector of integers
// (packed), a vector of anything else, or an optional one of these. What is 0 or empty takes no
// room, but for an optional that is there. A number, once used, keeps its meaning; who reads a
// record skips the numbers that they do not know.
namespace dangol {

template <typename Row>
std::string EncodeRecord(const Row& row);

// Adds to `row` what the bytes say. DATA_LOSS where they are no record.
template <typename Row>
absl::Status DecodeRecord(absl::string_view bytes, Row& row);

// Ascending numbers that lie close together: written as the steps between them.
template <typename Numbers>
struct Steps {
  Numbers& numbers;
};
template <typename Numbers>
Steps(Numbers&) -> Steps<Numbers>;

namespace record_internal {

enum WireType : uint32_t { kVarint = 0, kBytes = 2 };

void AppendVarint(uint64_t value, std::string& out);
// Takes a varint off the front; false where there is none.
bool TakeVarint(absl::string_view& bytes, uint64_t& value);
bool TakeBytes(absl::string_view& bytes, absl::string_view& value);
absl::Status Malformed();

inline void AppendTag(uint32_t number, WireType type, std::string& out) {
  AppendVarint(number << 3 | type, out);
}

inline void AppendBytes(uint32_t number, absl::string_view bytes, std::string& out) {
  AppendTag(number, kBytes, out);
  AppendVarint(bytes.size(), out);
  out.append(bytes.data(), bytes.size());
}

template <typename T>
inline constexpr bool kIsTime = std::is_same_v<T, absl::Time> || std::is_same_v<T, absl::Duration>;
template <typename T>
inline constexpr bool kIsNumber = std::is_integral_v<T> || std::is_enum_v<T> || kIsTime<T>;

// Infinities are the greatest and the least number.
template <typename T>
uint64_t ToVarint(const T& value) {
  if constexpr (std::is_same_v<T, absl::Time>) {
    return static_cast<uint64_t>(absl::ToUnixMicros(value));
  } else if constexpr (std::is_same_v<T, absl::Duration>) {
    return static_cast<uint64_t>(absl::ToInt64Microseconds(value));
  } else {
    return static_cast<uint64_t>(value);
  }
}

template <typename T>
T FromVarint(uint64_t varint) {
  if constexpr (kIsTime<T>) {
    const auto micros = static_cast<int64_t>(varint);
    absl::Duration since = absl::Microseconds(micros);
    if (micros == INT64_MAX) since = absl::InfiniteDuration();
    if (micros == INT64_MIN) since = -absl::InfiniteDuration();
    if constexpr (std::is_same_v<T, absl::Duration>)
      return since;
    else
      return absl::UnixEpoch() + since;
  } else {
    return static_cast<T>(varint);
  }
}

template <typename T>
struct IsOptional : std::false_type {};
template <typename T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <typename T>
struct IsPair : std::false_type {};
template <typename A, typename B>
struct IsPair<std::pair<A, B>> : std::true_type {};

// The fields of a struct, or of a pair.
template <typename Row, typename Visitor>
void VisitFields(Row& row, Visitor& visitor) {
  if constexpr (IsPair<std::remove_const_t<Row>>::value) {
    visitor(1, row.first);
    visitor(2, row.second);
  } else {
    std::remove_const_t<Row>::Fields(row, visitor);
  }
}

template <typename T>
struct ItemOf {
  using Type = void;
};
template <typename T>
struct ItemOf<std::vector<T>> {
  using Type = T;
};

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  template <typename Field>
  void operator()(uint32_t number, const Field& field) {
    using Item = typename ItemOf<Field>::Type;
    if constexpr (IsOptional<Field>::value) {
      if (field.has_value()) AppendOptional(number, *field);
    } else if constexpr (kIsNumber<Field>) {
      if (field != Field{}) AppendNumber(number, field);
    } else if constexpr (std::is_same_v<Field, std::string>) {
      if (!field.empty()) AppendBytes(number, field, out_);
    } else if constexpr (requires { field.ToBytes(); }) {
      const std::array<char, 16> bytes = field.ToBytes();
      if (!field.IsNil()) AppendBytes(number, {bytes.data(), bytes.size()}, out_);
    } else if constexpr (requires { field.numbers; }) {
      AppendSteps(number, field.numbers);
    } else if constexpr (kIsNumber<Item>) {
      std::string packed;
      for (const Item item : field) AppendVarint(ToVarint(item), packed);
      if (!packed.empty()) AppendBytes(number, packed, out_);
    } else if constexpr (std::is_same_v<Item, std::string>) {
      for (const std::string& item : field) AppendBytes(number, item, out_);
    } else if constexpr (std::is_void_v<Item>) {
      const std::string bytes = EncodeRecord(field);
      if (!bytes.empty()) AppendBytes(number, bytes, out_);
    } else {
      for (const Item& item : field) AppendBytes(number, EncodeRecord(item), out_);
    }
  }

 private:
  template <typename Number>
  void AppendNumber(uint32_t number, const Number& value) {
    AppendTag(number, kVarint, out_);
    AppendVarint(ToVarint(value), out_);
  }

  // Also where it is 0 or empty.
  template <typename Field>
  void AppendOptional(uint32_t number, const Field& field) {
    if constexpr (kIsNumber<Field>) {
      AppendNumber(number, field);
    } else if constexpr (std::is_same_v<Field, std::string>) {
      AppendBytes(number, field, out_);
    } else if constexpr (requires(Writer & writer) { Field::Fields(field, writer); }) {
      AppendBytes(number, EncodeRecord(field), out_);
    } else {
      operator()(number, field);
    }
  }

  template <typename Numbers>
  void AppendSteps(uint32_t number, const Numbers& numbers) {
    std::string packed;
    uint64_t last = 0;
    for (const auto item : numbers) {
      AppendVarint(static_cast<uint64_t>(item) - last, packed);
      last = static_cast<uint64_t>(item);
    }
    if (!packed.empty()) AppendBytes(number, packed, out_);
  }

  std::string& out_;
};

// Reads one field of the wire into the field of the struct that has its number.
class FieldReader {
 public:
  FieldReader(uint32_t number, WireType type, uint64_t varint, absl::string_view bytes)
      : number_(number), type_(type), varint_(varint), bytes_(bytes) {}

  template <typename Field>
  void operator()(uint32_t number, Field&& field) {
    if (number == number_ && status_.ok()) status_ = Read(field);
  }
  const absl::Status& status() const { return status_; }

 private:
  template <typename Field>
  absl::Status Read(Field& field) {
    using Item = typename ItemOf<Field>::Type;
    if constexpr (IsOptional<Field>::value) {
      return Read(field.emplace());
    } else if constexpr (kIsNumber<Field>) {
      if (type_ != kVarint) return Malformed();
      field = FromVarint<Field>(varint_);
    } else {
      if (type_ != kBytes) return Malformed();
      if constexpr (std::is_same_v<Field, std::string>) {
        field = std::string(bytes_);
      } else if constexpr (requires { field.ToBytes(); }) {
        const auto id = Field::FromBytes(bytes_);
        if (!id.has_value()) return Malformed();
        field = *id;
      } else if constexpr (requires { field.numbers; }) {
        return ReadNumbers(field.numbers, /*steps=*/true);
      } else if constexpr (kIsNumber<Item>) {
        return ReadNumbers(field, /*steps=*/false);
      } else if constexpr (std::is_same_v<Item, std::string>) {
        field.emplace_back(bytes_);
      } else if constexpr (std::is_void_v<Item>) {
        return DecodeRecord(bytes_, field);
      } else {
        return DecodeRecord(bytes_, field.emplace_back());
      }
    }
    return absl::OkStatus();
  }

  template <typename Numbers>
  absl::Status ReadNumbers(Numbers& numbers, bool steps) {
    uint64_t last = 0;
    while (!bytes_.empty()) {
      uint64_t value = 0;
      if (!TakeVarint(bytes_, value)) return Malformed();
      last = steps ? last + value : value;
      numbers.push_back(static_cast<typename Numbers::value_type>(last));
    }
    return absl::OkStatus();
  }

  const uint32_t number_;
  const WireType type_;
  const uint64_t varint_;
  absl::string_view bytes_;
  absl::Status status_;
};

}  // namespace record_internal

template <typename Row>
std::string EncodeRecord(const Row& row) {
  std::string out;
  record_internal::Writer writer(out);
  record_internal::VisitFields(row, writer);
  return out;
}

template <typename Row>
absl::Status DecodeRecord(absl::string_view bytes, Row& row) {
  using namespace record_internal;
  while (!bytes.empty()) {
    uint64_t tag = 0;
    if (!TakeVarint(bytes, tag)) return Malformed();
    const auto type = static_cast<WireType>(tag & 7);
    uint64_t varint = 0;
    absl::string_view value;
    const bool is_there = type == kVarint  ? TakeVarint(bytes, varint)
                          : type == kBytes ? TakeBytes(bytes, value)
                                           : false;
    if (!is_there) return Malformed();
    FieldReader reader(static_cast<uint32_t>(tag >> 3), type, varint, value);
    VisitFields(row, reader);
    if (!reader.status().ok()) return reader.status();
  }
  return absl::OkStatus();
}

}  // namespace dangol

#endif  // DANGOL_SERVER_COMMON_RECORD_H_
