// The clock of a test store as it is advanced: from stop to stop, and cut off between them.

#include "server/lane/clock_mover.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/synchronization/notification.h"
#include "tests/lane/fixture.h"

namespace dangol::lane {
namespace {

using ::testing::ElementsAre;
using testing::Utc;

// Points are pending for a day, to a midnight in UTC.
class ClockMoverTest : public LaneFixture {
 protected:
  ClockMoverTest() {
    StoreProgram(2, clock_.Now(), "patient");
    // The fixture has a program already, so this store is made a test store by hand.
    storage::WriteSet writes;
    writes.clock.emplace().now = clock_.Now();
    auto transaction = real_store_->Begin();
    EXPECT_TRUE((*transaction)->Write(writes).ok());
    EXPECT_TRUE((*transaction)->Commit().ok());
    test_clock_ = *TestClock::Open(store_, absl::UnixEpoch());
    lanes_.emplace(Lanes::Options(), store_, programs_, *test_clock_);
    reads_.emplace(ReadPool::Options(), store_, programs_, *test_clock_);
    norms_.emplace(*reads_, *lanes_, programs_);
    dates_.emplace(*reads_, *lanes_, programs_);
    mover_.emplace(*test_clock_, *reads_, *lanes_, programs_, *norms_, *dates_);
  }

  absl::StatusOr<ClockMoved> Advance(ClockAdvance advance) {
    absl::StatusOr<ClockMoved> answer = absl::UnknownError("no answer");
    absl::Notification done;
    advance.done = [&](absl::StatusOr<ClockMoved> moved) {
      answer = std::move(moved);
      done.Notify();
    };
    mover_->Submit(std::move(advance));
    done.WaitForNotification();
    return answer;
  }

  ClockAdvance ToTheEndOfTheMonth() {
    ClockAdvance advance;
    advance.request_id = "advance-1";
    advance.to = Utc("2026-01-31 00:00:00");
    return advance;
  }

  // When each member's points matured, as it was recorded.
  std::vector<std::string> Matured() {
    std::vector<std::string> times;
    for (const uint64_t number : {1, 2}) {
      storage::EntryFilter filter;
      filter.member_id = testing::MemberNumber(number);
      filter.kind = domain::EntryKind::kMature;
      const auto entries = (*real_store_->NewReader())->ListEntries(filter, 100);
      for (const domain::LedgerEntry& entry : entries.value()) {
        EXPECT_EQ(entry.recorded_at, entry.effective_at);
        times.push_back(FormatUtc(entry.recorded_at));
      }
    }
    return times;
  }

  // Two members whose points mature at midnights that follow on each other.
  void BuyOnTwoDays() {
    RunOne(Enroll("enroll-2", 2));
    ASSERT_EQ(RunOne(Buy("a", 1)), "a 0");
    clock_.Advance(absl::Hours(24));
    ASSERT_EQ(RunOne(Buy("b", 2)), "b 0");
  }

  std::unique_ptr<TestClock> test_clock_;
  std::optional<Lanes> lanes_;
  std::optional<ReadPool> reads_;
  std::optional<NormsKeeper> norms_;
  std::optional<DateKeeper> dates_;
  std::optional<ClockMover> mover_;
};

TEST_F(ClockMoverTest, StopsWhereverSomethingIsDue) {
  ASSERT_NO_FATAL_FAILURE(BuyOnTwoDays());
  const auto moved = Advance(ToTheEndOfTheMonth());
  ASSERT_TRUE(moved.ok()) << moved.status();
  EXPECT_EQ(moved->now, Utc("2026-01-31 00:00:00"));
  EXPECT_EQ(test_clock_->Now(), moved->now);
  EXPECT_THAT(Matured(), ElementsAre("2026-01-16T00:00:00Z", "2026-01-17T00:00:00Z"));
}

TEST_F(ClockMoverTest, WhoeverAbandonsItMayGoOn) {
  ASSERT_NO_FATAL_FAILURE(BuyOnTwoDays());
  ClockAdvance advance = ToTheEndOfTheMonth();
  int stops = 0;
  advance.is_abandoned = [&] { return ++stops == 3; };
  const absl::Status cut_off = Advance(std::move(advance)).status();
  EXPECT_EQ(DetailsOf(cut_off).reason, "CLOCK_ON_ITS_WAY");
  EXPECT_EQ(test_clock_->Now(), Utc("2026-01-17 00:00:00"));
  EXPECT_THAT(Matured(), ElementsAre("2026-01-16T00:00:00Z"));

  const auto moved = Advance(ToTheEndOfTheMonth());
  ASSERT_TRUE(moved.ok()) << moved.status();
  EXPECT_FALSE(moved->replayed);
  EXPECT_THAT(Matured(), ElementsAre("2026-01-16T00:00:00Z", "2026-01-17T00:00:00Z"));
  EXPECT_TRUE(Advance(ToTheEndOfTheMonth())->replayed);
}

TEST_F(ClockMoverTest, ACommitWhoseAnswerIsLostIsGoneOnWith) {
  ASSERT_NO_FATAL_FAILURE(BuyOnTwoDays());
  store_.FailNext(Site::kAfterCommit, absl::UnknownError("lost"));
  EXPECT_EQ(DetailsOf(Advance(ToTheEndOfTheMonth()).status()).reason, "OUTCOME_UNKNOWN");
  ASSERT_TRUE(Advance(ToTheEndOfTheMonth()).ok());
  EXPECT_EQ(test_clock_->Now(), Utc("2026-01-31 00:00:00"));
}

TEST_F(ClockMoverTest, SeesWhatAnotherServerDid) {
  const auto other = *TestClock::Open(*real_store_, absl::UnixEpoch());
  storage::StoredClock stored = *other->Refresh();
  stored.now = Utc("2026-02-01 00:00:00");
  ASSERT_TRUE(other->Write(stored).ok());
  EXPECT_EQ(test_clock_->Now(), Utc("2026-01-15 12:00:00"));
  EXPECT_EQ(DetailsOf(Advance(ToTheEndOfTheMonth()).status()).reason, "CLOCK_GOES_BACK");
  EXPECT_EQ(test_clock_->Now(), Utc("2026-02-01 00:00:00"));
}

TEST_F(ClockMoverTest, RefusesWhatComesAfterItWasStopped) {
  mover_->Stop();
  EXPECT_EQ(DetailsOf(Advance(ToTheEndOfTheMonth()).status()).reason, "SHUTTING_DOWN");
}

}  // namespace
}  // namespace dangol::lane
