// VVIPs of every day of a year that is lived through day by day, against what follows from the
// year's rows by definition.

#include <gmock/gmock.h>

#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/civil_time.h"
#include "cli/app.h"
#include "dangol/connection.h"
#include "tests/e2e/dangold.h"
#include "tests/e2e/online_retail.h"
#include "tests/e2e/vvips_by_definition.h"
#include "tests/support/test_store.h"

namespace dangol::e2e {
namespace {

using ::testing::Gt;

using Days = std::set<absl::CivilDay>;

// Both histories begin on the first one. By the last one everything that was bought is judged.
const absl::CivilDay kFirstDay(2010, 12, 1);
const absl::CivilDay kLastDay(2011, 12, 11);

class VvipDaysTest : public DangoldTest, public ::testing::WithParamInterface<History> {
 protected:
  void SetUp() override {
    if (GetParam() == History::kReal && testing::OnMysql()) {
      GTEST_SKIP() << "days are the same on every store, and real ones take long enough on one";
    }
    std::ofstream(File("program.txtpb"))
        << absl::StrReplaceAll(ProgramText("shop", 10), {{"\"UTC\"", "\"Europe/London\""}})
        << "rfm {} vvip { department: \"concierge\" enter_basis_points: " << shares_.enter
        << " stay_basis_points: " << shares_.stay << " }\n";
    ASSERT_NO_FATAL_FAILURE(
        Start({"--program=" + File("program.txtpb"),
               absl::StrCat("--test-clock=", absl::FormatCivilTime(kFirstDay), "T23:59:59Z")}));
    const auto path = HistoryPath(GetParam(), File(""), 3'000);
    ASSERT_TRUE(path.ok()) << path.status();
    auto history = ReadHistoryDays(*path);
    ASSERT_TRUE(history.ok()) << history.status();
    history_ = *std::move(history);
  }

  // To the last second of a day: nothing that happens on it is in the future.
  void GoToEndOf(absl::CivilDay day) {
    absl::TimeZone london;
    ASSERT_TRUE(absl::LoadTimeZone("Europe/London", &london));
    v1::AdvanceClockRequest request;
    *request.mutable_to() = ToTimestamp(absl::FromCivil(absl::CivilSecond(day + 1) - 1, london));
    const auto moved = MakeClient().AdvanceClock(request);
    ASSERT_TRUE(moved.ok()) << moved.status();
  }

  // dangolctl as a part of this process: hundreds of processes would take most of the time.
  void Import(const HistoryDay& day) {
    if (day.rows.empty()) return;
    std::ofstream(File("day.csv"), std::ios::binary) << day.csv;
    const std::vector<std::string> command = ImportCommand(address(), File("day.csv"));
    std::vector<const char*> arguments;
    for (const std::string& argument : command) arguments.push_back(argument.c_str());
    std::ostringstream output;
    const auto connect = [&](const Options& options) {
      if (connection_ == nullptr) connection_ = MakeConnection(options);
      return connection_;
    };
    const cli::ExitCode code =
        cli::RunDangolctl(static_cast<int>(arguments.size()), arguments.data(),
                          {.out = output, .error = output, .connect = connect});
    ASSERT_EQ(code, cli::ExitCode::kOk) << output.str();
  }

  std::set<std::string> VvipsNow() {
    v1::ListAdvocatesRequest request;
    request.set_vvip_only(true);
    request.set_page_size(1'000);
    std::set<std::string> ids;
    for (const auto& advocate : MakeClient().ListAdvocates(request)) {
      EXPECT_TRUE(advocate.ok()) << advocate.status();
      if (!advocate.ok()) break;
      ids.insert(advocate->member_id());
    }
    return ids;
  }

  // The server lives through the year; who was told to be a VVIP on each day.
  void LiveOnServer() {
    for (absl::CivilDay day = kFirstDay; day <= kLastDay; ++day) {
      ASSERT_NO_FATAL_FAILURE(GoToEndOf(day)) << day;
      ASSERT_NO_FATAL_FAILURE(Import(history_[day])) << day;
      told_[day] = VvipsNow();
    }
    v1::ListMembersRequest request;
    request.set_page_size(1'000);
    for (const auto& member : MakeClient().ListMembers(request)) {
      ASSERT_TRUE(member.ok()) << member.status();
      const std::string& customer = member->aliases(0).value();
      customers_[member->member_id()] = customer;
      enrolments_[customer] = {ToTime(member->enrolled_at()), member->member_id()};
    }
  }

  std::set<std::string> CustomersOf(const std::set<std::string>& ids) {
    std::set<std::string> customers;
    for (const std::string& id : ids) customers.insert(customers_[id]);
    return customers;
  }

  // When the server says now that each customer was one.
  std::map<std::string, Days> DaysOnServer() {
    v1::ListAdvocatesRequest request;
    request.set_page_size(1'000);
    std::map<std::string, Days> days;
    for (const auto& advocate : MakeClient().ListAdvocates(request)) {
      EXPECT_TRUE(advocate.ok()) << advocate.status();
      if (!advocate.ok()) break;
      for (const v1::VvipSpan& span : advocate->vvip_history()) {
        absl::CivilDay day;
        absl::CivilDay until = kLastDay;
        EXPECT_TRUE(absl::ParseCivilTime(span.from(), &day));
        EXPECT_TRUE(span.until().empty() || absl::ParseCivilTime(span.until(), &until));
        for (; day <= until; ++day) days[customers_[advocate->member_id()]].insert(day);
      }
    }
    return days;
  }

  static void ExpectPlace(const v1::VvipRank& told, const VvipsByDefinition::Place& place) {
    EXPECT_EQ(told.member_id(), place.enrolment.member_id);
    EXPECT_EQ(told.spent_minor(), place.pence);
    EXPECT_EQ(told.purchases(), place.purchases);
    EXPECT_EQ(ToTime(told.enrolled_at()), place.enrolment.at);
  }

  void ExpectNorms(const VvipsByDefinition& expected) {
    std::map<absl::CivilDay, v1::VvipNorms> norms;
    for (const auto& one : MakeClient().ListNorms(v1::ListNormsRequest())) {
      ASSERT_TRUE(one.ok()) << one.status();
      absl::CivilDay from;
      ASSERT_TRUE(absl::ParseCivilTime(one->from(), &from)) << one->from();
      ASSERT_TRUE(norms.emplace(from, one->vvip()).second) << from;
    }
    for (const auto& [day, bar] : expected.bars()) {
      SCOPED_TRACE(absl::FormatCivilTime(day));
      // Those of the last day have not been computed yet.
      if (day > kLastDay + 1) continue;
      ASSERT_TRUE(norms.contains(day));
      EXPECT_EQ(norms[day].contributors(), static_cast<int64_t>(bar.contributors));
      ASSERT_EQ(norms[day].has_enter(), bar.enter.has_value());
      ASSERT_EQ(norms[day].has_stay(), bar.stay.has_value());
      if (bar.enter.has_value()) ExpectPlace(norms[day].enter(), *bar.enter);
      if (bar.stay.has_value()) ExpectPlace(norms[day].stay(), *bar.stay);
    }
  }

  // The history that is made up has forty customers: a hundredth of them is one.
  const VvipsByDefinition::Shares shares_ = GetParam() == History::kReal
                                                ? VvipsByDefinition::Shares{100, 150}
                                                : VvipsByDefinition::Shares{1'500, 2'250};
  std::shared_ptr<Connection> connection_;
  std::map<absl::CivilDay, HistoryDay> history_;
  std::map<absl::CivilDay, std::set<std::string>> told_;  // Their ids.
  std::map<std::string, std::string> customers_;          // By id.
  std::map<std::string, VvipsByDefinition::Enrolment> enrolments_;
};

INSTANTIATE_TEST_SUITE_P(, VvipDaysTest, ::testing::ValuesIn(Histories()), NameOf);

TEST_P(VvipDaysTest, TheyAreOnEachDayWhoByDefinitionAre) {
  ASSERT_NO_FATAL_FAILURE(LiveOnServer());
  VvipsByDefinition expected(shares_, enrolments_);
  int changes = 0;
  std::set<std::string> before;
  for (const auto& [day, ids] : told_) {
    expected.Live(day, history_[day].rows);
    std::set<std::string> now = expected.On(day);
    EXPECT_EQ(CustomersOf(ids), now) << day;
    changes += now == before ? 0 : 1;
    before = std::move(now);
  }
  // And in the end, when all that came back is known.
  EXPECT_EQ(DaysOnServer(), expected.days());
  ExpectNorms(expected);
  // A year in which nothing happens would prove nothing.
  EXPECT_THAT(changes, Gt(20));
  EXPECT_THAT(expected.CountStays(), Gt(20));
  ExpectSoundBooks(MakeClient());
}

}  // namespace
}  // namespace dangol::e2e
