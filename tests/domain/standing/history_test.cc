#include "server/domain/standing/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server/common/limits.h"
#include "server/common/record.h"
#include "server/domain/program/norms.h"
#include "tests/support/programs.h"

namespace dangol::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr DayNumber kToday = 20'000;

class HistoryTest : public ::testing::Test {
 protected:
  static Fact Of(DayNumber day, int64_t points, Measure measure = Measure::kQualifying) {
    return {day, {{measure, "points", points}}};
  }

  int64_t Sum(DayNumber from, DayNumber until) const {
    return SumOf({history_}, Measure::kQualifying, "points", {from, until});
  }
  int64_t Total() const { return TotalOf({history_}, Measure::kQualifying, "points"); }

  History history_;
};

TEST_F(HistoryTest, SumsUpByDayWhateverComesFirst) {
  Restand(Of(kToday, 5), {}, kToday, history_);
  Restand(Of(kToday - 10, 3), {}, kToday, history_);
  Restand(Of(kToday, 2), {}, kToday, history_);
  ASSERT_EQ(history_.series.size(), 1u);
  EXPECT_THAT(history_.series[0].days, ElementsAre(kToday - 10, kToday));
  EXPECT_THAT(history_.series[0].sums, ElementsAre(3, 7));
  EXPECT_EQ(Sum(kToday - 10, kToday), 3) << "half open";
  EXPECT_EQ(Sum(kToday - 9, kToday + 1), 7);
  EXPECT_EQ(Total(), 10);
}

TEST_F(HistoryTest, WhatStandsNoMoreIsAsIfItHadNeverBeen) {
  const Fact whole = Of(kToday, 5);
  Restand(whole, {}, kToday, history_);
  Restand(Of(kToday, 2), whole, kToday, history_);
  EXPECT_EQ(Total(), 2);
  Restand({kToday, {}}, Of(kToday, 2), kToday, history_);
  EXPECT_THAT(history_.series, IsEmpty());
}

TEST_F(HistoryTest, DaysOfLongAgoAreOneSum) {
  const DayNumber old = kToday - limits::kHistoryDays;
  Restand(Of(old, 1), {}, kToday, history_);
  Restand(Of(old - 5, 2), {}, kToday, history_);
  EXPECT_THAT(history_.series[0].days, ElementsAre(old));
  Restand(Of(kToday + 1, 4), {}, kToday + 1, history_);
  EXPECT_THAT(history_.series[0].days, ElementsAre(kToday + 1));
  EXPECT_EQ(Total(), 7);
  EXPECT_EQ(FirstDayOf({history_}, Measure::kQualifying, history_.series[0].of), old - 5);
  EXPECT_EQ(LastDayOf({history_}, Measure::kQualifying), kToday + 1);
  // Also for a server whose clock is behind.
  Restand({old, {}}, Of(old, 1), kToday, history_);
  EXPECT_THAT(history_.series[0].sums, ElementsAre(4));
  EXPECT_EQ(Total(), 6);
  Restand({old - 5, {}}, Of(old - 5, 2), kToday, history_);
  EXPECT_EQ(FirstDayOf({history_}, Measure::kQualifying, history_.series[0].of), kToday + 1);
}

TEST_F(HistoryTest, RulesAreKeptByDayForTwoMonths) {
  Restand(Of(kToday, 1, Measure::kRule), {}, kToday, history_);
  Restand(Of(kToday + 65, 1, Measure::kRule), {}, kToday + 65, history_);
  EXPECT_THAT(history_.series[0].days, ElementsAre(kToday + 65));
  EXPECT_EQ(history_.series[0].before, 1);
}

TEST_F(HistoryTest, ARecordIsSmallAndComesBackAsItWas) {
  // Two years of a purchase a week.
  for (DayNumber day = kToday - 728; day <= kToday; day += 7) {
    Fact fact = Of(day, 150 + day % 7);
    fact.marks.push_back({Measure::kPurchases, "", 1});
    Restand(fact, {}, kToday, history_);
  }
  const std::string bytes = EncodeRecord(history_);
  EXPECT_LT(bytes.size(), 600u);
  History back;
  ASSERT_TRUE(DecodeRecord(bytes, back).ok());
  EXPECT_EQ(back, history_);
}

TEST(RecordTest, IsInTheWireFormatOfProtobuf) {
  History history;
  history.person = testing::MemberNumber(1);
  Restand({300, {{Measure::kQualifying, "pt", 150}}}, {}, 301, history);
  const auto id = history.person.ToBytes();
  EXPECT_EQ(EncodeRecord(history),
            "\x0a\x10" + std::string(id.begin(), id.end()) +
                "\x12\x0e\x08\x02\x12\x02pt\x1a\x02\xac\x02\x22\x02\x96\x01");
}

// Norms of a day on which nobody contributed anything are norms all the same.
TEST(RecordTest, AnOptionalThatIsThereIsWrittenThoughItIsEmpty) {
  Norms norms;
  norms.advocates.emplace();
  Norms back;
  ASSERT_TRUE(DecodeRecord(EncodeRecord(norms), back).ok());
  EXPECT_EQ(back.advocates, norms.advocates);
  ASSERT_TRUE(DecodeRecord(EncodeRecord(Norms()), back = Norms()).ok());
  EXPECT_FALSE(back.advocates.has_value());
}

TEST(RecordTest, SkipsWhatItDoesNotKnow) {
  History history;
  ASSERT_TRUE(DecodeRecord("\xa8\x06\x01\xb2\x06\x03"
                           "abc",
                           history)
                  .ok());
  EXPECT_EQ(history, History());
}

// Whatever is stored by mistake, nothing is read beyond its end.
TEST(RecordTest, NamesBytesThatAreNone) {
  for (const std::string bytes :
       {"\x12",
        "\x12\x05"
        "ab",
        "\x12\x02\x08",
        "\x0a\x02"
        "ab",
        "\x0d", "\x10\x01", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"}) {
    History history;
    EXPECT_TRUE(absl::IsDataLoss(DecodeRecord(bytes, history))) << bytes;
  }
}

}  // namespace
}  // namespace dangol::domain
