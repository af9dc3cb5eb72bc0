// Corners of tiers, as stories: two rules that meet, or something that happens in the middle of
// something else.

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tests/domain/standing/climber.h"

namespace dangol::domain {
namespace {

using Kind = TierOverride::Kind;
using ::dangol::testing::Utc;

absl::Status Merge(Climber& merged, Climber& survivor, const std::string& at) {
  MergeMembers merge;
  merge.member = merged.Me();
  merge.into = survivor.Me();
  merge.merge_id = "m";
  return merged.DoWith(survivor, merge, Utc(at)).status();
}

// One was lifted, then the other held down; whenever it turns out that they are one.
TEST(TiersCornersTest, OfTwoDecisionsOnOnePersonTheNewestCounts) {
  const Program program = ProgramWith(MetalLadder());
  for (const bool is_merged_first : {true, false}) {
    for (const bool is_lifted_last : {true, false}) {
      Climber merged(program, 1);
      Climber survivor(program, 2);
      Climber& first = is_merged_first ? merged : survivor;
      Climber& second = is_merged_first ? survivor : merged;
      const auto decide = [](Climber& who, bool lift, const char* at) {
        return who.Decide(lift ? "gold" : "bronze", at, "", lift ? Kind::kAtLeast : Kind::kAtMost);
      };
      ASSERT_TRUE(decide(first, !is_lifted_last, "2026-01-15 12:00:00").ok());
      ASSERT_TRUE(decide(second, is_lifted_last, "2026-01-15 13:00:00").ok());
      ASSERT_TRUE(Merge(merged, survivor, "2026-01-16 12:00:00").ok());
      const TierStatus status = survivor.Status("2026-01-16 12:00:00");
      EXPECT_EQ(status.tier.id, is_lifted_last ? "gold" : "bronze") << is_merged_first;
      ASSERT_TRUE(status.decided.has_value());
      EXPECT_EQ(status.decided->kind, is_lifted_last ? Kind::kAtLeast : Kind::kAtMost);
    }
  }
}

}  // namespace
}  // namespace dangol::domain
