// Goods that come back, and the points that go with them.

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "dangol/error.h"
#include "tests/e2e/calls.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {
namespace {

using ::testing::ElementsAre;

constexpr char kRecordReturn[] = "/dangol.v1.PurchaseService/RecordReturn";
constexpr absl::string_view kReplayed("\x78\x01", 2);  // Field 15, true.

class ReturnsTest : public DangoldTest {
 protected:
  void SetUp() override { StartWith(""); }

  // A point for ten pence, available at once and for ever, and what `more` says.
  void StartWith(const std::string& more) {
    std::ofstream(File("program.txtpb")) << ProgramText("returns", 10) << more;
    ASSERT_NO_FATAL_FAILURE(Start(flags_));
    Enroll("4005");
  }

  void Buy(const v1::Purchase& purchase) {
    const auto response = MakeClient().RecordPurchase(purchase);
    ASSERT_TRUE(response.ok()) << response.status();
  }

  absl::StatusOr<v1::RecordReturnResponse> Return(const v1::Return& goods) {
    return MakeClient().RecordReturn(goods);
  }

  absl::Status Redeem(const std::string& id, int64_t points) {
    v1::RedeemPointsRequest request;
    request.set_request_id(id);
    *request.mutable_member() = Card("4005");
    request.set_points(points);
    return MakeClient().RedeemPoints(request).status();
  }

  int64_t Available() {
    EXPECT_EQ(TotalsOf(MakeClient()).trial_balance(), 0);
    return MakeClient().GetBalance(Card("4005")).value().wallets(0).available();
  }

  const std::vector<std::string> flags_ = {"--program=" + File("program.txtpb")};
};

// Three of a kind and seven of another, for 19.99 pounds: 199 points.
v1::Purchase TenPieces(const std::string& id) {
  return PurchaseBuilder(id, Card("4005"))
      .Currency("GBP")
      .Goods("tea", 3, 1'000)
      .Goods("mug", 7, 999)
      .Build();
}

// The purchase of one line: a hundred points.
v1::Purchase TenPounds(const std::string& id) { return SmallPurchase(id, 1'000); }

v1::Return AllOf(const std::string& return_id, const std::string& purchase_id) {
  return ReturnBuilder::OfPurchase(return_id, purchase_id).Line(0, 1).Build();
}

TEST_F(ReturnsTest, AReturnTellsWhatCameBackAndWhatItTook) {
  Buy(TenPieces("p-1"));
  const absl::Time before = absl::Now();
  const v1::RecordReturnResponse response =
      Return(ReturnBuilder::OfPurchase("r-1", "p-1").Line(0, 1).Line(1, 7).Reason("cold").Build())
          .value();
  const v1::RecordedReturn& recorded = response.return_();
  EXPECT_EQ(recorded.return_id(), "r-1");
  EXPECT_EQ(recorded.purchase_id(), "p-1");
  EXPECT_EQ(recorded.currency(), "GBP");
  EXPECT_EQ(recorded.reason(), "cold");
  EXPECT_EQ(recorded.amount_minor(), 333 + 999);
  EXPECT_EQ(recorded.unmatched_minor(), 0);
  EXPECT_GE(ToTime(recorded.recorded_at()), before - absl::Microseconds(1));
  ASSERT_EQ(recorded.lines_size(), 2);
  EXPECT_EQ(recorded.lines(0).sku(), "tea");
  EXPECT_EQ(recorded.lines(0).line(), 0);
  EXPECT_EQ(recorded.lines(0).quantity(), 1);
  EXPECT_EQ(recorded.lines(0).amount_minor(), 333);
  ASSERT_EQ(response.points_size(), 1);
  EXPECT_EQ(response.points(0).wallet(), "points");
  EXPECT_EQ(response.points(0).owed(), 0);
  ASSERT_EQ(response.balances_size(), 1);
  EXPECT_EQ(response.balances(0).available(), 199 - response.points(0).points());
  EXPECT_EQ(Available(), response.balances(0).available());

  const v1::RecordedPurchase purchase = MakeClient().GetPurchase("p-1").value();
  EXPECT_EQ(purchase.returned_minor(), 333 + 999);
  EXPECT_EQ(purchase.lines(0).returned_quantity(), 1);
  EXPECT_EQ(purchase.lines(0).returned_minor(), 333);
  EXPECT_EQ(purchase.lines(1).returned_quantity(), 7);
  EXPECT_EQ(purchase.earned(0).standing_points(),
            purchase.earned(0).points() - response.points(0).points());
  const v1::GetTotalsResponse totals = TotalsOf(MakeClient());
  EXPECT_EQ(totals.returns(), 1);
  EXPECT_EQ(totals.currencies(0).returned_minor(), 333 + 999);
  EXPECT_EQ(Points(totals).reversed(), response.points(0).points());
}

TEST_F(ReturnsTest, PartsAddUpInAnyOrder) {
  std::vector<std::pair<int, int64_t>> parts = {{0, 1}, {0, 2}, {1, 3}, {1, 4}};
  int number = 0;
  do {
    const std::string purchase_id = absl::StrCat("p-", ++number);
    Buy(TenPieces(purchase_id));
    int64_t points = 0;
    int64_t amount = 0;
    for (const auto& [line, quantity] : parts) {
      const std::string id = absl::StrCat("r-", number, "-", line, "-", quantity);
      const v1::RecordReturnResponse response =
          Return(ReturnBuilder::OfPurchase(id, purchase_id).Line(line, quantity).Build()).value();
      amount += response.return_().amount_minor();
      points += response.points_size() > 0 ? response.points(0).points() : 0;
    }
    EXPECT_EQ(amount, 1'999) << purchase_id;
    EXPECT_EQ(points, 199) << purchase_id;
    ASSERT_EQ(Available(), 0) << purchase_id;
    ExpectRefused(
        Return(ReturnBuilder::OfPurchase("more", purchase_id).Line(0, 1).Build()).status(),
        absl::StatusCode::kFailedPrecondition, {}, "RETURN_TOO_LARGE");
  } while (std::next_permutation(parts.begin(), parts.end()));
}

TEST_F(ReturnsTest, AmountsAddUp) {
  Buy(TenPieces("p-1"));
  int64_t points = 0;
  for (const int64_t amount : {1, 700, 1'298}) {
    const v1::RecordReturnResponse response =
        Return(ReturnBuilder::OfPurchase(absl::StrCat("r-", amount), "p-1").Amount(amount).Build())
            .value();
    EXPECT_EQ(response.return_().amount_minor(), amount);
    points += response.points_size() > 0 ? response.points(0).points() : 0;
  }
  EXPECT_EQ(points, 199);
  EXPECT_EQ(Available(), 0);
  ExpectRefused(Return(ReturnBuilder::OfPurchase("r-more", "p-1").Amount(1).Build()).status(),
                absl::StatusCode::kFailedPrecondition, {}, "RETURN_TOO_LARGE");
}

TEST_F(ReturnsTest, WhatWasSpentIsOwedUntilNewPointsRepayIt) {
  Buy(TenPounds("p-1"));
  ASSERT_TRUE(Redeem("order-1", 100).ok());
  const v1::RecordReturnResponse response = Return(AllOf("r-1", "p-1")).value();
  EXPECT_EQ(response.points(0).points(), 100);
  EXPECT_EQ(response.points(0).owed(), 100);
  EXPECT_EQ(response.balances(0).available(), -100);
  EXPECT_EQ(Available(), -100);
  Buy(SmallPurchase("p-2", 300));
  EXPECT_EQ(Available(), -70);
  ExpectRefused(Redeem("order-2", 1), absl::StatusCode::kFailedPrecondition, {},
                "INSUFFICIENT_POINTS");
  Buy(TenPounds("p-3"));
  EXPECT_EQ(Available(), 30);
  EXPECT_TRUE(Redeem("order-2", 30).ok());
  EXPECT_EQ(Available(), 0);
}

TEST_F(ReturnsTest, PointsThatPaidForTheGoodsComeBack) {
  Buy(TenPounds("p-1"));
  ASSERT_TRUE(Redeem("order-1", 50).ok());
  Buy(PurchaseBuilder("p-2", Card("4005"))
          .Currency("GBP")
          .Goods("tea", 1, 1'000)
          .PaidWithPoints(500, "order-1")
          .Build());
  EXPECT_EQ(MakeClient().GetPurchase("p-2").value().reservation_id(), "order-1");
  EXPECT_EQ(Available(), 100);
  const v1::RecordReturnResponse response = Return(AllOf("r-1", "p-2")).value();
  EXPECT_EQ(response.points(0).points(), 50);
  EXPECT_EQ(response.points(0).restored(), 50);
  EXPECT_EQ(Available(), 100);
}

TEST_F(ReturnsTest, AReplayIsTheFirstReplyByteForByte) {
  Buy(TenPieces("p-1"));
  auto channel = MakeChannel();
  v1::RecordReturnRequest request;
  *request.mutable_return_() = ReturnBuilder::OfPurchase("r-1", "p-1").Line(0, 1).Build();
  const Answer first = Call(channel, kRecordReturn, request);
  ASSERT_TRUE(first.status.ok()) << first.status;
  ASSERT_TRUE(Return(ReturnBuilder::OfPurchase("r-2", "p-1").Line(0, 1).Build()).ok());
  for (const bool restarted : {false, true}) {
    if (restarted) {
      Kill();
      ASSERT_NO_FATAL_FAILURE(Start(flags_));
      channel = MakeChannel();
    }
    EXPECT_EQ(Call(channel, kRecordReturn, request).bytes, absl::StrCat(first.bytes, kReplayed));
  }
  EXPECT_EQ(MakeClient().GetPurchase("p-1").value().lines(0).returned_quantity(), 2);
  request.mutable_return_()->mutable_lines(0)->set_quantity(2);
  ExpectRefused(Call(channel, kRecordReturn, request).status, absl::StatusCode::kAlreadyExists,
                {"return.return_id"}, "REQUEST_ID_REUSED");
  // Purchases have ids of their own.
  EXPECT_TRUE(MakeClient().RecordPurchase(TenPounds("r-1")).ok());
}

TEST_F(ReturnsTest, WithoutAReceiptTheNewestPurchasesAreMatched) {
  const absl::Time now = absl::Now();
  for (const int days : {3, 2, 1}) {
    Buy(PurchaseBuilder(absl::StrCat("days-", days), Card("4005"))
            .OccurredAt(now - absl::Hours(24 * days))
            .Currency("GBP")
            .Goods("tea", 2, 200)
            .Build());
  }
  const v1::RecordReturnResponse response =
      Return(ReturnBuilder::WithoutReceipt("r-1", Card("4005"))
                 .Currency("GBP")
                 .Goods("tea", 3, 300)
                 .Goods("unheard-of", 1, 50)
                 .Build())
          .value();
  std::map<std::string, int64_t> quantities;
  for (const v1::ReturnedLine& line : response.return_().lines())
    quantities[line.purchase_id()] += line.quantity();
  EXPECT_EQ(quantities, (std::map<std::string, int64_t>{{"days-1", 2}, {"days-2", 1}, {"", 1}}));
  EXPECT_EQ(response.return_().purchase_id(), "");
  EXPECT_EQ(response.return_().amount_minor(), 350);
  EXPECT_EQ(response.return_().unmatched_minor(), 50);
  EXPECT_EQ(response.points(0).points(), 30);
  EXPECT_EQ(Available(), 30);
  EXPECT_EQ(MakeClient().GetPurchase("days-3").value().returned_minor(), 0);
}

// Goods without a receipt may be those of two who were one, and are parted before it is undone.
TEST_F(ReturnsTest, AReturnOfTwosGoodsIsUndoneWhileTheyAreOne) {
  const std::string merged = Enroll("4006").member_id();
  for (const char* card : {"4005", "4006"}) {
    Buy(PurchaseBuilder(absl::StrCat("p-", card), Card(card))
            .Currency("GBP")
            .Goods("tea", 1, 100)
            .Build());
  }
  v1::MergeMembersRequest merge;
  *merge.mutable_member() = Card("4006");
  *merge.mutable_into() = Card("4005");
  ASSERT_TRUE(MakeClient().MergeMembers(merge).ok());
  ASSERT_TRUE(Return(ReturnBuilder::WithoutReceipt("r-1", Card("4005"))
                         .Currency("GBP")
                         .Goods("tea", 2, 200)
                         .Build())
                  .ok());
  v1::UnmergeMemberRequest unmerge;
  unmerge.set_merged_member_id(merged);
  ASSERT_TRUE(MakeClient().UnmergeMember(unmerge).ok());
  v1::UndoReturnRequest undo;
  undo.set_return_id("r-1");
  ExpectRefused(MakeClient().UndoReturn(undo).status(), absl::StatusCode::kNotFound, {},
                "PURCHASE_NOT_FOUND");
  merge.clear_request_id();
  ASSERT_TRUE(MakeClient().MergeMembers(merge).ok());
  ASSERT_TRUE(MakeClient().UndoReturn(undo).ok());
  EXPECT_EQ(Available(), 20);
}

TEST_F(ReturnsTest, ReturnsAreListedLatestFirst) {
  Buy(TenPieces("p-1"));
  const absl::Time now = absl::Now();
  for (const int minute : {2, 4, 1, 3}) {
    ASSERT_TRUE(Return(ReturnBuilder::WithoutReceipt(absl::StrCat("r-", minute), Card("4005"))
                           .OccurredAt(now - absl::Minutes(minute))
                           .Currency("GBP")
                           .Goods("cup", 1, 10)
                           .Build())
                    .ok());
  }
  v1::ListReturnsRequest request;
  *request.mutable_member() = Card("4005");
  request.set_page_size(1);
  std::vector<std::string> ids;
  for (absl::StatusOr<v1::RecordedReturn>& recorded : MakeClient().ListReturns(request)) {
    ASSERT_TRUE(recorded.ok()) << recorded.status();
    ids.push_back(recorded->return_id());
  }
  EXPECT_THAT(ids, ElementsAre("r-1", "r-2", "r-3", "r-4"));

  request.set_page_token("garbage");
  ExpectRefused((*MakeClient().ListReturns(request).begin()).status(),
                absl::StatusCode::kInvalidArgument, {"page_token"});
  ExpectRefused((*MakeClient().ListReturns(Card("nobody")).begin()).status(),
                absl::StatusCode::kNotFound, {}, "MEMBER_NOT_FOUND");
}

TEST_F(ReturnsTest, WhatCannotComeBackIsRefused) {
  Buy(TenPieces("p-1"));
  const v1::GetTotalsResponse before = TotalsOf(MakeClient());
  ExpectRefused(Return(AllOf("r-1", "nowhere")).status(), absl::StatusCode::kNotFound, {},
                "PURCHASE_NOT_FOUND");
  ExpectRefused(Return(ReturnBuilder::OfPurchase("r-1", "p-1").Line(2, 1).Build()).status(),
                absl::StatusCode::kInvalidArgument, {"return.lines[0].line"});
  ExpectRefused(Return(ReturnBuilder::OfPurchase("r-1", "p-1").Line(0, 4).Build()).status(),
                absl::StatusCode::kFailedPrecondition, {}, "RETURN_TOO_LARGE");
  ExpectRefused(Return(ReturnBuilder::OfPurchase("r-1", "p-1").Amount(2'000).Build()).status(),
                absl::StatusCode::kFailedPrecondition, {}, "RETURN_TOO_LARGE");
  ReturnBuilder nobody = ReturnBuilder::WithoutReceipt("r-1", Card("nobody"));
  ExpectRefused(Return(nobody.Currency("GBP").Goods("tea", 1, 1).Build()).status(),
                absl::StatusCode::kNotFound, {}, "MEMBER_NOT_FOUND");
  ReturnBuilder somebody = ReturnBuilder::WithoutReceipt("r-1", Card("4005"));
  ExpectRefused(Return(somebody.Currency("EUR").Goods("tea", 1, 1).Build()).status(),
                absl::StatusCode::kInvalidArgument, {"return.currency"}, "CURRENCY_NOT_DECLARED");
  somebody.Currency("GBP").OccurredAt(absl::Now() + absl::Hours(1));
  ExpectRefused(Return(somebody.Build()).status(), absl::StatusCode::kInvalidArgument,
                {"return.occurred_at"}, "TIME_IN_FUTURE");
  EXPECT_EQ(BytesOf(TotalsOf(MakeClient())), BytesOf(before));
}

class WriteOffTest : public ReturnsTest {
 protected:
  void SetUp() override { StartWith("debt_policy: DEBT_POLICY_WRITE_OFF\n"); }
};

TEST_F(WriteOffTest, WhatWasSpentIsGivenUp) {
  Buy(TenPounds("p-1"));
  ASSERT_TRUE(Redeem("order-1", 70).ok());
  const v1::RecordReturnResponse response = Return(AllOf("r-1", "p-1")).value();
  EXPECT_EQ(response.points(0).points(), 100);
  EXPECT_EQ(response.points(0).owed(), 0);
  EXPECT_EQ(response.points(0).written_off(), 70);
  EXPECT_EQ(Available(), 0);
  const v1::WalletTotals totals = Points(TotalsOf(MakeClient()));
  EXPECT_EQ(totals.reversed(), 100);
  EXPECT_EQ(totals.written_off(), 70);
  EXPECT_EQ(totals.redeemed(), 70);
}

class RejectTest : public ReturnsTest {
 protected:
  void SetUp() override { StartWith("debt_policy: DEBT_POLICY_REJECT\n"); }
};

TEST_F(RejectTest, WhatWasSpentStopsTheReturn) {
  Buy(TenPounds("p-1"));
  ASSERT_TRUE(Redeem("order-1", 1).ok());
  ExpectRefused(Return(AllOf("r-1", "p-1")).status(), absl::StatusCode::kFailedPrecondition, {},
                "INSUFFICIENT_POINTS");
  EXPECT_EQ(Available(), 99);
  EXPECT_EQ(TotalsOf(MakeClient()).returns(), 0);
  Buy(SmallPurchase("p-2", 10));
  EXPECT_FALSE(Return(AllOf("r-1", "p-1")).value().replayed());
  EXPECT_EQ(Available(), 0);
}

// Points of the wallet "later" wait for a confirmation.
class ConfirmTest : public ReturnsTest {
 protected:
  void SetUp() override {
    StartWith(R"(
        wallets { id: "later" pending_until_confirmed: true expiry { never {} } }
        earning_rules {
          id: "later" wallet: "later" rates { currency: "GBP" points: 1 per_minor: 10 }
        })");
  }

  absl::StatusOr<v1::ConfirmPurchaseResponse> Confirm(const std::string& id,
                                                      const std::string& purchase_id) {
    v1::ConfirmPurchaseRequest request;
    request.set_request_id(id);
    request.set_purchase_id(purchase_id);
    return MakeClient().ConfirmPurchase(request);
  }

  v1::WalletBalance Later() { return MakeClient().GetBalance(Card("4005")).value().wallets(0); }
};

TEST_F(ConfirmTest, PointsWaitUntilThePurchaseIsConfirmed) {
  const v1::PurchaseOutcome outcome =
      MakeClient().RecordPurchase(TenPounds("p-1")).value().outcome();
  for (const v1::EarnedPoints& earned : outcome.earned()) {
    EXPECT_EQ(earned.has_available_from(), earned.wallet() == "points") << earned.wallet();
  }
  ASSERT_EQ(Later().wallet(), "later");
  EXPECT_EQ(Later().pending(), 100);
  EXPECT_EQ(Later().maturing_size(), 0);
  const v1::ConfirmPurchaseResponse confirmed = Confirm("c-1", "p-1").value();
  EXPECT_EQ(confirmed.member_id(), outcome.member_id());
  ASSERT_EQ(confirmed.balances_size(), 2);
  EXPECT_EQ(Later().pending(), 0);
  EXPECT_EQ(Later().available(), 100);
  EXPECT_TRUE(Confirm("c-1", "p-1").value().replayed());
  // Once more changes nothing.
  EXPECT_TRUE(Confirm("c-2", "p-1").ok());
  EXPECT_EQ(Later().available(), 100);
  ExpectRefused(Confirm("c-3", "nowhere").status(), absl::StatusCode::kNotFound, {},
                "PURCHASE_NOT_FOUND");
  EXPECT_EQ(TotalsOf(MakeClient()).trial_balance(), 0);
}

TEST_F(ConfirmTest, AReturnBeforeThatCancelsThem) {
  Buy(TenPounds("p-1"));
  const v1::RecordReturnResponse response = Return(AllOf("r-1", "p-1")).value();
  ASSERT_EQ(response.points_size(), 2);
  EXPECT_EQ(Later().pending(), 0);
  EXPECT_EQ(Later().available(), 0);
  EXPECT_EQ(Available(), 0);
  EXPECT_TRUE(Confirm("c-1", "p-1").ok());
  EXPECT_EQ(Later().available(), 0);
}

}  // namespace
}  // namespace dangol::e2e
