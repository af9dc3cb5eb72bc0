// What a till sees of purchases: recorded, previewed, in batches, on a stream.

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "dangol/error.h"
#include "tests/e2e/calls.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {
namespace {

class PurchasesTest : public DangoldTest {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(Start());
    member_id_ = Enroll("4005").member_id();
  }

  std::string member_id_;
};

// Two lines of goods that earn, and delivery, which does not: 35.99 pounds.
v1::Purchase ThreeLines(const std::string& id) {
  v1::PurchaseLine delivery;
  delivery.set_sku("van");
  delivery.set_quantity(1);
  delivery.set_amount_minor(400);
  delivery.set_kind(v1::LINE_KIND_SHIPPING);
  return PurchaseBuilder(id, Card("4005"))
      .OccurredAt(absl::FromCivil(absl::CivilSecond(2026, 3, 1, 12, 0, 0), absl::UTCTimeZone()))
      .Currency("GBP")
      .Channel("web")
      .Store("london-1")
      .Goods("tea", 2, 1'999, "drinks")
      .Goods("mug", 1, 1'200, "kitchen")
      .Line(delivery)
      .Build();
}

TEST_F(PurchasesTest, OutcomeTellsWhatWasEarned) {
  const v1::Purchase purchase = ThreeLines("receipt-1");
  const absl::Time before = absl::Now();
  const v1::RecordPurchaseResponse response = MakeClient().RecordPurchase(purchase).value();
  const v1::PurchaseOutcome& outcome = response.outcome();
  EXPECT_FALSE(response.replayed());
  EXPECT_EQ(outcome.purchase_id(), "receipt-1");
  EXPECT_EQ(outcome.member_id(), member_id_);
  EXPECT_EQ(BytesOf(outcome.occurred_at()), BytesOf(purchase.occurred_at()));
  EXPECT_GE(ToTime(outcome.recorded_at()), before - absl::Microseconds(1));
  EXPECT_LE(ToTime(outcome.recorded_at()), absl::Now());
  EXPECT_EQ(outcome.program_version(), 1);
  EXPECT_EQ(outcome.total_minor(), 3'599);

  // 31.99 of goods: 319 points, and as many again for the first purchase.
  ASSERT_EQ(outcome.earned_size(), 1);
  const v1::EarnedPoints& earned = outcome.earned(0);
  EXPECT_EQ(earned.wallet(), "points");
  EXPECT_EQ(earned.points(), 638);
  EXPECT_EQ(earned.qualifying_points(), 319);
  ASSERT_EQ(earned.parts_size(), 2);
  EXPECT_EQ(earned.parts(0).rule_id(), "base");
  EXPECT_EQ(earned.parts(0).points(), 319);
  EXPECT_FALSE(earned.parts(0).capped());
  EXPECT_EQ(earned.parts(1).rule_id(), "welcome");
  EXPECT_EQ(earned.parts(1).points(), 319);
  const absl::TimeZone seoul = absl::FixedTimeZone(9 * 3'600);
  EXPECT_EQ(ToTime(earned.available_from()), absl::FromCivil(absl::CivilDay(2026, 3, 15), seoul));
  EXPECT_EQ(ToTime(earned.expires_at()), absl::FromCivil(absl::CivilDay(2028, 3, 2), seoul));
  ASSERT_EQ(outcome.balances_size(), 1);
  EXPECT_EQ(outcome.balances(0).pending() + outcome.balances(0).available(), 638);
}

TEST_F(PurchasesTest, RecordedPurchaseReadsAsItWasSent) {
  Client client = MakeClient();
  const v1::Purchase sent = ThreeLines("receipt-1");
  const v1::PurchaseOutcome outcome = client.RecordPurchase(sent).value().outcome();
  const v1::RecordedPurchase read = client.GetPurchase("receipt-1").value();
  EXPECT_EQ(read.purchase_id(), "receipt-1");
  EXPECT_EQ(read.member_id(), member_id_);
  EXPECT_EQ(BytesOf(read.occurred_at()), BytesOf(sent.occurred_at()));
  EXPECT_EQ(BytesOf(read.recorded_at()), BytesOf(outcome.recorded_at()));
  EXPECT_EQ(read.currency(), "GBP");
  EXPECT_EQ(read.channel(), "web");
  EXPECT_EQ(read.store_id(), "london-1");
  EXPECT_EQ(read.total_minor(), 3'599);
  EXPECT_EQ(read.program_version(), 1);
  ASSERT_EQ(read.lines_size(), 3);
  int64_t points = 0;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(BytesOf(read.lines(i).line()), BytesOf(sent.lines(i))) << "line " << i;
    for (const v1::LinePoints& share : read.lines(i).points()) points += share.points();
  }
  EXPECT_EQ(points, outcome.earned(0).points()) << "the lines' shares don't add up";
  EXPECT_EQ(read.lines(2).points_size(), 0) << "delivery earned points";
}

TEST_F(PurchasesTest, UnknownPurchaseIsNotFound) {
  ExpectRefused(MakeClient().GetPurchase("nowhere").status(), absl::StatusCode::kNotFound, {},
                "PURCHASE_NOT_FOUND");
}

TEST_F(PurchasesTest, PreviewTellsWhatRecordingDoesAndStoresNothing) {
  Client client = MakeClient();
  for (const char* id : {"first", "second"}) {
    SCOPED_TRACE(id);
    const v1::GetTotalsResponse before = TotalsOf(client);
    v1::PurchaseOutcome preview = client.PreviewPurchase(ThreeLines(id)).value();
    EXPECT_EQ(BytesOf(TotalsOf(client)), BytesOf(before));
    EXPECT_TRUE(absl::IsNotFound(client.GetPurchase(id).status()));

    v1::PurchaseOutcome recorded = client.RecordPurchase(ThreeLines(id)).value().outcome();
    preview.clear_recorded_at();
    recorded.clear_recorded_at();
    EXPECT_EQ(BytesOf(preview), BytesOf(recorded)) << preview.ShortDebugString() << "\n"
                                                   << recorded.ShortDebugString();
    EXPECT_NE(BytesOf(TotalsOf(client)), BytesOf(before));
  }
}

TEST_F(PurchasesTest, PreviewNeedsNoIdAndReplaysNothing) {
  Client client = MakeClient();
  v1::Purchase purchase = SmallPurchase("", 1'000);
  EXPECT_EQ(client.PreviewPurchase(purchase).value().earned(0).points(), 200);
  purchase.set_purchase_id("taken");
  ASSERT_TRUE(client.RecordPurchase(purchase).ok());
  // Not the stored reply, but what one more purchase would earn: no welcome.
  EXPECT_EQ(client.PreviewPurchase(purchase).value().earned(0).points(), 100);
}

TEST_F(PurchasesTest, EachOfABatchFaresByItself) {
  Client client = MakeClient();
  ASSERT_TRUE(client.RecordPurchase(SmallPurchase("known", 100)).ok());
  std::vector<v1::Purchase> purchases = {SmallPurchase("a", 1'000),   SmallPurchase("known", 100),
                                         SmallPurchase("known", 101), SmallPurchase("c", -1),
                                         SmallPurchase("d", 1'000),   SmallPurchase("e", 2'000),
                                         SmallPurchase("a", 1'000),   SmallPurchase("g", 10)};
  purchases[4].set_currency("JPY");
  *purchases[5].mutable_member() = Card("nobody");
  const v1::BatchRecordPurchasesResponse response = client.BatchRecordPurchases(purchases).value();
  ASSERT_EQ(response.results_size(), 8);
  const auto error = [&](int i) { return ToStatus(response.results(i).error()); };
  EXPECT_FALSE(response.results(0).response().replayed());
  EXPECT_EQ(response.results(0).response().outcome().total_minor(), 1'000);
  EXPECT_TRUE(response.results(1).response().replayed());
  ExpectRefused(error(2), absl::StatusCode::kAlreadyExists, {"purchases[2].purchase_id"},
                "REQUEST_ID_REUSED");
  ExpectRefused(error(3), absl::StatusCode::kInvalidArgument,
                {"purchases[3].lines[0].amount_minor"});
  ExpectRefused(error(4), absl::StatusCode::kInvalidArgument, {"purchases[4].currency"},
                "CURRENCY_NOT_DECLARED");
  ExpectRefused(error(5), absl::StatusCode::kNotFound, {}, "MEMBER_NOT_FOUND");
  EXPECT_TRUE(response.results(6).response().replayed());
  EXPECT_EQ(BytesOf(response.results(6).response().outcome()),
            BytesOf(response.results(0).response().outcome()));
  EXPECT_TRUE(response.results(7).has_response());

  const v1::GetTotalsResponse totals = TotalsOf(client);
  EXPECT_EQ(totals.purchases(), 3);
  EXPECT_EQ(GrossMinor(totals, "GBP"), 1'110);
}

TEST_F(PurchasesTest, StreamAnswersInOrderAndSurvivesBadItems) {
  constexpr int kCount = 600;  // More than may be in flight.
  Client client = MakeClient();
  const std::unique_ptr<PurchaseStream> stream = client.StreamPurchases();
  const auto is_bad = [](int i) { return i % 7 == 3; };
  std::thread writer([&] {
    for (int i = 0; i < kCount; ++i) {
      v1::Purchase purchase = SmallPurchase(absl::StrCat("s-", i), 1'000);
      if (is_bad(i)) purchase.mutable_lines(0)->set_quantity(-1);
      if (!stream->Write(purchase)) break;
    }
    stream->WritesDone();
  });
  int answered = 0;
  while (const std::optional<v1::StreamPurchasesResponse> response = stream->Read()) {
    EXPECT_EQ(response->purchase_id(), absl::StrCat("s-", answered));
    if (is_bad(answered)) {
      ExpectRefused(ToStatus(response->result().error()), absl::StatusCode::kInvalidArgument,
                    {"purchase.lines[0].quantity"});
    } else {
      EXPECT_EQ(response->result().response().outcome().purchase_id(), response->purchase_id());
    }
    ++answered;
  }
  writer.join();
  EXPECT_EQ(stream->Finish(), absl::OkStatus());
  EXPECT_EQ(answered, kCount);
  int good = 0;
  for (int i = 0; i < kCount; ++i) good += is_bad(i) ? 0 : 1;
  EXPECT_EQ(TotalsOf(client).purchases(), good);
}

TEST_F(PurchasesTest, AnyAliasAndTheIdNameTheSameMember) {
  Client client = MakeClient();
  v1::AddAliasRequest add;
  *add.mutable_member() = Card("4005");
  *add.mutable_alias() = MakeAlias("phone", "+82 10 1234 5678");
  EXPECT_EQ(client.AddAlias(add).value().member().aliases_size(), 2);
  v1::Purchase purchase = SmallPurchase("by-phone", 1'000);
  *purchase.mutable_member() = MemberByAlias("phone", "+82 10 1234 5678");
  EXPECT_EQ(client.RecordPurchase(purchase).value().outcome().member_id(), member_id_);
  purchase = SmallPurchase("by-id", 1'000);
  *purchase.mutable_member() = MemberById(member_id_);
  EXPECT_EQ(client.RecordPurchase(purchase).value().outcome().member_id(), member_id_);
  const v1::Member member = client.GetMember(Card("4005")).value();
  EXPECT_EQ(member.purchase_count(), 2);
  EXPECT_EQ(member.first_purchase_day(), member.last_purchase_day());
  EXPECT_EQ(member.first_purchase_day().size(), 10u);
}

}  // namespace
}  // namespace dangol::e2e
