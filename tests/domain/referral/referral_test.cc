// Who was brought by whom, and what either has of it: stories of some members, and members who do
// anything in any order.
//
// DANGOL_REFERRALS=N lives N lives instead of the default.

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/common/error.h"
#include "server/domain/referral/referrals.h"
#include "tests/domain/member/town.h"
#include "tests/support/programs.h"

namespace dangol::domain {
namespace {

constexpr size_t kMinji = 0;
constexpr size_t kJisoo = 1;
constexpr size_t kHana = 2;
constexpr size_t kYuna = 3;

// Purchases earn nothing: who brought somebody has 1,000 points, and who was brought 500.
Program Bringing(int return_days = 0, int64_t budget = 0) {
  Program program = testing::SimpleProgram();
  program.wallets[0].pending_days = 0;
  program.wallets[0].expiry = {};
  program.earning_rules.clear();
  Incentive bringing;
  bringing.id = bringing.name = "bringing";
  bringing.kind = Referrer{return_days};
  bringing.reward = {"points", 1'000};
  bringing.budget = budget;
  Incentive brought;
  brought.id = brought.name = "brought";
  brought.kind = Referred{return_days};
  brought.reward = {"points", 500};
  program.incentives = {bringing, brought};
  return program;
}

std::string ReasonOf(const absl::Status& status) { return DetailsOf(status).reason; }

class ReferralTest : public ::testing::Test {
 protected:
  explicit ReferralTest(const Program& program = Bringing()) : town_(program, 4) {}
  ~ReferralTest() override { EXPECT_EQ(town_.complaints(), ""); }

  // Jisoo, whom Minji brought, buys.
  void Convert() {
    ASSERT_TRUE(town_.Refer(kJisoo, kMinji).ok());
    town_.Wait(absl::Hours(24));
    ASSERT_TRUE(town_.Buy(kJisoo, "first", 30).ok());
  }

  // What each has: "1000 500".
  std::string Points(size_t first, size_t second) const {
    return absl::StrCat(town_.Available(first), " ", town_.Available(second));
  }

  Town town_;
};

TEST_F(ReferralTest, BothSidesHaveSomethingOfTheFirstPurchaseAndOnce) {
  ASSERT_TRUE(town_.Refer(kJisoo, kMinji).ok());
  EXPECT_EQ(Points(kMinji, kJisoo), "0 0");
  ASSERT_TRUE(town_.Buy(kJisoo, "first", 30).ok());
  EXPECT_EQ(Points(kMinji, kJisoo), "1000 500");
  town_.Wait(absl::Hours(48));
  ASSERT_TRUE(town_.Buy(kJisoo, "second", 30).ok());
  ASSERT_TRUE(town_.Buy(kMinji, "own", 30).ok());
  EXPECT_EQ(Points(kMinji, kJisoo), "1000 500");
}

TEST_F(ReferralTest, EachWhoIsBroughtCounts) {
  ASSERT_TRUE(town_.Refer(kJisoo, kMinji).ok());
  ASSERT_TRUE(town_.Refer(kHana, kMinji).ok());
  ASSERT_TRUE(town_.Buy(kJisoo, "j", 30).ok());
  ASSERT_TRUE(town_.Buy(kHana, "h", 30).ok());
  EXPECT_EQ(town_.Available(kMinji), 2'000);
}

TEST_F(ReferralTest, NobodyIsBroughtByThemselvesTwiceInARingOrTooLate) {
  EXPECT_EQ(ReasonOf(town_.Refer(kMinji, kMinji)), "REFERRED_BY_THEMSELVES");
  ASSERT_TRUE(town_.Refer(kJisoo, kMinji).ok());
  ASSERT_TRUE(town_.Refer(kHana, kJisoo).ok());
  EXPECT_EQ(ReasonOf(town_.Refer(kMinji, kJisoo)), "MEMBER_BEFORE_REFERRER");
  EXPECT_EQ(ReasonOf(town_.Refer(kMinji, kHana)), "MEMBER_BEFORE_REFERRER");
  EXPECT_EQ(ReasonOf(town_.Refer(kJisoo, kMinji)), "ALREADY_REFERRED");
  EXPECT_EQ(ReasonOf(town_.Refer(kHana, kMinji)), "ALREADY_REFERRED");
  ASSERT_TRUE(town_.Buy(kYuna, "early", 30).ok());
  EXPECT_EQ(ReasonOf(town_.Refer(kYuna, kMinji)), "REFERRED_AFTER_PURCHASE");
  ASSERT_TRUE(town_.Return(kYuna, "early", 30).ok());
  EXPECT_TRUE(town_.Refer(kYuna, kMinji).ok()) << "nothing is left of what was bought";
}

TEST_F(ReferralTest, WhatComesBackWholeUndoesItAndTheNextPurchaseDoesNotPayTwice) {
  Convert();
  ASSERT_TRUE(town_.Return(kJisoo, "first", 10).ok());
  EXPECT_EQ(Points(kMinji, kJisoo), "1000 500") << "something is left";
  ASSERT_TRUE(town_.Return(kJisoo, "first", 20).ok());
  EXPECT_EQ(Points(kMinji, kJisoo), "0 0");
  town_.Wait(absl::Hours(240));
  ASSERT_TRUE(town_.Buy(kJisoo, "next", 30).ok());
  EXPECT_EQ(Points(kMinji, kJisoo), "1000 500");
  EXPECT_EQ(town_.of(kMinji).awards.size(), 1);
  EXPECT_EQ(town_.of(kJisoo).awards.size(), 1);
}

TEST_F(ReferralTest, WhoIsOneWithTheirReferrerHasBroughtThemselves) {
  for (const auto& [who, into] : {std::pair(kJisoo, kMinji), std::pair(kMinji, kJisoo)}) {
    Town town(Bringing(), 4);
    ASSERT_TRUE(town.Refer(kJisoo, kMinji).ok());
    ASSERT_TRUE(town.Buy(kJisoo, "first", 30).ok());
    ASSERT_TRUE(town.Merge(who, into).ok());
    EXPECT_EQ(town.Available(into), 0) << into;
    ASSERT_TRUE(town.Buy(into, "second", 30).ok());
    EXPECT_EQ(town.Available(into), 0) << into;
    EXPECT_EQ(town.complaints(), "");
  }
}

// Somebody who turns out to have been a member before they were brought.
TEST_F(ReferralTest, WhoIsOneWithAnOlderMemberWasNotBrought) {
  ASSERT_TRUE(town_.Refer(kYuna, kJisoo).ok());
  ASSERT_TRUE(town_.Buy(kYuna, "first", 30).ok());
  EXPECT_EQ(Points(kJisoo, kYuna), "1000 500");
  ASSERT_TRUE(town_.Merge(kYuna, kMinji).ok());
  EXPECT_EQ(town_.Available(kJisoo), 0);
  ASSERT_TRUE(town_.Unmerge(kYuna).ok());
  EXPECT_EQ(town_.Available(kJisoo), 1'000) << "they are another again";
}

TEST_F(ReferralTest, WhoIsMergedIntoAnotherIsToldThere) {
  ASSERT_TRUE(town_.Refer(kHana, kJisoo).ok());
  ASSERT_TRUE(town_.Merge(kJisoo, kMinji).ok());
  ASSERT_TRUE(town_.Buy(kHana, "first", 30).ok());
  EXPECT_EQ(Points(kMinji, kHana), "1000 500");
}

TEST_F(ReferralTest, InOneHouseholdBothAreTold) {
  ASSERT_TRUE(town_.Refer(kHana, kJisoo).ok());
  ASSERT_TRUE(town_.Join(kHana, kMinji).ok());
  ASSERT_TRUE(town_.Join(kJisoo, kMinji).ok());
  ASSERT_TRUE(town_.Buy(kHana, "first", 30).ok());
  EXPECT_EQ(town_.Available(kMinji), 1'500);
  ASSERT_TRUE(town_.Return(kHana, "first", 30).ok());
  EXPECT_EQ(town_.Available(kMinji), 0);
}

TEST_F(ReferralTest, TheHeadOfTheHouseholdMayBeTheReferrer) {
  ASSERT_TRUE(town_.Refer(kHana, kMinji).ok());
  ASSERT_TRUE(town_.Join(kHana, kMinji).ok());
  ASSERT_TRUE(town_.Buy(kHana, "first", 30).ok());
  EXPECT_EQ(town_.Available(kMinji), 1'500);
}

TEST_F(ReferralTest, WhoIsSuspendedHasNothingOfItThenOrLater) {
  ASSERT_TRUE(town_.Refer(kJisoo, kMinji).ok());
  ASSERT_TRUE(town_.SetStatus(kMinji, MemberStatus::kSuspended).ok());
  ASSERT_TRUE(town_.Buy(kJisoo, "first", 30).ok());
  ASSERT_TRUE(town_.SetStatus(kMinji, MemberStatus::kActive).ok());
  EXPECT_EQ(Points(kMinji, kJisoo), "0 500");
  ASSERT_TRUE(town_.Return(kJisoo, "first", 30).ok());
  EXPECT_EQ(Points(kMinji, kJisoo), "0 0");
}

class LimitedReferralTest : public ReferralTest {
 protected:
  LimitedReferralTest() : ReferralTest(Bringing(/*return_days=*/30, /*budget=*/1'500)) {}
};

TEST_F(LimitedReferralTest, TheBudgetIsNeverExceeded) {
  for (const size_t who : {kJisoo, kHana, kYuna}) {
    ASSERT_TRUE(town_.Refer(who, kMinji).ok());
    ASSERT_TRUE(town_.Buy(who, absl::StrCat("of ", who), 30).ok());
  }
  EXPECT_EQ(town_.Available(kMinji), 1'500);
}

TEST_F(LimitedReferralTest, WhatComesBackLaterThanTheWindowUndoesNothing) {
  Convert();
  town_.Wait(absl::Hours(31 * 24));
  ASSERT_TRUE(town_.Return(kJisoo, "first", 30).ok());
  EXPECT_EQ(Points(kMinji, kJisoo), "1000 500");
}

TEST_F(LimitedReferralTest, TheLastDayOfTheWindowBelongsToIt) {
  Convert();
  town_.Wait(absl::Hours(30 * 24));
  ASSERT_TRUE(town_.Return(kJisoo, "first", 30).ok());
  EXPECT_EQ(Points(kMinji, kJisoo), "0 0");
}

int64_t Lives() {
  int64_t lives = 3'000;
  const char* const said = std::getenv("DANGOL_REFERRALS");
  if (said != nullptr) (void)absl::SimpleAtoi(said, &lives);
  return lives;
}

// What referrers are told is what follows from those whom they brought, person by person; and
// nobody has brought, over others, themselves.
void ExpectTold(const Town& town) {
  std::map<MemberId, int64_t> told;
  std::map<MemberId, int64_t> counted;
  std::map<MemberId, size_t> person_of;
  for (size_t who = 0; who < town.size(); ++who) {
    person_of[town.of(who).member.id] = town.PersonOf(who);
  }
  std::map<size_t, size_t> brought_by;
  const ProgramCatalog catalog = testing::CatalogOf(Bringing());
  for (size_t who = 0; who < town.size(); ++who) {
    const Member& member = town.of(who).member;
    if (town.PersonOf(who) != who) continue;
    const Referral* const counts = ReferralOf(member);
    if (counts != nullptr) brought_by[who] = person_of[counts->referrer];
    for (const History& history : member.histories) {
      const MemberId id = history.person.IsNil() ? member.id : history.person;
      counted[id] += TotalOf({history}, Measure::kReferrals, "bringing");
      if (!history.referral.has_value()) continue;
      const bool is_it = counts == &*history.referral;
      const auto should = is_it ? ConversionsOf(member, catalog) : std::vector<Conversion>();
      EXPECT_EQ(history.referral->told, should);
      if (!should.empty()) ++told[history.referral->referrer];
    }
  }
  for (const auto& [id, count] : counted) EXPECT_EQ(count, told[id]);
  for (const auto& [who, by] : brought_by) {
    size_t at = by;
    for (size_t steps = 0; brought_by.contains(at); at = brought_by[at]) {
      ASSERT_LE(++steps, town.size()) << "a ring";
    }
  }
}

TEST(ReferralsTest, WhateverHappensReferrersAreToldWhatIsSo) {
  for (int64_t life = 0; life < Lives() && !::testing::Test::HasFailure(); ++life) {
    std::mt19937 random(static_cast<uint32_t>(life));
    const auto below = [&](size_t bound) { return static_cast<size_t>(random() % bound); };
    Town town(Bringing(), 5);
    std::vector<std::pair<size_t, std::string>> bought;
    std::string story;
    for (int step = 0; step < 30; ++step) {
      const size_t who = below(town.size());
      const size_t other = below(town.size());
      const auto told = [&](const char* what) {
        absl::StrAppend(&story, what, who, " ", other, "; ");
      };
      switch (below(9)) {
        case 0:
        case 1:
          if (town.Refer(who, other).ok()) told("refer ");
          break;
        case 2:
          if (town.Merge(who, other).ok()) told("merge ");
          break;
        case 3:
          if (town.Join(who, other).ok()) told("join ");
          break;
        case 4:
          if (!town.IsAlone(who) && town.of(who).member.joined->household && town.Leave(who).ok()) {
            told("leave ");
          }
          break;
        case 5:
          if (!town.IsAlone(who) && !town.of(who).member.joined->household &&
              town.Unmerge(who).ok()) {
            told("unmerge ");
          }
          break;
        case 6:
          if (!bought.empty()) {
            const auto& [buyer, id] = bought[below(bought.size())];
            if (town.Return(buyer, id, 30).ok()) absl::StrAppend(&story, "return ", id, "; ");
          }
          break;
        case 7:
          town.Wait(absl::Hours(20));
          break;
        default:
          bought.emplace_back(who, absl::StrCat("p", step));
          if (town.Buy(who, bought.back().second, 30).ok()) told("buy ");
      }
      ExpectTold(town);
      if (::testing::Test::HasFailure()) break;
    }
    EXPECT_EQ(town.complaints(), "");
    if (::testing::Test::HasFailure()) ADD_FAILURE() << "life " << life << ": " << story;
  }
}

}  // namespace
}  // namespace dangol::domain
