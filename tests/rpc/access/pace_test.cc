#include "server/rpc/access/pace.h"

#include <gtest/gtest.h>

#include "server/common/error.h"

namespace dangol::rpc {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'764'000'000);

TEST(PaceTest, LetsABurstThroughAndThenTheRate) {
  Pace pace;
  const Rate rate = {.calls_per_second = 2, .burst = 3};
  EXPECT_EQ(pace.Take("till", rate, kStart).value(), 2);
  EXPECT_EQ(pace.Take("till", rate, kStart).value(), 1);
  EXPECT_EQ(pace.Take("till", rate, kStart).value(), 0);
  const absl::Status refused = pace.Take("till", rate, kStart).status();
  EXPECT_EQ(DetailsOf(refused).reason, "TOO_FAST");
  EXPECT_EQ(DetailsOf(refused).retry_delay, absl::Milliseconds(500));
  EXPECT_TRUE(pace.Take("another", rate, kStart).ok());
  // Who waits as long as they are told is let through.
  EXPECT_TRUE(pace.Take("till", rate, kStart + absl::Milliseconds(500)).ok());
  EXPECT_FALSE(pace.Take("till", rate, kStart + absl::Milliseconds(501)).ok());
  // It does not fill above the burst, however long nobody calls.
  EXPECT_EQ(pace.Take("till", rate, kStart + absl::Hours(1)).value(), 2);
}

TEST(PaceTest, AClockThatIsSetBackGivesNothing) {
  Pace pace;
  const Rate rate = {.calls_per_second = 1, .burst = 1};
  EXPECT_TRUE(pace.Take("till", rate, kStart).ok());
  EXPECT_FALSE(pace.Take("till", rate, kStart - absl::Hours(1)).ok());
  EXPECT_TRUE(pace.Take("till", rate, kStart).ok()) << "the hour is made up for";
}

}  // namespace
}  // namespace dangol::rpc
