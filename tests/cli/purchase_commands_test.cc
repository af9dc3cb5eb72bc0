// dangolctl purchase and dangolctl return.

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "app_fixture.h"

namespace dangol::cli {
namespace {

using testing::_;
using testing::HasSubstr;
using testing::Return;

TEST_F(AppTest, RecordsAPurchaseInMajorUnits) {
  v1::RecordPurchaseRequest sent;
  EXPECT_CALL(*server_, RecordPurchase(_)).Times(2).WillRepeatedly([&](const auto& request) {
    sent = request;
    v1::RecordPurchaseResponse response;
    auto* outcome = response.mutable_outcome();
    outcome->set_purchase_id("r-1");
    outcome->set_total_minor(1270);
    auto* earned = outcome->add_earned();
    earned->set_wallet("points");
    earned->set_points(1270);
    auto* part = earned->add_parts();
    part->set_rule_id("base");
    part->set_points(1270);
    part->set_capped(true);
    return response;
  });
  const std::vector<std::string> arguments = {"purchase",
                                              "record",
                                              "--id",
                                              "r-1",
                                              "--member",
                                              "card:1",
                                              "--currency",
                                              "GBP",
                                              "--line",
                                              "name=tea,qty=2,amount=9.50,category=drinks",
                                              "--line",
                                              "amount=3.2,name=bun",
                                              "--at",
                                              "2024-05-31T18:30:00Z",
                                              "--paid-with-points",
                                              "1"};
  const Outcome outcome = Dangolctl(arguments);
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(sent.purchase().purchase_id(), "r-1");
  EXPECT_EQ(sent.purchase().occurred_at().seconds(), 1717180200);
  EXPECT_EQ(sent.purchase().paid_with_points_minor(), 100);
  ASSERT_EQ(sent.purchase().lines_size(), 2);
  EXPECT_EQ(sent.purchase().lines(0).amount_minor(), 950);
  EXPECT_EQ(sent.purchase().lines(0).category(), "drinks");
  EXPECT_EQ(sent.purchase().lines(1).amount_minor(), 320);
  EXPECT_THAT(outcome.out, HasSubstr("12.70 GBP"));
  EXPECT_THAT(outcome.out, HasSubstr("base 1270 (capped)"));
  ExpectFits(outcome.out);

  // The same purchase as JSON.
  const std::string path = WriteFile(
      "purchase.json", "{\"purchase_id\": \"r-1\", \"currency\": \"KRW\", \"lines\": []}");
  EXPECT_EQ(Dangolctl({"purchase", "record", "--from", path}).code, ExitCode::kOk);
  EXPECT_EQ(sent.purchase().currency(), "KRW");
}

// Formatting an amount once made a call of its own, for each amount where the first had failed.
TEST_F(AppTest, AsksForTheProgramOnceForAList) {
  EXPECT_CALL(*server_, ListPurchases(_)).Times(2).WillRepeatedly([](const auto&) {
    v1::ListPurchasesResponse response;
    for (int i = 0; i < 3; ++i) {
      response.add_purchases()->set_total_minor(1270);
      response.mutable_purchases(i)->set_currency("GBP");
    }
    return response;
  });
  EXPECT_CALL(*server_, GetProgram(_)).WillOnce(Return(absl::InternalError("no program")));
  EXPECT_THAT(Dangolctl({"purchase", "list", "card:1"}).out, HasSubstr("12.70 GBP"));
  // JSON has minor units, so it needs no program.
  EXPECT_EQ(Dangolctl({"purchase", "list", "card:1", "--output", "json"}).code, ExitCode::kOk);
}

TEST_F(AppTest, RefusesAmountsThatTheCurrencyDoesNotHave) {
  EXPECT_CALL(*server_, RecordPurchase(_)).Times(0);
  for (const std::string line : {"name=tea,qty=1,amount=9.505", "name=tea,amount=-1",
                                 "name=tea,qty=one,amount=9", "name=tea,qty=1", "amount=1"}) {
    EXPECT_EQ(
        Dangolctl({"purchase", "record", "--member", "card:1", "--currency", "GBP", "--line", line})
            .code,
        ExitCode::kInvalidArgument)
        << line;
  }
  EXPECT_EQ(Dangolctl({"purchase", "record", "--member", "card:1", "--currency", "KRW", "--line",
                       "name=tea,amount=9.50"})
                .code,
            ExitCode::kInvalidArgument);
}

// "latte,1,5,500" was 5 won for the category "500".
TEST_F(AppTest, RefusesALineThatCouldBeReadInTwoWays) {
  EXPECT_CALL(*server_, RecordPurchase(_)).Times(0);
  for (const std::string line : {"latte,1,5,500", "latte,1,5500", "latte,5,500"}) {
    const Outcome outcome = Dangolctl(
        {"purchase", "record", "--member", "card:1", "--currency", "KRW", "--line", line});
    EXPECT_EQ(outcome.code, ExitCode::kInvalidArgument) << line;
    EXPECT_THAT(outcome.error, HasSubstr("name=latte,qty=1,amount=5500")) << line;
  }
}

TEST_F(AppTest, RecordsAReturnOfAPurchase) {
  v1::RecordReturnRequest sent;
  v1::RecordReturnResponse response;
  v1::RecordedReturn& recorded = *response.mutable_return_();
  recorded.set_return_id("r-1");
  recorded.set_purchase_id("p-1");
  recorded.set_currency("GBP");
  recorded.set_amount_minor(950);
  v1::ReturnedLine& line = *recorded.add_lines();
  line.set_purchase_id("p-1");
  line.set_line(1);
  line.set_sku(std::string(64, 'x'));
  line.set_quantity(2);
  line.set_amount_minor(950);
  v1::ReversedPoints& points = *response.add_points();
  points.set_wallet("points");
  points.set_points(95);
  points.set_owed(12);
  response.add_balances()->set_available(-12);
  response.set_replayed(true);
  EXPECT_CALL(*server_, RecordReturn(_)).WillRepeatedly(Answer(sent, response));
  const Outcome outcome =
      Dangolctl({"purchase", "return", "--id", "r-1", "--purchase", "p-1", "--line", "1,2",
                 "--line", "0,1", "--reason", "cold", "--at", "2024-05-31T18:30:00Z"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(sent.return_().return_id(), "r-1");
  EXPECT_EQ(sent.return_().purchase_id(), "p-1");
  EXPECT_EQ(sent.return_().reason(), "cold");
  EXPECT_EQ(sent.return_().occurred_at().seconds(), 1717180200);
  ASSERT_EQ(sent.return_().lines_size(), 2);
  EXPECT_EQ(sent.return_().lines(0).line(), 1);
  EXPECT_EQ(sent.return_().lines(0).quantity(), 2);
  EXPECT_THAT(outcome.out, HasSubstr("recorded before"));
  EXPECT_THAT(outcome.out, HasSubstr("9.50 GBP"));
  EXPECT_THAT(outcome.out, HasSubstr("-12"));
  ExpectFits(outcome.out);

  // An amount is in the currency of the purchase.
  v1::GetPurchaseResponse purchase;
  purchase.mutable_purchase()->set_currency("KRW");
  EXPECT_CALL(*server_, GetPurchase(_)).WillRepeatedly(Return(purchase));
  const Outcome json =
      Dangolctl({"purchase", "return", "--purchase", "p-1", "--amount", "950", "--output", "json"});
  ASSERT_EQ(json.code, ExitCode::kOk) << json.error;
  EXPECT_EQ(sent.return_().amount_minor(), 950);
  EXPECT_EQ(Json::parse(json.out)["points"][0]["owed"], 12);
  EXPECT_EQ(Dangolctl({"purchase", "return", "--purchase", "p-1", "--amount", "9.50"}).code,
            ExitCode::kInvalidArgument);
}

TEST_F(AppTest, RecordsAReturnWithoutAReceipt) {
  v1::RecordReturnRequest sent;
  EXPECT_CALL(*server_, RecordReturn(_)).WillRepeatedly(Answer(sent, v1::RecordReturnResponse()));
  const Outcome outcome = Dangolctl({"purchase", "return", "--member", "card:1", "--currency",
                                     "GBP", "--line", "name=tea,qty=2,amount=9.5"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(sent.return_().member().alias().value(), "1");
  EXPECT_EQ(sent.return_().currency(), "GBP");
  ASSERT_EQ(sent.return_().lines_size(), 1);
  EXPECT_EQ(sent.return_().lines(0).sku(), "tea");
  EXPECT_EQ(sent.return_().lines(0).amount_minor(), 950);

  const std::string path = WriteFile("return.json", "{\"return_id\": \"r-2\"}");
  EXPECT_EQ(Dangolctl({"purchase", "return", "--from", path}).code, ExitCode::kOk);
  EXPECT_EQ(sent.return_().return_id(), "r-2");
}

TEST_F(AppTest, RefusesAReturnThatMakesNoSense) {
  EXPECT_CALL(*server_, RecordReturn(_)).Times(0);
  for (const std::string line : {"0", "tea,1", "0,1,2", "0,one"}) {
    EXPECT_EQ(Dangolctl({"purchase", "return", "--purchase", "p-1", "--line", line}).code,
              ExitCode::kInvalidArgument)
        << line;
  }
  for (const std::string line : {"0,1", "tea,2,9.5", "name=tea,amount=9.505", "name=tea,amount=-1",
                                 "name=tea,qty=one,amount=9", "name=tea,amount=9,category=a"}) {
    EXPECT_EQ(
        Dangolctl({"purchase", "return", "--member", "card:1", "--currency", "GBP", "--line", line})
            .code,
        ExitCode::kInvalidArgument)
        << line;
  }
  EXPECT_EQ(Dangolctl({"purchase", "return"}).code, ExitCode::kInvalidArgument);
  EXPECT_EQ(Dangolctl({"purchase", "return", "--purchase", "p-1", "--member", "card:1"}).code,
            ExitCode::kUsage);
  EXPECT_EQ(Dangolctl({"purchase", "return", "--member", "card:1", "--amount", "5"}).code,
            ExitCode::kUsage);
}

TEST_F(AppTest, ListsReturns) {
  v1::ListReturnsResponse page;
  v1::RecordedReturn& recorded = *page.add_returns();
  recorded.set_return_id("r-1");
  recorded.set_purchase_id(std::string(128, 'p'));
  recorded.set_currency("GBP");
  recorded.set_amount_minor(1'234'567);
  recorded.set_reason(std::string(64, 'r'));
  EXPECT_CALL(*server_, ListReturns(_)).WillRepeatedly(Return(page));
  const Outcome table = Dangolctl({"purchase", "returns", "card:1"});
  EXPECT_EQ(table.code, ExitCode::kOk);
  EXPECT_THAT(table.out, HasSubstr("12,345.67 GBP"));
  ExpectFits(table.out);
  const Outcome json = Dangolctl({"purchase", "returns", "card:1", "--output", "json"});
  EXPECT_EQ(Json::parse(json.out)["returns"][0]["return_id"], "r-1");
}

TEST_F(AppTest, ConfirmsAPurchase) {
  v1::ConfirmPurchaseRequest sent;
  v1::ConfirmPurchaseResponse response;
  response.set_member_id("m-1");
  response.add_balances()->set_available(120);
  EXPECT_CALL(*server_, ConfirmPurchase(_)).WillRepeatedly(Answer(sent, response));
  const Outcome outcome = Dangolctl({"purchase", "confirm", "p-1", "--request-id", "c-1"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(sent.purchase_id(), "p-1");
  EXPECT_EQ(sent.request_id(), "c-1");
  EXPECT_THAT(outcome.out, HasSubstr("120"));
  ExpectFits(outcome.out);
}

}  // namespace
}  // namespace dangol::cli
