#include <gtest/gtest.h>

#include "server/storage/storage.h"
#include "tests/support/programs.h"

namespace dangol::storage {
namespace {

using ::dangol::testing::MemberNumber;

void Add(uint64_t number, uint64_t into, Loaded& loaded) {
  domain::Member& member = loaded.members[MemberNumber(number)].member;
  member.id = MemberNumber(number);
  if (into != 0) member.joined = domain::Joined{MemberNumber(into), false, {}, {}};
}

TEST(LoadedTest, LeadsToTheSurvivorOfAll) {
  Loaded loaded;
  Add(1, 2, loaded);
  Add(2, 3, loaded);
  Add(3, 0, loaded);
  EXPECT_EQ(loaded.Find({MemberNumber(1), {}})->member.id, MemberNumber(3));
}

// A server remembered that one was merged into the other, which another server had undone and
// done the other way round: its lane went in circles for ever.
TEST(LoadedTest, MembersOfDifferentMomentsMayLeadInACircle) {
  Loaded loaded;
  Add(1, 2, loaded);
  Add(2, 1, loaded);
  Add(3, 1, loaded);
  EXPECT_EQ(loaded.Find({MemberNumber(1), {}}), nullptr);
  EXPECT_EQ(loaded.Find({MemberNumber(3), {}}), nullptr);
  EXPECT_EQ(loaded.FindResolved({MemberNumber(1), {}}), std::nullopt);
}

}  // namespace
}  // namespace dangol::storage
