// Norms that are computed when they are due, by one server or by two.

#include "server/lane/norms_keeper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "tests/lane/fixture.h"

namespace dangol::lane {
namespace {

using testing::Utc;

// It is 15 January 2026; members are scored by the month.
class NormsKeeperTest : public LaneFixture {
 protected:
  NormsKeeperTest() {
    StoreProgram(2, clock_.Now(), "scoring");
    lanes_.emplace(Lanes::Options(), store_, programs_, clock_);
    reads_.emplace(ReadPool::Options(), store_, programs_, clock_);
    keeper_.emplace(*reads_, *lanes_, programs_);
  }

  absl::Time KeepUpAt(const std::string& now) {
    clock_.Set(Utc(now));
    const absl::StatusOr<absl::Time> next = keeper_->KeepUp(clock_.Now());
    EXPECT_TRUE(next.ok()) << next.status();
    return next.value_or(absl::InfinitePast());
  }
  const std::vector<domain::Norms>& Known() {
    known_ = programs_.Current();
    return known_->norms();
  }

  std::optional<Lanes> lanes_;
  std::optional<ReadPool> reads_;
  std::optional<NormsKeeper> keeper_;
  std::shared_ptr<const domain::ProgramCatalog> known_;
};

TEST_F(NormsKeeperTest, ComputesThemAtOnceAndThenByTheMonth) {
  RunOne(Enroll("enroll-2", 2));
  ASSERT_EQ(RunOne(Buy("a", 1)), "a 10");
  ASSERT_EQ(RunOne(Buy("b", 1)), "b 20");
  ASSERT_EQ(RunOne(Buy("c", 2)), "c 10");
  // Of few members every day.
  EXPECT_EQ(KeepUpAt("2026-01-16 09:00:00"), Utc("2026-01-17 00:00:00"));
  ASSERT_EQ(Known().size(), 1u);
  EXPECT_EQ(Known()[0].members, 2);
  EXPECT_EQ(Known()[0].cut_points.f[0], (domain::CutPoint{1, 1, 5}));
  EXPECT_EQ(Known()[0].effective_from, Utc("2026-01-17 00:00:00"));

  EXPECT_EQ(KeepUpAt("2026-01-16 10:00:00"), Utc("2026-01-17 00:00:00")) << "nothing is due";
  ASSERT_EQ(Known().size(), 1u);
  KeepUpAt("2026-01-17 00:00:00");
  ASSERT_EQ(Known().size(), 2u);
}

TEST_F(NormsKeeperTest, AnotherServerLearnsOfThemAndComputesNone) {
  ASSERT_EQ(RunOne(Buy("a", 1)), "a 10");
  ProgramLibrary others(
      [](const std::string& text) -> absl::StatusOr<std::shared_ptr<const domain::Program>> {
        return std::make_shared<const domain::Program>(NamedProgram(text));
      });
  Lanes their_lanes({}, store_, others, clock_);
  ReadPool their_reads({}, store_, others, clock_);
  NormsKeeper theirs(their_reads, their_lanes, others);
  KeepUpAt("2026-01-16 09:00:00");
  ASSERT_TRUE(theirs.KeepUp(clock_.Now()).ok());
  ASSERT_EQ(Known().size(), 1u);
  EXPECT_EQ(others.Current()->rules(), known_->rules());
}

// The store itself keeps what two servers computed upon the same rules from being two.
TEST_F(NormsKeeperTest, TwoThatComputeAtOnceRecordOnce) {
  ASSERT_EQ(RunOne(Buy("a", 1)), "a 10");
  KeepUpAt("2026-01-16 09:00:00");
  domain::RecordNorms again;
  again.request_id = "norms/3";
  again.norms = Known()[0];
  Request request = NewRequest(storage::RequestScope::kSystem, "norms/3", again);
  request.request_hash.clear();
  const auto completions = executor_.Execute([&] {
    std::vector<Request> batch;
    batch.push_back(std::move(request));
    return batch;
  }());
  EXPECT_TRUE(completions[0].reply.ok()) << completions[0].reply.status();
  EXPECT_TRUE(completions[0].reply->replayed);
  EXPECT_EQ(Known().size(), 1u);
}

}  // namespace
}  // namespace dangol::lane
