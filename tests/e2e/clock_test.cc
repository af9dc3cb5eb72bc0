// The clock of a test store: a year is lived through in a moment, and the books are those of a
// year that was waited for.

#include <gmock/gmock.h>

#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "dangol/error.h"
#include "tests/e2e/dangold.h"
#include "tests/e2e/startup.h"

namespace dangol::e2e {
namespace {

using ::testing::HasSubstr;

// Seoul has kept this offset, without summer time, since 1988.
const absl::TimeZone kSeoul = absl::FixedTimeZone(9 * 3'600);

constexpr char kStart[] = "--test-clock=2026-01-31T10:00:00+09:00";

// Points of 1 for each penny: pending for 14 days, gone after 6 months.
constexpr char kProgram[] = R"(
name: "short lives"
time_zone: "Asia/Seoul"
currencies { code: "GBP" minor_digits: 2 }
wallets { id: "points" pending_days: 14 expiry { after { months: 6 } } }
earning_rules { id: "base" wallet: "points" rates { currency: "GBP" points: 1 per_minor: 1 } }
)";

absl::Time At(int year, int month, int day, int hour = 0, int minute = 0) {
  return absl::FromCivil(absl::CivilSecond(year, month, day, hour, minute), kSeoul);
}

v1::ClockPeriod Months(int months) {
  v1::ClockPeriod period;
  period.set_months(months);
  return period;
}

class ClockTest : public DangoldTest {
 protected:
  void SetUp() override {
    std::ofstream(File("program.txtpb")) << kProgram;
    ASSERT_NO_FATAL_FAILURE(Start({"--program=" + File("program.txtpb"), kStart}));
  }

  absl::Time Now() { return ToTime(MakeClient().GetClock().value().now()); }

  absl::StatusOr<v1::AdvanceClockResponse> Advance(const v1::ClockPeriod& by,
                                                   const std::string& id = "") {
    v1::AdvanceClockRequest request;
    request.set_request_id(id);
    *request.mutable_by() = by;
    return MakeClient().AdvanceClock(request);
  }

  absl::StatusOr<v1::AdvanceClockResponse> AdvanceTo(absl::Time to) {
    v1::AdvanceClockRequest request;
    *request.mutable_to() = ToTimestamp(to);
    return MakeClient().AdvanceClock(request);
  }

  void Buy(const std::string& card, const std::string& id, int64_t points) {
    v1::Purchase purchase = SmallPurchase(id, points);
    *purchase.mutable_member() = Card(card);
    ASSERT_TRUE(MakeClient().RecordPurchase(purchase).ok());
  }

  // What happened to a member, first entry first, each with its time in Seoul. What time causes
  // must be recorded at the moment at which it took effect.
  std::vector<std::string> History(const std::string& card) {
    std::vector<std::string> history;
    for (const absl::StatusOr<v1::LedgerEntry>& entry :
         MakeClient().ListLedgerEntries(Card(card))) {
      EXPECT_EQ(ToTime(entry->effective_at()), ToTime(entry->recorded_at()));
      std::string kind = v1::EntryKind_Name(entry->kind()).substr(11);
      history.insert(
          history.begin(),
          absl::StrCat(absl::FormatTime("%Y-%m-%d %H:%M", ToTime(entry->effective_at()), kSeoul),
                       " ", kind, " ", entry->points()));
    }
    return history;
  }
};

TEST_F(ClockTest, AYearOfACustomerIsLivedThroughAtOnce) {
  Enroll("4005");
  ASSERT_NO_FATAL_FAILURE(Buy("4005", "p-1", 500));
  ASSERT_TRUE(Advance(Months(1)).ok());
  EXPECT_EQ(Now(), At(2026, 2, 28, 10));

  v1::ReservePointsRequest reserve;
  *reserve.mutable_member() = Card("4005");
  reserve.set_points(200);
  ASSERT_TRUE(MakeClient().ReservePoints(reserve).ok());
  ASSERT_NO_FATAL_FAILURE(Buy("4005", "p-2", 30));
  const auto advanced = Advance(Months(11));
  ASSERT_TRUE(advanced.ok()) << advanced.status();
  EXPECT_EQ(ToTime(advanced->now()), At(2027, 1, 28, 10));
  EXPECT_FALSE(advanced->replayed());

  EXPECT_THAT(History("4005"),
              ::testing::ElementsAre("2026-01-31 10:00 EARN 500", "2026-02-14 00:00 MATURE 500",
                                     "2026-02-28 10:00 HOLD 200", "2026-02-28 10:00 EARN 30",
                                     "2026-02-28 10:15 RELEASE 200", "2026-03-14 00:00 MATURE 30",
                                     "2026-08-01 00:00 EXPIRE 500", "2026-08-29 00:00 EXPIRE 30"));
  ExpectSoundBooks(MakeClient());
}

TEST_F(ClockTest, EverybodysTimePassesInOneOrder) {
  for (const std::string card : {"1", "2", "3"}) {
    Enroll(card);
    ASSERT_NO_FATAL_FAILURE(Buy(card, "p-" + card, 100));
    v1::ClockPeriod day;
    day.set_days(1);
    ASSERT_TRUE(Advance(day).ok());
  }
  ASSERT_TRUE(AdvanceTo(At(2026, 12, 31)).ok());
  EXPECT_THAT(History("1"), ::testing::Contains("2026-02-14 00:00 MATURE 100"));
  EXPECT_THAT(History("2"), ::testing::Contains("2026-02-15 00:00 MATURE 100"));
  EXPECT_THAT(History("3"), ::testing::Contains("2026-08-03 00:00 EXPIRE 100"));
}

TEST_F(ClockTest, StandsStillAndGoesOnAfterARestart) {
  Enroll("4005");
  ASSERT_NO_FATAL_FAILURE(Buy("4005", "p-1", 500));
  ASSERT_TRUE(Advance(Months(3)).ok());
  Kill();
  // The time of the flag is that of a new store only.
  ASSERT_NO_FATAL_FAILURE(Start({"--test-clock=2030-01-01T00:00:00Z"}));
  EXPECT_EQ(Now(), At(2026, 4, 30, 10));
  ASSERT_NO_FATAL_FAILURE(Buy("4005", "p-2", 100));
  ASSERT_TRUE(Advance(Months(1)).ok());
  EXPECT_EQ(History("4005").back(), "2026-05-14 00:00 MATURE 100");
  EXPECT_EQ(Now(), At(2026, 5, 30, 10));
}

// The deadlines of calls, and until when the SDK says that a request is valid, are real ones.
TEST_F(ClockTest, CallersNeedNotKnowWhatTimeItIs) {
  Enroll("4005");
  ASSERT_TRUE(AdvanceTo(At(2060, 1, 1)).ok());
  ASSERT_NO_FATAL_FAILURE(Buy("4005", "p-1", 500));
  ASSERT_TRUE(AdvanceTo(At(2060, 2, 1)).ok());
  v1::RedeemPointsRequest redeem;
  *redeem.mutable_member() = Card("4005");
  redeem.set_points(500);
  const auto redeemed = MakeClient().RedeemPoints(redeem);
  EXPECT_TRUE(redeemed.ok()) << redeemed.status();
}

TEST_F(ClockTest, ARequestAdvancesItOnce) {
  ASSERT_TRUE(Advance(Months(1), "month-1").ok());
  const auto again = Advance(Months(1), "month-1");
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->replayed());
  EXPECT_EQ(ToTime(again->now()), At(2026, 2, 28, 10));
  EXPECT_EQ(Now(), At(2026, 2, 28, 10));

  const absl::Status other = Advance(Months(2), "month-1").status();
  EXPECT_EQ(other.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(ErrorReason(other), "REQUEST_ID_REUSED");
  EXPECT_EQ(MoneyDiffers(other), false);
}

TEST_F(ClockTest, NeverGoesBack) {
  const absl::Status back = AdvanceTo(At(2026, 1, 31, 9)).status();
  EXPECT_EQ(back.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ErrorReason(back), "CLOCK_GOES_BACK");
  EXPECT_EQ(GetErrorInfo(back)->metadata().at("now"), "2026-01-31T01:00:00Z");
  EXPECT_TRUE(AdvanceTo(Now()).ok());
}

TEST_F(ClockTest, BadPeriods) {
  v1::ClockPeriod backwards;
  backwards.set_days(-1);
  for (const v1::ClockPeriod& by : {v1::ClockPeriod(), backwards, Months(1'201)}) {
    EXPECT_EQ(ErrorReason(Advance(by).status()), "INVALID_FIELDS") << by.ShortDebugString();
  }
  EXPECT_EQ(ErrorReason(AdvanceTo(At(2200, 1, 1)).status()), "INVALID_FIELDS");
  EXPECT_EQ(ErrorReason(MakeClient().AdvanceClock({}).status()), "INVALID_FIELDS");
  EXPECT_EQ(Now(), At(2026, 1, 31, 10));
}

TEST_F(ClockTest, DangolctlAdvancesIt) {
  const auto dangolctl = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {testing::ProgramPath("dangolctl"), "--server=" + address()});
    return RunToEnd(words, File("output"));
  };
  EXPECT_THAT(dangolctl({"clock", "show"}).output,
              HasSubstr("2026-01-31T10:00:00+09:00\ntime zone  Asia/Seoul"));
  EXPECT_THAT(dangolctl({"clock", "advance", "1month"}).output,
              HasSubstr("2026-02-28T10:00:00+09:00"));
  EXPECT_THAT(dangolctl({"clock", "advance", "36hours"}).output,
              HasSubstr("2026-03-01T22:00:00+09:00"));
  EXPECT_THAT(dangolctl({"clock", "advance", "--to", "2027-01-01T00:00:00+09:00"}).output,
              HasSubstr("2027-01-01T00:00:00+09:00"));
  EXPECT_EQ(dangolctl({"clock", "advance", "--to", "2026-01-01T00:00:00+09:00"}).code, 5);
}

class OrdinaryClockTest : public DangoldTest {};

TEST_F(OrdinaryClockTest, HasNoClockToAdvance) {
  v1::AdvanceClockRequest request;
  *request.mutable_by() = Months(1);
  for (const absl::Status& refused :
       {MakeClient().GetClock().status(), MakeClient().AdvanceClock(request).status()}) {
    EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_EQ(ErrorReason(refused), "NOT_A_TEST_STORE");
  }
}

class ClockStartupTest : public StartupTest {
 protected:
  std::string Store() const { return "--store=" + store_.url(); }

  const testing::TestStore store_;
};

TEST_F(ClockStartupTest, ATestStoreIsOneForEver) {
  ExpectStarts(store_.url(), {kStart});
  ExpectRefused(kConfig, {kListen, Store()},
                {"test store", "2026-01-31T01:00:00Z", "--test-clock"});
  ExpectStarts(store_.url(), {kStart});
}

TEST_F(ClockStartupTest, AnotherStoreNeverBecomesOne) {
  ExpectStarts(store_.url());
  ExpectRefused(kConfig, {kListen, Store(), kStart}, {"without a test clock"});
  ExpectStarts(store_.url());
}

TEST_F(ClockStartupTest, BadTimes) {
  for (const std::string time : {"2026", "2026-01-01", "1969-12-31T00:00:00Z", "tomorrow"}) {
    ExpectRefused(kUsage, {kListen, Store(), "--test-clock=" + time}, {"--test-clock", time});
  }
}

}  // namespace
}  // namespace dangol::e2e
