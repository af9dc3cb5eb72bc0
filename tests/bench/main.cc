#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/common/status_macros.h"
#include "tests/bench/bench.h"
#include "tests/bench/echo_server.h"
#include "tests/bench/figures.h"
#include "tests/bench/interrupt.h"
#include "tests/bench/process.h"
#include "tests/bench/report.h"

namespace dangol::bench {
namespace {

struct Flags {
  std::string json;
  std::string store = "sqlite";
  std::string dangold = ProgramDirectory() + "/dangold";
  std::string decide_benchmark = ProgramDirectory() + "/decide_benchmark";
  std::string directory = std::filesystem::path(ProgramDirectory()).parent_path().string();
  std::vector<int> figures = {KnownFigures().begin(), KnownFigures().end()};
  int rounds = 3;
  bool quick = false;
  EchoOptions echo;
};

void Declare(CLI::App& app, Flags& flags) {
  app.add_option("--json", flags.json, "Write the figures to this file too");
  app.add_option("--store", flags.store, "The storage engine to measure")
      ->check(CLI::IsMember({"sqlite"}));
  app.add_option("--figures", flags.figures, "Only these, by their number")
      ->delimiter(',')
      ->check(CLI::IsMember(KnownFigures()));
  app.add_flag("--quick", flags.quick, "Within a minute, and less exact");
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

absl::Status WriteJson(const std::string& path, const std::string& json) {
  std::ofstream file(path);
  file << json << "\n";
  file.close();
  return file ? absl::OkStatus() : absl::UnavailableError(absl::StrCat("cannot write ", path));
}

absl::Status RunBench(const Flags& flags) {
  CatchInterrupts();
  ASSIGN_OR_RETURN(const std::unique_ptr<TemporaryDirectory> directory,
                   TemporaryDirectory::Make(flags.directory));
  if (IsInMemory(directory->path())) {
    std::cerr << flags.directory << " is kept in memory, where durability costs nothing\n";
  }
  Bench bench({.dangold = flags.dangold,
               .decide_benchmark = flags.decide_benchmark,
               .directory = directory->path(),
               .members = flags.quick ? 2'000u : 10'000u,
               .slice = flags.quick ? absl::Milliseconds(700) : absl::Seconds(3)});
  const std::set<int> figures(flags.figures.begin(), flags.figures.end());
  for (int round = 1; round <= flags.rounds; ++round) {
    std::cerr << "round " << round << " of " << flags.rounds << "\n";
    RETURN_IF_ERROR(bench.RunRound(ProbesOf(figures)));
  }
  const std::vector<ReportRow> rows = Judge(figures, bench.samples());
  PrintTable(rows, std::cout);
  return flags.json.empty() ? absl::OkStatus() : WriteJson(flags.json, ToJson(rows, flags.store));
}

int Main(int argc, char** argv) {
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
