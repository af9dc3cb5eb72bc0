#include "cli/import/progress.h"

#include <gtest/gtest.h>

#include <sstream>

namespace dangol::cli {
namespace {

TEST(Progress, ShowsShareRateAndTimeLeft) {
  EXPECT_EQ(
      FormatProgress({.rows = 270955, .position = 50, .size = 100, .elapsed = absl::Seconds(7)}),
      "[############............]  50%  270,955 rows  38,707 rows/s  ETA 0:07");
  EXPECT_EQ(FormatProgress({.rows = 1, .position = 1, .size = 7201, .elapsed = absl::Seconds(1)}),
            "[........................]   0%  1 rows  1 rows/s  ETA 2:00:00");
}

TEST(Progress, HasNoShareWithoutASize) {
  EXPECT_EQ(FormatProgress({.rows = 1000, .position = 50, .elapsed = absl::Seconds(62)}),
            "1,000 rows  16 rows/s  1:02");
}

TEST(Progress, BearsTheFirstAndTheLastMoment) {
  EXPECT_EQ(FormatProgress({.rows = 0, .position = 0, .size = 10, .elapsed = absl::ZeroDuration()}),
            "[........................]   0%  0 rows  0 rows/s  ETA ?");
  // A file that grew meanwhile.
  EXPECT_EQ(FormatProgress({.rows = 9, .position = 20, .size = 10, .elapsed = absl::Seconds(9)}),
            "[########################] 100%  9 rows  1 rows/s  ETA 0:00");
}

TEST(Progress, DrawsAFewTimesASecondAndClearsUp) {
  const absl::Time start = absl::UnixEpoch();
  std::ostringstream terminal;
  {
    Progress progress(terminal, true, start);
    progress.Show(1, 1, 10, start);
    const std::string once = terminal.str();
    EXPECT_NE(once, "");
    progress.Show(2, 2, 10, start + absl::Milliseconds(50));
    EXPECT_EQ(terminal.str(), once);
    progress.Show(3, 3, 10, start + absl::Milliseconds(100));
    EXPECT_GT(terminal.str().size(), once.size());
  }
  EXPECT_TRUE(terminal.str().ends_with("\r\x1b[K"));
}

TEST(Progress, IsSilentWithoutATerminal) {
  std::ostringstream terminal;
  {
    Progress progress(terminal, false, absl::UnixEpoch());
    progress.Show(1, 1, 10, absl::UnixEpoch());
  }
  EXPECT_EQ(terminal.str(), "");
}

}  // namespace
}  // namespace dangol::cli
