#include "server/lane/alias_hints.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace dangol::lane {
namespace {

TEST(AliasHintsTest, RemembersTheLastOwnersPartition) {
  AliasHints hints;
  const domain::Alias card = {"card", "4005"};
  EXPECT_EQ(hints.PartitionOf(card), std::nullopt);
  hints.Learn(card, 0);
  EXPECT_EQ(hints.PartitionOf(card), 0);
  hints.Learn(card, 63);
  EXPECT_EQ(hints.PartitionOf(card), 63);
}

TEST(AliasHintsTest, RemembersMostOfMany) {
  AliasHints hints;
  constexpr int kAliases = 100'000;
  for (int i = 0; i < kAliases; ++i) hints.Learn({"card", absl::StrCat(i)}, i % 64);
  int remembered = 0;
  for (int i = 0; i < kAliases; ++i) {
    const std::optional<int> partition = hints.PartitionOf({"card", absl::StrCat(i)});
    if (!partition.has_value()) continue;
    EXPECT_EQ(*partition, i % 64);
    ++remembered;
  }
  EXPECT_GT(remembered, kAliases * 9 / 10);
}

}  // namespace
}  // namespace dangol::lane
