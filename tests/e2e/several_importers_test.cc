// A purchase history, made up and real, through three servers at once: it ends as if it
// had been one, on a file.

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/e2e/dangold.h"
#include "tests/e2e/online_retail.h"
#include "tests/e2e/servers.h"

namespace dangol::e2e {
namespace {

using Json = nlohmann::json;

// Points go through their whole life. There is no welcome: which purchase of a
// member is recorded first is a matter of chance.
constexpr char kProgram[] = R"(
name: "without a welcome"
time_zone: "Asia/Seoul"
currencies { code: "GBP" minor_digits: 2 }
wallets { id: "points" pending_days: 14 expiry { after { months: 24 } } }
earning_rules {
  id: "base" wallet: "points" qualifying: true
  rates { currency: "GBP" points: 1 per_minor: 10 }
}
)";

class SeveralImportersTest : public ServersTest, public ::testing::WithParamInterface<History> {
 protected:
  void SetUp() override {
    std::ofstream(directory_.File("program.txtpb")) << kProgram;
    flags_ = {"--program=" + directory_.File("program.txtpb")};
    ServersTest::SetUp();
  }

  // Runs programs at the same time; what each of them printed.
  std::vector<Json> RunTogether(const std::vector<std::vector<std::string>>& commands) {
    std::vector<testing::Process> processes;
    for (std::vector<std::string> command : commands) {
      command.insert(command.begin(), {"/usr/bin/timeout", "--signal=KILL", "300"});
      auto process =
          testing::Process::Start(command, directory_.File(absl::StrCat("output-", ++runs_)));
      EXPECT_TRUE(process.ok()) << process.status();
      if (process.ok()) processes.push_back(*std::move(process));
    }
    std::vector<Json> outputs;
    for (testing::Process& process : processes) {
      EXPECT_EQ(process.Wait(), 0) << process.Output();
      outputs.push_back(Json::parse(process.Output(), nullptr, /*allow_exceptions=*/false));
      EXPECT_FALSE(outputs.back().is_discarded()) << process.Output();
    }
    return outputs;
  }

  Json StatsOf(const std::string& address) {
    Json stats = RunTogether({{testing::ProgramPath("dangolctl"), "--server=" + address,
                               "--output=json", "stats"}})
                     .at(0);
    EXPECT_TRUE(stats.erase("as_of"));
    return stats;
  }

  // What the parts come to with one server on a file.
  Json StatsOnSqlite(const std::vector<std::string>& parts) {
    const auto server =
        testing::ServerProcess::Start({.store = "sqlite:" + directory_.File("dangol.db"),
                                       .more = flags_,
                                       .directory = directory_.path()});
    EXPECT_TRUE(server.ok()) << server.status();
    if (!server.ok()) return {};
    for (const std::string& part : parts) RunTogether({ImportCommand(server->address(), part)});
    return StatsOf(server->address());
  }

  // Has each server import its part, all at the same time. The sums of the reports.
  Json ImportParts(const std::vector<std::string>& parts) {
    std::vector<std::vector<std::string>> commands;
    for (int server = 0; server < kServers; ++server)
      commands.push_back(ImportCommand(address(server), parts[server]));
    Json sums = Json::object();
    for (const Json& report : RunTogether(commands)) {
      for (const char* figure :
           {"rows_read", "rows_rejected", "purchases_recorded", "purchases_replayed"}) {
        sums[figure] = sums.value(figure, int64_t{0}) + report.value(figure, int64_t{0});
      }
    }
    return sums;
  }

  testing::TemporaryDirectory directory_;
  int runs_ = 0;
};

INSTANTIATE_TEST_SUITE_P(, SeveralImportersTest, ::testing::ValuesIn(Histories()), NameOf);

TEST_P(SeveralImportersTest, ThirdsAddUpToTheHistory) {
  const auto path = HistoryPath(GetParam(), directory_.path(), 600);
  ASSERT_TRUE(path.ok()) << path.status();
  const auto figures = ReadHistory(*path);
  ASSERT_TRUE(figures.ok()) << figures.status();
  const auto parts = SplitHistory(*path, directory_.path(), kServers);
  ASSERT_TRUE(parts.ok()) << parts.status();
  const Json expected = StatsOnSqlite(*parts);
  EXPECT_EQ(expected["members"], figures->buyers);
  EXPECT_EQ(expected["purchases"], figures->purchases);

  const Json first = ImportParts(*parts);
  // Without the cancellations, of which some name nobody.
  EXPECT_EQ(first, Json({{"rows_read", figures->rows - figures->rows_cancelled},
                         {"rows_rejected", figures->rows_without_customer -
                                               figures->rows_cancelled_without_customer},
                         {"purchases_recorded", figures->purchases},
                         {"purchases_replayed", 0}}));
  for (int server = 0; server < kServers; ++server) {
    const Json stats = StatsOf(address(server));
    EXPECT_EQ(stats, expected) << Json::diff(expected, stats).dump(1);
  }

  // Each third through another server than before.
  const Json second = ImportParts({parts->at(1), parts->at(2), parts->at(0)});
  EXPECT_EQ(second["purchases_recorded"], 0);
  EXPECT_EQ(second["purchases_replayed"], figures->purchases);
  const Json stats = StatsOf(address(0));
  EXPECT_EQ(stats, expected) << Json::diff(expected, stats).dump(1);
}

}  // namespace
}  // namespace dangol::e2e
