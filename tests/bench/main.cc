#include <signal.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/common/status_macros.h"
#include "tests/bench/bench.h"
#include "tests/bench/echo_server.h"
#include "tests/bench/engine.h"
#include "tests/bench/figures.h"
#include "tests/bench/interrupt.h"
#include "tests/bench/process.h"
#include "tests/bench/report.h"

namespace dangol::bench {
namespace {

struct Flags {
  std::string json;
  std::string store = "sqlite";
  std::optional<int> buffer_pool_mib;
  uint64_t seeded_members = 1'000'000;
  std::optional<uint64_t> reviewed_members;
  std::optional<uint64_t> year_members;
  std::string dangold = ProgramDirectory() + "/dangold";
  std::string decide_benchmark = ProgramDirectory() + "/decide_benchmark";
  std::string directory = std::filesystem::path(ProgramDirectory()).parent_path().string();
  std::vector<std::string> figures = FigureNames(DefaultFigures());
  int rounds = 3;
  bool compare = false;
  bool quick = false;
  EchoOptions echo;
};

void Declare(CLI::App& app, Flags& flags) {
  app.add_option("--json", flags.json, "Write the figures to this file too");
  CLI::Option* store = app.add_option("--store", flags.store, "The storage engine to measure")
                           ->check(CLI::IsMember(KnownEngines()));
  app.add_flag("--compare", flags.compare, "Measure every storage engine, by turns")
      ->excludes(store);
  app.add_option("--buffer-pool-mib", flags.buffer_pool_mib,
                 "Of the MariaDB that is started; 1024 by default, 6144 for figure 9")
      ->check(CLI::Range(16, 1 << 20));
  app.add_option("--seeded-members", flags.seeded_members,
                 "Members of figure 9's full store, with 20 ledger entries each; a million by "
                 "default")
      ->check(CLI::Range(1'000, 10'000'000));
  app.add_option("--reviewed-members", flags.reviewed_members,
                 "Members of figure 12, who are reviewed at one midnight; a hundred thousand by "
                 "default, ten thousand with --quick")
      ->check(CLI::Range(1'000, 10'000'000));
  app.add_option("--year-members", flags.year_members, "Members of figure 13c, as many by default")
      ->check(CLI::Range(1'000, 10'000'000));
  app.add_option(
         "--figures", flags.figures,
         "Only these. 1r and 2r are 1 and 2 with the rich program and members who have "
         "bought every week for two years, 1t is 1 with members who were brought by another, "
         "1a is 1 by tills with tokens, 1m is 1 while Prometheus could look. "
         "1t and 9 are measured only where they are named: 1t enrolls two hundred thousand "
         "members, forty thousand with --quick; 9 fills a store for some minutes, and takes "
         "tens of GB of the disk")
      ->delimiter(',')
      ->check(CLI::IsMember(FigureNames(KnownFigures())));
  app.add_flag("--quick", flags.quick, "Within two minutes, and less exact");
  app.add_option("--rounds", flags.rounds, "Rounds to take the median of")
      ->check(CLI::Range(1, 99));
  app.add_option("--server", flags.dangold, "The dangold to measure");
  app.add_option("--directory", flags.directory, "Where stores are written: a real disk")
      ->check(CLI::ExistingDirectory);
  CLI::App* echo = app.add_subcommand("echo-server", "Serve calls that do nothing")->group("");
  echo->add_option("--port", flags.echo.port)->required();
  echo->add_option("--purchase-reply", flags.echo.purchase_reply)->required();
  echo->add_option("--balance-reply", flags.echo.balance_reply)->required();
}

// For the full store as much as leaves the half of a machine of 16 GiB to others.
int BufferPoolMib(const Flags& flags, const std::set<int>& figures) {
  return flags.buffer_pool_mib.value_or(figures.contains(9) ? 6144 : 1024);
}

absl::StatusOr<std::vector<std::unique_ptr<Engine>>> MakeEngines(
    const std::vector<std::string>& names, const EngineOptions& options) {
  std::vector<std::unique_ptr<Engine>> engines;
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(std::unique_ptr<Engine> engine, MakeEngine(name, options));
    engines.push_back(std::move(engine));
  }
  return engines;
}

absl::StatusOr<std::vector<StoreReport>> Measure(const Flags& flags, const std::string& directory) {
  const std::vector<std::string> names =
      flags.compare ? KnownEngines() : std::vector<std::string>{flags.store};
  const std::set<int> figures = FiguresNamed(flags.figures);
  ASSIGN_OR_RETURN(std::vector<std::unique_ptr<Engine>> engines,
                   MakeEngines(names, {.directory = directory,
                                       .buffer_pool_mib = BufferPoolMib(flags, figures)}));
  const uint64_t midnight_members = flags.quick ? 10'000u : 100'000u;
  Bench bench({.dangold = flags.dangold,
               .decide_benchmark = flags.decide_benchmark,
               .directory = directory,
               .members = flags.quick ? 2'000u : 10'000u,
               .seeded_members = flags.seeded_members,
               .reviewed_members = flags.reviewed_members.value_or(midnight_members),
               .year_members = flags.year_members.value_or(midnight_members),
               .rich_members = flags.quick ? 2'000u : 4'000u,
               .tree_members = flags.quick ? 20'000u : 100'000u,
               .slice = flags.quick ? absl::Milliseconds(700) : absl::Seconds(3)},
              std::move(engines));
  for (int round = 1; round <= flags.rounds; ++round) {
    std::cerr << "round " << round << " of " << flags.rounds << "\n";
    RETURN_IF_ERROR(bench.RunRound(ProbesOf(figures)));
  }
  std::vector<StoreReport> reports;
  for (size_t i = 0; i < names.size(); ++i) {
    reports.push_back({names[i], Judge(figures, bench.SamplesOf(i), names[i])});
  }
  return reports;
}

absl::Status RunBench(const Flags& flags) {
  CatchInterrupts();
  ASSIGN_OR_RETURN(const std::unique_ptr<TemporaryDirectory> directory,
                   TemporaryDirectory::Make(flags.directory));
  if (IsInMemory(directory->path())) {
    std::cerr << flags.directory << " is kept in memory, where durability costs nothing\n";
  }
  ASSIGN_OR_RETURN(const std::vector<StoreReport> reports, Measure(flags, directory->path()));
  if (flags.compare) {
    PrintComparison(reports[0], reports[1], std::cout);
  } else {
    PrintTable(reports[0].rows, std::cout);
  }
  return flags.json.empty() ? absl::OkStatus() : WriteFile(flags.json, ToJson(reports) + "\n");
}

int Main(int argc, char** argv) {
  // A reader that goes away makes an error of write(), not an end.
  signal(SIGPIPE, SIG_IGN);
  Flags flags;
  CLI::App app{"Measures dangold, in relation to what the machine can do."};
  Declare(app, flags);
  CLI11_PARSE(app, argc, argv);
  const bool is_echo_server = app.got_subcommand("echo-server");
  const absl::Status status = is_echo_server ? RunEchoServer(flags.echo) : RunBench(flags);
  if (status.ok()) return 0;
  std::cerr << "dangol_bench: " << status.message() << "\n";
  return 1;
}

}  // namespace
}  // namespace dangol::bench

int main(int argc, char** argv) { return dangol::bench::Main(argc, argv); }
