// What members did beside buying.

#include <gmock/gmock.h>

#include "tests/conformance/sample_rows.h"
#include "tests/conformance/storage_conformance.h"

namespace dangol::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const absl::Time kNoon = Utc("2026-01-15 12:00:00");

CommandWrite Recording(const domain::Activity& activity) {
  CommandWrite write = NewCommand(RequestScope::kActivity, activity.activity_id, 1);
  write.record.kind = domain::kKindOf<domain::RecordActivity>;
  write.record.member_id = activity.member_id;
  write.activity = activity;
  return write;
}

class ActivitiesConformance : public StorageConformance {
 protected:
  // Named by their activity, as whoever undoes it names them.
  absl::StatusOr<Loaded> LoadOwner(const std::string& id) {
    KeySet keys;
    MemberQuery query;
    query.ref.activity_id = id;
    query.needs.activities = {id};
    keys.members = {query};
    return Read(*store_, keys);
  }
};

TEST_F(ActivitiesConformance, AreFoundByTheirIdWithTheirMember) {
  WriteSet writes = WithMember(NewMember(1));
  const domain::Activity review = NewActivity(1, kHardText, kNoon);
  writes.commands = {Recording(review), Recording(NewActivity(1, "other", kNoon))};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  const auto loaded = LoadOwner(kHardText);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  domain::MemberRef ref;
  ref.activity_id = kHardText;
  const domain::MemberState* const owner = loaded->Find(ref);
  ASSERT_NE(owner, nullptr);
  EXPECT_EQ(owner->member.id, MemberNumber(1));
  EXPECT_THAT(owner->activities, ElementsAre(review));
  EXPECT_TRUE(LoadOwner("unheard-of")->members.empty());
}

TEST_F(ActivitiesConformance, AreUndone) {
  WriteSet writes = WithMember(NewMember(1));
  domain::Activity review = NewActivity(1, "review", kNoon);
  writes.commands = {Recording(review), Recording(NewActivity(1, "other", kNoon))};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  review.undone_at = kNoon + absl::Hours(1);
  WriteSet undoing;
  undoing.members.emplace_back().member = LoadOwner("review")->members.begin()->second.member;
  undoing.members[0].activities = {review};
  ASSERT_TRUE(Commit(*store_, undoing).ok());
  EXPECT_THAT(*NewReader()->ListActivities({MemberNumber(1), ""}, 10),
              ElementsAre(review, NewActivity(1, "other", kNoon)));
}

TEST_F(ActivitiesConformance, AreListedLatestFirst) {
  domain::Activity visit = NewActivity(1, "c", kNoon - absl::Hours(1));
  visit.kind = "visit";
  const domain::Activity activities[] = {NewActivity(1, "b", kNoon), NewActivity(1, "a", kNoon),
                                         visit, NewActivity(1, kHardText, kNoon + absl::Hours(1)),
                                         NewActivity(2, "e", kNoon)};
  WriteSet writes;
  for (const domain::Activity& activity : activities) {
    writes.commands.push_back(Recording(activity));
  }
  ASSERT_TRUE(Commit(*store_, writes).ok());
  const auto reader = NewReader();
  ActivityFilter filter;
  filter.member_id = MemberNumber(1);
  EXPECT_THAT(*reader->ListActivities(filter, 10),
              ElementsAre(activities[3], activities[0], activities[1], visit));
  EXPECT_THAT(*reader->ListActivities(filter, 1), SizeIs(1));
  filter.before = PurchaseCursor{kNoon, "b"};
  EXPECT_THAT(*reader->ListActivities(filter, 10), ElementsAre(activities[1], visit));
  filter.occurred_from = kNoon;
  EXPECT_THAT(*reader->ListActivities(filter, 10), ElementsAre(activities[1]));
  filter = {MemberNumber(1), "visit"};
  EXPECT_THAT(*reader->ListActivities(filter, 10), ElementsAre(visit));
  filter.occurred_until = visit.occurred_at;
  EXPECT_THAT(*reader->ListActivities(filter, 10), IsEmpty());
}

TEST_F(ActivitiesConformance, ReturnsAreListedFromATimeOn) {
  WriteSet writes;
  for (const char* id : {"1", "2"}) {
    writes.commands.push_back(NewCommand(RequestScope::kReturn, id, 1));
    writes.commands.back().purchase_return =
        NewReturn(1, id, kNoon + absl::Hours(id == std::string("2") ? 1 : 0));
  }
  ASSERT_TRUE(Commit(*store_, writes).ok());
  ReturnFilter filter;
  filter.member_id = MemberNumber(1);
  filter.occurred_from = kNoon + absl::Microseconds(1);
  EXPECT_THAT(*NewReader()->ListReturns(filter, 10), SizeIs(1));
}

}  // namespace
}  // namespace dangol::storage
