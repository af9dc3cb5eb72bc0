#include <string>

#include "absl/time/time.h"
#include "cli/clock_period.h"
#include "cli/command_helpers.h"
#include "cli/commands.h"
#include "cli/json.h"
#include "cli/table.h"

namespace dangol::cli {
namespace {

// A year over many members takes a while, and whoever interrupts it loses nothing.
constexpr absl::Duration kPatience = absl::Hours(1);

struct NoArguments {};

struct AdvanceArguments {
  std::string period;
  std::string to;
  std::string request_id;
};

// As a clock on the wall of the program's time zone shows it.
std::string FormatInZone(const google::protobuf::Timestamp& time, const std::string& zone_name) {
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(zone_name, &zone)) zone = absl::UTCTimeZone();
  return absl::FormatTime(absl::RFC3339_full, ToTime(time), zone);
}

absl::Status Show(Session& session, const NoArguments&) {
  const absl::StatusOr<v1::GetClockResponse> clock = session.client().GetClock();
  if (!clock.ok()) return clock.status();
  if (session.json) {
    session.Print(ToJson(*clock));
    return absl::OkStatus();
  }
  const std::string& zone = clock->time_zone();
  std::vector<std::pair<std::string, std::string>> facts = {
      {"now", FormatInZone(clock->now(), zone)}, {"time zone", zone}};
  if (ToTime(clock->advancing_to()) != ToTime(clock->now())) {
    facts.emplace_back("on its way to", FormatInZone(clock->advancing_to(), zone));
  }
  session.out() << RenderFacts(facts);
  return absl::OkStatus();
}

absl::StatusOr<v1::AdvanceClockRequest> RequestOf(const AdvanceArguments& arguments) {
  v1::AdvanceClockRequest request;
  request.set_request_id(arguments.request_id);
  if (arguments.to.empty()) {
    absl::StatusOr<v1::ClockPeriod> period = ParseClockPeriod(arguments.period);
    if (!period.ok()) return period.status();
    *request.mutable_by() = *std::move(period);
    return request;
  }
  const absl::StatusOr<absl::Time> to = ParseTimeArgument(arguments.to);
  if (!to.ok()) return to.status();
  *request.mutable_to() = ToTimestamp(*to);
  return request;
}

absl::Status Advance(Session& session, const AdvanceArguments& arguments) {
  const absl::StatusOr<v1::AdvanceClockRequest> request = RequestOf(arguments);
  if (!request.ok()) return request.status();
  session.options.deadline = kPatience;
  const auto response = session.client().AdvanceClock(*request);
  if (!response.ok()) return response.status();
  if (session.json) {
    session.Print(ToJson(*response));
    return absl::OkStatus();
  }
  PrintReplayed(session, response->replayed());
  return Show(session, NoArguments());
}

}  // namespace

void AddClockCommands(CLI::App& app, Session& session) {
  CLI::App* noun = AddNoun(app, "clock", "The clock of a test store");
  CLI::App* show = AddVerb<NoArguments>(
      *noun, session, "show", "Show the time of a test store", [](CLI::App&, NoArguments&) {},
      Show);
  show->footer(Examples({"dangolctl clock show", "dangolctl clock show --output json"}));
  CLI::App* advance = AddVerb<AdvanceArguments>(
      *noun, session, "advance",
      "Advance the clock of a test store, and let everything happen that time causes on the way",
      [](CLI::App& command, AdvanceArguments& arguments) {
        CLI::Option_group* until = command.add_option_group("how far");
        until->add_option("PERIOD", arguments.period,
                          "By how much: a number of seconds, minutes, hours, days, weeks, months "
                          "or years of the program's calendar, such as 12months");
        until->add_option("--to", arguments.to,
                          "Up to when, in RFC 3339: 2027-01-01T00:00:00+09:00");
        until->require_option(1);
        DeclareRequestId(command, arguments.request_id);
      },
      Advance);
  advance->footer(Examples({"dangolctl clock advance 12months", "dangolctl clock advance 36hours",
                            "dangolctl clock advance --to 2027-01-01T00:00:00+09:00"}));
}

}  // namespace dangol::cli
