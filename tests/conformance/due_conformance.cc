// What the passing of time asks of a store.

#include <gmock/gmock.h>

#include <vector>

#include "tests/conformance/sample_rows.h"
#include "tests/conformance/storage_conformance.h"

namespace dangol::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

class DueConformance : public StorageConformance {};

TEST_F(DueConformance, MembersThatAreDueComeWithLots) {
  const absl::Time due = Utc("2026-02-01 00:00:00");
  WriteSet writes = WithMember(NewMember(1));
  writes.members[0].member.next_due_at = due;
  writes.members[0].member.points_due_at = due;
  writes.members[0].lots = {NewLot(1, due, absl::InfiniteFuture())};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  KeySet keys;
  keys.members = {ById(1)};
  keys.now = due - absl::Microseconds(1);
  EXPECT_FALSE(Read(*store_, keys)->Find({MemberNumber(1), {}})->has_lots);
  keys.now = due;
  EXPECT_THAT(Read(*store_, keys)->Find({MemberNumber(1), {}})->lots, SizeIs(1));
}

TEST_F(DueConformance, MembersOfWhomOnlyTiersAreDueComeWithoutLots) {
  const absl::Time due = Utc("2026-02-01 00:00:00");
  WriteSet writes = WithMember(NewMember(1));
  writes.members[0].member.next_due_at = due;
  writes.members[0].member.points_due_at = due + absl::Microseconds(1);
  writes.members[0].lots = {NewLot(1, due, absl::InfiniteFuture())};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  KeySet keys;
  keys.members = {ById(1)};
  keys.now = due;
  EXPECT_FALSE(Read(*store_, keys)->Find({MemberNumber(1), {}})->has_lots);
  keys.now = due + absl::Microseconds(1);
  EXPECT_THAT(Read(*store_, keys)->Find({MemberNumber(1), {}})->lots, SizeIs(1));
}

TEST_F(DueConformance, KnowsWhoIsDue) {
  const absl::Time noon = Utc("2026-01-15 12:00:00");
  for (uint64_t number = 1; number <= 4; ++number) {
    domain::Member member = NewMember(number);
    if (number != 4) member.next_due_at = noon - absl::Hours(static_cast<int>(number));
    ASSERT_TRUE(Commit(*store_, WithMember(member)).ok());
  }
  const auto reader = NewReader();
  const DueMember one = {noon - absl::Hours(1), MemberNumber(1)};
  const DueMember two = {noon - absl::Hours(2), MemberNumber(2)};
  const DueMember three = {noon - absl::Hours(3), MemberNumber(3)};
  EXPECT_THAT(*reader->DueMembers(noon, 10, {}), ElementsAre(three, two, one));
  EXPECT_THAT(*reader->DueMembers(noon, 1, {}), ElementsAre(three));
  EXPECT_THAT(*reader->DueMembers(noon, 10, three), ElementsAre(two, one));
  EXPECT_THAT(*reader->DueMembers(noon - absl::Hours(2), 10, {}), ElementsAre(three, two));
}

TEST_F(DueConformance, WhoIsDueAtOneMomentComesByIdPageAfterPage) {
  const absl::Time noon = Utc("2026-01-15 12:00:00");
  for (uint64_t number = 1; number <= 5; ++number) {
    domain::Member member = NewMember(number);
    member.next_due_at = number == 1 ? noon + absl::Microseconds(1) : noon;
    ASSERT_TRUE(Commit(*store_, WithMember(member)).ok());
  }
  const auto reader = NewReader();
  std::vector<domain::MemberId> ids;
  DueMember last;
  while (true) {
    const std::vector<DueMember> page = reader->DueMembers(noon + absl::Hours(1), 2, last).value();
    for (const DueMember& due : page) ids.push_back(due.id);
    if (page.size() < 2) break;
    last = page.back();
  }
  EXPECT_THAT(ids, ElementsAre(MemberNumber(2), MemberNumber(3), MemberNumber(4), MemberNumber(5),
                               MemberNumber(1)));
}

TEST_F(DueConformance, KnowsWhenSomethingIsDueNext) {
  const auto reader = NewReader();
  EXPECT_EQ(*reader->NextDueAt(), absl::InfiniteFuture());
  const absl::Time noon = Utc("2026-01-15 12:00:00");
  for (uint64_t number = 1; number <= 3; ++number) {
    domain::Member member = NewMember(number);
    if (number != 1) member.next_due_at = noon + absl::Hours(static_cast<int>(number));
    ASSERT_TRUE(Commit(*store_, WithMember(member)).ok());
  }
  EXPECT_EQ(*reader->NextDueAt(), noon + absl::Hours(2));
}

}  // namespace
}  // namespace dangol::storage
