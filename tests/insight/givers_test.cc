#include "server/insight/givers.h"

#include <gmock/gmock.h>

#include "tests/support/programs.h"

namespace dangol::insight {
namespace {

using ::testing::ElementsAre;

TEST(GiversTest, MembersAreSummedByWalletAndTheMostComesFirst) {
  const domain::MemberId first = testing::MemberNumber(1);
  const domain::MemberId second = testing::MemberNumber(2);
  EXPECT_THAT(RankGivers({{second, "p-1", "points", 30},
                          {first, "p-2", "points", 50},
                          {second, "p-3", "points", 40},
                          {first, "p-2", "miles", 50}}),
              ElementsAre(Giver{second, "points", 70, 2}, Giver{first, "miles", 50, 1},
                          Giver{first, "points", 50, 1}));
}

// Of 100 points 60 went to others. They count once less than 60 stand.
TEST(GiversTest, WhatStandsStandsForWhatWasGiven) {
  domain::Purchase purchase;
  domain::EarnedPoints& earned = purchase.earned.emplace_back();
  earned.wallet = "points";
  earned.points = 100;
  const auto without_goods = [&](int64_t stands) {
    earned.stands = stands;
    return domain::GivenWithoutGoods(purchase, "points", 60);
  };
  EXPECT_EQ(without_goods(100), 0);
  EXPECT_EQ(without_goods(60), 0);
  EXPECT_EQ(without_goods(25), 35);
  EXPECT_EQ(without_goods(0), 60);
}

}  // namespace
}  // namespace dangol::insight
