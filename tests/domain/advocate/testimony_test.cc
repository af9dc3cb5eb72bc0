// Testifiers: their consents by the calendar, and what is on record in any order.

#include "server/domain/advocate/testimony.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/common/error.h"
#include "tests/domain/scenario.h"

namespace dangol::domain {
namespace {

using Kind = AdvocateRecordKind;
using ::testing::ElementsAre;

const absl::TimeZone kSeoul = absl::FixedTimeZone(9 * 3600);

absl::Time At(absl::string_view text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime("%Y-%m-%d %H:%M", text, kSeoul, &time, &error)) << error;
  return time;
}

// Of 2026.
DayNumber Day(int month, int day) { return NumberOf(absl::CivilDay(2026, month, day)); }

// What a record says beside its kind.
struct Said {
  std::vector<std::string> scopes;
  DayNumber from = 0;
  DayNumber until = 0;
  std::string consent_id = "";
};

Program WithScopes() {
  Program program = testing::SimpleProgram();
  program.time_zone = kSeoul;
  program.testimony_scopes = {"print", "web"};
  program.adjustment_reasons = {{"goodwill", 500, true}, {"campaign", 500, false}};
  return program;
}

std::string WordOf(TestifierState state) {
  static constexpr const char* kWords[] = {"none", "nominated", "active", "ended"};
  return kWords[static_cast<size_t>(state)];
}

std::string WordOf(TestifierReason reason) {
  static constexpr const char* kWords[] = {"", "nominated", "consent", "over", "withdrawn", "paid"};
  return kWords[static_cast<size_t>(reason)];
}

// "2026-03-01 00:00 active by consent c-1".
std::string Tell(const TestifierChange& change) {
  return absl::StrCat(absl::FormatTime("%Y-%m-%d %H:%M", change.at, kSeoul), " ",
                      WordOf(change.state), " by ", WordOf(change.reason),
                      change.record_id.empty() ? "" : " ", change.record_id);
}

// Hana, and what is recorded of her. Unless told otherwise it is recorded when it happens.
class TestimonyTest : public ::testing::Test {
 protected:
  absl::Status Record(Kind kind, const std::string& id, absl::Time at, const Said& said = {},
                      absl::Time now = absl::InfinitePast()) {
    RecordAdvocate command;
    command.member = hana_.Me();
    command.record.record_id = id;
    command.record.kind = kind;
    command.record.text = "why";
    command.record.scopes = said.scopes;
    command.record.from = said.from;
    command.record.until = said.until;
    command.record.consent_id = said.consent_id;
    command.occurred_at = at;
    return hana_.Do(command, std::max(at, now)).status();
  }

  std::string Refusal(Kind kind, absl::Time at, const Said& said = {}) {
    return DetailsOf(Record(kind, "refused", at, said)).reason;
  }

  absl::Status Undo(const std::string& id, absl::Time now) {
    return hana_.Do(UndoAdvocateRecord{hana_.Me(), "undo-" + id, id, "a mistake"}, now).status();
  }

  std::string Adjust(const std::string& reason, int64_t points, absl::Time now) {
    const AdjustPoints adjust{hana_.Me(), "points", points, reason, "a", ""};
    return DetailsOf(hana_.Do(adjust, now).status()).reason;
  }

  std::vector<std::string> History(absl::Time now) {
    std::vector<std::string> told;
    for (const TestifierChange& change : ViewOf(hana_.state().member, kSeoul, now).testifier) {
      told.push_back(Tell(change));
    }
    return told;
  }

  Scenario hana_{WithScopes()};
};

TEST_F(TestimonyTest, IsATestifierWhileAConsentIsInForce) {
  ASSERT_TRUE(Record(Kind::kNomination, "n", At("2026-01-10 12:00")).ok());
  const Said spring{{"web"}, Day(3, 1), Day(3, 31)};
  ASSERT_TRUE(Record(Kind::kConsent, "c", At("2026-01-11 12:00"), spring).ok());
  EXPECT_THAT(
      History(At("2026-12-31 00:00")),
      ElementsAre("2026-01-10 12:00 nominated by nominated n",
                  "2026-03-01 00:00 active by consent c", "2026-04-01 00:00 nominated by over"));
}

TEST_F(TestimonyTest, ANameIsUsedOnTheDaysAndForWhatWasAgreed) {
  EXPECT_EQ(Refusal(Kind::kUse, At("2026-01-09 12:00"), {{"web"}}), "TESTIFIER_NOT_NOMINATED");
  ASSERT_TRUE(Record(Kind::kNomination, "n", At("2026-01-10 12:00")).ok());
  const Said spring{{"web"}, Day(3, 1), Day(3, 31)};
  ASSERT_TRUE(Record(Kind::kConsent, "c", At("2026-01-11 12:00"), spring).ok());
  EXPECT_EQ(Refusal(Kind::kUse, At("2026-02-28 23:59"), {{"web"}}), "CONSENT_MISSING");
  EXPECT_TRUE(Record(Kind::kUse, "first", At("2026-03-01 00:00"), {{"web"}}).ok());
  EXPECT_EQ(Refusal(Kind::kUse, At("2026-03-02 00:00"), {{"print"}}), "SCOPE_WITHOUT_CONSENT");
  EXPECT_EQ(Refusal(Kind::kUse, At("2026-03-02 00:00"), {{"tv"}}), "SCOPE_NOT_DECLARED");
  EXPECT_TRUE(Record(Kind::kUse, "last", At("2026-03-31 23:59"), {{"web"}}).ok());
  EXPECT_EQ(Refusal(Kind::kUse, At("2026-04-01 00:00"), {{"web"}}), "CONSENT_MISSING");
}

TEST_F(TestimonyTest, AWithdrawalHoldsAtOnce) {
  ASSERT_TRUE(Record(Kind::kNomination, "n", At("2026-01-10 12:00")).ok());
  ASSERT_TRUE(Record(Kind::kConsent, "web", At("2026-01-11 12:00"), {{"web"}}).ok());
  ASSERT_TRUE(Record(Kind::kConsent, "print", At("2026-01-12 12:00"), {{"print"}}).ok());
  EXPECT_EQ(Refusal(Kind::kWithdrawal, At("2026-01-13 12:00"), {{}, 0, 0, "other"}),
            "CONSENT_NOT_FOUND");
  ASSERT_TRUE(Record(Kind::kWithdrawal, "w-1", At("2026-02-01 12:00"), {{}, 0, 0, "web"}).ok());
  EXPECT_EQ(Refusal(Kind::kUse, At("2026-02-01 12:00"), {{"web"}}), "SCOPE_WITHOUT_CONSENT");
  EXPECT_TRUE(Record(Kind::kUse, "u", At("2026-02-01 12:00"), {{"print"}}).ok());
  ASSERT_TRUE(Record(Kind::kWithdrawal, "w-2", At("2026-02-02 12:00")).ok());
  EXPECT_EQ(Refusal(Kind::kUse, At("2026-02-02 12:00"), {{"print"}}), "CONSENT_WITHDRAWN");
  EXPECT_EQ(DetailsOf(Undo("w-2", At("2026-02-03 12:00"))).reason, "WITHDRAWAL_STANDS");
  // Only they themselves can give it again.
  ASSERT_TRUE(Record(Kind::kConsent, "again", At("2026-02-04 12:00"), {{"print"}}).ok());
  EXPECT_TRUE(Record(Kind::kUse, "u-2", At("2026-02-05 12:00"), {{"print"}}).ok());
  EXPECT_THAT(History(At("2026-02-06 00:00")),
              ElementsAre("2026-01-10 12:00 nominated by nominated n",
                          "2026-01-11 12:00 active by consent web",
                          "2026-02-02 12:00 nominated by withdrawn w-2",
                          "2026-02-04 12:00 active by consent again"));
}

TEST_F(TestimonyTest, APaidVoiceIsNone) {
  ASSERT_TRUE(Record(Kind::kNomination, "n", At("2026-01-10 12:00")).ok());
  ASSERT_TRUE(Record(Kind::kConsent, "c", At("2026-01-11 12:00"), {{"web"}}).ok());
  ASSERT_TRUE(Record(Kind::kSponsorship, "run", At("2026-01-12 12:00")).ok());
  EXPECT_TRUE(Record(Kind::kUse, "u", At("2026-01-13 12:00"), {{"web"}}).ok());
  ASSERT_TRUE(Record(Kind::kCompensation, "fee", At("2026-02-01 12:00")).ok());
  EXPECT_EQ(Refusal(Kind::kUse, At("2026-02-01 12:00"), {{"web"}}), "TESTIFIER_WAS_PAID");
  EXPECT_EQ(Refusal(Kind::kNomination, At("2026-03-01 12:00")), "TESTIFIER_WAS_PAID");
  EXPECT_EQ(History(At("2026-03-01 12:00")).back(), "2026-02-01 12:00 ended by paid fee");
  // It was a mistake.
  ASSERT_TRUE(Undo("fee", At("2026-03-02 12:00")).ok());
  EXPECT_EQ(History(At("2026-03-02 12:00")).back(), "2026-01-11 12:00 active by consent c");
  EXPECT_EQ(DetailsOf(Undo("fee", At("2026-03-03 12:00"))).reason, "ADVOCATE_RECORD_NOT_FOUND");
}

TEST_F(TestimonyTest, WhatIsRecordedLateLeavesUsesWithoutConsent) {
  ASSERT_TRUE(Record(Kind::kNomination, "n", At("2026-01-10 12:00")).ok());
  ASSERT_TRUE(Record(Kind::kConsent, "c", At("2026-01-11 12:00"), {{"web"}}).ok());
  ASSERT_TRUE(Record(Kind::kUse, "early", At("2026-01-12 12:00"), {{"web"}}).ok());
  ASSERT_TRUE(Record(Kind::kUse, "late", At("2026-02-12 12:00"), {{"web"}}).ok());
  ASSERT_TRUE(
      Record(Kind::kWithdrawal, "w", At("2026-02-01 12:00"), {}, At("2026-03-01 12:00")).ok());
  for (const AdvocateRecordView& view :
       ViewOf(hana_.state().member, kSeoul, At("2026-03-01 12:00")).records) {
    const bool is_before = view.record.record_id == "early";
    EXPECT_EQ(view.holds, view.record.kind == Kind::kUse && is_before) << view.record.record_id;
  }
}

TEST_F(TestimonyTest, RefusesWhatCannotBeRecorded) {
  const absl::Time now = At("2026-01-10 12:00");
  EXPECT_EQ(Refusal(Kind::kConsent, now, {{"web"}, 0, Day(1, 9)}), "CONSENT_IS_OVER");
  ASSERT_TRUE(Record(Kind::kNomination, "n", now).ok());
  EXPECT_EQ(Refusal(Kind::kNomination, now), "ALREADY_NOMINATED");
  for (int i = 1; i < 500; ++i) {
    ASSERT_TRUE(Record(Kind::kSponsorship, absl::StrCat("s-", i), now).ok());
  }
  EXPECT_EQ(Refusal(Kind::kSponsorship, now), "TOO_MANY_ADVOCATE_RECORDS");
  EXPECT_TRUE(Record(Kind::kWithdrawal, "w", now).ok()) << "who withdraws is always heard";
}

TEST_F(TestimonyTest, PointsAreNoRewardForIt) {
  const absl::Time now = At("2026-01-10 12:00");
  EXPECT_EQ(Adjust("campaign", 100, now), "");
  ASSERT_TRUE(Record(Kind::kNomination, "n", now).ok());
  EXPECT_EQ(Adjust("campaign", 100, now), "ADVOCATE_NOT_REWARDED");
  EXPECT_EQ(Adjust("goodwill", 100, now), "");
  EXPECT_EQ(Adjust("campaign", -100, now), "");
  ASSERT_TRUE(Record(Kind::kConsent, "c", now, {{"web"}}).ok());
  EXPECT_EQ(Adjust("campaign", 100, now), "ADVOCATE_NOT_REWARDED");
  ASSERT_TRUE(Record(Kind::kCompensation, "fee", now).ok());
  EXPECT_EQ(Adjust("campaign", 100, now), "");
}

// Whoever reads every record at every moment finds the same.
TestifierState ByDefinition(const std::vector<AdvocateRecord>& records, absl::Time at) {
  bool is_nominated = false;
  bool is_paid = false;
  bool has_consent = false;
  const DayNumber day = NumberOf(absl::ToCivilDay(at, kSeoul));
  for (const AdvocateRecord& record : records) {
    if (record.at > at || record.undone_at.has_value()) continue;
    is_nominated |= record.kind == Kind::kNomination;
    is_paid |= record.kind == Kind::kCompensation;
    if (record.kind != Kind::kConsent || day < record.from) continue;
    if (record.until != 0 && day > record.until) continue;
    bool is_withdrawn = false;
    for (const AdvocateRecord& other : records) {
      if (other.kind != Kind::kWithdrawal || other.at > at) continue;
      is_withdrawn |= other.consent_id == record.record_id ||
                      (other.consent_id.empty() && other.at >= record.at);
    }
    has_consent |= !is_withdrawn;
  }
  if (!is_nominated) return TestifierState::kNone;
  if (is_paid) return TestifierState::kEnded;
  return has_consent ? TestifierState::kActive : TestifierState::kNominated;
}

TEST(TestimonyOrderTest, StandsByWhatIsOnRecordInWhateverOrderAndByWhomItCame) {
  std::mt19937 random(20'261'130);
  const absl::Time begin = At("2026-01-01 00:00");
  const auto hour = [&] { return begin + absl::Hours(random() % 480); };
  for (int life = 0; life < 300; ++life) {
    std::vector<AdvocateRecord> records;
    const size_t count = 1 + random() % 9;
    for (size_t i = 0; i < count; ++i) {
      AdvocateRecord& record = records.emplace_back();
      record.record_id = absl::StrCat("r-", i);
      record.at = hour();
      const int roll = static_cast<int>(random() % 16);
      record.kind = roll < 4    ? Kind::kNomination
                    : roll < 10 ? Kind::kConsent
                    : roll < 15 ? Kind::kWithdrawal
                                : Kind::kCompensation;
      if (record.kind == Kind::kConsent) {
        record.from = Day(1, 1) + static_cast<DayNumber>(random() % 20);
        if (random() % 2 == 0) record.until = record.from + static_cast<DayNumber>(random() % 9);
      }
      if (record.kind == Kind::kWithdrawal && random() % 2 == 0) {
        record.consent_id = absl::StrCat("r-", random() % count);
      }
      const bool may_be_undone = record.kind != Kind::kWithdrawal && random() % 6 == 0;
      if (may_be_undone) record.undone_at = begin + absl::Hours(999);
    }
    // Two who are one may have had some of it each.
    Member person;
    person.id = testing::MemberNumber(1);
    std::shuffle(records.begin(), records.end(), random);
    for (const AdvocateRecord& record : records) {
      HistoryOf(testing::MemberNumber(1 + random() % 2), person).advocate.push_back(record);
    }
    const std::vector<TestifierChange> history =
        ViewOf(person, kSeoul, begin + absl::Hours(999)).testifier;
    size_t next = 0;
    TestifierState state = TestifierState::kNone;
    for (absl::Time at = begin; at < begin + absl::Hours(900); at += absl::Hours(1)) {
      while (next < history.size() && history[next].at <= at) state = history[next++].state;
      ASSERT_EQ(WordOf(state), WordOf(ByDefinition(records, at)))
          << "life " << life << " at " << at;
    }
  }
}

}  // namespace
}  // namespace dangol::domain
