#include "server/domain/purchase/record_return.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "server/common/error.h"
#include "tests/domain/scenario.h"
#include "tests/support/histories.h"

namespace dangol::domain {
namespace {

using ::dangol::testing::PurchaseOf;
using ::dangol::testing::SimpleProgram;
using ::dangol::testing::Utc;

std::string ReasonOf(const absl::Status& status) { return DetailsOf(status).reason; }

PurchaseLine Goods(const std::string& sku, int64_t quantity, int64_t amount_minor) {
  PurchaseLine line;
  line.sku = sku;
  line.quantity = quantity;
  line.amount_minor = amount_minor;
  return line;
}

class ReturnTest : public ::testing::Test {
 protected:
  explicit ReturnTest(Program program = SimpleProgram()) : life_(std::move(program)) {}

  void Buy(const std::string& id, std::vector<PurchaseLine> lines,
           const std::string& reservation_id = "") {
    Purchase purchase = PurchaseOf(std::move(lines));
    purchase.purchase_id = id;
    purchase.reservation_id = reservation_id;
    const auto bought = life_.Buy(std::move(purchase), now_, now_);
    ASSERT_TRUE(bought.ok()) << bought.status();
  }

  absl::StatusOr<ReturnOutcome> GiveBack(RecordReturn record) {
    record.member = life_.Me();
    record.return_id = absl::StrCat("t-", ++returns_);
    const absl::StatusOr<Outcome> outcome = life_.Do(std::move(record), now_);
    if (!outcome.ok()) return outcome.status();
    return std::get<ReturnOutcome>(*outcome);
  }

  absl::StatusOr<ReturnOutcome> ReturnLine(const std::string& purchase_id, int line,
                                           int64_t quantity) {
    RecordReturn record;
    record.purchase_id = purchase_id;
    record.lines = {{line, "", quantity, 0}};
    return GiveBack(std::move(record));
  }

  absl::StatusOr<ReturnOutcome> ReturnAmount(const std::string& purchase_id, int64_t minor) {
    RecordReturn record;
    record.purchase_id = purchase_id;
    record.amount_minor = minor;
    return GiveBack(std::move(record));
  }

  absl::StatusOr<ReturnOutcome> ReturnArticle(const std::string& sku, int64_t quantity,
                                              int64_t amount_minor) {
    RecordReturn record;
    record.currency = "EUR";
    record.lines = {{0, sku, quantity, amount_minor}};
    return GiveBack(std::move(record));
  }

  // Spends so many points for good.
  void Spend(int64_t points, const std::string& id = "spent") {
    ReservePoints reserve;
    reserve.member = life_.Me();
    reserve.reservation_id = id;
    reserve.points = points;
    reserve.capture = true;
    const auto spent = life_.Do(std::move(reserve), now_);
    ASSERT_TRUE(spent.ok()) << spent.status();
  }

  int64_t Qualifying() { return testing::QualifyingOf(life_.state().member); }

  Scenario life_;
  absl::Time now_ = Utc("2026-01-15 12:00:00");
  int returns_ = 0;
};

TEST_F(ReturnTest, TakesBackWhatTheLineHadEarned) {
  Buy("p", {Goods("a", 1, 1'000), Goods("b", 1, 500)});
  EXPECT_EQ(life_.Balance(), "0/15");
  const auto outcome = ReturnLine("p", 1, 1);
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_EQ(life_.Balance(), "0/10");
  EXPECT_EQ(Qualifying(), 10);
  EXPECT_EQ(outcome->recorded.amount_minor, 500);
  ASSERT_EQ(outcome->points.size(), 1u);
  EXPECT_EQ(outcome->points[0].points, 5);
  EXPECT_EQ(outcome->points[0].owed, 0);
  EXPECT_EQ(life_.entries().back().reference, "t-1");
  EXPECT_EQ(life_.entries().back().kind, EntryKind::kReverse);
}

// Whatever the parts and their order, what was earned is taken back to the point.
TEST_F(ReturnTest, PartsAddUpToTheWhole) {
  for (const std::vector<int64_t>& parts :
       {std::vector<int64_t>{1, 1, 1, 1, 1, 1, 1}, {3, 4}, {4, 3}, {2, 2, 2, 1}, {7}}) {
    const std::string id = absl::StrCat("p-", parts.size(), "-", parts[0]);
    const std::string before = life_.Balance();
    Buy(id, {Goods("a", 7, 999), Goods("b", 7, 1'301)});
    int64_t taken = 0;
    for (const int64_t part : parts) {
      for (const int line : {1, 0}) {
        const auto outcome = ReturnLine(id, line, part);
        ASSERT_TRUE(outcome.ok()) << outcome.status();
        for (const ReversedPoints& reversed : outcome->points) taken += reversed.points;
      }
    }
    EXPECT_EQ(taken, 23);
    EXPECT_EQ(life_.Balance(), before);
    EXPECT_EQ(life_.state().purchases.back().returned_minor, 2'300);
    EXPECT_EQ(ReasonOf(ReturnLine(id, 0, 1).status()), "RETURN_TOO_LARGE");
  }
  EXPECT_EQ(Qualifying(), 0);
}

TEST_F(ReturnTest, ByAmountInOddParts) {
  Buy("p", {Goods("a", 1, 999), Goods("b", 2, 1'301)});
  int64_t left = 2'300;
  for (const int64_t part : {1, 7, 100, 999, 500, 693}) {
    ASSERT_TRUE(ReturnAmount("p", part).ok());
    left -= part;
  }
  EXPECT_EQ(left, 0);
  EXPECT_EQ(life_.Balance(), "0/0");
  EXPECT_EQ(ReasonOf(ReturnAmount("p", 1).status()), "RETURN_TOO_LARGE");
}

TEST_F(ReturnTest, ByAmountAndThenByLineTakesNothingTwice) {
  Buy("p", {Goods("a", 2, 1'000)});
  ASSERT_TRUE(ReturnAmount("p", 600).ok());
  EXPECT_EQ(life_.Balance(), "0/4");
  const auto one = ReturnLine("p", 0, 1);
  ASSERT_TRUE(one.ok());
  EXPECT_EQ(one->recorded.amount_minor, 200) << "half of what it still cost";
  const auto other = ReturnLine("p", 0, 1);
  ASSERT_TRUE(other.ok());
  EXPECT_EQ(other->recorded.amount_minor, 200);
  EXPECT_EQ(life_.Balance(), "0/0");
}

TEST_F(ReturnTest, GoodsThatCostNothingDivideByNothing) {
  Buy("p", {Goods("free", 3, 0)});
  EXPECT_TRUE(ReturnLine("p", 0, 2).ok());
  EXPECT_TRUE(ReturnLine("p", 0, 1).ok());
  EXPECT_EQ(ReasonOf(ReturnLine("p", 0, 1).status()), "RETURN_TOO_LARGE");
  EXPECT_EQ(life_.Balance(), "0/0");
}

TEST_F(ReturnTest, NamesWhatIsWrong) {
  Buy("p", {Goods("a", 1, 100)});
  EXPECT_EQ(ReasonOf(ReturnLine("other", 0, 1).status()), "PURCHASE_NOT_FOUND");
  const absl::Status no_line = ReturnLine("p", 1, 1).status();
  EXPECT_TRUE(absl::IsInvalidArgument(no_line));
  EXPECT_EQ(DetailsOf(no_line).violations[0].field, "lines[0].line");
  RecordReturn early;
  early.purchase_id = "p";
  early.amount_minor = 1;
  early.occurred_at = now_ - absl::Seconds(61);
  EXPECT_EQ(ReasonOf(GiveBack(early).status()), "TIME_TOO_EARLY");
  RecordReturn foreign;
  foreign.currency = "USD";
  foreign.lines = {{0, "a", 1, 100}};
  EXPECT_EQ(ReasonOf(GiveBack(foreign).status()), "CURRENCY_NOT_DECLARED");
}

TEST_F(ReturnTest, WhatIsMissingIsTakenFromOtherLots) {
  Buy("p", {Goods("a", 1, 1'000)});
  Buy("q", {Goods("b", 1, 1'000)});
  Spend(12);  // All of p's, and two of q's.
  ASSERT_TRUE(ReturnLine("p", 0, 1).ok());
  EXPECT_EQ(life_.Balance(), "0/-2");
}

TEST_F(ReturnTest, ADebtIsRepaidByNewPointsAndByNothingElse) {
  Buy("p", {Goods("a", 1, 1'000)});
  Spend(10);
  const auto outcome = ReturnLine("p", 0, 1);
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->points[0].owed, 10);
  EXPECT_EQ(life_.Balance(), "0/-10");
  now_ += absl::Hours(24 * 400);
  life_.AdvanceTo(now_);
  EXPECT_EQ(life_.Balance(), "0/-10");
  Buy("q", {Goods("b", 1, 400)});
  EXPECT_EQ(life_.Balance(), "0/-6");
  Buy("r", {Goods("b", 1, 1'000)});
  EXPECT_EQ(life_.Balance(), "0/4");
  ASSERT_EQ(life_.state().lots.size(), 1u);
  EXPECT_EQ(life_.state().lots[0].remaining, 4);
}

// Found by the model: the second lot repaid the debt before it had matured itself, and
// a point of it stayed pending for ever.
TEST_F(ReturnTest, LotsThatMatureAtOneMomentDoSoBeforeTheyRepayADebt) {
  Program program = SimpleProgram();
  program.wallets[0].pending_days = 3;
  life_ = Scenario(program);
  Buy("p", {Goods("a", 1, 300)});
  now_ += absl::Hours(24 * 4);
  life_.AdvanceTo(now_);
  Spend(3);
  ASSERT_TRUE(ReturnLine("p", 0, 1).ok());
  Buy("q", {Goods("b", 1, 200)});
  Buy("r", {Goods("b", 1, 200)});
  EXPECT_EQ(life_.Balance(), "4/-3");
  now_ += absl::Hours(24 * 4);
  life_.AdvanceTo(now_);
  EXPECT_EQ(life_.Balance(), "0/1");
}

// Found by the model: a purchase from a till whose clock is ahead, over a midnight.
TEST_F(ReturnTest, ADebtIsNotRepaidByWhatMaturesInAMoment) {
  Program program = SimpleProgram();
  program.wallets[0].pending_days = 14;
  life_ = Scenario(program);
  now_ = Utc("2018-01-20 12:00:00");
  Buy("p-1", {Goods("a", 1, 100)});
  now_ = Utc("2018-02-03 12:00:00");
  Buy("p-3", {Goods("a", 1, 100)});  // Matures at the midnight that begins 17 February.
  now_ = Utc("2018-02-16 23:59:59");
  Spend(1);
  ASSERT_TRUE(ReturnLine("p-1", 0, 1).ok());
  Purchase ahead = PurchaseOf({Goods("a", 1, 100)});
  ahead.purchase_id = "p-5";
  ASSERT_TRUE(life_.Buy(std::move(ahead), Utc("2018-02-17 00:00:19"), now_).ok());
  EXPECT_EQ(life_.Balance(), "2/-1");
  life_.AdvanceTo(Utc("2018-02-17 00:00:30"));
  EXPECT_EQ(life_.Balance(), "1/0");
}

// Buy, spend, give back, and again: nobody gains by it.
TEST_F(ReturnTest, BuyingAndReturningInCirclesGainsNothing) {
  for (int i = 0; i < 5; ++i) {
    const std::string id = absl::StrCat("p-", i);
    Buy(id, {Goods("a", 1, 1'000)});
    if (i == 0) Spend(10);
    ASSERT_TRUE(ReturnLine(id, 0, 1).ok());
    EXPECT_EQ(life_.Balance(), "0/-10");
  }
}

TEST_F(ReturnTest, AReturnOfWhatRepaidADebtMakesItAnew) {
  Buy("p", {Goods("a", 1, 1'000)});
  Spend(10);
  ASSERT_TRUE(ReturnLine("p", 0, 1).ok());
  Buy("q", {Goods("b", 1, 600)});
  EXPECT_EQ(life_.Balance(), "0/-4");
  ASSERT_TRUE(ReturnLine("q", 0, 1).ok());
  EXPECT_EQ(life_.Balance(), "0/-10");
}

TEST_F(ReturnTest, PointsThatPaidGoBackToWhereTheyCameFrom) {
  Buy("old", {Goods("a", 1, 10'000)});
  now_ += absl::Hours(1);
  Spend(80, "r-1");
  Buy("p", {Goods("b", 2, 4'000), Goods("c", 1, 1'000)}, "r-1");
  const std::string before = life_.Balance();
  // Two fifths of five thousand.
  const auto part = ReturnLine("p", 0, 1);
  ASSERT_TRUE(part.ok());
  EXPECT_EQ(part->points[0].restored, 32);
  const auto rest = ReturnLine("p", 0, 1);
  ASSERT_TRUE(rest.ok());
  EXPECT_EQ(rest->points[0].restored, 32);
  const auto last = ReturnLine("p", 1, 1);
  ASSERT_TRUE(last.ok());
  EXPECT_EQ(last->points[0].restored, 16);
  EXPECT_EQ(life_.Balance(), "0/100");
  ASSERT_EQ(life_.state().lots.size(), 1u);
  EXPECT_EQ(life_.state().lots[0].purchase_id, "old");
  EXPECT_EQ(life_.state().lots[0].earned_at, Utc("2026-01-15 12:00:00"));
}

TEST_F(ReturnTest, WithoutAReceiptTheNewestGoodsComeBack) {
  Buy("old", {Goods("a", 5, 500), Goods("x", 1, 100)});
  now_ += absl::Hours(24);
  Buy("new", {Goods("a", 2, 240), Goods("y", 1, 100), Goods("a", 1, 100)});
  const auto outcome = ReturnArticle("a", 4, 400);
  ASSERT_TRUE(outcome.ok());
  ASSERT_EQ(outcome->recorded.lines.size(), 3u);
  EXPECT_EQ(outcome->recorded.lines[0].purchase_id, "new");
  EXPECT_EQ(outcome->recorded.lines[0].quantity, 2);
  EXPECT_EQ(outcome->recorded.lines[1].line, 2);
  EXPECT_EQ(outcome->recorded.lines[2].purchase_id, "old");
  EXPECT_EQ(outcome->recorded.lines[2].quantity, 1);
  EXPECT_EQ(outcome->recorded.amount_minor, 400);
  EXPECT_EQ(outcome->recorded.unmatched_minor, 0);
}

TEST_F(ReturnTest, WithoutAReceiptWhatIsNotFoundIsRecordedAllTheSame) {
  Buy("p", {Goods("a", 2, 200)});
  const auto outcome = ReturnArticle("a", 5, 501);
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->recorded.lines.back().quantity, 3);
  EXPECT_EQ(outcome->recorded.lines.back().line, -1);
  EXPECT_EQ(outcome->recorded.amount_minor, 501);
  EXPECT_EQ(outcome->recorded.unmatched_minor, 301);
  EXPECT_EQ(life_.Balance(), "0/0");
  const auto nothing = ReturnArticle("b", 1, 7);
  ASSERT_TRUE(nothing.ok());
  EXPECT_EQ(nothing->recorded.unmatched_minor, 7);
  EXPECT_TRUE(nothing->points.empty());
}

TEST_F(ReturnTest, WithoutAReceiptOnlyWithinTheWindow) {
  Buy("p", {Goods("a", 1, 200)});
  now_ = Utc("2026-04-15 00:00:00");  // Ninety days later, by the day.
  EXPECT_EQ(ReturnArticle("a", 1, 200)->recorded.unmatched_minor, 0);
  Buy("q", {Goods("b", 1, 200)});
  now_ = Utc("2026-07-15 00:00:00");
  EXPECT_EQ(ReturnArticle("b", 1, 200)->recorded.unmatched_minor, 200);
}

TEST_F(ReturnTest, DoesNotChangeWhenOtherPointsExpire) {
  Program program = SimpleProgram();
  program.wallets[0].expiry = {Expiry::Policy::kAfter, 0, 30, 0};
  life_ = Scenario(program);
  Buy("p", {Goods("a", 2, 2'000)});
  now_ += absl::Hours(24 * 10);
  ASSERT_TRUE(ReturnLine("p", 0, 1).ok());
  ASSERT_EQ(life_.state().lots.size(), 1u);
  EXPECT_EQ(life_.state().lots[0].expires_at, Utc("2026-02-15 00:00:00"));
  EXPECT_EQ(life_.state().lots[0].remaining, 10);
}

// Nobody has had anything of points that expired: they are no debt. What was spent of
// them before is.
TEST_F(ReturnTest, PointsThatHaveExpiredNeedNotComeBack) {
  Program program = SimpleProgram();
  program.wallets[0].expiry = {Expiry::Policy::kAfter, 0, 30, 0};
  life_ = Scenario(program);
  Buy("p", {Goods("a", 4, 4'000)});
  Spend(15);
  now_ += absl::Hours(24 * 40);
  Buy("q", {Goods("b", 1, 100)});
  ASSERT_EQ(life_.Balance(), "0/1");
  const auto first = ReturnLine("p", 0, 2);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->points[0].points, 20);
  EXPECT_EQ(first->points[0].expired, 20);
  EXPECT_EQ(life_.Balance(), "0/1");
  const auto second = ReturnLine("p", 0, 2);
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second->points[0].points, 20);
  EXPECT_EQ(second->points[0].expired, 5);
  EXPECT_EQ(second->points[0].owed, 14);
  EXPECT_EQ(life_.Balance(), "0/-14");
}

// As in an import of old history: what was bought had its whole life before it came in.
TEST_F(ReturnTest, AlsoWhereTheyExpiredInTheSameMoment) {
  Program program = SimpleProgram();
  program.wallets[0].expiry = {Expiry::Policy::kAfter, 0, 30, 0};
  life_ = Scenario(program);
  Buy("p", {Goods("a", 1, 1'000)});
  now_ += absl::Hours(24 * 365);
  const auto outcome = ReturnLine("p", 0, 1);  // Nobody has looked since.
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->points[0].expired, 10);
  EXPECT_EQ(life_.Balance(), "0/0");
}

TEST_F(ReturnTest, BonusPointsDoNotSurviveWhatEarnedThem) {
  Program program = SimpleProgram();
  program.multipliers = {testing::MultiplierRule("double", 2, 1)};
  program.multipliers[0].when.categories = {"wine"};
  life_ = Scenario(program);
  PurchaseLine wine = Goods("a", 1, 1'000);
  wine.category = "wine";
  Buy("p", {wine, Goods("b", 1, 1'000)});
  EXPECT_EQ(life_.Balance(), "0/30");
  ASSERT_TRUE(ReturnLine("p", 0, 1).ok());
  EXPECT_EQ(life_.Balance(), "0/10");
}

TEST_F(ReturnTest, PendingPointsAreSimplyCancelled) {
  Program program = SimpleProgram();
  program.wallets[0].pending_days = 14;
  life_ = Scenario(program);
  Buy("p", {Goods("a", 2, 2'000)});
  ASSERT_TRUE(ReturnLine("p", 0, 1).ok());
  EXPECT_EQ(life_.Balance(), "10/0");
  now_ = Utc("2026-02-01 00:00:00");
  life_.AdvanceTo(now_);
  EXPECT_EQ(life_.Balance(), "0/10");
}

Program WithPolicy(DebtPolicy policy) {
  Program program = SimpleProgram();
  program.debt_policy = policy;
  return program;
}

// Points that had paid come back first, and pay for what the goods had earned and is spent:
// nothing is missing, whatever the policy.
TEST_F(ReturnTest, AReceiptThatSpentAndEarnedComesBackToNothing) {
  for (const DebtPolicy policy :
       {DebtPolicy::kAllowDebt, DebtPolicy::kWriteOff, DebtPolicy::kReject}) {
    life_ = Scenario(WithPolicy(policy));
    Buy("before", {Goods("a", 1, 10'000)});
    Spend(100, "order");
    Buy("p", {Goods("b", 1, 2'000)}, "order");
    Spend(20, "since");  // All that it earned.
    const auto outcome = ReturnLine("p", 0, 1);
    ASSERT_TRUE(outcome.ok()) << outcome.status();
    EXPECT_EQ(outcome->points[0].restored, 100);
    EXPECT_EQ(outcome->points[0].points, 20);
    EXPECT_EQ(outcome->points[0].owed, 0);
    EXPECT_EQ(outcome->points[0].written_off, 0);
    EXPECT_EQ(life_.Balance(), "0/80");
  }
}

TEST_F(ReturnTest, ThePolicyMayWriteOff) {
  life_ = Scenario(WithPolicy(DebtPolicy::kWriteOff));
  Buy("p", {Goods("a", 1, 1'000)});
  Spend(7);
  const auto outcome = ReturnLine("p", 0, 1);
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->points[0].points, 10);
  EXPECT_EQ(outcome->points[0].written_off, 7);
  EXPECT_EQ(life_.Balance(), "0/0");
  EXPECT_EQ(life_.entries().back().kind, EntryKind::kWriteOff);
  EXPECT_EQ(life_.entries().back().debit, LedgerAccount::kWrittenOff);
}

TEST_F(ReturnTest, ThePolicyMayReject) {
  life_ = Scenario(WithPolicy(DebtPolicy::kReject));
  Buy("p", {Goods("a", 2, 1'000)});
  Spend(4);
  const absl::Status refusal = ReturnLine("p", 0, 2).status();
  EXPECT_EQ(ReasonOf(refusal), "INSUFFICIENT_POINTS");
  EXPECT_THAT(refusal.message(), ::testing::HasSubstr("has 6 points available, not 10"));
  EXPECT_EQ(life_.Balance(), "0/6");
  EXPECT_TRUE(ReturnLine("p", 0, 1).ok());
  EXPECT_EQ(life_.Balance(), "0/1");
}

}  // namespace
}  // namespace dangol::domain
