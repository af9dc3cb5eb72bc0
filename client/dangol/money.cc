#include "dangol/money.h"

#include <limits>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "dangol/internal/iso_4217.h"

namespace dangol {
namespace {

constexpr int kMaxDecimalDigits = 18;

absl::Status NotADecimal(absl::string_view text) {
  return absl::InvalidArgumentError(absl::StrCat("\"", text, "\" is not a decimal number"));
}

absl::Status TooLarge() { return absl::OutOfRangeError("the amount is too large"); }

}  // namespace

int IsoMinorDigits(absl::string_view currency) { return Iso4217Digits(currency).value_or(2); }

std::string FormatMinor(int64_t minor, int minor_digits) {
  // Through uint64_t, because the least int64_t has no positive counterpart.
  const uint64_t magnitude = minor < 0 ? 0 - static_cast<uint64_t>(minor) : minor;
  const size_t fraction = minor_digits;
  std::string digits = absl::StrCat(magnitude);
  if (digits.size() <= fraction) {
    digits = absl::StrCat(std::string(fraction + 1 - digits.size(), '0'), digits);
  }
  const size_t whole = digits.size() - fraction;

  std::string text(minor < 0 ? "-" : "");
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i == whole) {
      text += '.';
    } else if (i > 0 && i < whole && (whole - i) % 3 == 0) {
      text += ',';
    }
    text += digits[i];
  }
  return text;
}

absl::StatusOr<Decimal> ParseDecimal(absl::string_view text) {
  Decimal decimal;
  int digit_count = 0;
  bool seen_point = false;
  for (const char character : text) {
    if (character == '.' && !seen_point) {
      seen_point = true;
      continue;
    }
    if (!absl::ascii_isdigit(character) || ++digit_count > kMaxDecimalDigits) {
      return NotADecimal(text);
    }
    decimal.digits = decimal.digits * 10 + (character - '0');
    if (seen_point) ++decimal.scale;
  }
  if (digit_count == 0) return NotADecimal(text);
  return decimal;
}

absl::StatusOr<int64_t> ParseMinor(absl::string_view text, int minor_digits) {
  absl::StatusOr<Decimal> decimal = ParseDecimal(text);
  if (!decimal.ok()) return decimal.status();
  while (decimal->scale > minor_digits && decimal->digits % 10 == 0) {
    decimal->digits /= 10;
    --decimal->scale;
  }
  if (decimal->scale > minor_digits) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", text, "\" has more than ", minor_digits, " decimals"));
  }
  return MultiplyToMinor(1, *decimal, minor_digits);
}

absl::StatusOr<int64_t> MultiplyToMinor(int64_t quantity, Decimal price, int minor_digits) {
  if (quantity < 0) return absl::InvalidArgumentError("the quantity must not be negative");
  absl::uint128 factor = 1;
  for (int i = 0; i < minor_digits; ++i) factor *= 10;
  absl::uint128 denominator = 1;
  for (int i = 0; i < price.scale; ++i) denominator *= 10;

  absl::uint128 numerator = absl::uint128(quantity) * absl::uint128(price.digits);
  // What does not fit here (a price has at most 18 decimals) does not fit into
  // 64 bits afterwards either. Half is left for the rounding.
  if (numerator > absl::Uint128Max() / 2 / factor) return TooLarge();
  numerator *= factor;
  const absl::uint128 minor = (numerator + denominator / 2) / denominator;
  if (minor > absl::uint128(std::numeric_limits<int64_t>::max())) {
    return TooLarge();
  }
  return static_cast<int64_t>(minor);
}

}  // namespace dangol
