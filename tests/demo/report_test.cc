#include "client/demo/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "client/demo/figures.h"
#include "client/demo/history.h"
#include "client/demo/table.h"

namespace dangol::demo {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// Larger than any demo, to see what still fits.
Figures LargeFigures() {
  Figures figures;
  figures.members = 5'000'000;
  figures.purchases = 98'000'000;
  figures.lines = 300'000'000;
  figures.won = 2'000'000'000'000;
  figures.points.set_issued(20'000'000'000);
  figures.points.set_pending(1'000'000'000);
  figures.points.set_available(9'000'000'000);
  figures.points.set_expired(10'000'000'000);
  for (int month = 1; month <= 12; ++month) {
    figures.revenue.push_back({.month = absl::CivilMonth(2026, month),
                               .purchases = 8'000'000,
                               .buyers = 2'000'000,
                               .won = 170'000'000'000});
    figures.expiries.push_back(
        {.month = absl::CivilMonth(2027, month), .points = 1'700'000'000LL * month});
  }
  figures.ladder.tiers = {{"bronze", "Bronze", 4'000'000, 123'456, 0},
                          {"silver", "Silver", 900'000, 12'345, 123'456},
                          {"gold", "Gold", 100'000, 0, 1'234}};
  figures.ladder.days = {{absl::CivilDay(2025, 3, 31), {4'900'000, 90'000, 10'000}}};
  figures.top.push_back({.card = "8800123456",
                         .name = "Hwang Donghyun",
                         .purchases = 1'234,
                         .won = 123'456'000,
                         .points = 1'234'560,
                         .last_purchase = absl::FromUnixSeconds(1'760'000'000)});
  figures.voices = {
      {"8800123456", "is named: print", "refused, SCOPE_WITHOUT_CONSENT"},
      {"8800123457", "complains, three hours ago", "open, escalated to head of care"}};
  return figures;
}

std::string Report(const Figures& figures, bool colours = false) {
  const ReportOptions options{.colours = colours, .zone = ShopTimeZone()};
  return MakeReport(figures, options) +
         MakeNextSteps(figures, {"sqlite:build/demo/dangol.db", "build/release/bin", ""}, options);
}

TEST(ReportTest, FitsEightyColumns) {
  const std::string text = Report(LargeFigures());
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    EXPECT_LE(Columns(line), 80) << line;
  }
}

TEST(ReportTest, IsColouredOnlyWhereAsked) {
  EXPECT_THAT(Report(LargeFigures(), false), Not(HasSubstr("\033")));
  EXPECT_THAT(Report(LargeFigures(), true), HasSubstr("\033"));
}

TEST(ReportTest, NamesTheStoreTheServerAndAMemberToTry) {
  const std::string text = Report(LargeFigures());
  EXPECT_THAT(text, HasSubstr("build/release/bin/dangold --store=sqlite:build/demo/dangol.db\n"));
  EXPECT_THAT(text, HasSubstr("build/release/bin/dangolctl stats\n"));
  EXPECT_THAT(text, HasSubstr("card:8800123456\n"));
}

TEST(ReportTest, TellsWhatTheServerSaidToWhoSpeaksAndToWhoComplains) {
  const std::string text = Report(LargeFigures());
  EXPECT_THAT(text, HasSubstr("refused, SCOPE_WITHOUT_CONSENT"));
  EXPECT_THAT(text, HasSubstr("open, escalated to head of care"));
}

TEST(ReportTest, WorksWithoutAnything) {
  const std::string text = Report(Figures{});
  EXPECT_THAT(text, HasSubstr("None."));
}

}  // namespace
}  // namespace dangol::demo
