// dangol_demo: replays a made-up history against a server, and reports.
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/demo/facts.h"
#include "client/demo/figures.h"
#include "client/demo/history.h"
#include "client/demo/progress.h"
#include "client/demo/replay.h"
#include "client/demo/report.h"
#include "client/demo/voices.h"
#include "dangol/client.h"

namespace dangol::demo {
namespace {

// The wallet of the program that dangold has built in.
constexpr char kWallet[] = "points";

struct Flags {
  std::string server = "127.0.0.1:7420";
  Places places{
      .store = "sqlite:build/demo/dangol.db", .programs = "build/release/bin", .database = ""};
  uint64_t seed = HistoryOptions{}.seed;
  int members = HistoryOptions{}.members;
};

absl::Status Replay(const Client& client, const History& history, bool terminal) {
  Progress enrolling("Enrolling members", static_cast<int64_t>(history.members.size()), terminal);
  if (absl::Status status = EnrolMembers(client, history, enrolling); !status.ok()) return status;
  enrolling.Finish();
  Progress recording("Recording purchases", static_cast<int64_t>(history.purchases.size()),
                     terminal);
  if (absl::Status status = RecordPurchases(client, history, recording); !status.ok()) {
    return status;
  }
  recording.Finish();
  return absl::OkStatus();
}

absl::StatusOr<Figures> Ask(Client client, bool terminal) {
  const absl::StatusOr<v1::GetTotalsResponse> totals = client.GetTotals();
  if (!totals.ok()) return totals.status();
  Progress reading("Reading members", totals->members(), terminal);
  const absl::StatusOr<std::vector<MemberFacts>> facts = GatherFacts(client, kWallet, reading);
  if (!facts.ok()) return facts.status();
  reading.Finish();
  Figures figures = MakeFigures(*totals, kWallet, *facts, absl::Now(), ShopTimeZone());
  absl::StatusOr<Ladder> ladder = AskLadder(client);
  if (!ladder.ok()) return ladder.status();
  figures.ladder = *std::move(ladder);
  figures.coming_back = MakeComingBack(*facts);
  AddMigration(*facts, absl::ToCivilDay(absl::Now(), ShopTimeZone()), figures.ladder);
  return figures;
}

absl::Status Run(const Flags& flags) {
  Options options;
  options.endpoint = flags.server;
  // A demo shares its machine with the server and whatever else runs.
  options.deadline = absl::Minutes(1);
  const Client client(MakeConnection(options));
  const bool terminal = isatty(STDERR_FILENO) == 1;

  const History history =
      GenerateHistory({.seed = flags.seed, .members = flags.members, .until = absl::Now()});
  if (absl::Status status = Replay(client, history, terminal); !status.ok()) return status;
  absl::StatusOr<Figures> figures = Ask(client, terminal);
  if (!figures.ok()) return figures.status();
  if (figures->top.size() >= 2) {
    absl::StatusOr<std::vector<VoiceStep>> voices =
        HearVoices(client, figures->top[0].card, figures->top[1].card);
    if (!voices.ok()) return voices.status();
    figures->voices = *std::move(voices);
  }

  const ReportOptions report{.colours = isatty(STDOUT_FILENO) == 1, .zone = ShopTimeZone()};
  const std::string text =
      absl::StrCat(MakeReport(*figures, report), MakeNextSteps(*figures, flags.places, report));
  std::fwrite(text.data(), 1, text.size(), stdout);
  return absl::OkStatus();
}

int Main(int argc, char** argv) {
  Flags flags;
  CLI::App app("Replays two years of a made-up chain of shops against a Dangol server.");
  app.add_option("--server", flags.server, "HOST:PORT of dangold")->capture_default_str();
  app.add_option("--store", flags.places.store,
                 "where that server keeps its data (only named at the end)")
      ->capture_default_str();
  app.add_option("--programs", flags.places.programs,
                 "folder of the programs (only named at the end)")
      ->capture_default_str();
  app.add_option("--database", flags.places.database,
                 "command that starts its database again (only named at the end)");
  app.add_option("--seed", flags.seed, "another seed makes other members")->capture_default_str();
  app.add_option("--members", flags.members, "how many")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  if (absl::Status status = Run(flags); !status.ok()) {
    absl::FPrintF(stderr, "\ndangol_demo: %s\n", status.message());
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace dangol::demo

int main(int argc, char** argv) { return dangol::demo::Main(argc, argv); }
