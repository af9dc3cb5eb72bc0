#include "server/domain/incentive/purchase_miss.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>

#include "tests/domain/incentive/shopper.h"
#include "tests/domain/standing/climber.h"

namespace dangol::domain {
namespace {

// What somebody is told who buys coffee for 10 EUR at noon of Thursday, 15 January 2026.
PurchaseMiss Told(Incentive incentive) {
  Program program = ProgramWith({std::move(incentive)});
  program.ladders = {MetalLadder()};
  Shopper member(program);
  member.Shop({"2026-01-15"});
  return MissOf(member.last_purchase(), "card", member.catalog(), member.state().member);
}

TEST(PurchaseMissTest, TheFirstThatDoesNotHoldIsTold) {
  using Set = std::function<void(Conditions&)>;
  const std::pair<PurchaseMiss, Set> cases[] = {
      {PurchaseMiss::kCounts, [](Conditions&) {}},
      {PurchaseMiss::kChannel, [](Conditions& when) { when.channels = {"elsewhere"}; }},
      {PurchaseMiss::kStore, [](Conditions& when) { when.store_ids = {"elsewhere"}; }},
      {PurchaseMiss::kWeekday, [](Conditions& when) { when.weekdays = {absl::Weekday::friday}; }},
      {PurchaseMiss::kCounts, [](Conditions& when) { when.weekdays = {absl::Weekday::thursday}; }},
      {PurchaseMiss::kHours,
       [](Conditions& when) {
         when.hours = HourRange{0, 12 * 60};
       }},
      {PurchaseMiss::kCounts,
       [](Conditions& when) {
         when.hours = HourRange{12 * 60, 13 * 60};
       }},
      {PurchaseMiss::kDates,
       [](Conditions& when) { when.first_day = absl::CivilDay(2026, 1, 16); }},
      {PurchaseMiss::kDates, [](Conditions& when) { when.last_day = absl::CivilDay(2026, 1, 14); }},
      {PurchaseMiss::kCounts,
       [](Conditions& when) { when.last_day = absl::CivilDay(2026, 1, 15); }},
      {PurchaseMiss::kBasket,
       [](Conditions& when) {
         when.min_basket = {{0, 1'001}};
       }},
      {PurchaseMiss::kCounts,
       [](Conditions& when) {
         when.min_basket = {{0, 1'000}};
       }},
      {PurchaseMiss::kAttributes,
       [](Conditions& when) {
         when.attributes = {{"club", "yes"}};
       }},
      {PurchaseMiss::kGoods, [](Conditions& when) { when.categories = {"tea"}; }},
      {PurchaseMiss::kCounts,
       [](Conditions& when) {
         when.categories = {"tea", "coffee"};
       }},
  };
  for (size_t i = 0; i < std::size(cases); ++i) {
    Incentive incentive = IncentiveOf(PunchCard{.places = 10});
    cases[i].second(incentive.when);
    EXPECT_EQ(Told(incentive), cases[i].first) << "case " << i;
  }
}

TEST(PurchaseMissTest, LessThanAStampIsTooLittle) {
  PunchCard card{.places = 10};
  card.per = PunchCard::Per::kAmount;
  card.per_minor = 1'001;
  EXPECT_EQ(Told(IncentiveOf(card)), PurchaseMiss::kAmount);
  card.per_minor = 1'000;
  EXPECT_EQ(Told(IncentiveOf(card)), PurchaseMiss::kCounts);
}

TEST(PurchaseMissTest, WhoIsNotInTheTierIsNotMeant) {
  Incentive incentive = IncentiveOf(PunchCard{.places = 10});
  incentive.tiers = {{"main", "silver"}};
  EXPECT_EQ(Told(incentive), PurchaseMiss::kAudience);
  incentive.tiers = {{"main", "bronze"}, {"main", "silver"}};
  EXPECT_EQ(Told(incentive), PurchaseMiss::kCounts);
}

TEST(PurchaseMissTest, SomeDoNotLookAtPurchases) {
  EXPECT_EQ(Told(IncentiveOf(Engagement{"review"})), PurchaseMiss::kNoPurchases);
  EXPECT_EQ(Told(IncentiveOf(Welcome())), PurchaseMiss::kNoPurchases);
  EXPECT_EQ(Told(IncentiveOf(Anniversary())), PurchaseMiss::kNoPurchases);
  EXPECT_EQ(Told(IncentiveOf(Birthday{"birthday"})), PurchaseMiss::kNoPurchases);
}

TEST(PurchaseMissTest, WhatCameBackDoesNotCount) {
  Shopper member(ProgramWith({IncentiveOf(PunchCard{.places = 10})}));
  const std::string id = member.Shop({"2026-01-15"});
  ASSERT_TRUE(member.BringBack(id, "2026-01-16").ok());
  EXPECT_EQ(
      MissOf(member.state().purchases.back(), "card", member.catalog(), member.state().member),
      PurchaseMiss::kCameBack);
}

TEST(PurchaseMissTest, WhoIsSuspendedCollectsNothing) {
  Shopper member(ProgramWith({IncentiveOf(PunchCard{.places = 10})}));
  ChangeStatus change;
  change.member = member.Me();
  change.status = MemberStatus::kSuspended;
  ASSERT_TRUE(member.Do(change, TimeOf("2026-01-14")).ok());
  member.Shop({"2026-01-15"});
  EXPECT_EQ(MissOf(member.last_purchase(), "card", member.catalog(), member.state().member),
            PurchaseMiss::kSuspended);
}

TEST(PurchaseMissTest, AnEarlierPurchaseIsNotForALaterIncentive) {
  Shopper member(ProgramWith(std::vector<Incentive>()));
  member.Shop({"2026-01-15"});
  member.Activate(ProgramWith({IncentiveOf(PunchCard{.places = 10})}), TimeOf("2026-01-16"));
  EXPECT_EQ(MissOf(member.last_purchase(), "card", member.catalog(), member.state().member),
            PurchaseMiss::kLaterVersion);
}

}  // namespace
}  // namespace dangol::domain
