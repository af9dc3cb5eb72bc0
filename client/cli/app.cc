#include "cli/app.h"

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/commands.h"
#include "cli/completion.h"
#include "cli/context.h"

namespace dangol::cli {
namespace {

constexpr char kFooter[] =
    R"(--server, --context, --output, --why, --tls... and --token-file may stand anywhere on the command line.
A member is named by their id, or by an alias as kind:value, such as card:4005.

exit codes:
  0  done
  1  another error, such as a file that can't be read to its end
  2  the command line is wrong
  3  the server or dangolctl found an argument or a file invalid
  4  not found
  5  in conflict with what is recorded: exists already, or not possible now
  6  the server can't be reached, is overloaded, or took too long
  7  not allowed

examples:
  dangolctl member enroll --alias card:4005
  dangolctl purchase record --member card:4005 --currency KRW \
      --line name=americano,qty=2,amount=9000
  dangolctl points balance card:4005
  dangolctl stats --output json
)";

// What is said by options of dangolctl itself, beside the server's address.
struct GlobalOptions {
  std::string output = "table";
  bool use_tls = false;
  TlsOptions tls;
  std::string token_file;
  std::string context;
};

void AddAccessOptions(CLI::App& app, GlobalOptions& global) {
  app.add_flag("--tls", global.use_tls,
               "Speak TLS, with a server that an authority of the system vouches for; not needed "
               "beside the others")
      ->envname("DANGOL_TLS");
  app.add_option("--tls-ca", global.tls.ca_file,
                 "Speak TLS, with a server that an authority in this PEM file vouches for")
      ->envname("DANGOL_TLS_CA")
      ->check(CLI::ExistingFile);
  CLI::Option* const certificate =
      app.add_option("--tls-cert", global.tls.cert_file,
                     "The PEM file with the certificate to show to the server")
          ->envname("DANGOL_TLS_CERT")
          ->check(CLI::ExistingFile);
  CLI::Option* const key = app.add_option("--tls-key", global.tls.key_file,
                                          "The PEM file with the private key of --tls-cert")
                               ->envname("DANGOL_TLS_KEY")
                               ->check(CLI::ExistingFile);
  certificate->needs(key);
  key->needs(certificate);
  app.add_option("--token-file", global.token_file,
                 "A file with the bearer token that says who calls")
      ->envname("DANGOL_TOKEN_FILE")
      ->check(CLI::ExistingFile);
  app.add_option("--tls-server-name", global.tls.server_name,
                 "Whom the server's certificate names, if not the host of --server")
      ->envname("DANGOL_TLS_SERVER_NAME");
}

// Nothing where none of the options was given.
std::optional<TlsOptions> TlsOf(const GlobalOptions& global) {
  const TlsOptions& tls = global.tls;
  const bool is_used =
      global.use_tls || !tls.ca_file.empty() || !tls.cert_file.empty() || !tls.server_name.empty();
  return is_used ? std::make_optional(tls) : std::nullopt;
}

void AddOptions(CLI::App& app, Session& session, GlobalOptions& global) {
  app.add_option("--server", session.options.endpoint, "Where dangold listens, as HOST:PORT")
      ->envname("DANGOL_SERVER")
      ->capture_default_str();
  app.add_option("--output", global.output, "table for people, json for programs")
      ->capture_default_str()
      ->check(CLI::IsMember({"table", "json"}));
  app.add_option("--context", global.context,
                 "The server of this name (see context); else the current one, where there is any")
      ->envname("DANGOL_CONTEXT");
  app.add_option(
         "--why", session.options.reason,
         "Why you do it, for the audit log, where the command asks for no reason of its own")
      ->envname("DANGOL_WHY");
  AddAccessOptions(app, global);
}

void AddCommands(CLI::App& app, Session& session) {
  AddMemberCommands(app, session);
  AddPurchaseCommands(app, session);
  AddActivityCommands(app, session);
  AddPointsCommands(app, session);
  AddRewardCommands(app, session);
  AddIncentiveCommands(app, session);
  AddTierCommands(app, session);
  AddAdvocateCommands(app, session);
  AddComplaintCommands(app, session);
  AddSurveyCommands(app, session);
  AddWorkCommands(app, session);
  AddEventCommands(app, session);
  AddRfmCommands(app, session);
  AddProgramCommands(app, session);
  AddImportCommands(app, session);
  AddStatsCommand(app, session);
  AddInsightCommands(app, session);
  AddAuditCommands(app, session);
  AddClockCommands(app, session);
  AddSchemaCommands(app, session);
  AddContextCommands(app, session);
  AddCompletionCommand(app, session);
}

ExitCode Report(Session& session, const absl::Status& status) {
  if (status.ok()) return ExitCode::kOk;
  std::string text = Describe(status);
  if (absl::IsUnavailable(status) && session.has_client()) {
    text = absl::StrCat("can't reach the server at ", session.options.endpoint, ": ", text,
                        TlsHint(status, session.options.tls));
  }
  session.error() << "dangolctl: " << text << "\n";
  return ExitCodeOf(status);
}

}  // namespace

ExitCode RunDangolctl(int argument_count, const char* const* arguments, Environment environment) {
  Session session(std::move(environment));
  GlobalOptions global;
  CLI::App app("Administers a Dangol loyalty server.", "dangolctl");
  // Lets the options of dangolctl itself stand behind a subcommand.
  app.fallthrough();
  app.require_subcommand(1);
  app.footer(kFooter);
  app.set_version_flag("--version", "dangolctl " DANGOL_VERSION);
  AddOptions(app, session, global);
  AddCommands(app, session);
  if (argument_count > 1 && std::string(arguments[1]) == "__complete") {
    for (const std::string& word : Complete(app, {arguments + 2, arguments + argument_count})) {
      session.out() << word << "\n";
    }
    return ExitCode::kOk;
  }

  try {
    app.parse(argument_count, arguments);
  } catch (const CLI::Success& success) {
    app.exit(success, session.out(), session.error());
    return ExitCode::kOk;
  } catch (const CLI::ParseError& error) {
    session.error() << "dangolctl: " << error.what() << " (see --help)\n";
    return ExitCode::kUsage;
  }
  session.json = global.output == "json";
  if (!app.got_subcommand("context")) {
    const absl::Status known = ApplyContext(session.context_file(), global.context, app);
    if (!known.ok()) return Report(session, known);
  }
  session.options.tls = TlsOf(global);
  session.options.token_file = global.token_file;
  const absl::Status status = session.command();
  session.out().flush();
  if (status.ok() && !session.out()) {
    return Report(session, absl::DataLossError("the output could not be written"));
  }
  return Report(session, status);
}

}  // namespace dangol::cli
