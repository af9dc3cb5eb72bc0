// dangolctl clock.

#include <gmock/gmock.h>

#include <string>

#include "app_fixture.h"
#include "cli/clock_period.h"

namespace dangol::cli {
namespace {

using testing::_;
using testing::HasSubstr;
using testing::Return;

// Months, days and seconds, or nothing where it is no period.
std::string Parsed(const std::string& text) {
  const absl::StatusOr<v1::ClockPeriod> period = ParseClockPeriod(text);
  if (!period.ok()) return "";
  return absl::StrCat(period->months(), " ", period->days(), " ", period->seconds());
}

TEST(ClockPeriodTest, ANumberAndAUnit) {
  EXPECT_EQ(Parsed("12months"), "12 0 0");
  EXPECT_EQ(Parsed("1month"), "1 0 0");
  EXPECT_EQ(Parsed("2 years"), "24 0 0");
  EXPECT_EQ(Parsed("3days"), "0 3 0");
  EXPECT_EQ(Parsed("2weeks"), "0 14 0");
  EXPECT_EQ(Parsed("36hours"), "0 0 129600");
  EXPECT_EQ(Parsed("15minutes"), "0 0 900");
  EXPECT_EQ(Parsed("1second"), "0 0 1");
  for (const std::string text : {"", "12", "months", "-1day", "1.5days", "0days", "1fortnight",
                                 "1dayss", "99999999999days", "1day 2hours"}) {
    EXPECT_EQ(Parsed(text), "") << text;
  }
}

TEST_F(AppTest, ShowsAndAdvancesTheClock) {
  v1::GetClockResponse clock;
  *clock.mutable_now() = ToTimestamp(absl::FromUnixSeconds(1'767'193'200));
  *clock.mutable_advancing_to() = clock.now();
  clock.set_time_zone("Asia/Seoul");
  EXPECT_CALL(*server_, GetClock(_)).WillRepeatedly(Return(clock));
  const Outcome shown = Dangolctl({"clock", "show"});
  EXPECT_EQ(shown.code, ExitCode::kOk);
  EXPECT_EQ(shown.out, "now        2026-01-01T00:00:00+09:00\ntime zone  Asia/Seoul\n");

  v1::AdvanceClockRequest advance;
  EXPECT_CALL(*server_, AdvanceClock(_))
      .WillRepeatedly(Answer(advance, v1::AdvanceClockResponse()));
  EXPECT_EQ(Dangolctl({"clock", "advance", "12months"}).code, ExitCode::kOk);
  EXPECT_EQ(advance.by().months(), 12);
  EXPECT_EQ(advance.request_id().size(), 36);
  EXPECT_EQ(options_.deadline, absl::Hours(1));
  EXPECT_EQ(Dangolctl({"clock", "advance", "--to", "2027-01-01T00:00:00+09:00"}).code,
            ExitCode::kOk);
  EXPECT_EQ(advance.to().seconds(), 1'798'729'200);

  EXPECT_EQ(Dangolctl({"clock", "advance"}).code, ExitCode::kUsage);
  EXPECT_EQ(Dangolctl({"clock", "advance", "1day", "--to", "2027-01-01T00:00:00Z"}).code,
            ExitCode::kUsage);
  EXPECT_EQ(Dangolctl({"clock", "advance", "soon"}).code, ExitCode::kInvalidArgument);
  EXPECT_CALL(*server_, GetClock(_))
      .WillOnce(Return(MakeError(absl::StatusCode::kFailedPrecondition, "NOT_A_TEST_STORE", "no")));
  const Outcome refused = Dangolctl({"clock", "show"});
  EXPECT_EQ(refused.code, ExitCode::kConflict);
  EXPECT_THAT(refused.error, HasSubstr("NOT_A_TEST_STORE"));
}

}  // namespace
}  // namespace dangol::cli
