#include "dangol/types.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

namespace dangol {
namespace {

TEST(Types, ParsesMembers) {
  EXPECT_EQ(ParseMemberRef("018f-id")->member_id(), "018f-id");
  const auto alias = ParseMemberRef("card:4005");
  EXPECT_EQ(alias->alias().kind(), "card");
  EXPECT_EQ(alias->alias().value(), "4005");
  // Only the first colon parts: values may hold more of them.
  EXPECT_EQ(ParseMemberRef("app:user:7")->alias().value(), "user:7");
  for (const std::string text : {"", ":", "card:", ":4005"}) {
    EXPECT_EQ(ParseMemberRef(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(Types, TimestampsRoundTrip) {
  for (const absl::Time time : {absl::UnixEpoch(), absl::FromUnixNanos(1'234'567'890'123'456'789),
                                absl::FromUnixNanos(-1), absl::FromUnixSeconds(-5)}) {
    const auto timestamp = ToTimestamp(time);
    EXPECT_EQ(ToTime(timestamp), time);
    EXPECT_GE(timestamp.nanos(), 0);
    EXPECT_LT(timestamp.nanos(), 1'000'000'000);
  }
  EXPECT_EQ(ToTimestamp(absl::FromUnixNanos(-1)).seconds(), -1);
  EXPECT_EQ(ToTimestamp(absl::FromUnixNanos(-1)).nanos(), 999'999'999);
}

TEST(Types, RequestIdsAreDistinctUuids) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = MakeRequestId();
    EXPECT_THAT(id, testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-"
                                          "[0-9a-f]{12}"));
    seen.insert(id);
  }
  EXPECT_EQ(seen.size(), 1000);
}

TEST(Types, BuildsAPurchase) {
  v1::PurchaseLine delivery;
  delivery.set_kind(v1::LINE_KIND_SHIPPING);
  delivery.set_amount_minor(300);
  const v1::Purchase purchase = PurchaseBuilder("receipt-1", MemberByAlias("card", "4005"))
                                    .OccurredAt(absl::FromUnixSeconds(1'300'000'000))
                                    .Currency("EUR")
                                    .Channel("web")
                                    .Store("berlin")
                                    .PaidWithPoints(150)
                                    .Goods("tea", 2, 990, "drinks")
                                    .Line(delivery)
                                    .Build();
  EXPECT_EQ(purchase.purchase_id(), "receipt-1");
  EXPECT_EQ(purchase.member().alias().value(), "4005");
  EXPECT_EQ(purchase.occurred_at().seconds(), 1'300'000'000);
  EXPECT_EQ(purchase.currency(), "EUR");
  EXPECT_EQ(purchase.channel(), "web");
  EXPECT_EQ(purchase.store_id(), "berlin");
  EXPECT_EQ(purchase.paid_with_points_minor(), 150);
  ASSERT_EQ(purchase.lines_size(), 2);
  EXPECT_EQ(purchase.lines(0).sku(), "tea");
  EXPECT_EQ(purchase.lines(0).category(), "drinks");
  EXPECT_EQ(purchase.lines(0).quantity(), 2);
  EXPECT_EQ(purchase.lines(0).amount_minor(), 990);
  EXPECT_EQ(purchase.lines(0).kind(), v1::LINE_KIND_GOODS);
  EXPECT_EQ(purchase.lines(1).kind(), v1::LINE_KIND_SHIPPING);
  EXPECT_EQ(purchase.reservation_id(), "");
  EXPECT_EQ(
      PurchaseBuilder("r", MemberById("x")).PaidWithPoints(5, "order").Build().reservation_id(),
      "order");
  // Without OccurredAt the server's time counts.
  EXPECT_FALSE(PurchaseBuilder("receipt-2", MemberById("x")).Build().has_occurred_at());
}

TEST(Types, BuildsAReturn) {
  const v1::Return goods = ReturnBuilder::OfPurchase("return-1", "receipt-1")
                               .OccurredAt(absl::FromUnixSeconds(1'300'000'000))
                               .Reason("cold")
                               .Line(0, 2)
                               .Line(3, 1)
                               .Build();
  EXPECT_EQ(goods.return_id(), "return-1");
  EXPECT_EQ(goods.purchase_id(), "receipt-1");
  EXPECT_FALSE(goods.has_member());
  EXPECT_EQ(goods.occurred_at().seconds(), 1'300'000'000);
  EXPECT_EQ(goods.reason(), "cold");
  ASSERT_EQ(goods.lines_size(), 2);
  EXPECT_EQ(goods.lines(1).line(), 3);
  EXPECT_EQ(goods.lines(1).quantity(), 1);
  EXPECT_EQ(ReturnBuilder::OfPurchase("r", "p").Amount(250).Build().amount_minor(), 250);

  const v1::Return others = ReturnBuilder::WithoutReceipt("return-2", MemberByAlias("card", "4005"))
                                .Currency("EUR")
                                .Goods("tea", 2, 990)
                                .Build();
  EXPECT_EQ(others.purchase_id(), "");
  EXPECT_EQ(others.member().alias().value(), "4005");
  EXPECT_EQ(others.currency(), "EUR");
  EXPECT_FALSE(others.has_occurred_at());
  ASSERT_EQ(others.lines_size(), 1);
  EXPECT_EQ(others.lines(0).sku(), "tea");
  EXPECT_EQ(others.lines(0).amount_minor(), 990);
}

}  // namespace
}  // namespace dangol
