#include "cli/import/fields.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "cli/import/csv_purchases.h"

namespace dangol::cli {
namespace {

absl::TimeZone Zone(const std::string& name) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(name, &zone)) << name;
  return zone;
}

std::string Utc(const std::optional<absl::Time>& time) {
  if (!time.has_value()) return "none";
  return absl::FormatTime("%Y-%m-%d %H:%M:%S", *time, absl::UTCTimeZone());
}

TEST(Fields, ReadsCivilTimeInLondon) {
  struct Case {
    std::string text;
    std::string utc;
  };
  for (const Case& given : {
           Case{"2010-12-01 08:26:00", "2010-12-01 08:26:00"},
           Case{"2011-07-01 08:26:00", "2011-07-01 07:26:00"},
           Case{"2011-07-01T08:26:00", "2011-07-01 07:26:00"},
           Case{"2011-07-01 08:26", "2011-07-01 07:26:00"},
           // The clocks go forward on 27 March 2011: 01:00 to 02:00 is missing.
           Case{"2011-03-27 00:59:59", "2011-03-27 00:59:59"},
           Case{"2011-03-27 01:30:00", "2011-03-27 01:30:00"},
           Case{"2011-03-27 02:00:00", "2011-03-27 01:00:00"},
           // And back on 30 October: 01:00 to 02:00 is there twice.
           Case{"2011-10-30 00:59:59", "2011-10-29 23:59:59"},
           Case{"2011-10-30 01:30:00", "2011-10-30 00:30:00"},
           Case{"2011-10-30 02:00:00", "2011-10-30 02:00:00"},
           Case{"2012-02-29 12:00:00", "2012-02-29 12:00:00"},
           Case{"2011-02-29 12:00:00", "none"},
           Case{"2011-13-01 12:00:00", "none"},
           Case{"2011-01-01 24:00:00", "none"},
           Case{"2011-01-01 12:60:00", "none"},
           Case{"2011-01-01", "none"},
           Case{"01/12/2010 08:26", "none"},
           Case{"2011-01-01 12:00:00 ", "none"},
           Case{"2011-01-01 12:00:00Z", "none"},
           Case{"2011-1-01 012:00:00", "none"},
           Case{"", "none"},
       }) {
    EXPECT_EQ(Utc(ReadCivilTime(given.text, Zone("Europe/London"))), given.utc) << given.text;
  }
}

TEST(Fields, ReadsTimesWithAndWithoutOffset) {
  const absl::TimeZone seoul = Zone("Asia/Seoul");
  EXPECT_EQ(Utc(ReadTime("2024-05-31T18:30:00Z", seoul)), "2024-05-31 18:30:00");
  EXPECT_EQ(Utc(ReadTime("2024-05-31T18:30:00+09:00", seoul)), "2024-05-31 09:30:00");
  EXPECT_EQ(Utc(ReadTime("2024-05-31 18:30:00", seoul)), "2024-05-31 09:30:00");
  EXPECT_EQ(ReadTime("2024-05-31T18:30:00.5Z", seoul), absl::FromUnixMillis(1717180200500));
  for (const std::string text : {"infinite-future", "infinite-past", "now", "2024-05-31T18Z", ""}) {
    EXPECT_EQ(ReadTime(text, seoul), std::nullopt) << text;
  }
}

TEST(Fields, ReadsIntegers) {
  EXPECT_EQ(ReadInteger("0"), 0);
  EXPECT_EQ(ReadInteger("-12"), -12);
  EXPECT_EQ(ReadInteger("9223372036854775807"), 9223372036854775807);
  for (const std::string text :
       {"", "-", "+1", " 1", "1 ", "1.0", "1e3", "0x1", "9223372036854775808", "a"}) {
    EXPECT_EQ(ReadInteger(text), std::nullopt) << text;
  }
}

TEST(Fields, KnowsUtf8) {
  for (const std::string text : {"", "abc", "é", "단골", "😀", "\x7f"}) EXPECT_TRUE(IsUtf8(text));
  for (const std::string text : {
           "\x80",              // A continuation without a beginning.
           "\xc3",              // Cut.
           "\xe3\x81",          // Cut.
           "\xc0\xaf",          // Longer than needed.
           "\xe0\x80\xaf",      // Longer than needed.
           "\xed\xa0\x80",      // Half of a UTF-16 pair.
           "\xf4\x90\x80\x80",  // Past the last code point.
           "\xff",
           "caf\xe9",
       }) {
    EXPECT_FALSE(IsUtf8(text));
  }
}

}  // namespace
}  // namespace dangol::cli
