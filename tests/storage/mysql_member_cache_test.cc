#include <gtest/gtest.h>

#include <memory>
#include <utility>

#include "server/storage/mysql/member_cache.h"
#include "tests/support/programs.h"

namespace dangol::storage::mysql {
namespace {

constexpr int64_t kGeneration = 7;

MemberCache::Entry Member(uint64_t number, int64_t version, size_t lots = 0) {
  domain::MemberState state;
  state.member.id = testing::MemberNumber(number);
  state.member.version = version;
  state.lots.resize(lots);
  return std::make_shared<const domain::MemberState>(std::move(state));
}

class MemberCacheTest : public ::testing::Test {
 protected:
  MemberCacheTest() { cache_.Begin(kGeneration); }

  int64_t VersionOf(uint64_t number, int64_t generation = kGeneration) {
    const MemberCache::Entry entry = cache_.Find(generation, testing::MemberNumber(number));
    return entry == nullptr ? 0 : entry->member.version;
  }

  MemberCache cache_{64 << 10};
};

TEST_F(MemberCacheTest, KeepsWhatWasPutLast) {
  EXPECT_EQ(VersionOf(1), 0);
  cache_.Put(kGeneration, Member(1, 4));
  cache_.Put(kGeneration, Member(1, 5));
  EXPECT_EQ(VersionOf(1), 5);
  EXPECT_EQ(VersionOf(2), 0);
}

TEST_F(MemberCacheTest, ForgetsWhoWasNotAskedForTheLongest) {
  for (uint64_t number = 1; number <= 400; ++number) {
    cache_.Put(kGeneration, Member(number, 1));
    EXPECT_EQ(VersionOf(1), 1) << "asked for all the time";
  }
  EXPECT_EQ(VersionOf(2), 0);
  EXPECT_EQ(VersionOf(400), 1);
}

TEST_F(MemberCacheTest, AMemberWithVeryManyLotsIsNotKept) {
  cache_.Put(kGeneration, Member(1, 1, 1'000));
  EXPECT_EQ(VersionOf(1), 0);
}

TEST_F(MemberCacheTest, KnowsNothingOfAnotherGeneration) {
  cache_.Put(kGeneration, Member(1, 1));
  EXPECT_EQ(VersionOf(1, kGeneration + 1), 0);
  cache_.Begin(kGeneration + 1);
  cache_.Put(kGeneration, Member(1, 1));  // Over a connection that was there before.
  EXPECT_EQ(VersionOf(1, kGeneration + 1), 0);
  EXPECT_EQ(VersionOf(1), 0);
}

}  // namespace
}  // namespace dangol::storage::mysql
