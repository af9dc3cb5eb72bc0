#include "cli/goods_line.h"

#include <gtest/gtest.h>

#include <string>

namespace dangol::cli {
namespace {

struct Goods {
  std::string sku;
  int64_t quantity = 0;
  int64_t amount_minor = 0;
  std::string category;

  friend bool operator==(const Goods&, const Goods&) = default;
};

Goods Read(const std::string& text, int minor_digits = 0) {
  const absl::StatusOr<v1::PurchaseLine> line = ParseGoodsLine(text, minor_digits);
  EXPECT_TRUE(line.ok()) << line.status();
  if (!line.ok()) return {};
  return {line->sku(), line->quantity(), line->amount_minor(), line->category()};
}

TEST(GoodsLineTest, ItsPartsHaveNames) {
  EXPECT_EQ(Read("name=latte,qty=2,amount=9000"), (Goods{"latte", 2, 9'000, ""}));
  EXPECT_EQ(Read("category=coffee,amount=55.5,name=latte", 2),
            (Goods{"latte", 1, 5'550, "coffee"}));
  const auto gift = ParseGoodsLine("name=card,amount=11,tax=1,kind=gift_card", 0);
  ASSERT_TRUE(gift.ok()) << gift.status();
  EXPECT_EQ(gift->tax_minor(), 1);
  EXPECT_EQ(gift->kind(), v1::LINE_KIND_GIFT_CARD);
}

TEST(GoodsLineTest, AnAmountMayHaveCommasBetweenThousands) {
  EXPECT_EQ(Read("name=latte,qty=1,amount=5,500"), (Goods{"latte", 1, 5'500, ""}));
  EXPECT_EQ(Read("name=latte,amount=\"5,500\",qty=1"), (Goods{"latte", 1, 5'500, ""}));
  EXPECT_EQ(Read("amount=1,234,567.80,name=car", 2), (Goods{"car", 1, 123'456'780, ""}));
}

TEST(GoodsLineTest, AQuotedValueMayHaveCommas) {
  EXPECT_EQ(Read("name=\"salt, pepper\",amount=3"), (Goods{"salt, pepper", 1, 3, ""}));
  EXPECT_EQ(Read("name=\"a,qty=9\",amount=3"), (Goods{"a,qty=9", 1, 3, ""}));
}

TEST(GoodsLineTest, WhatCouldBeReadInTwoWaysIsRefused) {
  for (const std::string text :
       {"latte,1,5,500", "latte,1,5500", "name=latte,1,amount=5500", "name=latte,amount=5,50",
        "name=latte,amount=5,5000", "name=latte,amount=5500,500", "name=latte,amount=,500",
        "name=latte,amount=5.5,500", "name=latte,amount=1,amount=2", "name=latte,amount=5,coffee",
        "name=latte,qty=1,5,amount=5", "name=a,b,amount=5", "name=\"latte,amount=5", "name=latte",
        "amount=5", "name=latte,amount=5,kind=other", "name=latte,qty=,amount=5", ""}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseGoodsLine(text, 2).status())) << text;
  }
}

}  // namespace
}  // namespace dangol::cli
