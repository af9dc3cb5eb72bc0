#include "server/domain/audit/act.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/programs.h"

namespace dangol::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Command By(Action action, const std::string& reason = "") {
  return {std::move(action), "care-1", reason};
}

MemberState Minji() {
  MemberState state;
  state.member.id = testing::MemberNumber(1);
  state.member.attributes = {{"birthday", "05-20"}, {"store", "hongdae"}};
  state.accounts.resize(1);
  state.accounts[0].wallet = "points";
  state.accounts[0].available = 100;
  return state;
}

TEST(ActTest, WhatTillsMembersAndTimeDoIsNone) {
  EXPECT_FALSE(IsAct(By(RecordPurchase())));
  EXPECT_FALSE(IsAct(By(RecordReturn())));
  EXPECT_FALSE(IsAct(By(AdvanceMember())));
  EXPECT_FALSE(IsAct(By(ReservePoints())));
  EXPECT_FALSE(IsAct(By(EnrollMember())));
  EXPECT_TRUE(IsAct(By(AdjustPoints())));
  EXPECT_TRUE(IsAct(By(ActivateProgram())));
  EXPECT_TRUE(IsAct(By(MergeMembers())));
  EXPECT_TRUE(IsAct(By(RecordNorms())));
  EXPECT_FALSE(IsAct({RecordNorms(), kSystemPrincipal, ""}));
  EXPECT_TRUE(IsAct({ActivateProgram(), kSystemPrincipal, ""}));
}

TEST(ActTest, TellsWhatChangedAndNothingElse) {
  const MemberState before = Minji();
  Effects effects;
  effects.member = before.member;
  effects.member->status = MemberStatus::kSuspended;
  effects.accounts = before.accounts;
  const Act act = ActOf(By(ChangeStatus(), "a stolen card"), &before, nullptr, effects);
  EXPECT_EQ(act.reason, "a stolen card");
  EXPECT_THAT(act.changes, ElementsAre(Change{"status", "ACTIVE", "SUSPENDED"}));
}

TEST(ActTest, AReasonOfTheRequestComesFirst) {
  AdjustPoints adjust;
  adjust.reason = "goodwill";
  EXPECT_EQ(ActOf(By(adjust, "the call's"), nullptr, nullptr, {}).reason, "goodwill");
  EXPECT_EQ(ActOf(By(ChangeStatus(), "the call's"), nullptr, nullptr, {}).reason, "the call's");
}

TEST(ActTest, AttributesAreNamedWithoutWhatIsInThem) {
  const MemberState before = Minji();
  Effects effects;
  effects.member = before.member;
  effects.member->attributes = {{"birthday", "05-21"}, {"size", "L"}};
  EXPECT_THAT(
      ActOf(By(UpdateMember()), &before, nullptr, effects).changes,
      ElementsAre(Change{"attribute.birthday", "set", "replaced"},
                  Change{"attribute.store", "set", ""}, Change{"attribute.size", "", "set"}));
}

TEST(ActTest, PointsAreToldByWallet) {
  const MemberState before = Minji();
  Effects effects;
  effects.member = before.member;
  effects.accounts = before.accounts;
  effects.accounts[0].available = 70;
  effects.accounts.push_back(Account());
  effects.accounts[1].wallet = "stars";
  effects.accounts[1].available = 5;
  EXPECT_THAT(ActOf(By(AdjustPoints()), &before, nullptr, effects).changes,
              ElementsAre(Change{"points.points", "100", "70"}, Change{"points.stars", "0", "5"}));
}

TEST(ActTest, ATierIsToldWithTheOneBefore) {
  MemberState before = Minji();
  before.member.ladders = {{"main", {{.day = 10, .tier = "silver"}, {.day = 90, .tier = "gold"}}}};
  Effects effects;
  effects.member = before.member;
  effects.tier_records.resize(1);
  effects.tier_records[0].ladder = "main";
  effects.tier_records[0].span = {.day = 50, .tier = "platinum"};
  EXPECT_THAT(ActOf(By(OverrideTier()), &before, nullptr, effects).changes,
              ElementsAre(Change{"tier.main", "silver", "platinum"}));
}

TEST(ActTest, WhoActedInAHouseholdIsToldOfBesideThePurse) {
  const MemberState head = Minji();
  MemberState person = Minji();
  person.member.joined = Joined{head.member.id, true};
  Effects theirs;
  theirs.member = person.member;
  theirs.member->status = MemberStatus::kSuspended;
  Effects effects;
  effects.member = head.member;
  effects.of_person = {theirs};
  EXPECT_THAT(ActOf(By(ChangeStatus()), &head, &person, effects).changes,
              ElementsAre(Change{"status", "ACTIVE", "SUSPENDED"}));
}

TEST(ActTest, NothingChangedIsNoChange) {
  const MemberState before = Minji();
  Effects effects;
  effects.member = before.member;
  EXPECT_THAT(ActOf(By(CompleteWork()), &before, nullptr, effects).changes, IsEmpty());
}

}  // namespace
}  // namespace dangol::domain
