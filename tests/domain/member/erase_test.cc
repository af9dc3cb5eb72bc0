// Who somebody was is forgotten, and what they did adds up as before.

#include "server/domain/member/erase.h"

#include <gmock/gmock.h>

#include "server/common/error.h"
#include "tests/domain/member/merge_fixture.h"

namespace dangol::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kNow = testing::Utc("2026-03-01 10:00:00");

MemberState Minji() {
  MemberState state;
  state.member.id = testing::MemberNumber(1);
  state.member.enrolled_at = state.member.advanced_until = kNow;
  state.member.attributes = {{"city", "Seoul"}};
  state.aliases = {{"card", "4005"}, {"phone", "+82105550100"}};
  state.has_lots = true;
  History& history = HistoryOf(state.member.id, state.member);
  history.advocate.push_back({.record_id = "n-1", .text = "sings in the choir"});
  history.care.surveys.push_back({.survey_id = "s-1", .recommendation = 9, .text = "lovely"});
  history.overrides.push_back({.reason = "a friend of the house"});
  return state;
}

absl::StatusOr<Decision> Erase(const MemberState& member,
                               const std::vector<const MemberState*>& also = {}) {
  const ProgramCatalog catalog = testing::CatalogOf(TenDays());
  EraseMember erase;
  erase.member.id = member.member.id;
  State state;
  state.member = &member;
  state.also = also;
  return Decide({erase, "mina"}, state, catalog, kNow);
}

TEST(EraseTest, NothingIsLeftOfWhoItWas) {
  const MemberState minji = Minji();
  const absl::StatusOr<Decision> erased = Erase(minji);
  ASSERT_TRUE(erased.ok()) << erased.status();
  const Member& left = *erased->effects.member;
  EXPECT_EQ(left.status, MemberStatus::kErased);
  EXPECT_THAT(left.attributes, IsEmpty());
  const History& history = left.histories.front();
  EXPECT_EQ(history.advocate.front().text, "");
  EXPECT_EQ(history.care.surveys.front().text, "");
  EXPECT_EQ(history.care.surveys.front().recommendation, 9) << "figures stay";
  EXPECT_EQ(history.overrides.front().reason, "");
  EXPECT_TRUE(erased->effects.erases);
  std::vector<std::string> removed;
  for (const AliasChange& change : erased->effects.aliases) {
    EXPECT_FALSE(change.added);
    removed.push_back(change.alias.kind);
  }
  EXPECT_THAT(removed, ElementsAre("card", "phone"));
}

TEST(EraseTest, TheirPointsAreNobodysAndTheLedgerSaysSo) {
  Scenario scenario(TenDays(), 1);
  scenario.state().member.enrolled_at = kNow;
  RecordPurchase record;
  record.member.id = scenario.state().member.id;
  record.purchase = testing::PurchaseOf({testing::Line(10'000, "")});
  record.purchase.purchase_id = "p-1";
  ASSERT_TRUE(scenario.Do(record, kNow).ok());
  EraseMember erase;
  erase.member.id = scenario.state().member.id;
  ASSERT_TRUE(scenario.Do(erase, kNow + absl::Hours(1)).ok());
  EXPECT_EQ(scenario.Balance(), "0/0");
  EXPECT_EQ(scenario.state().member.status, MemberStatus::kErased);
  EXPECT_EQ(ReasonOf(scenario.Do(erase, kNow + absl::Hours(2)).status()), "MEMBER_ERASED");
  record.purchase.purchase_id = "p-2";
  EXPECT_EQ(ReasonOf(scenario.Do(record, kNow + absl::Hours(2)).status()), "MEMBER_CLOSED");
}

TEST(EraseTest, WhoWasMergedIsForgottenWithThem) {
  MemberState minji = Minji();
  MemberState twin = Minji();
  twin.member.id = testing::MemberNumber(2);
  twin.member.status = MemberStatus::kMerged;
  twin.member.joined = Joined{minji.member.id, false, kNow, {{"card", "4006"}}};
  twin.aliases.clear();
  minji.member.sharers = {{.id = twin.member.id, .via = minji.member.id}};
  const absl::StatusOr<Decision> asked = Erase(minji);
  ASSERT_TRUE(asked.ok()) << asked.status();
  EXPECT_THAT(asked->asks_for, ElementsAre(twin.member.id));
  EXPECT_FALSE(IsEffective(asked->effects));

  const absl::StatusOr<Decision> erased = Erase(minji, {&twin});
  ASSERT_TRUE(erased.ok()) << erased.status();
  ASSERT_EQ(erased->consequences.size(), 1U);
  const Effects& theirs = erased->consequences.front().effects;
  EXPECT_TRUE(theirs.erases);
  EXPECT_THAT(theirs.member->attributes, IsEmpty());
  EXPECT_THAT(theirs.member->joined->aliases, IsEmpty());
  EXPECT_EQ(theirs.member->joined->into, minji.member.id) << "still leads to the survivor";
}

TEST(EraseTest, AHouseholdIsLeftBefore) {
  MemberState minji = Minji();
  minji.member.sharers = {
      {.id = testing::MemberNumber(2), .via = minji.member.id, .household = true}};
  EXPECT_EQ(ReasonOf(Erase(minji).status()), "HOUSEHOLD_NOT_EMPTY");
  minji.member.sharers.clear();
  minji.member.joined = Joined{testing::MemberNumber(2), true, kNow, {}};
  EXPECT_EQ(ReasonOf(Erase(minji).status()), "MEMBER_IN_HOUSEHOLD");
}

}  // namespace
}  // namespace dangol::domain
