#include "server/storage/json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/support/programs.h"

namespace dangol::storage {
namespace {

TEST(JsonTest, LinesComeBackAsTheyWere) {
  std::vector<domain::PurchaseLine> lines = {testing::Line(100, "te\"a\\"), testing::Line(0)};
  lines[0].sku = "\x01 \t 단골";
  lines[0].tax_minor = 3;
  lines[0].earned = {{"points", 1, 0}, {"miles", 2, 2}};
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
}

TEST(JsonTest, AttributesComeBackAsTheyWere) {
  const domain::Attributes attributes = {{"a \"b\"", "c\\d"}, {"단골", ""}};
  EXPECT_EQ(*AttributesFromJson(AttributesToJson(attributes)), attributes);
  EXPECT_TRUE(AttributesFromJson("{}")->empty());
}

TEST(JsonTest, WhatCannotBeReadIsAnError) {
  for (const char* text : {"", "[", "[{}]", "[{\"sku\":1}]", "[1]"}) {
    EXPECT_TRUE(absl::IsDataLoss(LinesFromJson(text).status())) << text;
  }
  EXPECT_TRUE(absl::IsDataLoss(AttributesFromJson("{\"a\":1}").status()));
}

}  // namespace
}  // namespace dangol::storage
