#include "absl/strings/str_cat.h"
#include "cli/command_helpers.h"
#include "cli/commands.h"
#include "cli/import/activities.h"
#include "cli/import_verb.h"

namespace dangol::cli {
namespace {

struct ImportArguments {
  std::string file;
  std::string time_zone;
  std::string rejects;
  int batch = 250;
};

void DeclareImport(CLI::App& verb, ImportArguments& arguments) {
  verb.add_option(
          "FILE", arguments.file,
          "CSV or JSON lines with the fields of the API, plain or gzip; - is standard input")
      ->required();
  verb.add_option("--timezone", arguments.time_zone,
                  "The zone of times without an offset, such as Europe/London");
  verb.add_option("--rejects", arguments.rejects,
                  "Write rejected rows to this CSV file: line, reason, row, detail");
  verb.add_option("--batch", arguments.batch, "Activities in one call")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  verb.footer(Examples({"dangolctl activity import reviews.csv --rejects rejects.csv",
                        "zcat visits.jsonl.gz | dangolctl activity import -",
                        "An import that was interrupted goes on when the same command is run "
                        "again."}));
}

void Print(Session& session, const ActivityTotals& totals, const ImportTotals& rejected) {
  if (session.json) {
    return session.Print({{"rows_read", totals.rows_read},
                          {"rows_rejected", rejected.rows_rejected()},
                          {"rejected", rejected.rejected},
                          {"activities_recorded", totals.recorded},
                          {"activities_replayed", totals.replayed},
                          {"activities_not_counted", totals.not_counted},
                          {"activities_refused", totals.refused}});
  }
  Table table = ImportedTable(totals.rows_read, rejected);
  table.Add({"activities recorded", FormatCount(totals.recorded)});
  table.Add({"activities recorded before", FormatCount(totals.replayed)});
  table.Add({"  of both: do not count", FormatCount(totals.not_counted)});
  session.out() << table.Render();
}

absl::Status ImportFile(Session& session, const ImportArguments& arguments) {
  BePatient(session);
  absl::TimeZone zone = absl::UTCTimeZone();
  if (!arguments.time_zone.empty() && !absl::LoadTimeZone(arguments.time_zone, &zone)) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", arguments.time_zone, "\" is not a time zone that this system knows"));
  }
  const auto input = Input::Open(arguments.file);
  if (!input.ok()) return input.status();
  ImportReport report;
  if (absl::Status status = OpenRejects(arguments.rejects, report); !status.ok()) return status;
  const auto source = MakeActivitySource(
      **input, zone,
      [&report](const Row& row, const RowProblem& problem) { report.Reject(row, problem); });
  const absl::StatusOr<ActivityTotals> totals =
      ImportActivities(*source, session.client(), arguments.batch, report);
  if (!totals.ok()) return totals.status();
  Print(session, *totals, report.totals());
  return RefusedOf(totals->refused, totals->first_refusal);
}

}  // namespace

void AddActivityImportVerb(CLI::App& noun, Session& session) {
  AddVerb<ImportArguments>(noun, session, "import", "Record the activities of a file",
                           DeclareImport, ImportFile);
}

}  // namespace dangol::cli
