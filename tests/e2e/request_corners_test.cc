// Requests that come twice, and not quite the same; and requests that come too late.

#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "dangol/error.h"
#include "tests/e2e/calls.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

// What a refused request is told of the first one with its id.
struct Told {
  std::string fields;
  std::string money_differs;

  friend bool operator==(const Told&, const Told&) = default;
};

void PrintTo(const Told& told, std::ostream* out) {
  *out << told.fields << "; money differs: " << told.money_differs;
}

Told ToldOf(const absl::Status& status) {
  EXPECT_TRUE(absl::IsAlreadyExists(status)) << status;
  EXPECT_EQ(ErrorReason(status), "REQUEST_ID_REUSED");
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("choose another")));
  const auto info = GetErrorInfo(status);
  if (!info.has_value()) return {};
  const auto& metadata = info->metadata();
  const auto of = [&](const char* key) {
    const auto found = metadata.find(key);
    return found == metadata.end() ? "" : found->second;
  };
  const std::string fields = of("fields");
  EXPECT_THAT(std::string(status.message()), HasSubstr(fields));
  EXPECT_THAT(std::string(status.message()), HasSubstr(of("recorded_at")));
  return {fields, of("money_differs")};
}

class RequestCornersTest : public DangoldTest {
 protected:
  void SetUp() override {
    std::ofstream(File("program.txtpb"))
        << ProgramText("corners", 10)
        << "rewards { id: \"mug\" name: \"A mug\" wallet: \"points\" points: 10"
           " gift { sku: \"mug\" } validity_days: 30 }\n";
    ASSERT_NO_FATAL_FAILURE(Start({"--program=" + File("program.txtpb")}));
    member_id_ = Enroll("4005").member_id();
    Enroll("4006");
  }

  // What the till sends.
  static v1::Purchase Receipt(const std::string& id) {
    return PurchaseBuilder(id, Card("4005"))
        .OccurredAt(absl::FromUnixSeconds(1'750'000'000))
        .Currency("GBP")
        .Channel("store")
        .Goods("tea", 2, 1'000, "drinks")
        .Goods("bun", 1, 500, "bakery")
        .Build();
  }

  absl::Status Record(const v1::Purchase& purchase) {
    return MakeClient().RecordPurchase(purchase).status();
  }

  int64_t Available() {
    return MakeClient().GetBalance(Card("4005")).value().wallets(0).available();
  }

  // A request of points of the member.
  template <typename Request>
  static Request OfPoints(const std::string& id, int64_t points) {
    Request request;
    request.set_request_id(id);
    *request.mutable_member() = Card("4005");
    request.set_points(points);
    return request;
  }

  // The same request as it was valid until a moment that is over.
  template <typename Request>
  static Request Late(Request request) {
    *request.mutable_valid_until() = ToTimestamp(absl::Now() - absl::Minutes(1));
    return request;
  }

  std::string member_id_;
};

TEST_F(RequestCornersTest, TheNightlyFileIsToldWhatDiffersFromTheTill) {
  ASSERT_TRUE(Record(Receipt("r-1")).ok());
  v1::Purchase other = Receipt("r-1");
  other.set_channel("till");
  EXPECT_EQ(ToldOf(Record(other)), (Told{"channel", "false"}));
  *other.mutable_occurred_at() = ToTimestamp(absl::FromUnixSeconds(1'750'000'001));
  other.mutable_lines(1)->set_category("cake");
  EXPECT_EQ(ToldOf(Record(other)), (Told{"occurred_at, lines[1].category, channel", "false"}));

  // Money comes first.
  other.mutable_lines(1)->set_amount_minor(501);
  EXPECT_EQ(ToldOf(Record(other)),
            (Told{"lines[1].amount_minor, occurred_at, lines[1].category, channel", "true"}));
  v1::Purchase more = Receipt("r-1");
  *more.add_lines() = more.lines(0);
  EXPECT_EQ(ToldOf(Record(more)), (Told{"lines", "true"}));
  v1::Purchase euro = Receipt("r-1");
  euro.set_currency("EUR");
  euro.mutable_lines(0)->set_quantity(3);
  EXPECT_EQ(ToldOf(Record(euro)), (Told{"currency, lines[0].quantity", "true"}));
  EXPECT_EQ(TotalsOf(MakeClient()).purchases(), 1);
}

TEST_F(RequestCornersTest, ItIsToldWhenTheFirstWasRecorded) {
  const auto first = MakeClient().RecordPurchase(Receipt("r-1"));
  ASSERT_TRUE(first.ok()) << first.status();
  v1::Purchase other = Receipt("r-1");
  other.set_channel("till");
  const auto info = GetErrorInfo(Record(other));
  ASSERT_TRUE(info.has_value());
  absl::Time recorded_at;
  std::string error;
  ASSERT_TRUE(
      absl::ParseTime(absl::RFC3339_full, info->metadata().at("recorded_at"), &recorded_at, &error))
      << error;
  EXPECT_EQ(recorded_at, ToTime(first->outcome().recorded_at()));
}

TEST_F(RequestCornersTest, AnotherNameOfTheMemberIsADetailAndAnotherMemberIsNot) {
  ASSERT_TRUE(Record(Receipt("r-1")).ok());
  v1::Purchase by_id = Receipt("r-1");
  *by_id.mutable_member() = MemberById(member_id_);
  EXPECT_EQ(ToldOf(Record(by_id)), (Told{"member", "false"}));
  v1::Purchase of_other = Receipt("r-1");
  *of_other.mutable_member() = Card("4006");
  EXPECT_EQ(ToldOf(Record(of_other)), (Told{"member", "true"}));
}

TEST_F(RequestCornersTest, InABatchEachIsToldWhatDiffers) {
  v1::Purchase other = Receipt("r-1");
  other.set_channel("till");
  const auto batch = MakeClient().BatchRecordPurchases({Receipt("r-1"), other, Receipt("r-2")});
  ASSERT_TRUE(batch.ok()) << batch.status();
  EXPECT_TRUE(batch->results(0).has_response());
  EXPECT_EQ(ToldOf(ToStatus(batch->results(1).error())), (Told{"channel", "false"}));
  EXPECT_TRUE(batch->results(2).has_response());
}

TEST_F(RequestCornersTest, AReturnIsToldWhatDiffers) {
  ASSERT_TRUE(Record(Receipt("p-1")).ok());
  ASSERT_TRUE(Record(Receipt("p-2")).ok());
  const auto bring_back = [&](const v1::Return& goods) {
    return MakeClient().RecordReturn(goods).status();
  };
  const auto back = [](const std::string& purchase) {
    return ReturnBuilder::OfPurchase("b-1", purchase);
  };
  ASSERT_TRUE(bring_back(back("p-1").Line(0, 1).Reason("cold").Build()).ok());
  EXPECT_EQ(ToldOf(bring_back(back("p-1").Line(0, 1).Build())), (Told{"reason", "false"}));
  EXPECT_EQ(ToldOf(bring_back(back("p-1").Line(0, 2).Reason("cold").Build())),
            (Told{"lines[0].quantity", "true"}));
  EXPECT_EQ(ToldOf(bring_back(back("p-2").Line(0, 1).Reason("cold").Build())),
            (Told{"purchase_id", "true"}));
  EXPECT_EQ(ToldOf(bring_back(back("p-1").EverythingLeft().Reason("cold").Build())),
            (Told{"lines, everything_left", "true"}));
}

TEST_F(RequestCornersTest, SoIsWhateverElseHasAnId) {
  ASSERT_TRUE(Record(Receipt("p-1")).ok());
  using Redeem = v1::RedeemPointsRequest;
  using Reserve = v1::ReservePointsRequest;
  using Transfer = v1::TransferPointsRequest;
  ASSERT_TRUE(MakeClient().RedeemPoints(OfPoints<Redeem>("x", 10)).ok());
  EXPECT_EQ(ToldOf(MakeClient().RedeemPoints(OfPoints<Redeem>("x", 11)).status()),
            (Told{"points", "true"}));
  // Of another call there is nothing to compare.
  const absl::Status reserve = MakeClient().ReservePoints(OfPoints<Reserve>("x", 10)).status();
  EXPECT_EQ(ToldOf(reserve), (Told{"", "true"}));
  EXPECT_THAT(std::string(reserve.message()), HasSubstr("for another call"));
  auto transfer = OfPoints<Transfer>("x", 10);
  *transfer.mutable_to() = Card("4006");
  EXPECT_EQ(ToldOf(MakeClient().TransferPoints(transfer).status()), (Told{"", "true"}));

  v1::EnrollMemberRequest enroll;
  enroll.set_request_id("e");
  *enroll.add_aliases() = MakeAlias("card", "7");
  ASSERT_TRUE(MakeClient().EnrollMember(enroll).ok());
  *enroll.add_aliases() = MakeAlias("card", "8");
  EXPECT_EQ(ToldOf(MakeClient().EnrollMember(enroll).status()), (Told{"aliases", "false"}));
}

// The till has sent a receipt, and the file of the night has it with another channel.
TEST_F(RequestCornersTest, TheImportOfTheNightDoesNotFailForDetails) {
  ASSERT_TRUE(Record(Receipt("r-1")).ok());
  const auto import = [&](const std::string& channel, int amount) {
    std::ofstream(File("night.csv"))
        << "purchase_id,alias_kind,alias_value,occurred_at,currency,channel,sku,category,quantity,"
           "amount_minor\n"
        << "r-1,card,4005,2025-06-15T15:06:40Z,GBP," << channel << ",tea,drinks,2,1000\n"
        << "r-1,,,,,,bun,bakery,1," << amount << "\n";
    return RunToEnd(
        {testing::ProgramPath("dangolctl"), "--server=" + address(), "--output=json", "import",
         "purchases", File("night.csv"), "--format=dangol", "--rejects=" + File("rejects.csv")},
        File(absl::StrCat("import-", channel, amount)));
  };
  const Ended same = import("store", 500);
  ASSERT_EQ(same.code, 0) << same.output;
  EXPECT_EQ(Json::parse(same.output)["purchases_replayed"], 1);

  const Ended details = import("web", 500);
  ASSERT_EQ(details.code, 0) << details.output;
  const Json told = Json::parse(details.output);
  EXPECT_EQ(told["purchases_with_other_details"], 1);
  EXPECT_EQ(told["purchases_refused"], 0);
  EXPECT_EQ(told["rows_rejected"], 0);

  const Ended money = import("web", 501);
  EXPECT_EQ(money.code, 5) << money.output;
  EXPECT_THAT(money.output, HasSubstr("lines[1].amount_minor"));
  EXPECT_EQ(GrossMinor(TotalsOf(MakeClient()), "GBP"), 1'500);
}

TEST_F(RequestCornersTest, WhatIsLeftOutIsTheDefault) {
  v1::Purchase explicit_kind = Receipt("r-1");
  explicit_kind.mutable_lines(0)->set_kind(v1::LINE_KIND_GOODS);
  ASSERT_TRUE(Record(Receipt("r-1")).ok());
  const auto again = MakeClient().RecordPurchase(explicit_kind);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->replayed());

  auto reserve = OfPoints<v1::ReservePointsRequest>("h-1", 10);
  ASSERT_TRUE(MakeClient().ReservePoints(reserve).ok());
  reserve.mutable_time_to_live()->set_seconds(15 * 60);
  const auto same = MakeClient().ReservePoints(reserve);
  ASSERT_TRUE(same.ok()) << same.status();
  EXPECT_TRUE(same->replayed());
}

// Refused for want of points, the customer has paid in cash; a copy of the request was still on
// its way.
TEST_F(RequestCornersTest, ALateCopyOfARefusedRedemptionTakesNothing) {
  using Redeem = v1::RedeemPointsRequest;
  const absl::Status refused = MakeClient().RedeemPoints(OfPoints<Redeem>("order-1", 100)).status();
  EXPECT_EQ(ErrorReason(refused), "INSUFFICIENT_POINTS");
  ASSERT_TRUE(Record(Receipt("p-1")).ok());
  ASSERT_EQ(Available(), 150);

  const absl::Status late =
      MakeClient().RedeemPoints(Late(OfPoints<Redeem>("order-1", 100))).status();
  ExpectRefused(late, absl::StatusCode::kFailedPrecondition, {"valid_until"}, "REQUEST_EXPIRED");
  EXPECT_EQ(Available(), 150);
  ExpectSoundBooks(MakeClient());
}

TEST_F(RequestCornersTest, WhatTookEffectInTimeIsStillAnswered) {
  using Redeem = v1::RedeemPointsRequest;
  ASSERT_TRUE(Record(Receipt("p-1")).ok());
  auto redeem = OfPoints<Redeem>("order-1", 100);
  *redeem.mutable_valid_until() = ToTimestamp(absl::Now() + absl::Hours(1));
  ASSERT_TRUE(MakeClient().RedeemPoints(redeem).ok());
  // Another time is no other content.
  const auto late = MakeClient().RedeemPoints(Late(redeem));
  ASSERT_TRUE(late.ok()) << late.status();
  EXPECT_TRUE(late->replayed());
  EXPECT_EQ(Available(), 50);
}

TEST_F(RequestCornersTest, WhateverSpendsPointsCanExpire) {
  ASSERT_TRUE(Record(Receipt("p-1")).ok());
  Client client = MakeClient();
  ASSERT_TRUE(client.ReservePoints(OfPoints<v1::ReservePointsRequest>("held", 20)).ok());
  const std::string before = BytesOf(TotalsOf(client));

  v1::CapturePointsRequest capture;
  capture.set_request_id("capture");
  capture.set_reservation_id("held");
  auto transfer = OfPoints<v1::TransferPointsRequest>("transfer", 10);
  *transfer.mutable_to() = Card("4006");
  v1::IssueCouponRequest issue;
  issue.set_request_id("coupon");
  *issue.mutable_member() = Card("4005");
  issue.set_reward_id("mug");
  for (const absl::Status& status :
       {client.ReservePoints(Late(OfPoints<v1::ReservePointsRequest>("hold", 10))).status(),
        client.RedeemPoints(Late(OfPoints<v1::RedeemPointsRequest>("redeem", 10))).status(),
        client.CapturePoints(Late(capture)).status(),
        client.TransferPoints(Late(transfer)).status(), client.IssueCoupon(Late(issue)).status()}) {
    ExpectRefused(status, absl::StatusCode::kFailedPrecondition, {"valid_until"},
                  "REQUEST_EXPIRED");
  }
  EXPECT_EQ(BytesOf(TotalsOf(client)), before);

  // The same in time.
  EXPECT_TRUE(client.CapturePoints(capture).ok());
  EXPECT_TRUE(client.TransferPoints(transfer).ok());
  EXPECT_TRUE(client.IssueCoupon(issue).ok());
  ExpectSoundBooks(client);
}

TEST_F(RequestCornersTest, ATimeThatIsNoneIsRefusedWithAllElseThatIsWrong) {
  auto redeem = OfPoints<v1::RedeemPointsRequest>("order-1", 0);
  redeem.mutable_valid_until()->set_nanos(-1);
  ExpectRefused(MakeClient().RedeemPoints(redeem).status(), absl::StatusCode::kInvalidArgument,
                {"points", "valid_until"}, "INVALID_FIELDS");
}

}  // namespace
}  // namespace dangol::e2e
