#include "server/lane/due_members.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/common/limits.h"
#include "tests/lane/fixture.h"

namespace dangol::lane {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::Utc;

bool Never() { return false; }

// Points are pending to the next midnight, in UTC.
class DueMembersTest : public LaneFixture {
 protected:
  DueMembersTest() { StoreProgram(2, clock_.Now(), "patient"); }

  // So many members, the first included, who have bought once and are due at midnight.
  void BuyByEach(uint64_t members) {
    std::vector<Request> enrolments;
    std::vector<Request> purchases;
    for (uint64_t number = 1; number <= members; ++number) {
      if (number > 1) enrolments.push_back(Enroll(absl::StrCat("enroll-", number), number));
      purchases.push_back(Buy(absl::StrCat("p-", number), number));
    }
    if (!enrolments.empty()) Run(std::move(enrolments));
    Run(std::move(purchases));
    clock_.Set(Utc("2026-01-16 00:00:00"));
    lanes_.emplace(Lanes::Options(), store_, programs_, clock_);
    reads_.emplace(ReadPool::Options(), store_, programs_, clock_);
  }

  absl::StatusOr<size_t> AdvanceAll(absl::FunctionRef<bool()> is_cut_off = Never) {
    return AdvanceDueMembers(*reads_, *lanes_, clock_.Now(), 1'000'000, is_cut_off);
  }

  std::vector<storage::DueMember> Due() {
    return *(*real_store_->NewReader())->DueMembers(clock_.Now(), 10'000, {});
  }

  domain::MemberState Stored(uint64_t number) {
    storage::KeySet keys;
    keys.now = clock_.Now();
    keys.members.push_back({{.id = testing::MemberNumber(number), .alias = {}}, {}});
    const storage::Loaded loaded = *(*real_store_->NewReader())->Load(keys);
    return loaded.members.at(testing::MemberNumber(number));
  }

  // What is due to a member, with what was read of them.
  static Request Advance(uint64_t number, domain::MemberState foreseen) {
    domain::AdvanceMember advance;
    advance.member.id = testing::MemberNumber(number);
    Request request = NewRequest(storage::RequestScope::kSystem, absl::StrCat("advance-", number),
                                 std::move(advance));
    request.foreseen = std::make_unique<domain::MemberState>(std::move(foreseen));
    request.foreseen_at = absl::Now();
    return request;
  }

  std::vector<domain::LedgerEntry> Matured(uint64_t number) {
    storage::EntryFilter filter;
    filter.member_id = testing::MemberNumber(number);
    filter.kind = domain::EntryKind::kMature;
    return *(*real_store_->NewReader())->ListEntries(filter, 100);
  }

  std::optional<Lanes> lanes_;
  std::optional<ReadPool> reads_;
};

TEST_F(DueMembersTest, PageAfterPageIsAdvancedAndNoLaneReadsAnyOfThemAgain) {
  constexpr uint64_t kMembers = 2 * limits::kMaxDueMembersPerPage + 1;
  BuyByEach(kMembers);
  const size_t loaded_before = store_.members_loaded();
  const absl::StatusOr<size_t> advanced = AdvanceAll();
  ASSERT_TRUE(advanced.ok()) << advanced.status();
  EXPECT_EQ(*advanced, kMembers);
  EXPECT_THAT(Due(), IsEmpty());
  EXPECT_THAT(Matured(1), SizeIs(1));
  EXPECT_THAT(Matured(kMembers), SizeIs(1));
  EXPECT_EQ(store_.members_loaded(), loaded_before);
  EXPECT_EQ(*AdvanceAll(), 0u);
}

TEST_F(DueMembersTest, WhoeverIsCutOffHasAdvancedTheFirstPages) {
  BuyByEach(limits::kMaxDueMembersPerPage + 1);
  int pages = 0;
  EXPECT_TRUE(absl::IsCancelled(AdvanceAll([&] { return ++pages == 2; }).status()));
  EXPECT_THAT(Due(), SizeIs(1));
}

TEST_F(DueMembersTest, AMemberWhoFailsKeepsNobodyBack) {
  BuyByEach(limits::kMaxDueMembersPerPage + 1);
  store_.FailWrites(
      [](const storage::WriteSet& writes) {
        return !writes.members.empty() &&
               std::any_of(writes.members.begin(), writes.members.end(), [](const auto& write) {
                 return write.member.id == testing::MemberNumber(3);
               });
      },
      absl::InternalError("poison"));
  EXPECT_FALSE(AdvanceAll().ok());
  ASSERT_THAT(Due(), SizeIs(1));
  EXPECT_EQ(Due()[0].id, testing::MemberNumber(3));
}

TEST_F(DueMembersTest, WhoeverHasChangedSinceIsReadAgain) {
  BuyByEach(1);
  domain::MemberState before = Stored(1);
  ASSERT_EQ(RunOne(Redeem("spend", 4)), "spent, 6 left");
  // They have matured by the way: nothing is due any more.
  EXPECT_EQ(RunOne(Advance(1, std::move(before))), "done");
  EXPECT_THAT(Matured(1), SizeIs(1));
  EXPECT_EQ(Stored(1).accounts[0].available, 6);
}

TEST_F(DueMembersTest, WhatWasReadTooEarlyIsReadAgain) {
  const struct {
    const char* what;
    std::function<void(Request&)> change;
    size_t loaded;
  } kCases[] = {
      {"without lots that are due by now",
       [](Request& request) {
         request.foreseen->lots.clear();
         request.foreseen->has_lots = false;
       },
       1},
      {"long ago", [](Request& request) { request.foreseen_at -= 2 * limits::kMaxForeseenAge; }, 1},
      {"just now", [](Request& /*request*/) {}, 0},
  };
  BuyByEach(std::size(kCases));
  uint64_t number = 0;
  for (const auto& test : kCases) {
    ++number;
    Request request = Advance(number, Stored(number));
    test.change(request);
    const size_t before = store_.members_loaded();
    EXPECT_EQ(RunOne(std::move(request)), "done") << test.what;
    // On a database a member who was written just now may be recalled as well.
    if (!testing::OnMysql()) {
      EXPECT_EQ(store_.members_loaded() - before, test.loaded) << test.what;
    }
    EXPECT_THAT(Matured(number), SizeIs(1)) << test.what;
  }
}

}  // namespace
}  // namespace dangol::lane
