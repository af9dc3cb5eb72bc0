#include "server/domain/merge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "server/common/error.h"
#include "server/common/limits.h"
#include "server/domain/audit.h"
#include "tests/domain/scenario.h"

namespace dangol::domain {
namespace {

using ::dangol::testing::Line;
using ::dangol::testing::PurchaseOf;
using ::dangol::testing::Utc;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string ReasonOf(const absl::Status& status) { return DetailsOf(status).reason; }

// Points are pending for a day and live for ten. 50 of them at most for a day's purchases
// of food, on top. A latte costs 40.
Program TenDays() {
  Program program = testing::SimpleProgram();
  program.wallets[0].pending_days = 1;
  program.wallets[0].expiry = {Expiry::Policy::kAfter, 0, 10, 0};
  program.adjustment_reasons = {{"goodwill", 1'000'000}};
  EarningRule food = testing::BaseRule("food", 10, 100);
  food.when.categories = {"food"};
  food.caps = {{CapPeriod::kDay, 50}};
  program.earning_rules.push_back(std::move(food));
  Reward latte;
  latte.id = "latte";
  latte.name = "A latte";
  latte.points = 40;
  latte.benefit.kind = Benefit::Kind::kGift;
  latte.benefit.sku = "latte";
  program.rewards = {std::move(latte)};
  return program;
}

// Three members, of whom two or all turn out to be one. What is done to each is noted, to
// be decided again by an audit.
class MergeTest : public ::testing::Test {
 protected:
  struct Step {
    int who;
    int with;  // -1: nobody.
    Command command;
    absl::Time at;
    Inputs inputs = {};
  };

  explicit MergeTest(const Program& program = TenDays())
      : people_{Scenario(program, 1), Scenario(program, 2), Scenario(program, 3)} {
    for (int i = 0; i < 3; ++i) {
      people_[i].state().aliases = {{"card", absl::StrCat("400", i)}};
      people_[i].state().member.enrolled_at = now_;
      people_[i].state().member.advanced_until = now_;
      beginnings_.push_back(people_[i].state());
    }
  }

  ~MergeTest() override { ExpectReplayed(); }

  absl::StatusOr<Outcome> Do(int who, Action action, int origin = 0) {
    absl::StatusOr<Outcome> outcome = people_[who].Do(action, now_, origin);
    Inputs inputs;
    inputs.origin = origin;
    if (outcome.ok()) steps_.push_back({who, -1, {std::move(action), "till-1"}, now_, inputs});
    return outcome;
  }

  absl::StatusOr<Outcome> DoWith(int who, int with, Action action) {
    absl::StatusOr<Outcome> outcome = people_[who].DoWith(people_[with], action, now_);
    if (outcome.ok()) steps_.push_back({who, with, {std::move(action), "till-1"}, now_});
    return outcome;
  }

  // A purchase that is named by its number, of so many points.
  std::string Buy(int who, int64_t points, const std::string& category = "", int origin = 0) {
    RecordPurchase record;
    record.member = people_[who].Me();
    record.purchase = PurchaseOf({Line(points * 100, category)});
    record.purchase.purchase_id = absl::StrCat("p-", ++purchases_);
    record.occurred_at = now_;
    EXPECT_TRUE(Do(who, record, origin).ok());
    return absl::StrCat("p-", purchases_);
  }

  absl::Status Return(int who, const std::string& purchase_id, int64_t points) {
    RecordReturn back;
    back.member = people_[who].Me();
    back.return_id = absl::StrCat("back ", ++purchases_);
    back.purchase_id = purchase_id;
    back.amount_minor = points * 100;
    return Do(who, back).status();
  }

  absl::Status Redeem(int who, int64_t points) {
    return Reserve(who, absl::StrCat("redeem-", ++purchases_), points, /*capture=*/true);
  }

  absl::Status Reserve(int who, const std::string& id, int64_t points, bool capture = false) {
    ReservePoints reserve;
    reserve.member = people_[who].Me();
    reserve.reservation_id = id;
    reserve.points = points;
    reserve.time_to_live = absl::Hours(24);
    reserve.capture = capture;
    return Do(who, reserve).status();
  }

  absl::Status Void(int who, const std::string& id) {
    VoidReservation release;
    release.member = people_[who].Me();
    release.reservation_id = id;
    return Do(who, release).status();
  }

  absl::Status Merge(int who, int into) {
    MergeMembers merge;
    merge.member = people_[who].Me();
    merge.into = people_[into].Me();
    merge.merge_id = "merge";
    return DoWith(who, into, merge).status();
  }

  absl::Status Unmerge(int who, int from) {
    UnmergeMember unmerge;
    unmerge.member = people_[who].Me();
    unmerge.unmerge_id = "unmerge";
    return DoWith(from, who, unmerge).status();
  }

  absl::Status Join(int who, int household) {
    MergeMembers join;
    join.household = true;
    join.member = people_[who].Me();
    join.into = people_[household].Me();
    join.merge_id = "join";
    return DoWith(who, household, join).status();
  }

  absl::Status Leave(int who, int household) {
    UnmergeMember leave;
    leave.household = true;
    leave.member = people_[who].Me();
    leave.unmerge_id = "leave";
    return DoWith(household, who, leave).status();
  }

  // A purchase by somebody who has joined the household of another.
  std::string BuyInHousehold(int who, int head, int64_t points) {
    return Buy(head, points, "", people_[who].state().member.merged->origin);
  }

  void Wait(absl::Duration duration) { now_ += duration; }
  // Until what was bought is available.
  void Mature() { Wait(absl::Hours(48)); }

  // What a member has, whatever way it took: without entries, versions and hints.
  MemberState Having(int who) {
    people_[who].AdvanceTo(now_);
    steps_.push_back({who, -1, {AdvanceMember{people_[who].Me()}, kSystemPrincipal}, now_});
    MemberState state = people_[who].state();
    state.member.entry_count = 0;
    state.member.next_due_at = absl::InfinitePast();
    state.member.advanced_until = absl::InfinitePast();
    state.member.last_origin = 0;
    std::erase_if(state.cap_usage, [](const CapUsage& usage) { return usage.points == 0; });
    std::erase_if(state.accounts, [](const Account& account) {
      return account.pending == 0 && account.available == 0 && account.held == 0 &&
             account.qualifying == 0;
    });
    const auto by_id = [](const auto& a, const auto& b) { return IdOf(a) < IdOf(b); };
    std::sort(state.purchases.begin(), state.purchases.end(), by_id);
    std::sort(state.reservations.begin(), state.reservations.end(), by_id);
    std::sort(state.coupons.begin(), state.coupons.end(), by_id);
    std::sort(state.cap_usage.begin(), state.cap_usage.end(), by_id);
    return state;
  }

  static void ExpectSame(const MemberState& left, const MemberState& right) {
    EXPECT_EQ(left.member.purchase_count, right.member.purchase_count);
    EXPECT_EQ(left.member.first_purchase_at, right.member.first_purchase_at);
    EXPECT_EQ(left.member.last_purchase_at, right.member.last_purchase_at);
    EXPECT_EQ(left.member.last_activity_at, right.member.last_activity_at);
    EXPECT_EQ(left.member, right.member);
    EXPECT_EQ(left.accounts, right.accounts);
    EXPECT_EQ(left.lots, right.lots);
    EXPECT_EQ(left.aliases, right.aliases);
    EXPECT_EQ(left.cap_usage, right.cap_usage);
    EXPECT_EQ(left.reservations, right.reservations);
    EXPECT_EQ(left.coupons, right.coupons);
    EXPECT_EQ(left.purchases, right.purchases);
  }

  int64_t TransferredOfAll() const {
    int64_t sum = 0;
    for (const Scenario& person : people_) {
      for (const LedgerEntry& entry : person.entries()) {
        if (entry.debit == LedgerAccount::kTransferred) sum -= entry.points;
        if (entry.credit == LedgerAccount::kTransferred) sum += entry.points;
      }
    }
    return sum;
  }

  Scenario people_[3];
  absl::Time now_ = Utc("2026-01-15 12:00:00");

 private:
  static const std::string& IdOf(const Purchase& row) { return row.purchase_id; }
  static const std::string& IdOf(const Reservation& row) { return row.reservation_id; }
  static const std::string& IdOf(const Coupon& row) { return row.coupon_id; }
  static std::tuple<std::string, std::string> IdOf(const CapUsage& row) {
    return {row.period, row.rule_id};
  }

  // An audit comes to the same, whatever the test has done.
  void ExpectReplayed() {
    EXPECT_EQ(TransferredOfAll(), 0);
    std::vector<Replay> replays;
    for (int i = 0; i < 3; ++i) {
      replays.emplace_back(people_[i].catalog());
      EnrollMember enroll;
      enroll.member_id = testing::MemberNumber(static_cast<uint64_t>(i) + 1);
      enroll.aliases = beginnings_[static_cast<size_t>(i)].aliases;
      const absl::Time at = beginnings_[static_cast<size_t>(i)].member.advanced_until;
      ASSERT_TRUE(replays.back().Step({enroll, "till-1"}, at).ok());
    }
    for (const Step& step : steps_) {
      Replay& replay = replays[static_cast<size_t>(step.who)];
      const absl::Status status =
          step.with < 0
              ? replay.Step(step.command, step.at, step.inputs).status()
              : replay.StepWith(replays[static_cast<size_t>(step.with)], step.command, step.at);
      ASSERT_TRUE(status.ok()) << status;
    }
    for (int i = 0; i < 3; ++i) {
      const Replay& replay = replays[static_cast<size_t>(i)];
      EXPECT_EQ(replay.entries(), people_[i].entries());
      const MemberState& state = people_[i].state();
      EXPECT_EQ(replay.state().lots, state.lots);
      EXPECT_EQ(replay.state().accounts, state.accounts);
      EXPECT_EQ(replay.state().purchases, state.purchases);
      EXPECT_EQ(replay.state().reservations, state.reservations);
      EXPECT_EQ(replay.state().coupons, state.coupons);
      EXPECT_EQ(replay.state().aliases, state.aliases);
    }
  }

  int purchases_ = 0;
  std::vector<MemberState> beginnings_;
  std::vector<Step> steps_;
};

TEST_F(MergeTest, TheSurvivorHasEverythingOfBoth) {
  const std::string first = Buy(0, 100);
  Mature();
  Buy(0, 20);
  Buy(1, 7);
  ASSERT_TRUE(Merge(0, 1).ok());
  EXPECT_EQ(people_[1].Balance(), "27/100");
  EXPECT_EQ(people_[0].Balance(), "0/0");
  EXPECT_EQ(AccountOf(people_[1].state(), "points").qualifying, 127);
  const MemberState& survivor = people_[1].state();
  EXPECT_EQ(survivor.member.purchase_count, 3);
  EXPECT_EQ(survivor.member.first_purchase_at, now_ - absl::Hours(48));
  EXPECT_EQ(survivor.member.last_purchase_at, now_);
  EXPECT_THAT(survivor.aliases, ElementsAre(Alias{"card", "4000"}, Alias{"card", "4001"}));
  EXPECT_THAT(survivor.purchases, SizeIs(3));
  const Member& merged = people_[0].state().member;
  EXPECT_EQ(merged.status, MemberStatus::kMerged);
  EXPECT_EQ(merged.merged->into, survivor.member.id);
  EXPECT_EQ(merged.next_due_at, absl::InfiniteFuture());
  EXPECT_THAT(people_[0].state().aliases, IsEmpty());
  EXPECT_THAT(people_[0].state().purchases, IsEmpty());
}

TEST_F(MergeTest, PointsMatureAndExpireWhenTheyWouldHave) {
  Buy(0, 100);
  const std::vector<Lot> before = people_[0].state().lots;
  ASSERT_TRUE(Merge(0, 1).ok());
  ASSERT_THAT(people_[1].state().lots, SizeIs(1));
  Lot after = people_[1].state().lots[0];
  EXPECT_EQ(OriginOf(after.lot), 1);
  after.lot = before[0].lot;
  EXPECT_EQ(after, before[0]);
  EXPECT_EQ(people_[1].state().member.next_due_at, before[0].available_from);
  now_ = before[0].available_from;
  Having(1);
  EXPECT_EQ(people_[1].Balance(), "0/100");
  now_ = before[0].expires_at;
  Having(1);
  EXPECT_EQ(people_[1].Balance(), "0/0");
}

TEST_F(MergeTest, WhatWasHeldIsCapturedOrReleasedByTheSurvivor) {
  Buy(0, 100);
  Mature();
  ASSERT_TRUE(Reserve(0, "hold", 30).ok());
  ASSERT_TRUE(Reserve(0, "forgotten", 10).ok());
  ASSERT_TRUE(Merge(0, 1).ok());
  EXPECT_EQ(people_[0].Held(), 0);
  EXPECT_EQ(people_[1].Held(), 40);
  CapturePoints capture;
  capture.member = people_[1].Me();
  capture.reservation_id = "hold";
  capture.points = 25;
  ASSERT_TRUE(Do(1, capture).ok());
  EXPECT_EQ(people_[1].Balance(), "0/65");
  EXPECT_EQ(people_[1].Held(), 10);
  Wait(absl::Hours(24));
  Having(1);
  EXPECT_EQ(people_[1].Balance(), "0/75") << "it lapses";
  EXPECT_THAT(people_[1].state().lots, SizeIs(1)) << "everything went back to where it came from";
}

TEST_F(MergeTest, ACouponOfEitherIsCancelledByTheSurvivor) {
  Buy(0, 100);
  Mature();
  IssueCoupon issue;
  issue.member = people_[0].Me();
  issue.coupon_id = issue.code = "c-1";
  issue.reward_id = "latte";
  ASSERT_TRUE(Do(0, issue).ok());
  ASSERT_TRUE(Merge(0, 1).ok());
  EXPECT_EQ(people_[1].Balance(), "0/60");
  CancelCoupon cancel;
  cancel.member = people_[1].Me();
  cancel.code = "c-1";
  ASSERT_TRUE(Do(1, cancel).ok());
  EXPECT_EQ(people_[1].Balance(), "0/100");
  EXPECT_THAT(people_[1].state().lots, SizeIs(1));
}

TEST_F(MergeTest, AReturnTakesBackWhatThePurchaseOfTheOtherEarned) {
  const std::string purchase = Buy(0, 100);
  Mature();
  Buy(1, 100);
  ASSERT_TRUE(Merge(0, 1).ok());
  ASSERT_TRUE(Return(1, purchase, 40).ok());
  EXPECT_EQ(people_[1].Balance(), "100/60");
  ASSERT_TRUE(Redeem(1, 60).ok());
  ASSERT_TRUE(Return(1, purchase, 60).ok());
  EXPECT_EQ(people_[1].Balance(), "100/-60") << "points of other purchases are pending";
  EXPECT_EQ(AccountOf(people_[1].state(), "points").qualifying, 100);
}

TEST_F(MergeTest, WhatHadExpiredBeforeIsNotOwedAfterwards) {
  const std::string purchase = Buy(0, 100);
  Wait(absl::Hours(12 * 24));
  ASSERT_TRUE(Merge(0, 1).ok());
  ASSERT_TRUE(Return(1, purchase, 100).ok());
  EXPECT_EQ(people_[1].Balance(), "0/0");
  ASSERT_TRUE(Unmerge(0, 1).ok());
  EXPECT_EQ(people_[0].Balance(), "0/0");
}

TEST_F(MergeTest, WhatExpiredInBetweenIsNotOwedAfterAnUnmergeNorAfterAnotherMerge) {
  const std::string purchase = Buy(0, 100);
  const std::string other = Buy(0, 30);
  ASSERT_TRUE(Merge(0, 1).ok());
  Wait(absl::Hours(12 * 24));
  ASSERT_TRUE(Unmerge(0, 1).ok());
  ASSERT_TRUE(Return(0, purchase, 100).ok());
  EXPECT_EQ(people_[0].Balance(), "0/0");
  ASSERT_TRUE(Merge(0, 1).ok());
  ASSERT_TRUE(Return(1, other, 30).ok());
  EXPECT_EQ(people_[1].Balance(), "0/0");
}

TEST_F(MergeTest, ADebtIsOwedByTheSurvivor) {
  const std::string purchase = Buy(0, 100);
  Mature();
  ASSERT_TRUE(Redeem(0, 100).ok());
  ASSERT_TRUE(Return(0, purchase, 100).ok());
  Buy(1, 30);
  Mature();
  ASSERT_TRUE(Merge(0, 1).ok());
  EXPECT_EQ(people_[0].Balance(), "0/0");
  EXPECT_EQ(people_[1].Balance(), "0/-70") << "what the survivor had repays it";
}

TEST_F(MergeTest, TheOldestDebtIsRepaidFirstWhoeverBroughtIt) {
  for (const int who : {0, 1}) {
    const std::string purchase = Buy(who, 10);
    Mature();
    ASSERT_TRUE(Redeem(who, 10).ok());
    ASSERT_TRUE(Return(who, purchase, 10).ok());
  }
  const absl::Time younger = now_;
  ASSERT_TRUE(Merge(0, 1).ok());
  Buy(1, 10);
  Mature();
  const MemberState survivor = Having(1);
  ASSERT_EQ(people_[1].Balance(), "0/-10");
  for (const Lot& lot : survivor.lots) {
    if (lot.remaining < 0) {
      EXPECT_EQ(lot.earned_at, younger);
    }
  }
}

// The audit that follows has them in the order in which they were made.
TEST_F(MergeTest, ItDoesNotShowInWhatOrderHoldsWereLoaded) {
  Buy(0, 100);
  Mature();
  ASSERT_TRUE(Reserve(0, "b", 10).ok());
  ASSERT_TRUE(Reserve(0, "a", 20).ok());
  const auto load_otherwise = [this](int who) {
    std::vector<Reservation>& reservations = people_[who].state().reservations;
    std::reverse(reservations.begin(), reservations.end());
  };
  load_otherwise(0);
  ASSERT_TRUE(Merge(0, 1).ok());
  ASSERT_TRUE(Do(1, ChangeStatus{people_[1].Me(), MemberStatus::kClosed}).ok());
  load_otherwise(1);
}

TEST_F(MergeTest, ADaysCapIsThatOfBothTogether) {
  Buy(0, 3, "food");  // 30 points.
  Buy(1, 1, "food");  // 10 points.
  ASSERT_TRUE(Merge(0, 1).ok());
  Buy(1, 3, "food");  // 10 more, up to 50 in all.
  EXPECT_EQ(AccountOf(people_[1].state(), "points").pending, 50);
  ASSERT_TRUE(Unmerge(0, 1).ok());
  EXPECT_EQ(AccountOf(people_[0].state(), "points").pending, 30);
  Buy(0, 10, "food");
  EXPECT_EQ(AccountOf(people_[0].state(), "points").pending, 50) << "their own cap";
}

TEST_F(MergeTest, UndoneAtOnceBothAreAsTheyWere) {
  const std::string purchase = Buy(0, 100);
  Buy(1, 100, "food");
  Mature();
  Buy(0, 20, "food");
  Buy(1, 9);
  ASSERT_TRUE(Return(0, purchase, 10).ok());
  ASSERT_TRUE(Redeem(0, 5).ok());
  ASSERT_TRUE(Reserve(0, "hold", 30).ok());
  ASSERT_TRUE(Reserve(1, "theirs", 3).ok());
  const MemberState merged = Having(0);
  const MemberState survivor = Having(1);
  ASSERT_TRUE(Merge(0, 1).ok());
  ASSERT_TRUE(Unmerge(0, 1).ok());
  ExpectSame(Having(0), merged);
  ExpectSame(Having(1), survivor);
  // And once more: what came with the first merge is not taken for that of the second.
  ASSERT_TRUE(Merge(0, 1).ok());
  ASSERT_TRUE(Unmerge(0, 1).ok());
  ExpectSame(Having(0), merged);
  ExpectSame(Having(1), survivor);
  // The other way round.
  ASSERT_TRUE(Merge(1, 0).ok());
  ASSERT_TRUE(Unmerge(1, 0).ok());
  ExpectSame(Having(0), merged);
  ExpectSame(Having(1), survivor);
}

TEST_F(MergeTest, WhatWasSpentIsSpentAndWhatWasBoughtStays) {
  Buy(0, 100);
  Mature();
  Buy(1, 50);
  ASSERT_TRUE(Merge(0, 1).ok());
  ASSERT_TRUE(Redeem(1, 30).ok());
  Buy(1, 11);
  Mature();
  ASSERT_TRUE(Unmerge(0, 1).ok());
  EXPECT_EQ(people_[0].Balance(), "0/70");
  EXPECT_EQ(people_[1].Balance(), "0/61");
  EXPECT_EQ(people_[0].state().member.purchase_count, 1);
  EXPECT_EQ(people_[1].state().member.purchase_count, 2);
  EXPECT_EQ(AccountOf(people_[0].state(), "points").qualifying, 100);
  EXPECT_EQ(AccountOf(people_[1].state(), "points").qualifying, 61);
}

TEST_F(MergeTest, WhatAReturnLeftGoesBackWithThePurchase) {
  const std::string purchase = Buy(0, 100);
  Mature();
  ASSERT_TRUE(Merge(0, 1).ok());
  ASSERT_TRUE(Redeem(1, 100).ok());
  ASSERT_TRUE(Return(1, purchase, 60).ok());
  EXPECT_EQ(people_[1].Balance(), "0/-60");
  ASSERT_TRUE(Unmerge(0, 1).ok());
  EXPECT_EQ(people_[0].Balance(), "0/-60");
  EXPECT_EQ(people_[1].Balance(), "0/0");
  EXPECT_EQ(AccountOf(people_[0].state(), "points").qualifying, 40);
  EXPECT_EQ(AccountOf(people_[1].state(), "points").qualifying, 0);
  ASSERT_TRUE(Return(0, purchase, 40).ok());
  EXPECT_EQ(people_[0].Balance(), "0/-100");
}

TEST_F(MergeTest, AHoldThatEndsInBetweenGivesBackToWhomItCameFrom) {
  Buy(0, 100);
  Mature();
  ASSERT_TRUE(Reserve(0, "hold", 100).ok());
  ASSERT_TRUE(Merge(0, 1).ok());
  ASSERT_TRUE(Void(1, "hold").ok());
  EXPECT_EQ(people_[1].Balance(), "0/100");
  ASSERT_TRUE(Unmerge(0, 1).ok());
  EXPECT_EQ(people_[0].Balance(), "0/100");
  EXPECT_EQ(people_[1].Balance(), "0/0");
  ASSERT_THAT(people_[0].state().reservations, SizeIs(1));
  EXPECT_EQ(people_[0].state().reservations[0].status, ReservationStatus::kVoided);
}

TEST_F(MergeTest, AHoldThatTheSurvivorMadeStaysTheirs) {
  Buy(0, 100);
  Mature();
  ASSERT_TRUE(Merge(0, 1).ok());
  ASSERT_TRUE(Reserve(1, "hold", 60).ok());
  ASSERT_TRUE(Unmerge(0, 1).ok());
  EXPECT_EQ(people_[0].Balance(), "0/40");
  EXPECT_EQ(people_[1].Held(), 60);
  ASSERT_TRUE(Void(1, "hold").ok());
  EXPECT_EQ(people_[1].Balance(), "0/60");
}

TEST_F(MergeTest, MergesOfMergesAreUndoneOneAfterTheOther) {
  Buy(0, 10);
  Buy(1, 20);
  Buy(2, 40);
  Mature();
  ASSERT_TRUE(Reserve(0, "hold", 3).ok());
  const MemberState states[] = {Having(0), Having(1), Having(2)};
  ASSERT_TRUE(Merge(0, 1).ok());
  const MemberState two = Having(1);
  ASSERT_TRUE(Merge(1, 2).ok());
  EXPECT_EQ(people_[2].Balance(), "0/67");
  EXPECT_EQ(people_[2].Held(), 3);
  EXPECT_EQ(people_[2].state().member.last_origin, 2);
  EXPECT_EQ(ReasonOf(Unmerge(0, 2)), "SURVIVOR_MERGED");
  ASSERT_TRUE(Unmerge(1, 2).ok());
  ExpectSame(Having(1), two);
  ExpectSame(Having(2), states[2]);
  ASSERT_TRUE(Unmerge(0, 1).ok());
  ExpectSame(Having(0), states[0]);
  ExpectSame(Having(1), states[1]);
}

TEST_F(MergeTest, OnlyAliasesThatAreStillTheSurvivorsGoBack) {
  ASSERT_TRUE(Merge(0, 1).ok());
  RemoveAlias remove;
  remove.member = people_[1].Me();
  remove.alias = {"card", "4000"};
  ASSERT_TRUE(Do(1, remove).ok());
  ASSERT_TRUE(Unmerge(0, 1).ok());
  EXPECT_THAT(people_[0].state().aliases, IsEmpty());
  EXPECT_THAT(people_[1].state().aliases, ElementsAre(Alias{"card", "4001"}));
}

TEST_F(MergeTest, Refusals) {
  EXPECT_EQ(ReasonOf(Unmerge(0, 1)), "MEMBER_NOT_MERGED");
  EXPECT_EQ(ReasonOf(Merge(0, 0)), "MERGE_WITH_THEMSELVES");
  ChangeStatus change;
  change.member = people_[1].Me();
  change.status = MemberStatus::kSuspended;
  ASSERT_TRUE(Do(1, change).ok());
  EXPECT_EQ(ReasonOf(Merge(0, 1)), "MEMBER_SUSPENDED");
  EXPECT_EQ(ReasonOf(Merge(1, 0)), "MEMBER_SUSPENDED");
  change.status = MemberStatus::kActive;
  ASSERT_TRUE(Do(1, change).ok());
  ASSERT_TRUE(Merge(0, 1).ok());
  EXPECT_EQ(ReasonOf(Merge(0, 2)), "MEMBER_MERGED");
  EXPECT_EQ(ReasonOf(Merge(2, 0)), "MEMBER_MERGED");
  change.status = MemberStatus::kClosed;
  ASSERT_TRUE(Do(1, change).ok());
  EXPECT_EQ(ReasonOf(Unmerge(0, 1)), "MEMBER_CLOSED");
  EXPECT_EQ(ReasonOf(Merge(2, 1)), "MEMBER_CLOSED");
}

TEST_F(MergeTest, TwentyAliasesTogether) {
  for (int i = 0; i < 19; ++i) {
    AddAlias add;
    add.member = people_[1].Me();
    add.alias = {"phone", absl::StrCat(i)};
    ASSERT_TRUE(Do(1, add).ok());
  }
  EXPECT_EQ(ReasonOf(Merge(0, 1)), "TOO_MANY_ALIASES");
}

TEST_F(MergeTest, AHouseholdSharesItsPoints) {
  Buy(0, 100);
  Buy(1, 30);
  Mature();
  ASSERT_TRUE(Join(0, 1).ok());
  EXPECT_EQ(people_[1].Balance(), "0/130");
  const Member& joined = people_[0].state().member;
  EXPECT_EQ(joined.status, MemberStatus::kActive);
  EXPECT_TRUE(joined.merged->household);
  EXPECT_THAT(people_[0].state().aliases, ElementsAre(Alias{"card", "4000"})) << "still theirs";
  EXPECT_THAT(people_[1].state().aliases, ElementsAre(Alias{"card", "4001"}));
  ASSERT_TRUE(Redeem(1, 120).ok());
  EXPECT_EQ(people_[1].Balance(), "0/10");
}

TEST_F(MergeTest, WhoLeavesAHouseholdTakesAlongWhatIsLeftOfTheirs) {
  Buy(0, 100);
  Buy(1, 30);
  Mature();
  ASSERT_TRUE(Join(0, 1).ok());
  ASSERT_TRUE(Redeem(1, 60).ok());
  const std::string theirs = BuyInHousehold(0, 1, 7);
  const std::string heads = Buy(1, 5);
  Mature();
  ASSERT_TRUE(Leave(0, 1).ok());
  EXPECT_EQ(people_[0].Balance(), "0/77");
  EXPECT_EQ(people_[1].Balance(), "0/5") << "the head's own points were spent first";
  EXPECT_EQ(people_[0].state().member.purchase_count, 2);
  EXPECT_EQ(people_[0].state().member.last_purchase_at, now_ - absl::Hours(48));
  EXPECT_EQ(people_[1].state().member.purchase_count, 2);
  EXPECT_EQ(AccountOf(people_[0].state(), "points").qualifying, 107);
  EXPECT_EQ(AccountOf(people_[1].state(), "points").qualifying, 35);
  EXPECT_EQ(people_[0].state().member.merged, std::nullopt);
  ASSERT_TRUE(Return(0, theirs, 7).ok());
  EXPECT_EQ(people_[0].Balance(), "0/70");
  ASSERT_TRUE(Return(1, heads, 5).ok());
}

TEST_F(MergeTest, WhoJoinsAndLeavesAtOnceIsAsTheyWere) {
  Buy(0, 100);
  Buy(1, 30, "food");
  Mature();
  ASSERT_TRUE(Reserve(0, "hold", 30).ok());
  const MemberState joined = Having(0);
  const MemberState head = Having(1);
  ASSERT_TRUE(Join(0, 1).ok());
  ASSERT_TRUE(Leave(0, 1).ok());
  ExpectSame(Having(0), joined);
  ExpectSame(Having(1), head);
}

TEST_F(MergeTest, WhatIsRefusedOfAHousehold) {
  EXPECT_EQ(ReasonOf(Join(0, 0)), "HOUSEHOLD_OF_THEMSELVES");
  EXPECT_EQ(ReasonOf(Leave(0, 1)), "MEMBER_NOT_IN_HOUSEHOLD");
  ASSERT_TRUE(Join(0, 1).ok());
  EXPECT_EQ(ReasonOf(Unmerge(0, 1)), "MEMBER_NOT_MERGED");
  EXPECT_EQ(ReasonOf(Join(0, 2)), "MEMBER_IN_HOUSEHOLD");
  EXPECT_EQ(ReasonOf(Merge(0, 2)), "MEMBER_IN_HOUSEHOLD");
  EXPECT_EQ(ReasonOf(Merge(2, 0)), "MEMBER_IN_HOUSEHOLD");
  for (const MemberStatus status : {MemberStatus::kSuspended, MemberStatus::kClosed}) {
    ChangeStatus change;
    change.member = people_[0].Me();
    change.status = status;
    EXPECT_EQ(ReasonOf(Do(0, change).status()), "MEMBER_IN_HOUSEHOLD");
  }
  ChangeStatus suspend;
  suspend.member = people_[1].Me();
  suspend.status = MemberStatus::kSuspended;
  ASSERT_TRUE(Do(1, suspend).ok());
  EXPECT_EQ(ReasonOf(Leave(0, 1)), "HOUSEHOLD_SUSPENDED");
  EXPECT_EQ(ReasonOf(Join(2, 1)), "MEMBER_SUSPENDED");
  ChangeStatus close = suspend;
  close.status = MemberStatus::kClosed;
  ASSERT_TRUE(Do(1, close).ok());
  EXPECT_TRUE(Leave(0, 1).ok()) << "a household that has ended lets everybody go";
}

TEST_F(MergeTest, AHeadWhoIsMergedTakesTheHouseholdAlong) {
  Buy(0, 10);
  Buy(1, 20);
  Buy(2, 40);
  Mature();
  ASSERT_TRUE(Join(0, 1).ok());
  const MemberState household = Having(1);
  ASSERT_TRUE(Merge(1, 2).ok());
  EXPECT_EQ(people_[2].Balance(), "0/70");
  EXPECT_EQ(ReasonOf(Leave(0, 2)), "SURVIVOR_MERGED");
  ASSERT_TRUE(Unmerge(1, 2).ok());
  ExpectSame(Having(1), household);
  ASSERT_TRUE(Leave(0, 1).ok());
  EXPECT_EQ(people_[0].Balance(), "0/10");
}

// Whatever two members did, a merge that is undone at once changes nothing; and whatever
// they do while they are one, no point is lost or made.
TEST_F(MergeTest, AnyLifeSurvivesBeingMergedAndUndone) {
  std::mt19937 random(20260115);
  const auto below = [&](int bound) {
    return static_cast<int>(random() % static_cast<uint32_t>(bound));
  };
  std::vector<std::string> bought[2];
  const auto live = [&](int who, int steps) {
    for (int i = 0; i < steps; ++i) {
      switch (below(6)) {
        case 0:
        case 1:
          bought[who].push_back(Buy(who, 1 + below(200), below(2) == 0 ? "food" : ""));
          break;
        case 2:
          (void)Redeem(who, 1 + below(60));
          break;
        case 3:
          (void)Reserve(who, absl::StrCat("hold-", random()), 1 + below(60));
          break;
        case 4:
          if (!bought[who].empty()) {
            (void)Return(
                who, bought[who][static_cast<size_t>(below(static_cast<int>(bought[who].size())))],
                1 + below(50));
          }
          break;
        default:
          Wait(absl::Hours(1 + below(72)));
      }
    }
  };
  for (int round = 0; round < 60; ++round) {
    SCOPED_TRACE(round);
    live(0, 8);
    live(1, 8);
    const MemberState merged = Having(0);
    const MemberState survivor = Having(1);
    ASSERT_TRUE(Merge(0, 1).ok());
    ASSERT_TRUE(Unmerge(0, 1).ok());
    ExpectSame(Having(0), merged);
    ExpectSame(Having(1), survivor);
    ASSERT_TRUE(Merge(0, 1).ok());
    live(1, 4);
    ASSERT_TRUE(Unmerge(0, 1).ok());
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace dangol::domain
