// What another program would have made of a whole year of a shop, against what it makes of the
// year where it is in force from the beginning.

#include <gmock/gmock.h>

#include <array>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "dangol/error.h"
#include "tests/e2e/dangold.h"
#include "tests/e2e/online_retail.h"

namespace dangol::e2e {
namespace {

// The day after the last one of the real history.
constexpr char kNow[] = "2011-12-10T12:00:00+00:00";

std::string Shop(const std::string& more) {
  return absl::StrCat(
      absl::StrReplaceAll(ProgramText("shop", 10), {{"\"UTC\"", "\"Europe/London\""}}), more);
}

const std::string& Present() {
  static const auto* const program =
      new std::string(Shop("incentives { id: \"card\" punch_card { places: 10 max_per_day: 1 }"
                           " reward { wallet: \"points\" points: 500 } }"));
  return *program;
}

// Another card, a second visit, a milestone, and a tier that earns more.
const std::string& Draft() {
  static const auto* const program = new std::string(Shop(
      "incentives { id: \"card\" punch_card { places: 5 max_per_day: 1 }"
      " reward { wallet: \"points\" points: 200 } }"
      "incentives { id: \"again\" return_within { days: 30 second_only: true }"
      " reward { wallet: \"points\" points: 77 } }"
      "incentives { id: \"much\" spend_milestone { amount { currency: \"GBP\" minor: 100000 } }"
      " window { calendar: CALENDAR_WINDOW_QUARTER } reward { wallet: \"points\""
      " boost { percent: 50 next_purchase: true } } }"
      "ladders { id: \"main\" qualification { rolling { months: 12 } } tiers { id: \"base\" }"
      " tiers { id: \"gold\" reach { net_spend: \"GBP\" at_least: 200000 }"
      " entry_gift { wallet: \"points\" points: 1000 } } }"
      "multipliers { id: \"gold\" wallet: \"points\" factor { numerator: 2 denominator: 1 }"
      " when { tier { tiers: \"gold\" } } }"));
  return *program;
}

// What a rule has given: members, times and points.
using Given = std::map<std::string, std::tuple<int64_t, int64_t, int64_t>>;

struct SimulatedYear {
  Given now;
  Given then;
  int64_t refused = 0;
  int64_t liability_now = 0;
  int64_t liability_then = 0;
};

void AddTo(Given& given, const std::string& rule, int64_t members, int64_t times, int64_t points) {
  if (times == 0) return;
  auto& [all_members, all_times, all_points] = given[rule];
  all_members += members;
  all_times += times;
  all_points += points;
}

class ProgramSimulationTest : public DangoldTest, public ::testing::WithParamInterface<History> {
 protected:
  void SetUp() override {}

  // A server of its own, which has had a program for the whole year.
  void StartWith(const std::string& program, const std::string& store,
                 std::optional<testing::ServerProcess>& server) {
    const std::string file = File(absl::StrCat("program-", ++servers_, ".txtpb"));
    std::ofstream(file) << program;
    auto started = testing::ServerProcess::Start(
        {.store = store,
         .more = {"--program=" + file, absl::StrCat("--test-clock=", kNow)},
         .directory = directories_[static_cast<size_t>(servers_ - 1)].path()});
    ASSERT_TRUE(started.ok()) << started.status();
    server.emplace(*std::move(started));
    const auto path = HistoryPath(GetParam(), File(""), 600);
    ASSERT_TRUE(path.ok()) << path.status();
    const Ended ended =
        RunToEnd(ImportCommand(server->address(), *path), File(absl::StrCat("import-", servers_)));
    ASSERT_EQ(ended.code, 0) << ended.output;
  }

  static SimulatedYear Simulate(const std::string& address, const std::string& program) {
    SimulatedYear year;
    v1::SimulateProgramRequest request;
    request.set_program_text(program);
    *request.mutable_from() = ToTimestamp(absl::UnixEpoch());
    request.set_page_size(100);
    Client client = PatientClient(address);
    do {
      const auto page = client.SimulateProgram(request);
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) return year;
      year.refused += page->refused();
      for (const v1::SimulatedPoints& one : page->given()) {
        AddTo(year.now, one.rule_id(), one.members_now(), one.times_now(), one.points_now());
        AddTo(year.then, one.rule_id(), one.members_then(), one.times_then(), one.points_then());
      }
      for (const v1::SimulatedLiability& one : page->liabilities()) {
        year.liability_now += one.points_now();
        year.liability_then += one.points_then();
      }
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return year;
  }

 private:
  std::array<testing::TemporaryDirectory, 2> directories_;
  int servers_ = 0;
};

INSTANTIATE_TEST_SUITE_P(, ProgramSimulationTest, ::testing::ValuesIn(Histories()), NameOf);

TEST_P(ProgramSimulationTest, IsWhatTheProgramMakesOfTheSameYear) {
  std::optional<testing::ServerProcess> present;
  ASSERT_NO_FATAL_FAILURE(StartWith(Present(), store_url(), present));
  const SimulatedYear simulated = Simulate(present->address(), Draft());
  EXPECT_EQ(simulated.refused, 0);
  const SimulatedYear same = Simulate(present->address(), Present());
  EXPECT_EQ(same.now, same.then);
  EXPECT_EQ(same.liability_now, same.liability_then);

  const testing::TestStore other;
  std::optional<testing::ServerProcess> draft;
  ASSERT_NO_FATAL_FAILURE(StartWith(Draft(), other.url(), draft));
  // What it makes of the year itself is what is there.
  const SimulatedYear real = Simulate(draft->address(), Draft());
  EXPECT_EQ(simulated.then, real.now);
  EXPECT_EQ(simulated.liability_then, real.liability_now);
  EXPECT_NE(simulated.then, simulated.now);
  EXPECT_GT(std::get<1>(simulated.then.at("incentive:again")), 0);
  EXPECT_GT(std::get<1>(simulated.then.at("gold")), 0);
}

}  // namespace
}  // namespace dangol::e2e
