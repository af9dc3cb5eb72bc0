#include "server/domain/reward/rewards.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "server/common/error.h"
#include "tests/domain/scenario.h"

namespace dangol::domain {
namespace {

using ::dangol::testing::SimpleProgram;
using ::dangol::testing::Utc;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kNoon = Utc("2026-01-15 12:00:00");

Reward RewardOf(const std::string& id, int64_t points) {
  Reward reward;
  reward.id = id;
  reward.name = "A " + id;
  reward.points = points;
  reward.benefit.kind = Benefit::Kind::kGift;
  reward.benefit.sku = id;
  return reward;
}

// A latte for 40 points, and whatever `change` makes of it.
Program CafeProgram(const std::function<void(Reward&)>& change = {}) {
  Program program = SimpleProgram();
  program.adjustment_reasons = {{"goodwill", 1'000'000}};
  program.rewards = {RewardOf("latte", 40)};
  if (change) change(program.rewards[0]);
  return program;
}

class Cafe : public Scenario {
 public:
  explicit Cafe(Program program = CafeProgram()) : Scenario(std::move(program)) {}

  void Give(int64_t points, absl::Time now = kNoon) {
    AdjustPoints adjust;
    adjust.member = Me();
    adjust.points = points;
    adjust.reason = "goodwill";
    ASSERT_TRUE(Do(adjust, now).ok());
  }

  // The reason of the refusal; "" where the coupon is issued. Its code is that of the id.
  std::string Issue(const std::string& id, absl::Time now = kNoon,
                    const std::string& reward = "latte", uint64_t seed = 0) {
    IssueCoupon issue;
    issue.member = Me();
    issue.coupon_id = id;
    issue.reward_id = reward;
    issue.code = "code of " + id;
    issue.seed = seed;
    return Note(Do(issue, now));
  }

  std::string Use(const std::string& id, absl::Time now = kNoon) {
    UseCoupon use;
    use.member = Me();
    use.code = "code of " + id;
    use.reference = "receipt 7";
    return Note(Do(use, now));
  }

  std::string Cancel(const std::string& id, absl::Time now = kNoon) {
    CancelCoupon cancel;
    cancel.member = Me();
    cancel.code = "code of " + id;
    return Note(Do(cancel, now));
  }

  Coupon Stored(const std::string& id) {
    for (const Coupon& coupon : state().coupons) {
      if (coupon.coupon_id == id) return coupon;
    }
    return {};
  }

  int64_t Taken(const std::string& reward = "latte") {
    return UsedOf(&counters(), StockCounter(reward));
  }

  Offer OnlyOffer(absl::Time now = kNoon) {
    const AliasOwners aliases;
    const std::vector<Offer> offers = OffersFor({&state(), &aliases, &counters()}, catalog(), now);
    return offers.empty() ? Offer() : offers.front();
  }

  CouponOutcome last;

 private:
  std::string Note(const absl::StatusOr<Outcome>& outcome) {
    if (!outcome.ok()) return DetailsOf(outcome.status()).reason;
    last = std::get<CouponOutcome>(*outcome);
    return "";
  }
};

TEST(RewardsTest, ACouponIsPaidWithPoints) {
  Cafe cafe;
  cafe.Give(100);
  ASSERT_EQ(cafe.Issue("c-1"), "");
  EXPECT_EQ(cafe.Balance(), "0/60");
  const Coupon coupon = cafe.Stored("c-1");
  EXPECT_EQ(coupon.code, "code of c-1");
  EXPECT_EQ(coupon.reward_id, "latte");
  EXPECT_EQ(coupon.prize_id, "");
  EXPECT_EQ(coupon.points, 40);
  EXPECT_EQ(coupon.wallet, "points");
  EXPECT_EQ(coupon.program_version, 1);
  EXPECT_EQ(coupon.status, CouponStatus::kIssued);
  EXPECT_EQ(coupon.issued_at, kNoon);
  EXPECT_EQ(coupon.expires_at, absl::InfiniteFuture());
  EXPECT_EQ(coupon.ended_at, std::nullopt);
  ASSERT_EQ(coupon.lots.size(), 1u);
  EXPECT_EQ(coupon.lots[0].remaining, 40);
  EXPECT_EQ(cafe.last.coupon, coupon);
  EXPECT_EQ(cafe.last.terms.reward_name, "A latte");
  EXPECT_EQ(cafe.last.terms.benefit.sku, "latte");
  const LedgerEntry& entry = cafe.entries().back();
  EXPECT_EQ(entry.kind, EntryKind::kRedeem);
  EXPECT_EQ(entry.credit, LedgerAccount::kRedeemed);
  EXPECT_EQ(entry.reference, "c-1");
  EXPECT_EQ(entry.points, 40);
}

TEST(RewardsTest, IsUsedOnce) {
  Cafe cafe;
  cafe.Give(100);
  ASSERT_EQ(cafe.Issue("c-1"), "");
  EXPECT_EQ(cafe.Use("c-2"), "COUPON_NOT_FOUND");
  ASSERT_EQ(cafe.Use("c-1", kNoon + absl::Hours(1)), "");
  EXPECT_EQ(cafe.Stored("c-1").status, CouponStatus::kUsed);
  EXPECT_EQ(cafe.Stored("c-1").reference, "receipt 7");
  EXPECT_EQ(cafe.Stored("c-1").ended_at, kNoon + absl::Hours(1));
  EXPECT_EQ(cafe.Balance(), "0/60");
  EXPECT_EQ(cafe.Use("c-1"), "COUPON_ENDED");
  EXPECT_EQ(cafe.Cancel("c-1"), "COUPON_ENDED");
}

TEST(RewardsTest, ACancelledCouponGivesBackWhatItCost) {
  Cafe cafe;
  cafe.Give(30);
  cafe.Give(30);
  ASSERT_EQ(cafe.Issue("c-1"), "");
  ASSERT_EQ(cafe.Cancel("c-1"), "");
  EXPECT_EQ(cafe.Balance(), "0/60");
  EXPECT_EQ(cafe.Stored("c-1").status, CouponStatus::kCancelled);
  EXPECT_THAT(cafe.Stored("c-1").lots, IsEmpty());
  // To the lots that they came from.
  ASSERT_EQ(cafe.state().lots.size(), 2u);
  EXPECT_EQ(cafe.state().lots[0].remaining, 30);
  EXPECT_EQ(cafe.state().lots[1].remaining, 30);
  EXPECT_EQ(cafe.entries().back().kind, EntryKind::kRestore);
  EXPECT_EQ(cafe.entries().back().reference, "c-1");
  EXPECT_EQ(cafe.Cancel("c-1"), "COUPON_ENDED");
  EXPECT_EQ(cafe.Use("c-1"), "COUPON_ENDED");
}

// As with a reservation that is voided: what has expired lives for the days of grace.
TEST(RewardsTest, PointsThatExpiredMeanwhileComeBackWithGrace) {
  for (const int grace_days : {0, 10}) {
    Program program = CafeProgram();
    program.wallets[0].expiry = {Expiry::Policy::kAfter, 0, 30, 0};
    program.wallets[0].grace_days = grace_days;
    Cafe cafe(program);
    cafe.Give(40);
    ASSERT_EQ(cafe.Issue("c-1"), "");
    const absl::Time later = kNoon + absl::Hours(24 * 60);
    ASSERT_EQ(cafe.Cancel("c-1", later), "");
    EXPECT_EQ(cafe.Balance(), grace_days == 0 ? "0/0" : "0/40");
    cafe.AdvanceTo(later + absl::Hours(24 * 11));
    EXPECT_EQ(cafe.Balance(), "0/0");
  }
}

TEST(RewardsTest, ExpiresAtTheEndOfItsLastDay) {
  Cafe cafe(CafeProgram([](Reward& reward) { reward.validity_days = 2; }));
  cafe.Give(100);
  ASSERT_EQ(cafe.Issue("c-1"), "");
  ASSERT_EQ(cafe.Issue("c-2"), "");
  const absl::Time end = Utc("2026-01-18 00:00:00");
  EXPECT_EQ(cafe.Stored("c-1").expires_at, end);
  EXPECT_EQ(cafe.state().member.next_due_at, end);
  ASSERT_EQ(cafe.Use("c-1", end - absl::Microseconds(1)), "");
  EXPECT_EQ(cafe.Use("c-2", end), "COUPON_ENDED");
  EXPECT_EQ(cafe.Cancel("c-2", end), "COUPON_ENDED");
  cafe.AdvanceTo(end + absl::Hours(5));
  EXPECT_EQ(cafe.Stored("c-2").status, CouponStatus::kExpired);
  EXPECT_EQ(cafe.Stored("c-2").ended_at, end);
  EXPECT_EQ(cafe.Stored("c-1").status, CouponStatus::kUsed);
  EXPECT_EQ(cafe.Balance(), "0/20");  // Their price stays spent.
  EXPECT_EQ(cafe.state().member.next_due_at, absl::InfiniteFuture());
}

TEST(RewardsTest, AClosedMembersCouponsExpire) {
  Cafe cafe;
  cafe.Give(100);
  ASSERT_EQ(cafe.Issue("c-1"), "");
  ASSERT_TRUE(cafe.Do(ChangeStatus{cafe.Me(), MemberStatus::kSuspended}, kNoon).ok());
  EXPECT_EQ(cafe.Issue("c-2"), "MEMBER_SUSPENDED");
  EXPECT_EQ(cafe.Use("c-1"), "MEMBER_SUSPENDED");
  ASSERT_TRUE(cafe.Do(ChangeStatus{cafe.Me(), MemberStatus::kClosed}, kNoon).ok());
  EXPECT_EQ(cafe.Stored("c-1").status, CouponStatus::kExpired);
  EXPECT_EQ(cafe.Use("c-1"), "COUPON_ENDED");
  EXPECT_EQ(cafe.Issue("c-2"), "MEMBER_CLOSED");
}

TEST(RewardsTest, TheStockIsTakenAndGivenBack) {
  Cafe cafe(CafeProgram([](Reward& reward) { reward.stock = 2; }));
  cafe.Give(1'000);
  EXPECT_EQ(cafe.OnlyOffer().stock_left, 2);
  ASSERT_EQ(cafe.Issue("c-1"), "");
  ASSERT_EQ(cafe.Issue("c-2"), "");
  EXPECT_EQ(cafe.Taken(), 2);
  EXPECT_EQ(cafe.Issue("c-3"), "REWARD_OUT_OF_STOCK");
  EXPECT_EQ(cafe.OnlyOffer().stock_left, 0);
  ASSERT_EQ(cafe.Cancel("c-1"), "");
  EXPECT_EQ(cafe.Taken(), 1);
  ASSERT_EQ(cafe.Issue("c-3"), "");
  // A used one is gone.
  ASSERT_EQ(cafe.Use("c-2"), "");
  EXPECT_EQ(cafe.Issue("c-4"), "REWARD_OUT_OF_STOCK");
}

TEST(RewardsTest, ALimitCountsWhatAMemberHasTakenInThePeriod) {
  struct Case {
    CapPeriod per;
    const char* still;  // The limit holds until just before this time.
    const char* again;
  };
  const Case kCases[] = {
      {CapPeriod::kDay, "2026-01-15 23:59:59", "2026-01-16 00:00:00"},
      {CapPeriod::kMonth, "2026-01-31 23:59:59", "2026-02-01 00:00:00"},
      {CapPeriod::kEver, "2036-01-01 00:00:00", nullptr},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.still);
    Cafe cafe(CafeProgram([&](Reward& reward) { reward.limits = {{c.per, 2}}; }));
    cafe.Give(1'000);
    EXPECT_EQ(cafe.OnlyOffer().member_left, 2);
    ASSERT_EQ(cafe.Issue("c-1"), "");
    ASSERT_EQ(cafe.Use("c-1"), "");  // Used ones count,
    ASSERT_EQ(cafe.Issue("c-2"), "");
    ASSERT_EQ(cafe.Cancel("c-2"), "");  // cancelled ones don't.
    EXPECT_EQ(cafe.OnlyOffer().member_left, 1);
    ASSERT_EQ(cafe.Issue("c-3"), "");
    EXPECT_EQ(cafe.Issue("c-4", Utc(c.still)), "REWARD_LIMIT_REACHED");
    if (c.again != nullptr) {
      EXPECT_EQ(cafe.Issue("c-4", Utc(c.again)), "");
    }
  }
}

TEST(RewardsTest, OffersTellEveryObstacle) {
  using enum Obstacle;
  struct Case {
    const char* what;
    std::function<void(Reward&)> reward;
    std::vector<Obstacle> obstacles;
    const char* refusal;
  };
  const Case kCases[] = {
      {"none", [](Reward&) {}, {}, ""},
      {"tomorrow",
       [](Reward& r) { r.first_day = absl::CivilDay(2026, 1, 16); },
       {kNotYet},
       "REWARD_NOT_YET"},
      {"from today", [](Reward& r) { r.first_day = absl::CivilDay(2026, 1, 15); }, {}, ""},
      {"until today", [](Reward& r) { r.last_day = absl::CivilDay(2026, 1, 15); }, {}, ""},
      {"until yesterday",
       [](Reward& r) { r.last_day = absl::CivilDay(2026, 1, 14); },
       {kOver},
       "REWARD_OVER"},
      {"for staff",
       [](Reward& r) {
         r.attributes = {{"staff", "yes"}};
       },
       {kNotEligible},
       "REWARD_NOT_FOR_MEMBER"},
      {"for those of Seoul",
       [](Reward& r) {
         r.attributes = {{"city", "Seoul"}};
       },
       {},
       ""},
      {"for those of Seoul who are staff",
       [](Reward& r) {
         r.attributes = {{"city", "Seoul"}, {"staff", "yes"}};
       },
       {kNotEligible},
       "REWARD_NOT_FOR_MEMBER"},
      {"all points", [](Reward& r) { r.points = 100; }, {}, ""},
      {"one point more",
       [](Reward& r) { r.points = 101; },
       {kInsufficientPoints},
       "INSUFFICIENT_POINTS"},
      {"several",
       [](Reward& r) {
         r.points = 500;
         r.last_day = absl::CivilDay(2026, 1, 1);
         r.attributes = {{"staff", "yes"}};
       },
       {kOver, kNotEligible, kInsufficientPoints},
       "REWARD_OVER"},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.what);
    Cafe cafe(CafeProgram(c.reward));
    cafe.state().member.attributes = {{"city", "Seoul"}};
    cafe.Give(100);
    const Offer offer = cafe.OnlyOffer();
    EXPECT_EQ(offer.obstacles, c.obstacles);
    EXPECT_EQ(offer.available, 100);
    EXPECT_EQ(offer.stock_left, std::nullopt);
    EXPECT_EQ(offer.member_left, std::nullopt);
    EXPECT_EQ(cafe.Issue("c-1"), c.refusal);
  }
  Cafe cafe;
  EXPECT_EQ(cafe.Issue("c-1", kNoon, "tea"), "REWARD_NOT_FOUND");
}

// An offer is as of now, whatever was written down last.
TEST(RewardsTest, OffersCountWhatTimeHasDone) {
  Program program = CafeProgram();
  program.wallets[0].expiry = {Expiry::Policy::kAfter, 0, 1, 0};
  Cafe cafe(program);
  cafe.Give(100);
  EXPECT_EQ(cafe.OnlyOffer(kNoon + absl::Hours(24 * 3)).available, 0);
}

TEST(RewardsTest, APrizeIsDrawnByTheSeed) {
  std::vector<Prize> prizes(3);
  prizes[0] = {"blank", "Nothing", 900'000, {}};
  prizes[1] = {"cake", "A cake", 99'999, {Benefit::Kind::kGift, {}, 0, "cake"}};
  prizes[2] = {"trip", "A trip", 1, {Benefit::Kind::kCashback, {{"EUR", 100'000}}, 0, ""}};
  constexpr uint64_t kMost = ~uint64_t{0};
  // The first seed of a ticket is the least that is not below its share of 2^64.
  const auto first_of = [](uint64_t ticket) {
    const absl::uint128 shifted = absl::uint128(ticket) << 64;
    return absl::Uint128Low64((shifted + 999'999) / 1'000'000);
  };
  EXPECT_EQ(DrawPrize(prizes, 0).id, "blank");
  EXPECT_EQ(DrawPrize(prizes, first_of(900'000) - 1).id, "blank");
  EXPECT_EQ(DrawPrize(prizes, first_of(900'000)).id, "cake");
  EXPECT_EQ(DrawPrize(prizes, first_of(999'999) - 1).id, "cake");
  EXPECT_EQ(DrawPrize(prizes, first_of(999'999)).id, "trip");
  EXPECT_EQ(DrawPrize(prizes, kMost).id, "trip");
  // Over seeds at equal distances each comes as often as it should, to one.
  constexpr uint64_t kDraws = 1'000'000;
  std::map<std::string, int> drawn;
  for (uint64_t i = 0; i < kDraws; ++i) ++drawn[DrawPrize(prizes, i * (kMost / kDraws)).id];
  EXPECT_NEAR(drawn["blank"], 900'000, 1);
  EXPECT_NEAR(drawn["cake"], 99'999, 1);
}

TEST(RewardsTest, AScratchCouponIsWorthItsPrize) {
  Cafe cafe(CafeProgram([](Reward& reward) {
    reward.benefit = {};
    reward.prizes = {{"blank", "Nothing", 500'000, {}},
                     {"tenth", "A tenth off", 500'000, {Benefit::Kind::kPercentOff, {}, 10, ""}}};
  }));
  cafe.Give(1'000);
  ASSERT_EQ(cafe.Issue("c-1", kNoon, "latte", 0), "");
  EXPECT_EQ(cafe.last.coupon.prize_id, "blank");
  EXPECT_EQ(cafe.last.terms.prize_name, "Nothing");
  EXPECT_EQ(cafe.last.terms.benefit.kind, Benefit::Kind::kNothing);
  ASSERT_EQ(cafe.Issue("c-2", kNoon, "latte", ~uint64_t{0}), "");
  EXPECT_EQ(cafe.last.coupon.prize_id, "tenth");
  EXPECT_EQ(cafe.last.terms.benefit.percent, 10);
  ASSERT_EQ(cafe.Use("c-2"), "");
  EXPECT_EQ(cafe.last.terms.prize_name, "A tenth off");
}

// What a decision reads is loaded before it is made.
TEST(RewardsTest, ReadsWhatItNeeds) {
  Program program = CafeProgram([](Reward& reward) {
    reward.stock = 5;
    reward.limits = {{CapPeriod::kDay, 1}, {CapPeriod::kMonth, 2}};
  });
  program.rewards.push_back(RewardOf("cake", 10));
  program.rewards.push_back(RewardOf("mug", 10));
  program.rewards[2].stock = 1;
  const ProgramCatalog catalog = testing::CatalogOf(program);
  IssueCoupon issue;
  issue.reward_id = "latte";
  Reads reads = ReadsOf({issue, "app"}, catalog, kNoon);
  EXPECT_TRUE(reads.needs.lots);
  EXPECT_THAT(reads.counters, ElementsAre("stock/latte"));
  ASSERT_EQ(reads.needs.coupons_of_rewards.size(), 1u);
  EXPECT_EQ(reads.needs.coupons_of_rewards[0].reward_id, "latte");
  EXPECT_EQ(reads.needs.coupons_of_rewards[0].since, Utc("2026-01-01 00:00:00"));
  issue.reward_id = "cake";
  reads = ReadsOf({issue, "app"}, catalog, kNoon);
  EXPECT_THAT(reads.counters, IsEmpty());
  EXPECT_THAT(reads.needs.coupons_of_rewards, IsEmpty());
  CancelCoupon cancel;
  cancel.code = "code";
  reads = ReadsOf({cancel, "care"}, catalog, kNoon);
  EXPECT_TRUE(reads.needs.lots);
  EXPECT_THAT(reads.needs.coupons, ElementsAre("code"));
  EXPECT_THAT(reads.counters, ElementsAre("stock/latte", "stock/mug"));
}

}  // namespace
}  // namespace dangol::domain
