#include "server/domain/decide.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "server/common/error.h"
#include "server/common/limits.h"
#include "tests/support/programs.h"

namespace dangol::domain {
namespace {

using ::dangol::testing::MemberNumber;
using ::dangol::testing::Utc;
using ::testing::ElementsAre;

const Alias kCard{"card", "1"};
const Alias kPhone{"phone", "+82 10"};

Action Adding(const Alias& alias) {
  AddAlias add;
  add.alias = alias;
  return add;
}

Action Removing(const Alias& alias) {
  RemoveAlias remove;
  remove.alias = alias;
  return remove;
}

class DecideTest : public ::testing::Test {
 protected:
  DecideTest() {
    member_.member.id = MemberNumber(1);
    member_.member.advanced_until = absl::UnixEpoch();
  }

  absl::StatusOr<Decision> Judge(Action action) {
    return Decide({std::move(action), "admin"}, {&member_, &owners_}, catalog_, now_);
  }

  std::string ReasonFor(Action action) {
    return DetailsOf(Judge(std::move(action)).status()).reason;
  }

  absl::Time now_ = Utc("2026-01-15 12:00:00");
  ProgramCatalog catalog_ = testing::CatalogOf(testing::SimpleProgram());
  AliasOwners owners_;
  MemberState member_;
};

TEST_F(DecideTest, EnrollMakesAMember) {
  EnrollMember enroll;
  enroll.member_id = MemberNumber(7);
  enroll.aliases = {kPhone, kCard};
  enroll.attributes = {{"city", "Seoul"}};
  const auto decision = Judge(enroll);
  ASSERT_TRUE(decision.ok());
  const Member& member = *decision->effects.member;
  EXPECT_EQ(member.id, MemberNumber(7));
  EXPECT_EQ(member.status, MemberStatus::kActive);
  EXPECT_EQ(member.enrolled_at, now_);
  EXPECT_EQ(member.next_due_at, absl::InfiniteFuture());
  EXPECT_THAT(decision->effects.aliases, ElementsAre(AliasChange{kPhone, member.id, true},
                                                     AliasChange{kCard, member.id, true}));
  EXPECT_THAT(std::get<MemberOutcome>(decision->outcome).aliases, ElementsAre(kCard, kPhone));
}

TEST_F(DecideTest, EnrollRefusals) {
  EnrollMember enroll;
  enroll.aliases = {kCard, kCard};
  EXPECT_EQ(ReasonFor(enroll), "ALIAS_REPEATED");
  enroll.aliases = {kPhone, kCard};
  owners_[kCard] = MemberNumber(2);
  EXPECT_EQ(ReasonFor(enroll), "ALIAS_TAKEN");
  EXPECT_EQ(DetailsOf(Judge(enroll).status()).violations.at(0).field, "aliases[1]");
  enroll.aliases = {};
  enroll.enrolled_at = now_ + absl::Hours(1);
  EXPECT_EQ(ReasonFor(enroll), "TIME_IN_FUTURE");
}

TEST_F(DecideTest, AddAlias) {
  const auto decision = Judge(Adding(kCard));
  ASSERT_TRUE(decision.ok());
  EXPECT_THAT(decision->effects.aliases, ElementsAre(AliasChange{kCard, MemberNumber(1), true}));
  EXPECT_THAT(std::get<MemberOutcome>(decision->outcome).aliases, ElementsAre(kCard));
}

TEST_F(DecideTest, AddingAnAliasThatIsTheirsChangesNothing) {
  member_.aliases = {kCard};
  owners_[kCard] = MemberNumber(1);
  const auto decision = Judge(Adding(kCard));
  ASSERT_TRUE(decision.ok());
  EXPECT_TRUE(decision->effects.aliases.empty());
  EXPECT_THAT(std::get<MemberOutcome>(decision->outcome).aliases, ElementsAre(kCard));
}

TEST_F(DecideTest, AddAliasRefusals) {
  owners_[kCard] = MemberNumber(2);
  EXPECT_EQ(ReasonFor(Adding(kCard)), "ALIAS_TAKEN");
  for (size_t i = 0; i < limits::kMaxAliasesPerMember; ++i)
    member_.aliases.push_back({"app", absl::StrCat(i)});
  EXPECT_EQ(ReasonFor(Adding(kPhone)), "TOO_MANY_ALIASES");
  member_.member.status = MemberStatus::kClosed;
  EXPECT_EQ(ReasonFor(Adding(kPhone)), "MEMBER_CLOSED");
}

TEST_F(DecideTest, RemoveAlias) {
  member_.aliases = {kCard, kPhone};
  const auto decision = Judge(Removing(kCard));
  ASSERT_TRUE(decision.ok());
  EXPECT_THAT(decision->effects.aliases,
              ElementsAre(AliasChange{kCard, MemberNumber(1), false, now_}));
  EXPECT_THAT(std::get<MemberOutcome>(decision->outcome).aliases, ElementsAre(kPhone));
  member_.aliases = {kPhone};
  EXPECT_EQ(ReasonFor(Removing(kCard)), "ALIAS_NOT_FOUND");
}

TEST_F(DecideTest, TheFirstProgramJudgesThePastToo) {
  catalog_ = {};
  ActivateProgram activate;
  activate.program = std::make_shared<const Program>(testing::SimpleProgram());
  const auto decision = Judge(activate);
  ASSERT_TRUE(decision.ok());
  EXPECT_EQ(decision->effects.program->version, 1);
  EXPECT_EQ(decision->effects.program->effective_from, absl::InfinitePast());
}

TEST_F(DecideTest, LaterProgramsBeginWhenTheySay) {
  ActivateProgram activate;
  activate.program = std::make_shared<const Program>(testing::SimpleProgram());
  EXPECT_EQ(Judge(activate)->effects.program->effective_from, now_);
  activate.effective_from = now_ + absl::Hours(24);
  const auto decision = Judge(activate);
  ASSERT_TRUE(decision.ok());
  EXPECT_EQ(decision->effects.program->version, 2);
  EXPECT_EQ(decision->effects.program->effective_from, now_ + absl::Hours(24));
  catalog_.Add(*decision->effects.program);
  activate.effective_from = now_ - absl::Seconds(1);
  EXPECT_EQ(ReasonFor(activate), "TIME_IN_PAST");
}

TEST_F(DecideTest, APlannedProgramIsReplacedOrWithdrawn) {
  ActivateProgram activate;
  activate.program = std::make_shared<const Program>(testing::SimpleProgram());
  activate.effective_from = now_ + absl::Hours(48);
  catalog_.Add(*Judge(activate)->effects.program);
  ProgramCatalog planned = catalog_;
  activate.effective_from = now_ + absl::Hours(24);
  planned.Add(*Judge(activate)->effects.program);
  EXPECT_EQ(planned.At(now_)->version, 1);
  EXPECT_EQ(planned.At(now_ + absl::Hours(24))->version, 3);
  EXPECT_EQ(planned.At(now_ + absl::Hours(72))->version, 3) << "version 2 never begins";

  EXPECT_EQ(ReasonFor(WithdrawProgram{1}), "PROGRAM_IN_FORCE");
  EXPECT_EQ(ReasonFor(WithdrawProgram{9}), "PROGRAM_NOT_FOUND");
  const auto withdrawn = Judge(WithdrawProgram{2});
  ASSERT_TRUE(withdrawn.ok()) << withdrawn.status();
  catalog_.Add(*withdrawn->effects.program);
  EXPECT_EQ(catalog_.At(now_ + absl::Hours(72))->program, catalog_.versions()[0].program);
  EXPECT_EQ(ReasonFor(WithdrawProgram{2}), "PROGRAM_NOT_LATEST");
}

TEST_F(DecideTest, ReadsOfNamesWhatACommandNeeds) {
  Program capped = testing::SimpleProgram();
  capped.earning_rules[0].caps = {{CapPeriod::kMonth, 10}};
  const ProgramCatalog catalog = testing::CatalogOf(capped);
  RecordPurchase record;
  record.member.alias = kCard;
  record.occurred_at = Utc("2025-12-31 23:00:00");
  const Reads reads = ReadsOf({record, ""}, catalog, now_);
  EXPECT_EQ(reads.member->alias, kCard);
  EXPECT_FALSE(reads.needs.purchases_within.has_value()) << "the history goes back so far";
  record.occurred_at = Utc("2025-10-31 23:00:00");
  const Reads late = ReadsOf({record, ""}, catalog, now_);
  ASSERT_TRUE(late.needs.purchases_within.has_value());
  EXPECT_EQ(late.needs.purchases_within->from, Utc("2025-10-01 00:00:00"));
  EXPECT_EQ(late.needs.purchases_within->until, Utc("2025-11-01 00:00:00"));
  EXPECT_TRUE(ReadsOf({Adding(kCard), ""}, catalog, now_).needs.aliases);
  EnrollMember enroll;
  enroll.aliases = {kCard};
  EXPECT_THAT(ReadsOf({enroll, ""}, catalog, now_).aliases, ElementsAre(kCard));
  // Whoever takes an alias away waits for it first, as whoever calls a member by it.
  EXPECT_THAT(ReadsOf({RemoveAlias{.alias = kCard}, ""}, catalog, now_).aliases,
              ElementsAre(kCard));
}

}  // namespace
}  // namespace dangol::domain
