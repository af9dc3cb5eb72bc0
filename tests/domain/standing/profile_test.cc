#include "server/domain/standing/profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/programs.h"

namespace dangol::domain {
namespace {

using ::dangol::testing::Line;
using ::dangol::testing::SimpleProgram;
using ::dangol::testing::Utc;
using ::testing::ElementsAre;

constexpr char kNoonOf[] = " 12:00:00";

class ProfileTest : public ::testing::Test {
 protected:
  ProfileTest() {
    Program program = SimpleProgram();
    program.activities = {{"visit", 1}, {"review", 2}};
    catalog_ = testing::CatalogOf(program);
  }

  static Days January() {
    return {NumberOf(absl::CivilDay(2026, 1, 1)), NumberOf(absl::CivilDay(2026, 2, 1))};
  }

  Purchase Bought(const std::string& id, const std::string& day, std::vector<PurchaseLine> lines,
                  const std::string& channel = "store") {
    Purchase purchase = testing::PurchaseOf(std::move(lines));
    purchase.purchase_id = id;
    purchase.occurred_at = Utc(day + kNoonOf);
    purchase.channel = channel;
    purchase.program_version = 1;
    for (PurchaseLine& line : purchase.lines) {
      line.quantity = 1;
      purchase.total_minor += line.amount_minor;
    }
    return purchase;
  }

  // All of it.
  Purchase Back(Purchase purchase) {
    purchase.returned_minor = purchase.total_minor;
    for (PurchaseLine& line : purchase.lines) {
      line.returned_quantity = line.quantity;
      line.returned_minor = line.amount_minor;
    }
    return purchase;
  }

  Return Returned(const std::string& day, const std::string& purchase_id, int64_t amount) {
    Return returned;
    returned.occurred_at = Utc(day + kNoonOf);
    returned.currency = "EUR";
    returned.amount_minor = amount;
    returned.lines = {{purchase_id, 0, "", 1, amount, amount}};
    if (purchase_id.empty()) returned.unmatched_minor = amount;
    return returned;
  }

  Activity Did(const std::string& kind, const std::string& day, bool rewarded = false) {
    Activity activity;
    activity.kind = kind;
    activity.occurred_at = Utc(day + kNoonOf);
    activity.rewarded = rewarded;
    activity.program_version = 1;
    return activity;
  }

  ProgramCatalog catalog_;
  ProfileBuilder builder_{January(), NumberOf(absl::CivilDay(2026, 3, 1)), catalog_};
};

TEST_F(ProfileTest, OfNothingThereIsNothing) {
  const Profile profile = builder_.Finish(5);
  EXPECT_EQ(profile.purchases, 0);
  EXPECT_FALSE(profile.last_purchase.has_value());
  EXPECT_EQ(profile.mean_visit_interval_millidays, 0);
  EXPECT_TRUE(profile.spend.empty());
}

TEST_F(ProfileTest, TellsWhatWasBoughtWithinTheWindow) {
  builder_.Add(Bought("before", "2025-12-31", {Line(9'000)}));
  builder_.Add(Bought("a", "2026-01-01", {Line(1'000, "tea"), Line(501, "mug")}));
  builder_.Add(Bought("b", "2026-01-21", {Line(2'000, "tea")}, "web"));
  builder_.Add(Bought("after", "2026-02-01", {Line(9'000)}));
  const Profile profile = builder_.Finish(1);
  EXPECT_EQ(profile.purchases, 2);
  EXPECT_EQ(profile.quantity, 3);
  EXPECT_EQ(profile.recency_days, 10);
  EXPECT_EQ(profile.visits, 2);
  EXPECT_EQ(profile.mean_visit_interval_millidays, 20'000);
  const Spend& spend = profile.spend.at("EUR");
  EXPECT_EQ(spend.net_minor, 3'501);
  EXPECT_EQ(spend.mean_basket_minor, 1'750);
  EXPECT_THAT(spend.categories, ElementsAre(Favourite{"tea", 3'000, 856'898}));
  EXPECT_THAT(spend.channels, ElementsAre(Favourite{"web", 2'000, 571'265}));
}

// It came back whole: a cancellation, and no purchase any more.
TEST_F(ProfileTest, WhatCameBackCountsForQualityOnly) {
  builder_.Add(Back(Bought("a", "2026-01-05", {Line(1'000, "tea")})));
  builder_.Add(Returned("2026-02-05", "a", 1'000));
  const Profile profile = builder_.Finish(5);
  EXPECT_EQ(profile.purchases, 0);
  EXPECT_EQ(profile.visits, 0);
  EXPECT_EQ(profile.cancellations, 1);
  EXPECT_EQ(profile.returns, 0) << "it came back after the window";
  EXPECT_EQ(profile.returned.at("EUR").cancelled_minor, 1'000);
  EXPECT_EQ(profile.spend.at("EUR").net_minor, 0);
  EXPECT_TRUE(profile.spend.at("EUR").categories.empty());
}

TEST_F(ProfileTest, AnExchangeIsAReturnWithAnotherPurchaseOnItsDay) {
  builder_.Add(Back(Bought("old", "2026-01-05", {Line(1'000)})));
  builder_.Add(Bought("new", "2026-01-08", {Line(1'200)}));
  // Part of a purchase comes back on its own day: nothing is exchanged for it.
  Purchase two = Bought("two", "2026-01-20", {Line(500), Line(700)});
  two.lines[0].returned_quantity = 1;
  two.lines[0].returned_minor = two.returned_minor = 500;
  builder_.Add(two);
  builder_.Add(Returned("2026-01-08", "old", 1'000));
  builder_.Add(Returned("2026-01-20", "two", 500));
  builder_.Add(Returned("2026-01-09", "", 30));
  Return undone = Returned("2026-01-08", "new", 1'200);
  undone.undone_at = Utc("2026-01-09 12:00:00");
  builder_.Add(undone);
  const Profile profile = builder_.Finish(5);
  EXPECT_EQ(profile.returns, 3);
  EXPECT_EQ(profile.exchanges, 1);
  EXPECT_EQ(profile.unmatched_returns, 1);
  EXPECT_EQ(profile.returned.at("EUR").returned_minor, 1'530);
  EXPECT_EQ(profile.spend.at("EUR").net_minor, 1'200 + 700 - 30);
}

TEST_F(ProfileTest, CountsWhatIsUnderTheCap) {
  for (int i = 0; i < 3; ++i) builder_.Add(Did("review", "2026-01-05"));
  builder_.Add(Did("review", "2026-01-06", /*rewarded=*/true));
  Activity undone = Did("review", "2026-01-07");
  undone.undone_at = Utc("2026-01-08 12:00:00");
  builder_.Add(undone);
  builder_.Add(Did("visit", "2026-01-05"));
  builder_.Add(Did("visit", "2026-01-05"));
  builder_.Add(Bought("a", "2026-01-05", {Line(1'000)}));
  builder_.Add(Bought("nothing", "2026-01-10", {Line(0)}));
  const Profile profile = builder_.Finish(5);
  EXPECT_EQ(profile.engagement.at("review").counted, (ActivityCount{2, 1}));
  EXPECT_EQ(profile.engagement.at("review").recorded, (ActivityCount{3, 1}));
  EXPECT_EQ(profile.visits, 3) << "a visit, a purchase, and one of nothing";
  EXPECT_EQ(profile.visit_days, 2);
  EXPECT_EQ(profile.mean_visit_interval_millidays, 5'000);
  EXPECT_EQ(profile.purchases, 1);
}

}  // namespace
}  // namespace dangol::domain
