#include "server/storage/json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "absl/status/statusor.h"
#include "tests/support/programs.h"

namespace dangol::storage {
namespace {

template <typename Value>
absl::StatusOr<Value> ReadJson(absl::string_view text) {
  Value value;
  const absl::Status status = FromJson(text, value);
  if (!status.ok()) return status;
  return value;
}

absl::StatusOr<std::vector<domain::Lot>> ReadLots(absl::string_view text) {
  std::vector<domain::Lot> lots;
  const absl::Status status = FromJson(text, lots);
  if (!status.ok()) return status;
  return lots;
}

TEST(JsonTest, LinesComeBackAsTheyWere) {
  std::vector<domain::PurchaseLine> lines = {testing::Line(100, "te\"a\\"), testing::Line(0)};
  lines[0].sku = "\x01 \t 단골";
  lines[0].tax_minor = 3;
  lines[0].earned = {{"points", 1, 0}, {"miles", 2, 2}};
  lines[0].returned_quantity = 1;
  lines[0].returned_minor = 99;
  lines[1].kind = domain::LineKind::kGiftCard;
  const auto back = ReadJson<std::vector<domain::PurchaseLine>>(ToJson(lines));
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(*back, lines);
}

TEST(JsonTest, LinesReadWellInSql) {
  std::vector<domain::PurchaseLine> lines = {testing::Line(100, "tea")};
  lines[0].earned = {{"points", 1, 1}};
  EXPECT_EQ(ToJson(lines),
            "[{\"sku\":\"sku-100\",\"category\":\"tea\",\"quantity\":1,\"amount\":100,"
            "\"earned\":[{\"wallet\":\"points\",\"points\":1,\"qualifying\":1}]}]");
  EXPECT_EQ(ToJson(std::vector<domain::PurchaseLine>()), "[]");
  lines[0].returned_quantity = 1;
  lines[0].returned_minor = 90;
  EXPECT_EQ(ToJson(lines),
            "[{\"sku\":\"sku-100\",\"category\":\"tea\",\"quantity\":1,\"amount\":100,"
            "\"returned_quantity\":1,\"returned_minor\":90,"
            "\"earned\":[{\"wallet\":\"points\",\"points\":1,\"qualifying\":1}]}]");
}

TEST(JsonTest, ReturnedLinesComeBackAsTheyWere) {
  const std::vector<domain::ReturnedLine> lines = {{"p\"\n단골", 0, "\x01\\", 2, 100},
                                                   {"", -1, "tea", 1, 50, 50}};
  const auto back = ReadJson<std::vector<domain::ReturnedLine>>(ToJson(lines));
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(*back, lines);
  EXPECT_EQ(ToJson(std::vector<domain::ReturnedLine>{{"p", 3, "tea", 1, 50, 50}, lines[1]}),
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
  lot.purse = testing::MemberNumber(4);
  lot.person = testing::MemberNumber(5);
  const std::vector<domain::Lot> lots = {lot, unconfirmed};
  const auto back = ReadLots(ToJson(lots));
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(*back, lots);
  EXPECT_TRUE(ReadLots("[]")->empty());
}

TEST(JsonTest, WhatUndoesAMergeComesBackAsItWas) {
  std::optional<domain::Joined> joined(std::in_place);
  joined->aliases = {{"card", "40\"05"}, {"phone", "단골"}};
  EXPECT_EQ(*ReadJson<std::optional<domain::Joined>>(ToJson(joined)), joined);
  joined->since = testing::Utc("2026-01-15 12:00:00") + absl::Microseconds(1);
  EXPECT_EQ(*ReadJson<std::optional<domain::Joined>>(ToJson(joined)), joined);
  for (const char* text : {"", "{}", "[]"}) {
    EXPECT_TRUE(absl::IsDataLoss(ReadJson<std::optional<domain::Joined>>(text).status())) << text;
  }
}

TEST(JsonTest, PursesComeBackAsTheyWere) {
  const absl::Time noon = testing::Utc("2026-01-15 12:00:00");
  domain::Member member;
  EXPECT_EQ(PurseToJson(member), "");
  member.sharers = {{testing::MemberNumber(2), testing::MemberNumber(1), false, noon},
                    {testing::MemberNumber(3), testing::MemberNumber(2), true, std::nullopt}};
  member.own_activity_at = noon;
  member.purses = {testing::MemberNumber(2)};
  member.former_owners = {{testing::MemberNumber(1), absl::InfinitePast(), noon}};
  domain::Member read;
  ASSERT_TRUE(PurseFromJson(PurseToJson(member), read).ok());
  EXPECT_EQ(read, member);
  for (const char* text : {"[]", "{\"sharers\":[{\"id\":\"x\"}]}", "{\"owners\":[{\"id\":\"x\"}]}",
                           "{\"purses\":[1]}"}) {
    EXPECT_TRUE(absl::IsDataLoss(PurseFromJson(text, read))) << text;
  }
}

TEST(JsonTest, AttributesComeBackAsTheyWere) {
  const domain::Attributes attributes = {{"a \"b\"", "c\\d"}, {"단골", ""}};
  EXPECT_EQ(*ReadJson<domain::Attributes>(ToJson(attributes)), attributes);
  EXPECT_TRUE(ReadJson<domain::Attributes>("{}")->empty());
}

TEST(JsonTest, WhatCannotBeReadIsAnError) {
  for (const char* text : {"", "[", "[{}]", "[{\"sku\":1}]", "[1]"}) {
    EXPECT_TRUE(absl::IsDataLoss(ReadJson<std::vector<domain::PurchaseLine>>(text).status()))
        << text;
    EXPECT_TRUE(absl::IsDataLoss(ReadJson<std::vector<domain::ReturnedLine>>(text).status()))
        << text;
    EXPECT_TRUE(absl::IsDataLoss(ReadLots(text).status())) << text;
  }
  EXPECT_TRUE(absl::IsDataLoss(ReadJson<domain::Attributes>("{\"a\":1}").status()));
}

}  // namespace
}  // namespace dangol::storage
