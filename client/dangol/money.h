#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dangol {

// Amounts are 64-bit integers in minor units (cents, pence, won); no floating
// point is involved anywhere. All functions are thread safe.

// How many digits the minor unit of a currency has by ISO 4217: 0 for KRW, 2
// for GBP, 3 for KWD; 2 for what is not known. What a program declares comes
// first where the two differ.
int IsoMinorDigits(absl::string_view currency);

// Writes an amount in major units: (-123456, 2) is "-1,234.56".
std::string FormatMinor(int64_t minor, int minor_digits);

// A decimal number that is not negative, exactly: digits / 10^scale.
struct Decimal {
  int64_t digits = 0;
  int scale = 0;
};

// Reads "12", "12.5", ".5" or "0.125": at most 18 digits, neither sign nor
// exponent nor grouping. INVALID_ARGUMENT otherwise.
absl::StatusOr<Decimal> ParseDecimal(absl::string_view text);

// Reads an amount in major units, "4.50", into minor units. INVALID_ARGUMENT
// when it has more decimals than the currency; OUT_OF_RANGE past 64 bits.
absl::StatusOr<int64_t> ParseMinor(absl::string_view text, int minor_digits);

// quantity * price in minor units, rounded half up once at the end.
// `quantity` must not be negative. OUT_OF_RANGE past 64 bits.
absl::StatusOr<int64_t> MultiplyToMinor(int64_t quantity, Decimal price, int minor_digits);

}  // namespace dangol
