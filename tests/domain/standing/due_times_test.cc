// When time does something next: to what lies in a purse, and to the tiers of its owner.

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tests/domain/standing/climber.h"

namespace dangol::domain {
namespace {

using ::dangol::testing::Utc;

// Points are pending for two weeks, and live for two years.
Program WithPatientPoints() {
  Program program = ProgramWith(MetalLadder());
  program.wallets[0].pending_days = 14;
  program.wallets[0].expiry = {Expiry::Policy::kAfter, 24, 0, 0};
  return program;
}

// As a store gives a member of whom nobody wants the lots.
MemberState WithoutLots(MemberState state) {
  state.lots.clear();
  state.has_lots = false;
  return state;
}

// What a purchase makes of somebody whose lots nobody has loaded.
Member AfterSpending(int64_t minor, const std::string& at, Climber& member) {
  RecordPurchase record;
  record.member = member.Me();
  record.purchase = testing::PurchaseOf({testing::Line(minor)});
  record.purchase.purchase_id = "without lots";
  record.occurred_at = Utc(at);
  const MemberState stored = WithoutLots(member.state());
  const AliasOwners aliases;
  const SharedCounters counters;
  State state;
  state.member = &stored;
  state.aliases = &aliases;
  state.counters = &counters;
  const auto decision = Decide({record, "till-1"}, state, member.catalog(), Utc(at));
  EXPECT_TRUE(decision.ok()) << decision.status();
  return decision.ok() ? decision->effects.member.value_or(Member()) : Member();
}

TEST(DueTimesTest, PointsAndTiersHaveTheirOwn) {
  Climber member(WithPatientPoints());
  member.Spend(10'000, "2026-01-15 12:00:00");
  ASSERT_EQ(member.state().lots.size(), 1u);
  const absl::Time review = Utc("2027-01-16 00:00:00");
  const absl::Time expiry = member.state().lots[0].expires_at;
  const struct {
    const char* what;
    absl::Time at;
    absl::Time next;
    absl::Time points;
  } kCases[] = {
      {"points mature", member.state().lots[0].available_from, review, expiry},
      {"the tier is reviewed", review, expiry, expiry},
  };
  EXPECT_EQ(member.state().member.next_due_at, kCases[0].at);
  EXPECT_EQ(member.state().member.points_due_at, kCases[0].at);
  for (const auto& test : kCases) {
    member.AdvanceTo(test.at);
    EXPECT_EQ(member.state().member.next_due_at, test.next) << test.what;
    EXPECT_EQ(member.state().member.points_due_at, test.points) << test.what;
  }
  member.AdvanceTo(expiry);
  EXPECT_EQ(member.state().member.next_due_at, absl::InfiniteFuture());
  EXPECT_EQ(member.state().member.points_due_at, std::nullopt);
}

TEST(DueTimesTest, AReviewNeedsNoLots) {
  Climber member(WithPatientPoints());
  member.Spend(10'000, "2026-01-15 12:00:00");
  member.AdvanceTo(Utc("2026-02-15 12:00:00"));
  const MemberState state = WithoutLots(member.state());
  const absl::Time review = Utc("2027-01-16 00:00:00");
  ASSERT_EQ(state.member.next_due_at, review);
  EXPECT_FALSE(NeedsLots(state.member, state.accounts, review));
  const Effects effects = Advance(state, member.catalog(), review);
  EXPECT_EQ(effects.fault, "");
  ASSERT_TRUE(effects.member.has_value());
  EXPECT_EQ(Climber::Tell(*effects.member),
            "2026-01-15 silver REACHED until 2027-01-15; 2027-01-16 bronze FELL; ");
  EXPECT_TRUE(effects.entries.empty());
  EXPECT_EQ(effects.member->points_due_at, state.member.points_due_at);
  EXPECT_EQ(effects.member->next_due_at, *state.member.points_due_at);
}

TEST(DueTimesTest, WhereBothAreDueAtOneMidnightBothHappen) {
  Program program = WithPatientPoints();
  program.wallets[0].expiry = {Expiry::Policy::kAfter, 12, 0, 0};
  Climber member(program);
  member.Spend(10'000, "2026-01-15 12:00:00");
  member.AdvanceTo(Utc("2026-02-15 12:00:00"));
  const absl::Time midnight = Utc("2027-01-16 00:00:00");
  ASSERT_EQ(member.state().member.next_due_at, midnight);
  ASSERT_EQ(member.state().member.points_due_at, midnight);
  EXPECT_TRUE(NeedsLots(member.state().member, member.state().accounts, midnight));
  member.AdvanceTo(midnight);
  EXPECT_EQ(member.Balance(), "0/0");
  EXPECT_EQ(member.TierAt("2027-01-16 00:00:00"), "bronze");
}

// It might have to be taken back.
TEST(DueTimesTest, WhoWasGivenSomethingForATierIsReviewedWithLots) {
  Ladder ladder = MetalLadder();
  ladder.tiers[1].gift = EntryGift{0, 20};
  Climber member(ProgramWith(ladder));
  member.Spend(10'000, "2026-01-15 12:00:00");
  const Member& person = member.state().member;
  EXPECT_FALSE(NeedsLots(person, member.state().accounts, Utc("2027-01-15 12:00:00")));
  EXPECT_TRUE(NeedsLots(person, member.state().accounts, Utc("2027-01-16 00:00:00")));
}

// Else they would be due at a midnight at which nothing happens.
TEST(DueTimesTest, AReviewThatIsPutOffIsForgottenWithoutLots) {
  Climber member(ProgramWith(MetalLadder()));
  member.Spend(10'000, "2026-01-15 12:00:00");
  ASSERT_EQ(member.state().member.next_due_at, Utc("2027-01-16 00:00:00"));
  const Member golden = AfterSpending(50'000, "2026-06-01 12:00:00", member);
  EXPECT_EQ(Climber::Tell(golden),
            "2026-01-15 silver REACHED until 2027-01-15; 2026-06-01 gold REACHED until "
            "2027-06-01; ");
  EXPECT_EQ(golden.next_due_at, Utc("2027-06-02 00:00:00"));
}

TEST(DueTimesTest, WithoutLotsTheyStayDueWhenTheyWere) {
  Climber member(WithPatientPoints());
  member.Spend(1'000, "2026-01-15 12:00:00");
  const absl::Time matures = member.state().lots[0].available_from;
  const Member after = AfterSpending(1'000, "2026-01-20 12:00:00", member);
  EXPECT_EQ(after.points_due_at, matures);
  EXPECT_EQ(after.next_due_at, matures);
}

}  // namespace
}  // namespace dangol::domain
