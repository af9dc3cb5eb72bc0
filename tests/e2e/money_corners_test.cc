// What users of other systems complain about, told through the API.

#include <gmock/gmock.h>

#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "dangol/error.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {
namespace {

class MoneyCornersTest : public DangoldTest {
 protected:
  // A point for ten pence, available at once and for ever. `base` is said of the rule, `more`
  // of the program.
  void StartWith(const std::string& base, const std::string& more = "") {
    const std::string program = absl::StrReplaceAll(
        ProgramText("corners", 10), {{"id: \"base\"", absl::StrCat("id: \"base\" ", base)}});
    std::ofstream(File("program.txtpb")) << program << more;
    ASSERT_NO_FATAL_FAILURE(Start({"--program=" + File("program.txtpb")}));
    Enroll("4005");
  }

  // For so many pence; what it earned.
  int64_t Buy(const std::string& id, int64_t pence) {
    const auto response = MakeClient().RecordPurchase(SmallPurchase(id, pence));
    EXPECT_TRUE(response.ok()) << response.status();
    int64_t points = 0;
    for (const v1::EarnedPoints& earned : response->outcome().earned()) points += earned.points();
    return points;
  }

  absl::StatusOr<v1::RecordReturnResponse> ReturnAll(const std::string& purchase_id) {
    return MakeClient().RecordReturn(
        ReturnBuilder::OfPurchase("back-" + purchase_id, purchase_id).EverythingLeft().Build());
  }

  int64_t Available() {
    EXPECT_EQ(TotalsOf(MakeClient()).trial_balance(), 0);
    return MakeClient().GetBalance(Card("4005")).value().wallets(0).available();
  }

  // Sets points aside for an order.
  void Reserve(const std::string& id, int64_t points) {
    v1::ReservePointsRequest request;
    request.set_request_id(id);
    *request.mutable_member() = Card("4005");
    request.set_points(points);
    ASSERT_TRUE(MakeClient().ReservePoints(request).ok());
  }

  absl::StatusOr<v1::CapturePointsResponse> Capture(const std::string& id,
                                                    std::optional<int64_t> points) {
    v1::CapturePointsRequest request;
    request.set_request_id("capture-" + id);
    request.set_reservation_id(id);
    if (points.has_value()) request.set_points(*points);
    return MakeClient().CapturePoints(request);
  }
};

constexpr char kDoubleFromHundred[] =
    "multipliers { id: \"double\" wallet: \"points\" factor { numerator: 2 denominator: 1 }"
    " when { min_basket { currency: \"GBP\" minor: 10000 } } }\n";

TEST_F(MoneyCornersTest, ABonusForAMinimumBasketFallsWithTheBasket) {
  StartWith("", kDoubleFromHundred);
  const v1::Purchase basket = PurchaseBuilder("p-1", Card("4005"))
                                  .Currency("GBP")
                                  .Goods("coat", 1, 9'000)
                                  .Goods("hat", 1, 1'000)
                                  .Build();
  ASSERT_TRUE(MakeClient().RecordPurchase(basket).ok());
  EXPECT_EQ(Available(), 2'000);
  const auto back =
      MakeClient().RecordReturn(ReturnBuilder::OfPurchase("r-1", "p-1").Line(0, 1).Build());
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(back->points(0).points(), 1'900);
  EXPECT_EQ(Available(), 100) << "not 200: the hat alone is no basket for a bonus";
  const v1::RecordedPurchase purchase = MakeClient().GetPurchase("p-1").value();
  EXPECT_EQ(purchase.earned(0).points(), 2'000);
  EXPECT_EQ(purchase.earned(0).standing_points(), 100);
  ExpectSoundBooks(MakeClient());
}

TEST_F(MoneyCornersTest, AnExchangeOnTheSameDayEarnsTheCapAgain) {
  StartWith("caps { per: CAP_PERIOD_DAY points: 300 }");
  EXPECT_EQ(Buy("p-1", 4'000), 300);
  ASSERT_TRUE(ReturnAll("p-1").ok());
  EXPECT_EQ(Available(), 0);
  EXPECT_EQ(Buy("p-2", 4'000), 300) << "what came back has used no cap";
  EXPECT_EQ(Buy("p-3", 4'000), 0);
  EXPECT_EQ(Available(), 300);
  ExpectSoundBooks(MakeClient());
}

TEST_F(MoneyCornersTest, AFirstPurchaseThatCameBackWholeWasNone) {
  StartWith("",
            "multipliers { id: \"first\" wallet: \"points\" factor { numerator: 3"
            " denominator: 1 } when { first_purchase: true } }\n");
  EXPECT_EQ(Buy("p-1", 1'000), 300);
  ASSERT_TRUE(ReturnAll("p-1").ok());
  EXPECT_EQ(MakeClient().GetMember(Card("4005")).value().purchase_count(), 0);
  EXPECT_EQ(Buy("p-2", 1'000), 300);
  EXPECT_EQ(Buy("p-3", 1'000), 100);
  ExpectSoundBooks(MakeClient());
}

// Points that paid come back first, then what was earned is taken: nothing is refused.
TEST_F(MoneyCornersTest, AReceiptThatSpentAndEarnedComesBackToNothing) {
  StartWith("", "debt_policy: DEBT_POLICY_REJECT\n");
  EXPECT_EQ(Buy("p-1", 1'000), 100);
  Reserve("order-1", 100);
  ASSERT_TRUE(Capture("order-1", std::nullopt).ok());
  v1::Purchase paid = SmallPurchase("p-2", 2'000);
  paid.set_reservation_id("order-1");
  paid.set_paid_with_points_minor(1'000);
  ASSERT_TRUE(MakeClient().RecordPurchase(paid).ok());
  Reserve("order-2", 100);  // What that earned is gone.
  ASSERT_TRUE(Capture("order-2", std::nullopt).ok());
  const auto back = ReturnAll("p-2");
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(back->points(0).restored(), 100);
  EXPECT_EQ(back->points(0).written_off(), 0);
  EXPECT_EQ(Available(), 0);
  ExpectSoundBooks(MakeClient());
}

TEST_F(MoneyCornersTest, ACaptureOfNothingGivesAllBack) {
  StartWith("");
  Buy("p-1", 1'000);
  Reserve("order-1", 60);
  const auto nothing = Capture("order-1", 0);
  ASSERT_TRUE(nothing.ok()) << nothing.status();
  EXPECT_EQ(nothing->reservation().captured(), 0);
  EXPECT_EQ(nothing->reservation().status(), v1::RESERVATION_STATUS_VOIDED);
  EXPECT_EQ(Available(), 100);
  Reserve("order-2", 60);
  const auto all = Capture("order-2", std::nullopt);
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_EQ(all->reservation().captured(), 60);
  EXPECT_EQ(Available(), 40);
}

TEST_F(MoneyCornersTest, AReturnStampedSecondsBeforeItsPurchaseIsOfThatMoment) {
  StartWith("");
  const absl::Time noon = absl::FromUnixSeconds(1'768'478'400);
  v1::Purchase purchase = SmallPurchase("p-1", 1'000);
  *purchase.mutable_occurred_at() = ToTimestamp(noon);
  ASSERT_TRUE(MakeClient().RecordPurchase(purchase).ok());
  ReturnBuilder back = ReturnBuilder::OfPurchase("r-1", "p-1");
  back.EverythingLeft().OccurredAt(noon - absl::Seconds(61));
  EXPECT_EQ(ErrorReason(MakeClient().RecordReturn(back.Build()).status()), "TIME_TOO_EARLY");
  back.OccurredAt(noon - absl::Seconds(60));
  const auto response = MakeClient().RecordReturn(back.Build());
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(ToTime(response->return_().occurred_at()), noon);
}

TEST_F(MoneyCornersTest, WhateverIsLeftComesBackOnce) {
  StartWith("");
  const v1::Purchase pieces = PurchaseBuilder("p-1", Card("4005"))
                                  .Currency("GBP")
                                  .Goods("tea", 3, 1'000)
                                  .Goods("mug", 7, 999)
                                  .Build();
  ASSERT_TRUE(MakeClient().RecordPurchase(pieces).ok());
  ASSERT_TRUE(
      MakeClient().RecordReturn(ReturnBuilder::OfPurchase("r-1", "p-1").Line(1, 2).Build()).ok());
  const auto rest = ReturnAll("p-1");
  ASSERT_TRUE(rest.ok()) << rest.status();
  ASSERT_EQ(rest->return_().lines_size(), 2);
  EXPECT_EQ(rest->return_().lines(1).quantity(), 5);
  EXPECT_EQ(Available(), 0);
  const auto again =
      MakeClient().RecordReturn(ReturnBuilder::OfPurchase("r-3", "p-1").EverythingLeft().Build());
  EXPECT_EQ(ErrorReason(again.status()), "RETURN_TOO_LARGE");
  const auto both = MakeClient().RecordReturn(
      ReturnBuilder::OfPurchase("r-4", "p-1").EverythingLeft().Line(0, 1).Build());
  EXPECT_TRUE(absl::IsInvalidArgument(both.status())) << both.status();
}

TEST_F(MoneyCornersTest, OnlyFullStepsEarn) {
  StartWith("full_steps: true");
  EXPECT_EQ(Buy("p-1", 19), 1);
  EXPECT_EQ(Buy("p-2", 9), 0);
}

// A purchase of nothing, of a gift card only, or by somebody who is suspended is no first one.
TEST_F(MoneyCornersTest, TheWelcomeBonusWaitsForAPurchaseThatCanEarn) {
  StartWith("",
            "multipliers { id: \"first\" wallet: \"points\" factor { numerator: 3"
            " denominator: 1 } when { first_purchase: true } }\n");
  EXPECT_EQ(Buy("p-nothing", 0), 0);
  v1::Purchase card = SmallPurchase("p-card", 5'000);
  card.mutable_lines(0)->set_kind(v1::LINE_KIND_GIFT_CARD);
  ASSERT_TRUE(MakeClient().RecordPurchase(card).ok());
  v1::SuspendMemberRequest suspend;
  suspend.set_request_id("suspend");
  *suspend.mutable_member() = Card("4005");
  ASSERT_TRUE(MakeClient().SuspendMember(suspend).ok());
  EXPECT_EQ(Buy("p-suspended", 1'000), 0);
  v1::ReinstateMemberRequest reinstate;
  reinstate.set_request_id("reinstate");
  *reinstate.mutable_member() = Card("4005");
  ASSERT_TRUE(MakeClient().ReinstateMember(reinstate).ok());
  EXPECT_EQ(Buy("p-1", 1'000), 300);
  EXPECT_EQ(Buy("p-2", 1'000), 100);
  EXPECT_EQ(MakeClient().GetMember(Card("4005"))->purchase_count(), 5);
  ExpectSoundBooks(MakeClient());
}

// A phone number that was given to somebody else since.
TEST_F(MoneyCornersTest, ALatePurchaseIsOfWhoeverHadTheAliasThen) {
  StartWith("");
  v1::Alias phone;
  phone.set_kind("phone");
  phone.set_value("010-1234");
  const auto give = [&](const std::string& card, const std::string& id) {
    v1::AddAliasRequest add;
    add.set_request_id("add-" + id);
    *add.mutable_member() = Card(card);
    *add.mutable_alias() = phone;
    ASSERT_TRUE(MakeClient().AddAlias(add).ok());
  };
  give("4005", "first");
  v1::RemoveAliasRequest remove;
  remove.set_request_id("remove");
  *remove.mutable_member() = Card("4005");
  *remove.mutable_alias() = phone;
  ASSERT_TRUE(MakeClient().RemoveAlias(remove).ok());
  Enroll("4006");
  give("4006", "second");

  const auto buy = [&](const std::string& id, std::optional<absl::Time> at) {
    v1::Purchase purchase = SmallPurchase(id, 1'000);
    purchase.mutable_member()->Clear();
    *purchase.mutable_member()->mutable_alias() = phone;
    if (at.has_value()) *purchase.mutable_occurred_at() = ToTimestamp(*at);
    const auto response = MakeClient().RecordPurchase(purchase);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? response->outcome().member_id() : "";
  };
  const std::string first = MakeClient().GetMember(Card("4005"))->member_id();
  const std::string second = MakeClient().GetMember(Card("4006"))->member_id();
  EXPECT_EQ(buy("p-late", absl::Now() - absl::Hours(1)), first);
  EXPECT_EQ(buy("p-now", std::nullopt), second);
  ExpectSoundBooks(MakeClient());
}

TEST_F(MoneyCornersTest, AStatementOfAPastDayTellsWhatWasSaidAndWhatWasTrue) {
  StartWith("");
  // All of it is over when the first call arrives.
  const absl::Time begin = absl::FromUnixMicros(absl::ToUnixMicros(absl::Now()));
  const auto at = [&](int64_t micros) { return begin + absl::Microseconds(micros); };
  v1::Purchase purchase = SmallPurchase("p-1", 1'000);
  *purchase.mutable_occurred_at() = ToTimestamp(at(10));
  ASSERT_TRUE(MakeClient().RecordPurchase(purchase).ok());
  ReturnBuilder back = ReturnBuilder::OfPurchase("r-1", "p-1");
  back.Amount(400).OccurredAt(at(30));
  ASSERT_TRUE(MakeClient().RecordReturn(back.Build()).ok());

  const auto available = [&](absl::Time as_of, bool by_what_is_known) -> int64_t {
    v1::GetBalanceRequest request;
    *request.mutable_member() = Card("4005");
    *request.mutable_as_of() = ToTimestamp(as_of);
    if (by_what_is_known) *request.mutable_known_at() = ToTimestamp(absl::Now());
    const auto balance = MakeClient().GetBalance(request);
    EXPECT_TRUE(balance.ok()) << balance.status();
    return balance.ok() && balance->wallets_size() > 0 ? balance->wallets(0).available() : 0;
  };
  EXPECT_EQ(available(at(20), false), 0) << "nobody knew of it";
  EXPECT_EQ(available(at(5), true), 0);
  EXPECT_EQ(available(at(20), true), 100);
  EXPECT_EQ(available(at(40), true), 60);
  v1::ListLedgerEntriesRequest list;
  *list.mutable_member() = Card("4005");
  *list.mutable_effective_from() = ToTimestamp(at(20));
  list.set_reference("r-1");
  int entries = 0;
  for (auto& entry : MakeClient().ListLedgerEntries(list)) {
    ASSERT_TRUE(entry.ok()) << entry.status();
    ++entries;
  }
  EXPECT_EQ(entries, 1);
}

// Buy, give the points away, bring the goods back: nobody makes points of nothing so.
TEST_F(MoneyCornersTest, PointsThatWereGivenAwayStayOwed) {
  StartWith("", "debt_policy: DEBT_POLICY_WRITE_OFF\n");
  Enroll("4006");
  Buy("p-1", 1'000);
  v1::TransferPointsRequest transfer;
  transfer.set_request_id("gift");
  *transfer.mutable_member() = Card("4005");
  *transfer.mutable_to() = Card("4006");
  transfer.set_points(60);
  ASSERT_TRUE(MakeClient().TransferPoints(transfer).ok());
  Reserve("order", 40);
  ASSERT_TRUE(Capture("order", std::nullopt).ok());
  const auto back = ReturnAll("p-1");
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(back->points(0).owed(), 60);
  EXPECT_EQ(back->points(0).written_off(), 40) << "what was spent is given up, as declared";
  EXPECT_EQ(Available(), -60);
  ExpectSoundBooks(MakeClient());
}

// Who does it is named. Whoever gives away of what they keep is not, nor who brought back what
// was never returned after all.
TEST_F(MoneyCornersTest, TheReportNamesWhoGivesAwayAndBringsBack) {
  StartWith("");
  const std::string pump = MakeClient().GetMember(Card("4005")).value().member_id();
  Enroll("generous");
  const std::string sorry = Enroll("sorry").member_id();
  const auto buy = [&](const std::string& card, const std::string& id) {
    v1::Purchase purchase = SmallPurchase(id, 1'000);
    *purchase.mutable_member() = Card(card);
    ASSERT_TRUE(MakeClient().RecordPurchase(purchase).ok());
  };
  const auto give = [&](const std::string& from, const std::string& to, int64_t points) {
    v1::TransferPointsRequest transfer;
    *transfer.mutable_member() = Card(from);
    *transfer.mutable_to() = Card(to);
    transfer.set_points(points);
    ASSERT_TRUE(MakeClient().TransferPoints(transfer).ok());
  };
  const auto return_half = [&](const std::string& id) {
    ASSERT_TRUE(MakeClient()
                    .RecordReturn(ReturnBuilder::OfPurchase("half-" + id, id).Amount(500).Build())
                    .ok());
  };
  const auto listed = [&](v1::ListGivenAwayPointsRequest request = {}) {
    request.set_page_size(1);
    std::vector<std::string> lines;
    for (const auto& given : MakeClient().ListGivenAwayPoints(request)) {
      EXPECT_TRUE(given.ok()) << given.status();
      if (!given.ok()) break;
      lines.push_back(absl::StrCat(given->member_id(), " ", given->wallet(), " ", given->points(),
                                   " of ", given->purchases()));
    }
    return lines;
  };
  buy("generous", "p-1");
  buy("sorry", "p-2");
  buy("4005", "p-3");
  buy("4005", "p-4");
  give("generous", "4005", 30);
  give("sorry", "generous", 100);
  give("4005", "sorry", 190);  // The 30 first, which are older, then 100 of p-3 and 60 of p-4.
  EXPECT_THAT(listed(), ::testing::IsEmpty()) << "nothing has come back";

  return_half("p-1");
  EXPECT_THAT(listed(), ::testing::IsEmpty()) << "50 stand, for the 30 that were given";
  ASSERT_TRUE(ReturnAll("p-2").ok());
  ASSERT_TRUE(ReturnAll("p-3").ok());
  return_half("p-4");
  const std::vector<std::string> both = {pump + " points 110 of 2", sorry + " points 100 of 1"};
  EXPECT_EQ(listed(), both);
  const Ended ended = RunToEnd(
      {testing::ProgramPath("dangolctl"), "--server=" + address(), "insight", "given-away"},
      File("output"));
  EXPECT_THAT(ended.output, ::testing::ContainsRegex(pump + " +points +110 +2"));

  v1::ListGivenAwayPointsRequest request;
  *request.mutable_occurred_until() = MakeClient().GetPurchase("p-3").value().occurred_at();
  EXPECT_EQ(listed(request), std::vector<std::string>{both[1]});
  *request.mutable_occurred_from() = request.occurred_until();
  EXPECT_THAT(listed(request), ::testing::IsEmpty());
  v1::UndoReturnRequest undo;
  undo.set_return_id("back-p-2");
  ASSERT_TRUE(MakeClient().UndoReturn(undo).ok());
  EXPECT_EQ(listed(), std::vector<std::string>{both[0]});
  ExpectSoundBooks(MakeClient());
}

TEST_F(MoneyCornersTest, ATillThatLostItsClockIsTold) {
  StartWith("");
  v1::Purchase purchase = SmallPurchase("p-1", 1'000);
  *purchase.mutable_occurred_at() = ToTimestamp(absl::UnixEpoch());
  const absl::Status refused = MakeClient().RecordPurchase(purchase).status();
  EXPECT_EQ(ErrorReason(refused), "TIME_TOO_EARLY");
  EXPECT_THAT(refused.message(), ::testing::HasSubstr("history_from"));
  purchase.mutable_occurred_at()->set_seconds(-62'135'596'800);  // Year 1.
  EXPECT_EQ(ErrorReason(MakeClient().RecordPurchase(purchase).status()), "TIME_TOO_EARLY");
}

}  // namespace
}  // namespace dangol::e2e
