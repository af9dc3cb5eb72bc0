#include "cli/app.h"

#include <CLI/CLI.hpp>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/commands.h"

namespace dangol::cli {
namespace {

constexpr char kFooter[] = R"(--server and --output may stand anywhere on the command line.
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

void AddOptions(CLI::App& app, Session& session, std::string& output) {
  app.add_option("--server", session.options.endpoint, "Where dangold listens, as HOST:PORT")
      ->envname("DANGOL_SERVER")
      ->capture_default_str();
  app.add_option("--output", output, "table for people, json for programs")
      ->capture_default_str()
      ->check(CLI::IsMember({"table", "json"}));
}

ExitCode Report(Session& session, const absl::Status& status) {
  if (status.ok()) return ExitCode::kOk;
  std::string text = Describe(status);
  if (absl::IsUnavailable(status) && session.has_client()) {
    text = absl::StrCat("can't reach the server at ", session.options.endpoint, ": ", text);
  }
  session.error() << "dangolctl: " << text << "\n";
  return ExitCodeOf(status);
}

}  // namespace

ExitCode RunDangolctl(int argument_count, const char* const* arguments, Environment environment) {
  Session session(std::move(environment));
  std::string output = "table";
  CLI::App app("Administers a Dangol loyalty server.", "dangolctl");
  // Lets the options of dangolctl itself stand behind a subcommand.
  app.fallthrough();
  app.require_subcommand(1);
  app.footer(kFooter);
  AddOptions(app, session, output);
  AddMemberCommands(app, session);
  AddPurchaseCommands(app, session);
  AddActivityCommands(app, session);
  AddPointsCommands(app, session);
  AddRewardCommands(app, session);
  AddIncentiveCommands(app, session);
  AddTierCommands(app, session);
  AddAdvocateCommands(app, session);
  AddComplaintCommands(app, session);
  AddWorkCommands(app, session);
  AddRfmCommands(app, session);
  AddProgramCommands(app, session);
  AddImportCommands(app, session);
  AddStatsCommand(app, session);
  AddInsightCommands(app, session);
  AddAuditCommands(app, session);
  AddClockCommands(app, session);
  AddSchemaCommands(app, session);

  try {
    app.parse(argument_count, arguments);
  } catch (const CLI::Success& success) {
    app.exit(success, session.out(), session.error());
    return ExitCode::kOk;
  } catch (const CLI::ParseError& error) {
    session.error() << "dangolctl: " << error.what() << " (see --help)\n";
    return ExitCode::kUsage;
  }
  session.json = output == "json";
  const absl::Status status = session.command();
  session.out().flush();
  if (status.ok() && !session.out()) {
    return Report(session, absl::DataLossError("the output could not be written"));
  }
  return Report(session, status);
}

}  // namespace dangol::cli
