#include "server/storage/json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "server/domain/member/origin.h"
#include "tests/support/programs.h"

namespace dangol::storage {
namespace {

TEST(JsonTest, LinesComeBackAsTheyWere) {
  std::vector<domain::PurchaseLine> lines = {testing::Line(100, "te\"a\\"), testing::Line(0)};
  lines[0].sku = "\x01 \t 단골";
  lines[0].tax_minor = 3;
  lines[0].earned = {{"points", 1, 0}, {"miles", 2, 2}};
  lines[0].earned[0].reversed = 1;
  lines[0].earned[1].qualifying_reversed = -2;
  lines[0].returned_quantity = 1;
  lines[0].returned_minor = 99;
  lines[1].kind = domain::LineKind::kGiftCard;
  const auto back = LinesFromJson(LinesToJson(lines));
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(*back, lines);
}

TEST(JsonTest, LinesReadWellInSql) {
  std::vector<domain::PurchaseLine> lines = {testing::Line(100, "tea")};
  lines[0].earned = {{"points", 1, 1}};
  EXPECT_EQ(LinesToJson(lines),
            "[{\"sku\":\"sku-100\",\"category\":\"tea\",\"quantity\":1,\"amount\":100,"
            "\"earned\":[{\"wallet\":\"points\",\"points\":1,\"qualifying\":1}]}]");
  EXPECT_EQ(LinesToJson({}), "[]");
  lines[0].returned_quantity = 1;
  lines[0].returned_minor = 90;
  lines[0].earned[0].reversed = 1;
  lines[0].earned[0].qualifying_reversed = 1;
  EXPECT_EQ(LinesToJson(lines),
            "[{\"sku\":\"sku-100\",\"category\":\"tea\",\"quantity\":1,\"amount\":100,"
            "\"returned_quantity\":1,\"returned_minor\":90,"
            "\"earned\":[{\"wallet\":\"points\",\"points\":1,\"qualifying\":1,"
            "\"reversed\":1,\"qualifying_reversed\":1}]}]");
}

TEST(JsonTest, ReturnedLinesComeBackAsTheyWere) {
  const std::vector<domain::ReturnedLine> lines = {{"p\"\n단골", 0, "\x01\\", 2, 100},
                                                   {"", -1, "tea", 1, 50}};
  const auto back = ReturnedLinesFromJson(ReturnedLinesToJson(lines));
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(*back, lines);
  EXPECT_EQ(ReturnedLinesToJson({{"p", 3, "tea", 1, 50}, lines[1]}),
            "[{\"sku\":\"tea\",\"quantity\":1,\"amount\":50,\"purchase\":\"p\",\"line\":3},"
            "{\"sku\":\"tea\",\"quantity\":1,\"amount\":50}]");
}

TEST(JsonTest, LotsComeBackAsTheyWere) {
  domain::Lot lot;
  lot.lot = 7;
  lot.wallet = "po\"ints";
  lot.points = 10;
  lot.remaining = -3;
  lot.earned_at = absl::FromUnixMicros(-1);
  lot.available_from = testing::Utc("2026-01-15 12:00:00") + absl::Microseconds(1);
  lot.purchase_id = "\x01 \\ 단골";
  domain::Lot unconfirmed = lot;
  unconfirmed.available_from = absl::InfiniteFuture();
  unconfirmed.expires_at = testing::Utc("2027-01-01 00:00:00");
  const std::vector<domain::Lot> lots = {lot, unconfirmed};
  const auto back = LotsFromJson(LotsToJson(lots, 0), 0);
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(*back, lots);
  EXPECT_TRUE(LotsFromJson("[]", 0)->empty());
  // Another owner sees the same lots by other numbers, and stores them the same.
  const auto moved = LotsFromJson(LotsToJson(lots, 0), 2);
  ASSERT_TRUE(moved.ok()) << moved.status();
  EXPECT_EQ((*moved)[0].lot, (int64_t{2} << 40) + 7);
  EXPECT_EQ(LotsToJson(*moved, 2), LotsToJson(lots, 0));
}

TEST(JsonTest, WhatUndoesAMergeComesBackAsItWas) {
  domain::Merged merged;
  merged.origin = 3;
  merged.aliases = {{"card", "40\"05"}, {"phone", "단골"}};
  EXPECT_EQ(*MergedFromJson(MergedToJson(merged)), merged);
  merged.last_origin = 5;
  merged.since = testing::Utc("2026-01-15 12:00:00") + absl::Microseconds(1);
  EXPECT_EQ(*MergedFromJson(MergedToJson(merged)), merged);
  for (const char* text : {"", "{}", "[]", "{\"origin\":1}"}) {
    EXPECT_TRUE(absl::IsDataLoss(MergedFromJson(text).status())) << text;
  }
}

TEST(JsonTest, OriginsComeBackAsTheyWere) {
  const absl::Time noon = testing::Utc("2026-01-15 12:00:00");
  domain::Member member;
  EXPECT_EQ(OriginsToJson(member), "");
  domain::Lot lot;
  lot.wallet = "점수 \"1\"";
  lot.lot = domain::ShiftLot(7, 2);
  member.origins.kept = 2;
  member.origins.lots_ahead = int64_t{1} << 39;
  member.origins.activities = {{0, noon}, {2, std::nullopt}};
  member.origins.repayments = {{lot, domain::Lot(), false}, {domain::Lot(), lot, true}};
  member.former_owners = {{testing::MemberNumber(1), absl::InfinitePast(), noon}};
  domain::Member read;
  ASSERT_TRUE(OriginsFromJson(OriginsToJson(member), read).ok());
  EXPECT_EQ(read, member);
  for (const char* text : {"[]", "{\"repayments\":[{\"lots\":[]}]}",
                           "{\"owners\":[{\"id\":\"x\"}]}", "{\"kept\":\"a\"}"}) {
    EXPECT_TRUE(absl::IsDataLoss(OriginsFromJson(text, read))) << text;
  }
}

TEST(JsonTest, AttributesComeBackAsTheyWere) {
  const domain::Attributes attributes = {{"a \"b\"", "c\\d"}, {"단골", ""}};
  EXPECT_EQ(*AttributesFromJson(AttributesToJson(attributes)), attributes);
  EXPECT_TRUE(AttributesFromJson("{}")->empty());
}

TEST(JsonTest, WhatCannotBeReadIsAnError) {
  for (const char* text : {"", "[", "[{}]", "[{\"sku\":1}]", "[1]"}) {
    EXPECT_TRUE(absl::IsDataLoss(LinesFromJson(text).status())) << text;
    EXPECT_TRUE(absl::IsDataLoss(ReturnedLinesFromJson(text).status())) << text;
    EXPECT_TRUE(absl::IsDataLoss(LotsFromJson(text, 0).status())) << text;
  }
  EXPECT_TRUE(absl::IsDataLoss(AttributesFromJson("{\"a\":1}").status()));
}

}  // namespace
}  // namespace dangol::storage
