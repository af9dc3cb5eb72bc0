#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <utility>

#include "server/storage/mysql/member_cache.h"
#include "tests/support/programs.h"

namespace dangol::storage::mysql {
namespace {

constexpr int64_t kGeneration = 7;

MemberCache::Entry Member(uint64_t number, int64_t version, domain::MemberState state = {}) {
  state.member.id = testing::MemberNumber(number);
  state.member.version = version;
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

TEST_F(MemberCacheTest, FindsWhoWasNamedByAnAlias) {
  const domain::Alias card{"card", "1"};
  const auto owner = [&] { return cache_.FindOwner(kGeneration, card); };
  EXPECT_EQ(owner(), std::nullopt);
  cache_.Put(kGeneration, Member(1, 1, {.aliases = {card}}));
  EXPECT_EQ(owner(), testing::MemberNumber(1));
  cache_.Put(kGeneration, Member(2, 1, {.aliases = {card}}));
  EXPECT_EQ(owner(), testing::MemberNumber(2));
  cache_.Put(kGeneration, Member(1, 2));
  EXPECT_EQ(owner(), testing::MemberNumber(2)) << "it was not theirs any more";
  cache_.Put(kGeneration, Member(2, 2));
  EXPECT_EQ(owner(), std::nullopt);
  cache_.Put(kGeneration, Member(2, 3, {.aliases = {card}}));
  EXPECT_EQ(cache_.FindOwner(kGeneration + 1, card), std::nullopt);
  cache_.Begin(kGeneration + 1);
  EXPECT_EQ(cache_.FindOwner(kGeneration + 1, card), std::nullopt);
}

TEST_F(MemberCacheTest, AnAliasIsForgottenWithItsMember) {
  const domain::Alias card{"card", "1"};
  cache_.Put(kGeneration, Member(1, 1, {.aliases = {card}}));
  for (uint64_t number = 2; number <= 400; ++number) cache_.Put(kGeneration, Member(number, 1));
  EXPECT_EQ(VersionOf(1), 0);
  EXPECT_EQ(cache_.FindOwner(kGeneration, card), std::nullopt);
}

TEST_F(MemberCacheTest, AMemberWithVeryManyLotsIsNotKept) {
  domain::MemberState state;
  state.lots.resize(1'000);
  cache_.Put(kGeneration, Member(1, 1, std::move(state)));
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
