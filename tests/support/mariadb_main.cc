// dangol_mariadb: a private MariaDB, or a cluster of three, to try a server with.

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/common/status_macros.h"
#include "tests/support/galera.h"
#include "tests/support/mariadb.h"
#include "tests/support/temporary_directory.h"

namespace dangol::testing {
namespace {

// Exit codes, after sysexits(3).
constexpr int kUsage = 64;
constexpr int kUnavailable = 69;

struct Flags {
  std::string directory;
  int buffer_pool_mib = 64;
  std::string database = "dangol";
  bool galera = false;
};

// The signals to end at: those of a person, and that of the kernel when the
// parent ends. They are waited for, and reach no other thread.
sigset_t BlockEndSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  const pid_t parent = getppid();
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) raise(SIGTERM);
  return signals;
}

void Announce(const std::string& url) {
  // Whoever starts this waits for this line.
  std::printf("mariadb listening at %s\n", url.c_str());
  std::fflush(stdout);
}

template <typename Database>
absl::Status Serve(absl::StatusOr<std::unique_ptr<Database>> started, const std::string& database,
                   const sigset_t& end_signals) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Database> running, std::move(started));
  RETURN_IF_ERROR(running->CreateDatabase(database));
  Announce(running->Url(database));
  int signal_number = 0;
  sigwait(&end_signals, &signal_number);
  const int code = running->Stop();
  return code == 0 ? absl::OkStatus() : absl::InternalError(absl::StrCat("it ended with ", code));
}

absl::Status Run(Flags flags, const sigset_t& end_signals) {
  std::optional<TemporaryDirectory> temporary;
  if (flags.directory.empty()) flags.directory = temporary.emplace().path();
  if (flags.galera) {
    return Serve(GaleraCluster::Start(flags.directory, flags.buffer_pool_mib), flags.database,
                 end_signals);
  }
  return Serve(
      MariaDb::Start({.directory = flags.directory, .buffer_pool_mib = flags.buffer_pool_mib}),
      flags.database, end_signals);
}

int Main(int argc, char** argv) {
  Flags flags;
  CLI::App app("dangol_mariadb, a private MariaDB until SIGTERM, SIGINT or the parent's end");
  app.option_defaults()->always_capture_default();
  app.add_option("--directory", flags.directory,
                 "Where its data is kept, and used again; by default, nowhere");
  app.add_option("--buffer-pool-mib", flags.buffer_pool_mib, "Memory for its pages, of each node")
      ->check(CLI::PositiveNumber);
  app.add_option("--database", flags.database, "A database to make, unless it is there");
  app.add_flag("--galera", flags.galera, "Run three nodes, in a directory that has none yet");
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    app.exit(error);
    return kUsage;
  }
  const sigset_t end_signals = BlockEndSignals();
  const absl::Status status = Run(flags, end_signals);
  if (status.ok()) return 0;
  std::fprintf(stderr, "dangol_mariadb: %s\n", std::string(status.message()).c_str());
  return kUnavailable;
}

}  // namespace
}  // namespace dangol::testing

int main(int argc, char** argv) { return dangol::testing::Main(argc, argv); }
