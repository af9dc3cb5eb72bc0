#include "server/domain/audit/audit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/programs.h"
#include "tests/support/recorded.h"

namespace dangol::domain {
namespace {

using ::dangol::testing::Utc;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Program LivelyProgram() {
  Program program = testing::SimpleProgram();
  program.wallets[0].expiry = {Expiry::Policy::kAfter, 0, 30, 0};
  program.earning_rules[0].caps = {{CapPeriod::kDay, 500}};
  program.adjustment_reasons = {{"goodwill", 100}};
  program.activities = {{"review", 1}};
  Reward& latte = program.rewards.emplace_back();
  latte.id = latte.name = "latte";
  latte.points = 5;
  latte.stock = 2;
  return program;
}

class AuditTest : public ::testing::Test {
 protected:
  AuditTest() {
    ref_.id = testing::MemberNumber(1);
    EnrollMember enroll;
    enroll.member_id = *ref_.id;
    enroll.aliases = {{"card", "1"}};
    Add(enroll);
    Buy("p-1", 10'000);
    Buy("p-2", 60'000);
    Reserve("r-1", 50, /*capture=*/true);
    Reserve("r-2", 20, /*capture=*/false);
    RecordReturn back;
    back.member = ref_;
    back.return_id = "t-1";
    back.purchase_id = "p-1";
    back.amount_minor = 3'333;
    Add(back);
    RecordActivity did;
    did.member = ref_;
    did.activity.activity_id = "a-1";
    did.activity.kind = "review";
    Add(did);
    AdjustPoints adjust;
    adjust.member = ref_;
    adjust.points = 7;
    adjust.reason = "goodwill";
    Add(adjust);
    Issue("c-1");
    Issue("c-2");
    CancelCoupon cancel;
    cancel.member = ref_;
    cancel.code = "code of c-1";
    Add(cancel);
    now_ += absl::Hours(1);
    Add(AdvanceMember{ref_});
    AddAlias alias;
    alias.member = ref_;
    alias.alias = {"phone", "2"};
    Add(alias);
  }

  void Add(Action action) {
    commands_.push_back(testing::Recorded(std::move(action), now_));
    now_ += absl::Minutes(1);
  }

  void Buy(const std::string& id, int64_t amount_minor) {
    RecordPurchase record;
    record.member = ref_;
    record.purchase = testing::PurchaseOf({testing::Line(amount_minor)});
    record.purchase.purchase_id = id;
    Add(record);
  }

  void Issue(const std::string& id) {
    IssueCoupon issue;
    issue.member = ref_;
    issue.coupon_id = id;
    issue.reward_id = "latte";
    issue.code = "code of " + id;
    Add(issue);
  }

  void Reserve(const std::string& id, int64_t points, bool capture) {
    ReservePoints reserve;
    reserve.member = ref_;
    reserve.reservation_id = id;
    reserve.points = points;
    reserve.time_to_live = absl::Hours(24);
    reserve.capture = capture;
    Add(reserve);
  }

  Replay Run() const {
    Replay replay(catalog_);
    for (const RecordedCommand& command : commands_) {
      const auto outcome = replay.Step(command);
      EXPECT_TRUE(outcome.ok()) << outcome.status();
    }
    return replay;
  }

  StoredMember Stored() const {
    const Replay replay = Run();
    StoredMember stored{replay.state(), replay.entries(), {}};
    stored.state.member.version = 9;
    stored.state.lots = replay.lots();
    return stored;
  }

  // What is found after `corrupt`.
  std::vector<Finding> FindingsAfter(const std::function<void(StoredMember&)>& corrupt) const {
    StoredMember stored = Stored();
    corrupt(stored);
    std::vector<Finding> findings = CheckBooks(stored);
    for (Finding& finding : CheckReplay(stored, Run())) findings.push_back(std::move(finding));
    return findings;
  }

  MemberRef ref_;
  absl::Time now_ = Utc("2026-01-15 12:00:00");
  const ProgramCatalog catalog_ = testing::CatalogOf(LivelyProgram());
  std::vector<RecordedCommand> commands_;
};

TEST_F(AuditTest, FindsNothingInWhatTheRulesMade) {
  const std::vector<Finding> findings = FindingsAfter([](StoredMember&) {});
  EXPECT_THAT(findings, IsEmpty()) << findings.front().message;
}

TEST_F(AuditTest, AHintThatIsTooEarlyIsNoFault) {
  EXPECT_THAT(FindingsAfter([](StoredMember& stored) {
                stored.state.member.next_due_at = Utc("2026-01-16 00:00:00");
                stored.state.member.points_due_at = Utc("2026-01-16 00:00:00");
              }),
              IsEmpty());
}

struct Corruption {
  const char* what;
  FindingKind kind;
  std::function<void(StoredMember&)> corrupt;
  const char* message;
};

TEST_F(AuditTest, FindsAndNamesEveryCorruption) {
  using enum FindingKind;
  const Corruption kCases[] = {
      {"an entry is gone", kLedgerGap, [](auto& s) { s.entries.erase(s.entries.begin() + 1); },
       "entry 2 is missing"},
      {"the last entry is gone", kLedgerGap, [](auto& s) { s.entries.pop_back(); }, "entries"},
      {"an entry of other points", kBalance, [](auto& s) { s.entries[0].points += 1; }, "points"},
      {"a balance", kBalance, [](auto& s) { s.state.accounts[0].available += 1; }, "entries"},
      {"what counts toward tiers", kState,
       [](auto& s) { s.state.member.histories[0].series[1].sums[0] += 1; }, "own row"},
      {"a lot has more", kLots, [](auto& s) { s.state.lots[0].remaining += 1; }, "lots"},
      {"a lot is gone", kState, [](auto& s) { s.state.lots.erase(s.state.lots.begin()); },
       "lot 1 is not stored"},
      {"a lot lives longer", kState, [](auto& s) { s.state.lots[0].expires_at += absl::Hours(1); },
       "lot 1 is stored otherwise"},
      {"a lot too many", kState,
       [](auto& s) {
         s.state.lots.push_back(s.state.lots[0]);
         s.state.lots.back().lot = 99;
         s.state.lots.back().remaining = 0;
       },
       "lot 99"},
      {"a hold", kState, [](auto& s) { s.state.reservations[1].lots[0].remaining -= 1; },
       "reservation r-2"},
      {"a reservation is gone", kState, [](auto& s) { s.state.reservations.pop_back(); },
       "reservation r-2 is not stored"},
      {"who acted", kEntry, [](auto& s) { s.entries[1].principal = "thief"; }, "entry 2"},
      {"when it was", kEntry, [](auto& s) { s.entries[1].effective_at += absl::Seconds(1); },
       "entry 2"},
      {"a purchase", kState, [](auto& s) { s.state.purchases[0].total_minor += 1; },
       "purchase p-1"},
      {"what came back", kState, [](auto& s) { s.state.purchases[0].returned_minor = 0; },
       "purchase p-1"},
      {"a return", kState, [](auto& s) { s.state.returns.clear(); }, "return t-1 is not stored"},
      {"an activity", kState, [](auto& s) { s.state.activities[0].rewarded = true; },
       "activity a-1 is stored otherwise"},
      {"what a purchase still has", kState,
       [](auto& s) { s.state.purchases[0].earned[0].stands--; }, "purchase p-1"},
      {"a coupon", kState, [](auto& s) { s.state.coupons[0].status = CouponStatus::kIssued; },
       "coupon c-1 is stored otherwise"},
      {"a coupon too many", kState,
       [](auto& s) {
         s.state.coupons.push_back(s.state.coupons[0]);
         s.state.coupons.back().coupon_id = "c-3";
       },
       "coupon c-3 is stored and was never made"},
      {"an alias", kState, [](auto& s) { s.state.aliases.pop_back(); }, "alias phone:2"},
      {"the member", kState, [](auto& s) { s.state.member.enrolled_at += absl::Seconds(1); },
       "own row"},
      {"due too late", kState, [](auto& s) { s.state.member.next_due_at = absl::InfiniteFuture(); },
       "next_due_at"},
      {"lots due too late", kState, [](auto& s) { s.state.member.points_due_at.reset(); },
       "points_due_at"},
  };
  for (const Corruption& test : kCases) {
    EXPECT_THAT(FindingsAfter(test.corrupt),
                Contains(AllOf(Field(&Finding::kind, test.kind),
                               Field(&Finding::message, HasSubstr(test.message)))))
        << test.what;
  }
}

// What was left of a budget is not the member's alone, and comes from the log.
TEST(ReplayTest, DecidesUponWhatWasSeenOfCounters) {
  Program program = testing::SimpleProgram();
  program.earning_rules[0].budget = 100;
  const ProgramCatalog catalog = testing::CatalogOf(program);
  Replay replay(catalog);
  EnrollMember enroll;
  enroll.member_id = testing::MemberNumber(1);
  const absl::Time now = Utc("2026-01-15 12:00:00");
  ASSERT_TRUE(replay.Step(testing::Recorded(enroll, now)).ok());
  RecordPurchase record;
  record.member.id = enroll.member_id;
  record.purchase = testing::PurchaseOf({testing::Line(5'000)});
  Inputs inputs;
  inputs.counters["budget/base"] = 93;
  ASSERT_TRUE(replay.Step(testing::Recorded(record, now, inputs)).ok());
  ASSERT_EQ(replay.entries().size(), 1u);
  EXPECT_EQ(replay.entries()[0].points, 7);
}

// Another lane had activated a version and recorded it before, and this one did not know of it
// yet: what was known is in the log, and not told by the clock.
TEST(ReplayTest, DecidesByTheVersionsThatWereKnown) {
  const absl::Time now = Utc("2026-01-15 12:00:00");
  ProgramCatalog catalog = testing::CatalogOf(testing::SimpleProgram());
  Program generous = testing::SimpleProgram();
  generous.earning_rules[0].rates[0].points = 5;
  ProgramVersion version = testing::CatalogOf(generous).versions()[0];
  version.version = 2;
  version.effective_from = version.recorded_at = now - absl::Microseconds(1);
  catalog.Add(version);
  for (const auto& [known, points] : {std::pair(1, 10), std::pair(2, 50)}) {
    Replay replay(catalog);
    EnrollMember enroll;
    enroll.member_id = testing::MemberNumber(1);
    ASSERT_TRUE(replay.Step(testing::Recorded(enroll, now)).ok());
    RecordPurchase record;
    record.member.id = enroll.member_id;
    record.purchase = testing::PurchaseOf({testing::Line(1'000)});
    Inputs inputs;
    inputs.rules = known;
    ASSERT_TRUE(replay.Step(testing::Recorded(record, now, inputs)).ok());
    EXPECT_EQ(replay.entries()[0].points, points);
  }
}

TEST(CheckCountersTest, HoldsThemAgainstWhatTheyCount) {
  // Version 1 has no budget and no stock, 2 one of 100, 3 one of 50.
  ProgramCatalog catalog;
  for (const int64_t budget : {0, 100, 50}) {
    ProgramVersion version = testing::CatalogOf(testing::SimpleProgram()).versions()[0];
    Program program = testing::SimpleProgram();
    program.earning_rules[0].budget = budget;
    program.rewards.emplace_back().id = "mug";
    program.rewards[0].stock = budget;
    version.version = static_cast<int64_t>(catalog.versions().size()) + 1;
    version.program = std::make_shared<const Program>(program);
    catalog.Add(version);
  }
  struct Case {
    const char* what;
    StoredCounters stored;
    std::vector<const char*> messages;
  };
  const Case kCases[] = {
      {"nothing", {}, {}},
      {"points before there was a budget", {{}, {{"base", 1, 500}}}, {}},
      {"a sum over versions", {{{"budget/base", 90}}, {{"base", 2, 40}, {"base", 3, 50}}}, {}},
      {"points of another rule", {{}, {{"other", 2, 500}}}, {}},
      {"a counter is too low",
       {{{"budget/base", 39}}, {{"base", 2, 40}}},
       {"counter budget/base is 39, and what it counts is 40"}},
      {"a counter is gone", {{}, {{"base", 2, 40}}}, {"counter budget/base is 0"}},
      {"a counter of nothing", {{{"budget/base", 1}}, {}}, {"what it counts is 0"}},
      {"pieces of a stock over versions",
       {{{"stock/mug", 30}}, {}, {{"mug", 1, 500}, {"mug", 2, 20}, {"mug", 3, 10}}},
       {}},
      {"a piece too few", {{{"stock/mug", 19}}, {}, {{"mug", 2, 20}}}, {"what it counts is 20"}},
      {"a piece too many",
       {{{"stock/mug", 51}}, {}, {{"mug", 3, 51}}},
       {"51 are used of stock/mug, which is limited to 50"}},
      {"one point too many",
       {{{"budget/base", 101}}, {{"base", 2, 101}}},
       {"101 are used of budget/base, which is limited to 100"}},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.what);
    const std::vector<Finding> findings = CheckCounters(c.stored, catalog);
    ASSERT_EQ(findings.size(), c.messages.size());
    for (size_t i = 0; i < findings.size(); ++i) {
      EXPECT_EQ(findings[i].kind, FindingKind::kCounter);
      EXPECT_THAT(findings[i].message, HasSubstr(c.messages[i]));
    }
  }
}

}  // namespace
}  // namespace dangol::domain
