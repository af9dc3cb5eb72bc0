#include "server/lane/scheduler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/synchronization/notification.h"
#include "tests/lane/fixture.h"

namespace dangol::lane {
namespace {

class SchedulerTest : public LaneFixture {
 protected:
  std::vector<domain::LedgerEntry> Entries() {
    storage::EntryFilter filter;
    filter.member_id = testing::MemberNumber(1);
    return *(*real_store_->NewReader())->ListEntries(filter, 100);
  }
};

TEST_F(SchedulerTest, AdvancesMembersThatAreDue) {
  StoreProgram(2, clock_.Now(), "patient");  // Points are pending for a day.
  ASSERT_EQ(RunOne(Buy("a")), "a 0");
  clock_.Set(testing::Utc("2026-01-16 00:00:00"));
  absl::Notification advanced;
  store_.OnCommit([&] { advanced.Notify(); });
  Lanes lanes({}, store_, programs_, clock_);
  ReadPool reads({}, store_, programs_, clock_);
  NormsKeeper norms(reads, lanes, programs_);
  DateKeeper dates(reads, lanes, programs_);
  Scheduler scheduler({}, reads, lanes, norms, dates, clock_);
  advanced.WaitForNotification();
  scheduler.Stop();
  lanes.Drain();
  const std::vector<domain::LedgerEntry> entries = Entries();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].kind, domain::EntryKind::kMature);
  EXPECT_EQ(entries[0].effective_at, testing::Utc("2026-01-16 00:00:00"));
  EXPECT_EQ(entries[0].available_after, 10);
}

TEST_F(SchedulerTest, StopsWhileNothingIsDue) {
  Lanes lanes({}, store_, programs_, clock_);
  ReadPool reads({}, store_, programs_, clock_);
  NormsKeeper norms(reads, lanes, programs_);
  DateKeeper dates(reads, lanes, programs_);
  Scheduler::Options options;
  options.interval = absl::Hours(1);
  Scheduler scheduler(options, reads, lanes, norms, dates, clock_);
  scheduler.Stop();
  EXPECT_TRUE(Entries().empty());
}

}  // namespace
}  // namespace dangol::lane
