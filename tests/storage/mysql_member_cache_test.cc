#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

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

  MemberCache cache_{72 << 10};
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

// What a member keeps of others and of their own past takes room as well.
TEST_F(MemberCacheTest, WhatHouseholdsAndHistoriesKeepIsCounted) {
  constexpr size_t kTooMany = (20 << 10) / sizeof(domain::MemberId);
  const std::vector<std::pair<std::string, std::function<void(size_t, domain::Member&)>>> kept = {
      {"sharers", [](size_t count, domain::Member& member) { member.sharers.resize(count); }},
      {"purses", [](size_t count, domain::Member& member) { member.purses.resize(count); }},
      {"former owners",
       [](size_t count, domain::Member& member) { member.former_owners.resize(count); }},
      {"aliases that went along",
       [](size_t count, domain::Member& member) {
         member.joined.emplace().aliases.resize(count, {"card", std::string(20, '1')});
       }},
      // A hundred of them would be too much of one member.
      {"histories",
       [](size_t count, domain::Member& member) { member.histories.resize(count / 2); }},
      {"series",
       [](size_t count, domain::Member& member) {
         member.histories.resize(1);
         member.histories[0].series.resize(count);
       }},
      {"days", [](size_t count, domain::Member& member) {
         domain::Series& series = member.histories.emplace_back().series.emplace_back();
         series.days.resize(count);
         series.sums.resize(count);
       }}};
  for (const auto& [what, keep] : kept) {
    SCOPED_TRACE(what);
    // A member who has too much is read each time.
    domain::MemberState state;
    keep(2 * kTooMany, state.member);
    cache_.Put(kGeneration, Member(1, 1, std::move(state)));
    EXPECT_EQ(VersionOf(1), 0);

    // Where many have some, there is room for fewer of them.
    for (const size_t count : {size_t{0}, size_t{100}}) {
      cache_.Begin(kGeneration);
      for (uint64_t number = 1; number <= 50; ++number) {
        domain::MemberState some;
        keep(count, some.member);
        cache_.Put(kGeneration, Member(number, 1, std::move(some)));
      }
      EXPECT_EQ(VersionOf(1), count == 0 ? 1 : 0);
      EXPECT_EQ(VersionOf(50), 1);
    }
  }
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
