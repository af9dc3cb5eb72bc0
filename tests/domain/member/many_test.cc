// Many who become one and part again, in any order.
//
// DANGOL_MANY_OPERATIONS=N runs about N commands instead of the default.

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/domain/member/town.h"
#include "tests/support/histories.h"
#include "tests/support/programs.h"

namespace dangol::domain {
namespace {

#ifdef NDEBUG
constexpr int64_t kDefaultOperations = 1'000'000;
#else
constexpr int64_t kDefaultOperations = 20'000;
#endif

int64_t Operations() {
  int64_t operations = kDefaultOperations;
  const char* const said = std::getenv("DANGOL_MANY_OPERATIONS");
  if (said != nullptr) (void)absl::SimpleAtoi(said, &operations);
  return operations;
}

// One point a euro at once, for a year.
Program AtOnce() {
  Program program = testing::SimpleProgram();
  program.wallets[0].pending_days = 0;
  program.wallets[0].expiry = {Expiry::Policy::kAfter, 0, 20, 0};
  return program;
}

Program Lasting() {
  Program program = AtOnce();
  program.wallets[0].expiry = {};
  return program;
}

// Seven calls after which a lot number was given to two lots, and three points could be
// redeemed again and again.
TEST(ManyTest, AHoldOfPointsWhoseOwnerHasLeftGivesBackWhatItHeld) {
  Town town(Lasting(), 4);
  for (size_t who = 0; who < 4; ++who) ASSERT_TRUE(town.Buy(who, absl::StrCat("p", who), 100).ok());
  ASSERT_TRUE(town.Merge(0, 2).ok());
  ASSERT_TRUE(town.Reserve(2, "hold", 3).ok());
  ASSERT_TRUE(town.Unmerge(0).ok());
  ASSERT_TRUE(town.Merge(2, 1).ok());
  ASSERT_TRUE(town.Merge(1, 0).ok());
  ASSERT_TRUE(town.Void(0, "hold").ok());
  ASSERT_TRUE(town.Merge(3, 0).ok());
  EXPECT_EQ(town.Available(0), 400);
  ASSERT_TRUE(town.Reserve(0, "all", 400, /*capture=*/true).ok());
  EXPECT_FALSE(town.Reserve(0, "more", 3, /*capture=*/true).ok());
  EXPECT_EQ(town.Available(0), 0);
  EXPECT_EQ(town.complaints(), "");
}

// Joins and leaves among four after which somebody had another's qualifying points.
TEST(ManyTest, WhatCountsTowardTiersStaysWithWhoBought) {
  Town town(Lasting(), 4);
  ASSERT_TRUE(town.Join(2, 1).ok());
  ASSERT_TRUE(town.Join(1, 0).ok());
  ASSERT_TRUE(town.Leave(2).ok());
  ASSERT_TRUE(town.Join(0, 2).ok());
  ASSERT_TRUE(town.Join(3, 0).ok());
  ASSERT_TRUE(town.Leave(1).ok());
  ASSERT_TRUE(town.Buy(3, "p", 34).ok());
  ASSERT_TRUE(town.Merge(2, 1).ok());
  ASSERT_TRUE(town.Unmerge(2).ok());
  ASSERT_TRUE(town.PartAll());
  const int64_t expected[] = {0, 0, 0, 34};
  for (size_t who = 0; who < 4; ++who) {
    EXPECT_EQ(testing::QualifyingOf(town.of(who).member), expected[who]) << who;
  }
  EXPECT_EQ(town.complaints(), "");
}

TEST(ManyTest, TwoCanBeMergedAsOftenAsOneLikes) {
  Town town(Lasting(), 5);
  for (int round = 0; round < 300; ++round) {
    const size_t who = static_cast<size_t>(round) % 5;
    ASSERT_TRUE(town.Merge(who, (who + 1) % 5).ok()) << round;
    ASSERT_TRUE(town.Join((who + 2) % 5, (who + 1) % 5).ok()) << round;
    ASSERT_TRUE(town.PartAll()) << round;
  }
}

// Tells a story of so many steps, and says what is wrong with it.
class Teller {
 public:
  explicit Teller(uint64_t seed) : random_(seed) {}

  std::string Tell(int steps) {
    Town town(AtOnce(), 2 + Below(5));
    for (int i = 0; i < steps && town.complaints().empty(); ++i) Step(town);
    std::string wrong = town.complaints();
    if (wrong.empty() && !town.PartAll()) wrong = "somebody is stuck";
    if (wrong.empty()) wrong = town.complaints();
    return wrong.empty() ? "" : absl::StrCat(absl::StrJoin(told_, "\n  "), "\n=> ", wrong);
  }

 private:
  size_t Below(size_t bound) { return random_() % bound; }

  void Note(const std::string& what, const absl::Status& status) {
    told_.push_back(absl::StrCat(what, status.ok() ? "" : " (refused)"));
  }

  std::string Pick(const std::vector<std::string>& ids) {
    return ids.empty() ? "none" : ids[Below(ids.size())];
  }

  void Step(Town& town) {
    const size_t who = Below(town.size());
    const size_t other = Below(town.size());
    const auto points = static_cast<int64_t>(1 + Below(60));
    switch (Below(14)) {
      case 0:
      case 1:
      case 2: {
        const std::string id = absl::StrCat("p", ++numbers_);
        bought_.push_back(id);
        return Note(absl::StrCat(who, " buys ", id, " for ", points), town.Buy(who, id, points));
      }
      case 3: {
        const std::string id = Pick(bought_);
        return Note(absl::StrCat(who, " returns ", points, " of ", id),
                    town.Return(who, id, points));
      }
      case 4: {
        const std::string id = absl::StrCat("h", ++numbers_);
        held_.push_back(id);
        return Note(absl::StrCat(who, " reserves ", id, ": ", points),
                    town.Reserve(who, id, points));
      }
      case 5:
        return Note(absl::StrCat(who, " redeems ", points),
                    town.Reserve(who, absl::StrCat("r", ++numbers_), points, /*capture=*/true));
      case 6: {
        const std::string id = Pick(held_);
        return Note(absl::StrCat(who, " captures ", id), town.Capture(who, id, points / 2 + 1));
      }
      case 7: {
        const std::string id = Pick(held_);
        return Note(absl::StrCat(who, " voids ", id), town.Void(who, id));
      }
      case 8:
        return Note(absl::StrCat(who, " gives ", other, " ", points),
                    town.Transfer(who, other, points));
      case 9:
        return Unite(town, who, other, /*household=*/false);
      case 10:
        return Unite(town, who, other, /*household=*/true);
      case 11:
        return Note(absl::StrCat(who, " is unmerged"), town.Unmerge(who));
      case 12:
        return Note(absl::StrCat(who, " leaves"), town.Leave(who));
      default:
        town.Wait(absl::Hours(static_cast<int64_t>(1 + Below(72))));
        town.Advance();
        told_.push_back("time passes");
    }
  }

  // One time in two undone at once, after which both must be as they were.
  void Unite(Town& town, size_t who, size_t with, bool household) {
    town.Advance();
    const size_t into = household ? town.PurseOf(with) : town.PersonOf(with);
    const MemberState before[] = {town.Having(who), town.Having(into)};
    const absl::Status united = household ? town.Join(who, with) : town.Merge(who, with);
    Note(absl::StrCat(who, household ? " joins " : " is merged into ", with), united);
    if (!united.ok() || Below(2) == 0) return;
    const absl::Status parted = household ? town.Leave(who) : town.Unmerge(who);
    Note("and that is undone", parted);
    const MemberState after[] = {town.Having(who), town.Having(into)};
    for (const int side : {0, 1}) {
      const MemberState& a = before[side];
      const MemberState& b = after[side];
      const bool is_same = a.member == b.member && a.accounts == b.accounts && a.lots == b.lots &&
                           a.reservations == b.reservations && a.purchases == b.purchases;
      EXPECT_TRUE(is_same) << "not as before: " << absl::StrJoin(told_, "\n  ");
    }
  }

  std::mt19937_64 random_;
  int numbers_ = 0;
  std::vector<std::string> bought_;
  std::vector<std::string> held_;
  std::vector<std::string> told_;
};

TEST(ManyTest, BooksBalanceAndNobodyIsStuckWhateverTheyDo) {
  constexpr int kSteps = 60;
  const int64_t stories = Operations() / kSteps;
  for (int64_t story = 0; story < stories; ++story) {
    ASSERT_EQ(Teller(static_cast<uint64_t>(story) + 1).Tell(kSteps), "") << "story " << story;
    if (::testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace dangol::domain
