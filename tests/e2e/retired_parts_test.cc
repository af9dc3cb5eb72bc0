// A program that drops a wallet, a currency or a reward of which members still have something,
// told through the API.

#include <gmock/gmock.h>

#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "dangol/error.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kHead[] = "name: \"shop\" time_zone: \"UTC\"\n";
constexpr char kPounds[] = R"(
currencies { code: "GBP" minor_digits: 2 }
wallets { id: "points" expiry { never {} } }
earning_rules { id: "base" wallet: "points" rates { currency: "GBP" points: 1 per_minor: 10 } }
adjustment_reasons { code: "goodwill" max_points: 1000 }
)";
constexpr char kMiles[] = R"(
wallets { id: "miles" expiry { after { days: 10 } } grace_days: 5 }
earning_rules { id: "fly" wallet: "miles" rates { currency: "GBP" points: 1 per_minor: 100 } }
)";
constexpr char kDollars[] = R"(
currencies { code: "USD" minor_digits: 2 }
earning_rules { id: "abroad" wallet: "points" rates { currency: "USD" points: 1 per_minor: 10 } }
)";
constexpr char kLatte[] = R"(
rewards { id: "latte" name: "A latte" wallet: "points" points: 40 validity_days: 300
  gift { sku: "latte" } }
)";

class RetiredPartsTest : public DangoldTest {
 protected:
  void SetUp() override {
    std::ofstream(File("program.txtpb")) << kHead << kPounds << kMiles << kDollars << kLatte;
    ASSERT_NO_FATAL_FAILURE(Start({"--program=" + File("program.txtpb")}));
    Enroll("4005");
  }

  void TearDown() override { ExpectSoundBooks(MakeClient()); }

  absl::StatusOr<v1::ActivateProgramResponse> Activate(const std::string& parts,
                                                       const std::string& request_id = "") {
    v1::ActivateProgramRequest request;
    request.set_request_id(request_id);
    request.set_program_text(absl::StrCat(kHead, kPounds, parts));
    return MakeClient().ActivateProgram(request);
  }

  // The reason for which a program is refused, and what it says there is.
  static std::string Refusal(const absl::Status& status) {
    EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
    const auto info = GetErrorInfo(status);
    if (!info.has_value()) return "";
    std::string told = info->reason();
    for (const char* key : {"name", "members", "points", "owed", "purchases", "coupons"}) {
      const auto value = info->metadata().find(key);
      if (value != info->metadata().end()) absl::StrAppend(&told, " ", key, "=", value->second);
    }
    return told;
  }

  absl::StatusOr<v1::RecordPurchaseResponse> Buy(const std::string& id, int64_t minor,
                                                 const std::string& currency = "GBP",
                                                 absl::Time occurred_at = absl::Now()) {
    v1::Purchase purchase =
        PurchaseBuilder(id, Card("4005")).Currency(currency).Goods("tea", 1, minor).Build();
    *purchase.mutable_occurred_at() = ToTimestamp(occurred_at);
    return MakeClient().RecordPurchase(purchase);
  }

  absl::Status Reserve(const std::string& id, const std::string& wallet, int64_t points) {
    v1::ReservePointsRequest request;
    request.set_request_id(id);
    *request.mutable_member() = Card("4005");
    request.set_wallet(wallet);
    request.set_points(points);
    return MakeClient().ReservePoints(request).status();
  }

  // "pending/available/held" of each wallet that is shown.
  std::vector<std::string> Balances(absl::Time as_of = absl::InfinitePast()) {
    const auto balance = as_of == absl::InfinitePast()
                             ? MakeClient().GetBalance(Card("4005"))
                             : MakeClient().GetBalance(Card("4005"), as_of);
    EXPECT_TRUE(balance.ok()) << balance.status();
    std::vector<std::string> all;
    for (const v1::WalletBalance& wallet : balance->wallets()) {
      all.push_back(absl::StrCat(wallet.wallet(), " ", wallet.pending(), "/", wallet.available(),
                                 "/", wallet.held()));
    }
    return all;
  }
};

TEST_F(RetiredPartsTest, AWalletWithPointsIsNotDroppedInSilence) {
  ASSERT_TRUE(Buy("p-1", 5'000).ok());
  const std::string without_miles = absl::StrCat(kDollars, kLatte);
  const absl::Status refused = Activate(without_miles).status();
  EXPECT_EQ(Refusal(refused), "WALLET_IN_USE name=miles members=1 points=50 owed=0");
  const std::string drops =
      "drops wallet miles, of which 1 member has 50 points; keep it, or name it in "
      "retired_wallets";
  EXPECT_EQ(refused.message(),
            absl::StrCat("program_text: ", drops,
                         ": then nothing is earned or spent in it, and what is there expires as "
                         "it was to"));
  const auto problems =
      MakeClient().ValidateProgram(absl::StrCat(kHead, kPounds, without_miles)).value();
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].message(), drops);
  EXPECT_EQ(problems[0].line(), 0);
  EXPECT_EQ(MakeClient().GetProgram().value().version(), 1) << "nothing has changed";

  // Another name is another wallet.
  const absl::Status renamed =
      Activate(absl::StrCat(without_miles, "wallets { id: \"mile\" expiry { never {} } }"))
          .status();
  EXPECT_EQ(ErrorReason(renamed), "WALLET_IN_USE");
  EXPECT_THAT(std::string(renamed.message()), HasSubstr("to call it mile moves nothing there"));

  // Without rules it earns no more, and what is there can be spent.
  const char* kept = "wallets { id: \"miles\" expiry { after { days: 10 } } }";
  ASSERT_TRUE(Activate(absl::StrCat(without_miles, kept)).ok());
  ASSERT_TRUE(Reserve("r-1", "miles", 50).ok());
}

TEST_F(RetiredPartsTest, WhatIsInARetiredWalletIsReadHeldReturnedAndExpires) {
  const absl::Time now = absl::Now();
  ASSERT_TRUE(Buy("p-1", 5'000).ok());
  ASSERT_TRUE(Buy("p-2", 2'000).ok());
  ASSERT_TRUE(Reserve("r-1", "miles", 10).ok());
  ASSERT_TRUE(Reserve("r-2", "miles", 5).ok());
  EXPECT_THAT(Balances(), ElementsAre("miles 0/55/15", "points 0/700/0"));
  const std::string retired = absl::StrCat(kDollars, kLatte, "retired_wallets: \"miles\"");
  ASSERT_TRUE(Activate(retired).ok());

  EXPECT_EQ(Buy("p-3", 1'000)->outcome().earned_size(), 1) << "points alone";
  EXPECT_THAT(Balances(), ElementsAre("miles 0/55/15", "points 0/800/0"));
  EXPECT_EQ(ErrorReason(Reserve("r-3", "miles", 1)), "WALLET_NOT_DECLARED");
  v1::CapturePointsRequest capture;
  capture.set_reservation_id("r-1");
  ASSERT_TRUE(MakeClient().CapturePoints(capture).ok());
  v1::VoidReservationRequest release;
  release.set_reservation_id("r-2");
  ASSERT_TRUE(MakeClient().VoidReservation(release).ok());
  EXPECT_THAT(Balances(), ElementsAre("miles 0/60/0", "points 0/800/0"));

  const auto back =
      MakeClient().RecordReturn(ReturnBuilder::OfPurchase("b-1", "p-2").EverythingLeft().Build());
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(back->points_size(), 2) << "the miles of the tea go back as well";
  EXPECT_THAT(Balances(), ElementsAre("miles 0/40/0", "points 0/600/0"));
  // What occurred while it was declared is judged by that program, late or not.
  EXPECT_EQ(Buy("p-4", 100, "GBP", now - absl::Hours(1))->outcome().earned_size(), 2);
  EXPECT_THAT(Balances(), ElementsAre("miles 0/41/0", "points 0/610/0"));
  EXPECT_THAT(Balances(now + absl::Hours(24 * 12)), ElementsAre("miles 0/0/0", "points 0/610/0"));
  const v1::GetLiabilityResponse liability = MakeClient().GetLiability().value();
  EXPECT_EQ(liability.wallets(0).wallet(), "miles");
  EXPECT_EQ(liability.wallets(0).outstanding(), 41);

  // While there are any, a later version says so again, or takes it back.
  EXPECT_EQ(ErrorReason(Activate(absl::StrCat(kDollars, kLatte)).status()), "WALLET_IN_USE");
  ASSERT_TRUE(Activate(absl::StrCat(kMiles, kDollars, kLatte)).ok());
  ASSERT_TRUE(Reserve("r-4", "miles", 41).ok());
}

// It is a year of the clock later, and nobody has looked: what has expired is not in use.
class ExpiredPartsTest : public RetiredPartsTest {
 protected:
  void SetUp() override {
    std::ofstream(File("program.txtpb")) << kHead << kPounds << kMiles << kDollars << kLatte;
    ASSERT_NO_FATAL_FAILURE(
        Start({"--program=" + File("program.txtpb"), "--test-clock=2026-01-10T10:00:00Z"}));
    Enroll("4005");
    Enroll("4006");
  }

  // What the members of the store are due is not looked for when a server starts again.
  void GoTo(const std::string& moment) {
    ASSERT_EQ(Terminate(), 0);
    const std::string micros = absl::StrCat(absl::ToUnixMicros(At(moment)));
    ChangeByHand(absl::StrCat("UPDATE TABLE test_clock SET stands_at = ", micros,
                              ", advances_from = ", micros, ", advances_to = ", micros));
    ASSERT_NO_FATAL_FAILURE(
        Start({"--program=" + File("program.txtpb"), "--test-clock=2026-01-10T10:00:00Z"}));
  }

  static absl::Time At(const std::string& moment) {
    absl::Time time;
    std::string error;
    EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, moment, &time, &error)) << error;
    return time;
  }
};

TEST_F(ExpiredPartsTest, PointsThatHaveExpiredAreNotInUse) {
  ASSERT_TRUE(Buy("p-1", 5'000, "GBP", At("2026-01-10T09:00:00Z")).ok());
  const std::string without_miles = absl::StrCat(kDollars, kLatte);
  EXPECT_EQ(Refusal(Activate(without_miles).status()),
            "WALLET_IN_USE name=miles members=1 points=50 owed=0");
  ASSERT_NO_FATAL_FAILURE(GoTo("2026-01-20T23:59:59Z"));
  EXPECT_EQ(Refusal(Activate(without_miles).status()),
            "WALLET_IN_USE name=miles members=1 points=50 owed=0");
  ASSERT_NO_FATAL_FAILURE(GoTo("2026-01-21T00:00:00Z"));
  EXPECT_TRUE(
      MakeClient().ValidateProgram(absl::StrCat(kHead, kPounds, without_miles)).value().empty());
  const auto activated = Activate(without_miles);
  ASSERT_TRUE(activated.ok()) << activated.status();
  EXPECT_THAT(Balances(), ElementsAre("miles 0/0/0", "points 0/500/0"));
}

// Only what has expired is left out, of the members who still have some and of the others.
TEST_F(ExpiredPartsTest, WhatHasNotExpiredIsInUse) {
  ASSERT_TRUE(Buy("p-1", 5'000, "GBP", At("2026-01-10T09:00:00Z")).ok());
  v1::Purchase purchase =
      PurchaseBuilder("p-2", Card("4006")).Currency("GBP").Goods("tea", 1, 700).Build();
  *purchase.mutable_occurred_at() = ToTimestamp(At("2026-01-10T09:00:00Z"));
  ASSERT_TRUE(MakeClient().RecordPurchase(purchase).ok());
  ASSERT_NO_FATAL_FAILURE(GoTo("2026-01-15T10:00:00Z"));
  ASSERT_TRUE(Buy("p-3", 2'000, "GBP", At("2026-01-15T09:00:00Z")).ok());
  ASSERT_NO_FATAL_FAILURE(GoTo("2026-01-22T10:00:00Z"));
  EXPECT_EQ(Refusal(Activate(absl::StrCat(kDollars, kLatte)).status()),
            "WALLET_IN_USE name=miles members=1 points=20 owed=0");
}

// The file that a server starts with is asked the same.
TEST_F(ExpiredPartsTest, AServerStartsWithoutAWalletOfExpiredPoints) {
  ASSERT_TRUE(Buy("p-1", 5'000, "GBP", At("2026-01-10T09:00:00Z")).ok());
  std::ofstream(File("program.txtpb")) << kHead << kPounds << kDollars << kLatte;
  ASSERT_NO_FATAL_FAILURE(GoTo("2026-02-01T10:00:00Z"));
  EXPECT_EQ(MakeClient().GetProgram().value().version(), 2);
}

TEST_F(ExpiredPartsTest, CouponsThatHaveExpiredAreNotInUse) {
  ASSERT_TRUE(Buy("p-1", 5'000, "GBP", At("2026-01-10T09:00:00Z")).ok());
  v1::IssueCouponRequest issue;
  *issue.mutable_member() = Card("4005");
  issue.set_reward_id("latte");
  ASSERT_TRUE(MakeClient().IssueCoupon(issue).ok());
  const std::string without_latte = absl::StrCat(kMiles, kDollars);
  EXPECT_EQ(ErrorReason(Activate(without_latte).status()), "REWARD_IN_USE");
  ASSERT_NO_FATAL_FAILURE(GoTo("2027-01-10T10:00:00Z"));
  const auto activated = Activate(without_latte);
  ASSERT_TRUE(activated.ok()) << activated.status();
}

// Who owes miles has not done with them either.
TEST_F(RetiredPartsTest, ADebtIsInUse) {
  ASSERT_TRUE(Buy("p-1", 5'000).ok());
  v1::RedeemPointsRequest redeem;
  *redeem.mutable_member() = Card("4005");
  redeem.set_wallet("miles");
  redeem.set_points(30);
  ASSERT_TRUE(MakeClient().RedeemPoints(redeem).ok());
  ASSERT_TRUE(MakeClient()
                  .RecordReturn(ReturnBuilder::OfPurchase("b-1", "p-1").EverythingLeft().Build())
                  .ok());
  EXPECT_EQ(Refusal(Activate(absl::StrCat(kDollars, kLatte)).status()),
            "WALLET_IN_USE name=miles members=1 points=0 owed=30");
  // Nobody has anything of the others.
  ASSERT_TRUE(Activate(absl::StrCat(kMiles)).ok());
}

// The answer was lost; meanwhile somebody's late purchase has earned miles.
TEST_F(RetiredPartsTest, AnActivationThatTookEffectIsAnsweredAgain) {
  const absl::Time before = absl::Now();
  const std::string without_miles = absl::StrCat(kDollars, kLatte);
  ASSERT_TRUE(Activate(without_miles, "activate-1").ok());
  ASSERT_TRUE(Buy("p-1", 5'000, "GBP", before).ok());
  const auto again = Activate(without_miles, "activate-1");
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->replayed());
  EXPECT_EQ(ErrorReason(Activate(without_miles, "activate-2").status()), "WALLET_IN_USE");
}

TEST_F(RetiredPartsTest, ACurrencyThatGoodsMayComeBackInIsRetired) {
  ASSERT_TRUE(Buy("p-1", 5'000, "USD").ok());
  ASSERT_TRUE(Buy("p-2", 2'000, "USD").ok());
  const std::string without_dollars = absl::StrCat(kMiles, kLatte);
  EXPECT_EQ(Refusal(Activate(without_dollars).status()),
            "CURRENCY_IN_USE name=USD members=1 purchases=2");
  ASSERT_TRUE(Activate(absl::StrCat(without_dollars, "retired_currencies: \"USD\"")).ok());
  EXPECT_EQ(ErrorReason(Buy("p-3", 1'000, "USD").status()), "CURRENCY_NOT_DECLARED");
  ASSERT_TRUE(MakeClient()
                  .RecordReturn(ReturnBuilder::OfPurchase("b-1", "p-1").EverythingLeft().Build())
                  .ok());
  const auto without_receipt =
      MakeClient().RecordReturn(ReturnBuilder::WithoutReceipt("b-2", Card("4005"))
                                    .Currency("USD")
                                    .Goods("tea", 1, 2'000)
                                    .Build());
  ASSERT_TRUE(without_receipt.ok()) << without_receipt.status();
  EXPECT_EQ(without_receipt->return_().lines(0).purchase_id(), "p-2");
  // Nothing is left that could come back.
  ASSERT_TRUE(Activate(without_dollars).ok());
}

TEST_F(RetiredPartsTest, CouponsOfARetiredRewardStayGood) {
  ASSERT_TRUE(Buy("p-1", 5'000).ok());
  v1::IssueCouponRequest issue;
  *issue.mutable_member() = Card("4005");
  issue.set_reward_id("latte");
  const std::string code = MakeClient().IssueCoupon(issue).value().coupon().code();
  const std::string without_latte = absl::StrCat(kMiles, kDollars);
  EXPECT_EQ(Refusal(Activate(without_latte).status()),
            "REWARD_IN_USE name=latte members=1 coupons=1");
  ASSERT_TRUE(Activate(absl::StrCat(without_latte, "retired_rewards: \"latte\"")).ok());
  issue.clear_request_id();
  EXPECT_EQ(ErrorReason(MakeClient().IssueCoupon(issue).status()), "REWARD_NOT_FOUND");
  v1::UseCouponRequest use;
  use.set_code(code);
  const auto used = MakeClient().UseCoupon(use);
  ASSERT_TRUE(used.ok()) << used.status();
  EXPECT_EQ(used->coupon().reward_name(), "A latte");
  ASSERT_TRUE(Activate(without_latte).ok()) << "no coupon is out";
}

// All of it is told at once, and the file that a server starts with is asked the same.
TEST_F(RetiredPartsTest, EverythingThatIsDroppedIsTold) {
  ASSERT_TRUE(Buy("p-1", 5'000).ok());
  ASSERT_TRUE(Buy("p-2", 5'000, "USD").ok());
  const absl::Status refused = Activate("").status();
  const auto violations = FieldViolations(refused);
  ASSERT_EQ(violations.size(), 2u) << refused;
  EXPECT_THAT(violations[0].description(), HasSubstr("drops wallet miles"));
  EXPECT_THAT(violations[1].description(), HasSubstr("drops currency USD"));

  ASSERT_EQ(Terminate(), 0);
  std::ofstream(File("next.txtpb")) << kHead << kPounds;
  const Ended ended = RunToEnd({testing::ProgramPath("dangold"), "--listen=127.0.0.1:0",
                                "--store=" + store_url(), "--program=" + File("next.txtpb")},
                               File("output"));
  EXPECT_NE(ended.code, 0);
  EXPECT_THAT(ended.output, HasSubstr("drops wallet miles"));
  ASSERT_NO_FATAL_FAILURE(Start({"--program=" + File("program.txtpb")}));
}

}  // namespace
}  // namespace dangol::e2e
