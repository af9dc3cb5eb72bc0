// What awards ask of a store.

#include <gmock/gmock.h>

#include <utility>
#include <vector>

#include "tests/conformance/sample_rows.h"
#include "tests/conformance/storage_conformance.h"

namespace dangol::storage {
namespace {

using domain::Award;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

Award NewAward(uint64_t person, int64_t number) {
  Award award;
  award.person = MemberNumber(person);
  award.number = number;
  award.cause = kHardWord;
  award.day = 20'000;
  award.wallet = "points";
  award.points = 500;
  award.given = 600;
  award.purse = MemberNumber(person);
  award.lot = 7;
  award.expires_at = Utc("2027-01-01 00:00:00");
  award.recorded_at = Utc("2026-01-15 12:00:00") + absl::Microseconds(1);
  return award;
}

class AwardsConformance : public StorageConformance {
 protected:
  // Members 1 and 2, of whom the first has these.
  void Store(std::vector<Award> awards) {
    WriteSet writes = WithMember(NewMember(1));
    writes.members[0].awards = std::move(awards);
    writes.members.emplace_back().member = NewMember(2);
    ASSERT_TRUE(Commit(*store_, writes).ok());
  }

  std::vector<Award> AwardsOf(uint64_t member, domain::MemberNeeds needs) {
    KeySet keys;
    keys.members = {ById(member, std::move(needs))};
    const auto loaded = Read(*store_, keys);
    EXPECT_TRUE(loaded.ok()) << loaded.status();
    return loaded->Find({MemberNumber(member), {}})->awards;
  }
};

TEST_F(AwardsConformance, ComeWithTheLotsAsTheyAre) {
  Award fallen = NewAward(2, 1);
  fallen.expires_at = absl::InfiniteFuture();
  fallen.fallen = true;
  fallen.written_off = 300;
  Store({NewAward(1, 1), NewAward(1, 2), fallen});
  EXPECT_THAT(AwardsOf(1, {.lots = true}),
              UnorderedElementsAre(NewAward(1, 1), NewAward(1, 2), fallen));
  EXPECT_THAT(AwardsOf(1, {}), IsEmpty());
  EXPECT_THAT(AwardsOf(2, {.lots = true}), IsEmpty());
}

TEST_F(AwardsConformance, AreWrittenAsTheyBecome) {
  Store({NewAward(1, 1)});
  Award changed = NewAward(1, 1);
  changed.day = 20'001;
  changed.points = 20;
  changed.given = 70;
  changed.lot = 8;
  changed.fallen = true;
  changed.written_off = 5;
  changed.expires_at = absl::InfiniteFuture();
  WriteSet writes = WithMember(NewMember(1));
  writes.members[0].member.version = 1;
  writes.members[0].awards = {changed};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  EXPECT_THAT(AwardsOf(1, {.lots = true}), ElementsAre(changed));
}

// They go where the points of their person go.
TEST_F(AwardsConformance, GoAlongWithTheirPerson) {
  Store({NewAward(1, 1), NewAward(3, 1)});
  WriteSet writes = WithMember(NewMember(1));
  writes.members[0].member.version = 1;
  writes.moves = {{MemberNumber(1), MemberNumber(2), {MemberNumber(3)}, {}}};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  EXPECT_THAT(AwardsOf(1, {.lots = true}), ElementsAre(NewAward(1, 1)));
  EXPECT_THAT(AwardsOf(2, {.lots = true}), ElementsAre(NewAward(3, 1)));
}

}  // namespace
}  // namespace dangol::storage
