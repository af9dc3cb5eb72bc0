#include "server/flags.h"

#include <algorithm>
#include <cstdlib>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "server/common/limits.h"
#include "server/storage/open_store.h"
#include "server/storage/storage.h"

namespace dangol {
namespace {

void AddAccessFlags(CLI::App& app, ServeOptions& options) {
  app.add_option("--tls-cert", options.tls.certificate,
                 "Speak TLS, with the certificate in this PEM file, and those that lead to its "
                 "authority; replaced without a restart");
  app.add_option("--tls-key", options.tls.key,
                 "The PEM file with the private key of the certificate, without a passphrase");
  app.add_option("--tls-client-ca", options.tls.client_ca,
                 "Let in only who shows a certificate of the authorities in this PEM file; it "
                 "names who acts");
  app.add_option("--access", options.access,
                 "Who may call and as what, a dangol.v1.AccessPolicy in protobuf text format; "
                 "replaced without a restart. Without it whoever is let in by the connection may "
                 "do everything");
  app.add_flag("--insecure", options.insecure,
               "Listen beyond loopback even without TLS or without --access: whoever reaches the "
               "port can then read, and write, what they should not");
}

void AddStoreFlags(CLI::App& app, ServeOptions& options) {
  app.add_option(
      "--store", options.store,
      "Where to keep everything: sqlite:PATH, or mysql://USER:PASSWORD@HOST:PORT,.../DATABASE");
  app.add_option(
      "--program", options.program,
      "The rules, a dangol.v1.Program in protobuf text format; activated when the store first sees "
      "them. A new store without a file gets a sample program");
  app.add_option("--test-clock", options.test_clock,
                 "Go by a clock that stands still until it is advanced, and begins at this time, "
                 "such as 2026-01-01T00:00:00+09:00. A new store becomes a test store for ever; "
                 "of one that is there the clock goes on; any other store is refused");
}

void AddLoadFlags(CLI::App& app, ServeOptions& options) {
  app.add_option("--lanes", options.lanes,
                 "Batches committed at once; 0: as many as the store has use for")
      ->check(CLI::Range(0, storage::kPartitions));
  app.add_option("--batch-limit", options.batch_limit, "Commands committed together at most")
      ->check(CLI::Range(size_t{1}, limits::kMaxCommandsPerCommit));
  app.add_option("--drain-seconds", options.drain_seconds,
                 "How long calls may take to finish after SIGTERM")
      ->check(CLI::Range(0, 86'400));
}

// What is set, and not what is asked for.
bool IsSetting(const CLI::Option& option) {
  return !option.get_lnames().empty() && option.get_name() != "--help" &&
         option.get_name() != "--version" && option.get_name() != "--config" &&
         option.get_name() != "--check" && option.get_name() != "--print-config";
}

std::string VariableOf(const CLI::Option& option) {
  const std::string name = absl::StrReplaceAll(option.get_lnames().front(), {{"-", "_"}});
  return absl::StrCat("DANGOLD_", absl::AsciiStrToUpper(name));
}

}  // namespace

void AddFlags(CLI::App& app, Flags& flags) {
  app.option_defaults()->always_capture_default();
  app.add_option("--listen", flags.serve.listen,
                 "Where to listen, HOST:PORT; port 0 lets the system choose");
  app.add_option("--metrics-listen", flags.serve.metrics_listen,
                 "Where Prometheus reads http://HOST:PORT/metrics, in plain text and whoever it "
                 "is; nowhere when empty");
  AddStoreFlags(app, flags.serve);
  AddAccessFlags(app, flags.serve);
  AddLoadFlags(app, flags.serve);
  app.add_option("--log-level", flags.log_level, "What to log on stderr")
      ->check(CLI::IsMember({"debug", "info", "warn", "error", "off"}));
  app.add_option("--log-format", flags.log_format, "text for people, or json: an object a line")
      ->check(CLI::IsMember({"text", "json"}));
  app.add_option("--log-calls", flags.serve.log_calls,
                 "Log one in so many calls, with the id of its request and the caller's trace; 0: "
                 "only those that end by a fault of the server")
      ->check(CLI::Range(int64_t{0}, int64_t{1'000'000'000}));
  app.add_flag("--check", flags.check,
               "Read every file and say what is wrong with it, or nothing, and end; the store is "
               "not opened");
  app.add_flag("--print-config", flags.print_config,
               "Print every setting as it would be, in the form of a --config file, and end");
  app.set_version_flag("--version", "dangold " DANGOL_VERSION);
  app.set_config("--config", "",
                 "A file of settings, as --print-config prints them; a variable of the environment "
                 "goes before it, and a flag before both");
  app.allow_config_extras(CLI::config_extras_mode::error);
  // What is said last counts.
  for (CLI::Option* option : app.get_options()) {
    option->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  }
}

void Parse(int argc, const char* const* argv, CLI::App& app) {
  std::vector<std::string> words;
  for (const CLI::Option* option : app.get_options()) {
    if (!IsSetting(*option)) continue;
    const char* const value = std::getenv(VariableOf(*option).c_str());
    if (value == nullptr || *value == '\0') continue;
    words.push_back(absl::StrCat("--", option->get_lnames().front(), "=", value));
  }
  words.insert(words.end(), argv + 1, argv + argc);
  // CLI11 takes them from the end.
  std::reverse(words.begin(), words.end());
  app.parse(std::move(words));
}

std::string Settings(const CLI::App& app) {
  std::string text;
  for (const CLI::Option* option : app.get_options()) {
    if (!IsSetting(*option)) continue;
    std::string value = option->empty() ? option->get_default_str() : option->as<std::string>();
    if (option->get_lnames().front() == "store") value = storage::WithoutPassword(value);
    if (value.empty()) continue;
    // A flag has no default text.
    const bool is_bare = value == "true" || value == "false" ||
                         value.find_first_not_of("0123456789") == std::string::npos;
    absl::StrAppend(&text, option->get_lnames().front(), " = ", is_bare ? "" : "\"", value,
                    is_bare ? "" : "\"", "\n");
  }
  return text;
}

}  // namespace dangol
