// The example in docs/guide/points.md, line by line.

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "tests/domain/scenario.h"

namespace dangol::domain {
namespace {

struct Step {
  absl::Time at;
  std::vector<std::string> words;
  std::string balances;
};

// The rows of the example's table: their second cell is a command in backticks.
std::vector<Step> ReadSteps() {
  std::vector<Step> steps;
  std::ifstream file(DANGOL_POINTS_GUIDE);
  for (std::string line; std::getline(file, line);) {
    std::vector<std::string> cells = absl::StrSplit(line, '|');
    for (std::string& cell : cells) absl::StripAsciiWhitespace(&cell);
    if (cells.size() != 7 || cells[2].empty() || cells[2][0] != '`') continue;
    Step step;
    step.words = absl::StrSplit(absl::StrReplaceAll(cells[2], {{"`", ""}}), ' ');
    // What time does is looked at right after midnight.
    step.at =
        testing::Utc(absl::StrCat(cells[1], step.words[0] == "wait" ? " 00:00:01" : " 12:00:00"));
    step.balances = absl::StrCat(cells[3], " ", cells[4], " ", cells[5]);
    steps.push_back(std::move(step));
  }
  return steps;
}

int64_t Number(const std::string& text) {
  int64_t number = 0;
  EXPECT_TRUE(absl::SimpleAtoi(absl::StrReplaceAll(text, {{".", ""}}), &number)) << text;
  return number;
}

RecordPurchase Purchase(const Step& step, const Scenario& life) {
  RecordPurchase record;
  record.member = life.Me();
  record.purchase = testing::PurchaseOf({testing::Line(Number(step.words[3]))});
  record.purchase.purchase_id = step.words[1];
  record.purchase.lines[0].quantity = Number(step.words[2]);
  return record;
}

RecordReturn Return(const Step& step, const Scenario& life) {
  RecordReturn record;
  record.member = life.Me();
  record.return_id = absl::StrCat("return ", absl::FormatTime(step.at));
  record.purchase_id = step.words[1];
  record.lines = {{static_cast<int>(Number(step.words[2])), "", Number(step.words[3]), 0}};
  return record;
}

ReservePoints Reservation(const Step& step, const Scenario& life) {
  ReservePoints reserve;
  reserve.member = life.Me();
  reserve.reservation_id = step.words[1];
  reserve.points = Number(step.words[2]);
  reserve.time_to_live = absl::Hours(24 * 7);
  return reserve;
}

Action ActionOf(const Step& step, const Scenario& life) {
  const std::string& verb = step.words[0];
  if (verb == "buy") return Purchase(step, life);
  if (verb == "return") return Return(step, life);
  if (verb == "reserve") return Reservation(step, life);
  if (verb == "capture") return CapturePoints{life.Me(), step.words[1], Number(step.words[2])};
  if (verb == "void") return VoidReservation{life.Me(), step.words[1]};
  EXPECT_EQ(verb, "wait");
  return AdvanceMember{life.Me()};
}

TEST(PointsGuideTest, TheExampleIsTrue) {
  Program program = testing::SimpleProgram();
  program.wallets[0].pending_days = 14;
  program.wallets[0].expiry = {Expiry::Policy::kAfter, 0, 60, 0};
  Scenario life(program);
  const std::vector<Step> steps = ReadSteps();
  EXPECT_GE(steps.size(), 15u);
  for (const Step& step : steps) {
    const std::string what =
        absl::StrCat(absl::FormatTime(step.at), " ", absl::StrJoin(step.words, " "));
    const auto outcome = life.Do(ActionOf(step, life), step.at);
    ASSERT_TRUE(outcome.ok()) << what << ": " << outcome.status();
    const Account account = AccountOf(life.state(), "points");
    EXPECT_EQ(absl::StrCat(account.pending, " ", account.available, " ", account.held),
              step.balances)
        << what;
  }
}

}  // namespace
}  // namespace dangol::domain
