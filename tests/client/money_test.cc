#include "dangol/money.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

namespace dangol {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

TEST(Money, KnowsTheDigitsOfCurrencies) {
  EXPECT_EQ(IsoMinorDigits("GBP"), 2);
  EXPECT_EQ(IsoMinorDigits("KRW"), 0);
  EXPECT_EQ(IsoMinorDigits("JPY"), 0);
  EXPECT_EQ(IsoMinorDigits("KWD"), 3);
  EXPECT_EQ(IsoMinorDigits("CLF"), 4);
  EXPECT_EQ(IsoMinorDigits("???"), 2);
}

TEST(Money, Formats) {
  struct Case {
    int64_t minor;
    int digits;
    std::string text;
  };
  for (const Case& given :
       {Case{0, 2, "0.00"}, Case{5, 2, "0.05"}, Case{-5, 2, "-0.05"}, Case{123, 2, "1.23"},
        Case{-123456, 2, "-1,234.56"}, Case{891140790, 2, "8,911,407.90"}, Case{999, 0, "999"},
        Case{1000, 0, "1,000"}, Case{1234567, 3, "1,234.567"},
        Case{kMax, 0, "9,223,372,036,854,775,807"},
        Case{-kMax - 1, 4, "-922,337,203,685,477.5808"}}) {
    EXPECT_EQ(FormatMinor(given.minor, given.digits), given.text);
  }
}

TEST(Money, ParsesDecimalsExactly) {
  struct Case {
    std::string text;
    int64_t digits;
    int scale;
  };
  for (const Case& given :
       {Case{"0", 0, 0}, Case{"2.55", 255, 2}, Case{"12", 12, 0}, Case{".5", 5, 1},
        Case{"5.", 5, 0}, Case{"0.001", 1, 3}, Case{"007.10", 710, 2},
        Case{"999999999999999999", 999999999999999999, 0}}) {
    const auto decimal = ParseDecimal(given.text);
    ASSERT_TRUE(decimal.ok()) << given.text;
    EXPECT_EQ(decimal->digits, given.digits) << given.text;
    EXPECT_EQ(decimal->scale, given.scale) << given.text;
  }
}

TEST(Money, RefusesWhatIsNoDecimal) {
  for (const std::string text :
       {"", ".", "-1", "+1", "1,5", "1e3", " 1", "1 ", "1.2.3", "abc", "0x10", "NaN",
        "1234567890123456789", "0.1234567890123456789", "１"}) {
    EXPECT_EQ(ParseDecimal(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(Money, ParsesAmounts) {
  EXPECT_EQ(*ParseMinor("4.50", 2), 450);
  EXPECT_EQ(*ParseMinor("4.5", 2), 450);
  EXPECT_EQ(*ParseMinor("4.500", 2), 450);
  EXPECT_EQ(*ParseMinor("9000", 0), 9000);
  EXPECT_EQ(*ParseMinor("0.125", 3), 125);
  EXPECT_EQ(ParseMinor("4.505", 2).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ParseMinor("9000.5", 0).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ParseMinor("999999999999999999", 2).status().code(), absl::StatusCode::kOutOfRange);
}

TEST(Money, MultipliesAndRoundsHalfUpOnce) {
  struct Case {
    int64_t quantity;
    std::string price;
    int digits;
    std::optional<int64_t> minor;
  };
  for (const Case& given : {
           Case{6, "2.55", 2, 1530},
           // In binary 1.005 is a little less than it says.
           Case{1, "1.005", 2, 101},
           Case{1, "1.00499999", 2, 100},
           Case{3, "0.1", 2, 30},
           // Rounded once, not piece by piece.
           Case{3, "0.335", 2, 101},
           Case{2, "0.005", 2, 1},
           Case{1, "0.004", 2, 0},
           Case{1, "0.5", 0, 1},
           Case{1, "0.49", 0, 0},
           Case{1, "0.0005", 3, 1},
           Case{80995, "1.04", 2, 8423480},
           Case{7, "0", 2, 0},
           Case{0, "9.99", 2, 0},
           Case{kMax, "1", 0, kMax},
           Case{kMax, "1.0", 0, kMax},
           Case{kMax, "1.1", 0, std::nullopt},
           Case{kMax, "0.01", 2, kMax},
           Case{kMax, "999999999999999999", 4, std::nullopt},
           Case{kMax, "0.00000000000000001", 0, 92},
       }) {
    const auto minor = MultiplyToMinor(given.quantity, *ParseDecimal(given.price), given.digits);
    EXPECT_EQ(minor.ok() ? std::optional(*minor) : std::nullopt, given.minor)
        << given.quantity << " * " << given.price;
    EXPECT_EQ(minor.status().code(),
              given.minor.has_value() ? absl::StatusCode::kOk : absl::StatusCode::kOutOfRange);
  }
  EXPECT_EQ(MultiplyToMinor(-1, Decimal{1, 0}, 2).status().code(),
            absl::StatusCode::kInvalidArgument);
}

// Every amount that Money writes it reads back.
TEST(Money, FormatAndParseAgree) {
  for (int digits = 0; digits <= 4; ++digits) {
    for (int64_t minor = 0; minor < 1'000'000'000'000; minor = minor * 3 + 7) {
      std::string text = FormatMinor(minor, digits);
      std::erase(text, ',');
      EXPECT_EQ(*ParseMinor(text, digits), minor) << text;
    }
  }
}

}  // namespace
}  // namespace dangol
