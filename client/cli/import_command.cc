#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "cli/command_helpers.h"
#include "cli/commands.h"
#include "cli/errors.h"
#include "cli/import/formats.h"
#include "cli/import/import.h"
#include "cli/import/progress.h"
#include "cli/import_verb.h"

namespace dangol::cli {
namespace {

struct ImportArguments {
  std::string file;
  std::string format;
  std::string time_zone;
  std::string currency;
  std::string rejects;
  SenderOptions sender;
};

void DeclareImport(CLI::App& verb, ImportArguments& arguments) {
  verb.add_option("FILE", arguments.file, "The file, plain or gzip; - is standard input")
      ->required();
  verb.add_option("--format", arguments.format,
                  "dangol: CSV or JSON lines with the fields of the API. online-retail: the CSV of "
                  "the data set of that name")
      ->required()
      ->check(CLI::IsMember({"dangol", "online-retail"}));
  verb.add_option("--timezone", arguments.time_zone,
                  "The zone of times without an offset, such as Europe/London");
  verb.add_option("--currency", arguments.currency,
                  "The currency of purchases that name none, such as GBP");
  verb.add_option("--rejects", arguments.rejects,
                  "Write rejected rows to this CSV file: line, reason, row, detail");
  verb.add_option("--batch", arguments.sender.batch_purchases, "Purchases in one call")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  verb.add_option("--calls", arguments.sender.parallel_calls, "Calls in flight")
      ->capture_default_str()
      ->check(CLI::Range(1, 64));
}

// What the format needs to know besides the file.
absl::StatusOr<FormatOptions> FormatOf(Session& session, const ImportArguments& arguments) {
  FormatOptions format;
  const bool online_retail = arguments.format == "online-retail";
  if (online_retail && (arguments.time_zone.empty() || arguments.currency.empty())) {
    return absl::InvalidArgumentError(
        "--format online-retail needs --timezone and --currency: the file tells neither");
  }
  if (!arguments.time_zone.empty() && !absl::LoadTimeZone(arguments.time_zone, &format.time_zone)) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", arguments.time_zone, "\" is not a time zone that this system knows"));
  }
  if (!arguments.currency.empty()) {
    const absl::StatusOr<Currencies>& currencies = session.LoadCurrencies();
    if (!currencies.ok()) return currencies.status();
    if (absl::Status status = currencies->Check(arguments.currency); !status.ok()) return status;
    format.minor_digits = currencies->MinorDigits(arguments.currency);
  }
  return format;
}

Json TotalsJson(const ImportTotals& totals) {
  return {{"rows_read", totals.rows_read},
          {"rows_rejected", totals.rows_rejected()},
          {"rejected", totals.rejected},
          {"purchases_recorded", totals.purchases_recorded},
          {"purchases_replayed", totals.purchases_replayed},
          {"purchases_with_other_details", totals.purchases_with_other_details},
          {"purchases_refused", totals.purchases_refused},
          {"purchase_lines", totals.purchase_lines},
          {"amount_minor", totals.amount_minor},
          {"returns_recorded", totals.returns_recorded},
          {"returns_replayed", totals.returns_replayed},
          {"returns_with_other_details", totals.returns_with_other_details},
          {"returns_refused", totals.returns_refused},
          {"returned_lines", totals.returned_lines},
          {"matched_quantity", totals.matched_quantity},
          {"unmatched_quantity", totals.unmatched_quantity},
          {"returned_minor", totals.returned_minor},
          {"members_enrolled", totals.members_enrolled}};
}

void AddIfAny(const std::string& what, int64_t count, Table& table) {
  if (count > 0) table.Add({what, FormatCount(count)});
}

// Nothing where the file has no returns.
void AddReturns(const Currencies& currencies, const ImportTotals& totals, Table& table) {
  AddIfAny("returns known, with other details", totals.returns_with_other_details, table);
  if (totals.returns_recorded + totals.returns_replayed == 0) return;
  table.Add({"returns recorded", FormatCount(totals.returns_recorded)});
  table.Add({"returns recorded before", FormatCount(totals.returns_replayed)});
  table.Add({"returned lines", FormatCount(totals.returned_lines)});
  table.Add({"  articles of a purchase", FormatCount(totals.matched_quantity)});
  table.Add({"  articles of none", FormatCount(totals.unmatched_quantity)});
  for (const auto& [currency, amount] : totals.returned_minor) {
    table.Add({"returned", currencies.Money(amount, currency)});
  }
}

void PrintTotals(Session& session, const Currencies& currencies, const ImportTotals& totals) {
  Table table = ImportedTable(totals.rows_read, totals);
  table.Add({"purchases recorded", FormatCount(totals.purchases_recorded)});
  table.Add({"purchases recorded before", FormatCount(totals.purchases_replayed)});
  AddIfAny("purchases known, with other details", totals.purchases_with_other_details, table);
  table.Add({"purchase lines", FormatCount(totals.purchase_lines)});
  for (const auto& [currency, amount] : totals.amount_minor) {
    table.Add({"amount", currencies.Money(amount, currency)});
  }
  AddReturns(currencies, totals, table);
  table.Add({"members enrolled", FormatCount(totals.members_enrolled)});
  session.out() << table.Render();
}

std::unique_ptr<PurchaseSource> SourceOf(const ImportArguments& arguments, Input& input,
                                         const FormatOptions& format, RejectSink reject) {
  if (arguments.format == "dangol") return MakeDangolSource(input, format, std::move(reject));
  return MakeCsvSource(input, MakeOnlineRetailParser(format), std::move(reject));
}

// The same error, and how to go on.
absl::Status Stopped(const absl::Status& error) {
  if (ExitCodeOf(error) != ExitCode::kUnavailable) return error;
  absl::Status status(error.code(),
                      absl::StrCat(error.message(),
                                   "; the import stopped: run the same command again to go on, "
                                   "nothing is recorded twice"));
  error.ForEachPayload(
      [&](absl::string_view type, const absl::Cord& payload) { status.SetPayload(type, payload); });
  return status;
}

std::string Counted(int64_t number, const std::string& noun) {
  return absl::StrCat(number, " ", noun, number == 1 ? "" : "s");
}

// Rows that the file itself spoils are expected; what the server refuses is
// somebody's mistake.
absl::Status Verdict(const ImportTotals& totals) {
  const int64_t refused = totals.purchases_refused + totals.returns_refused;
  if (refused == 0) return absl::OkStatus();
  std::vector<std::string> what;
  if (totals.purchases_refused > 0) what.push_back(Counted(totals.purchases_refused, "purchase"));
  if (totals.returns_refused > 0) what.push_back(Counted(totals.returns_refused, "return"));
  return absl::Status(
      totals.first_refusal.code(),
      absl::StrCat("the server refused ", absl::StrJoin(what, " and "),
                   refused == 1 ? ": " : ", the first: ", Describe(totals.first_refusal)));
}

absl::Status ImportFile(Session& session, const ImportArguments& arguments) {
  BePatient(session);
  const absl::StatusOr<FormatOptions> format = FormatOf(session, arguments);
  if (!format.ok()) return format.status();
  const auto input = Input::Open(arguments.file);
  if (!input.ok()) return input.status();
  ImportReport report;
  if (absl::Status status = OpenRejects(arguments.rejects, report); !status.ok()) return status;

  const auto source = SourceOf(
      arguments, **input, *format,
      [&report](const Row& row, const RowProblem& problem) { report.Reject(row, problem); });
  Progress progress(session.error(), session.terminal(), absl::Now());
  const absl::StatusOr<ImportTotals> totals = ImportPurchases(
      *source, arguments.currency, session.client(), arguments.sender, report, [&](int64_t rows) {
        progress.Show(rows, (*input)->position(), (*input)->size(), absl::Now());
      });
  progress.Clear();
  if (!totals.ok()) return Stopped(totals.status());
  if (session.json) {
    session.Print(TotalsJson(*totals));
  } else {
    PrintTotals(session, session.LoadCurrenciesOrIso(), *totals);
  }
  return Verdict(*totals);
}

}  // namespace

void AddImportCommands(CLI::App& app, Session& session) {
  CLI::App* noun = AddNoun(app, "import", "Bring over what is recorded elsewhere");
  CLI::App* verb = AddVerb<ImportArguments>(
      *noun, session, "purchases",
      "Record the purchases and returns of a file, and enrol unknown members", DeclareImport,
      ImportFile);
  const std::string examples =
      Examples({"dangolctl import purchases history.csv.gz --format dangol --rejects rejects.csv",
                "zcat history.jsonl.gz | dangolctl import purchases - --format dangol",
                "dangolctl import purchases online_retail.csv.gz --format online-retail \\",
                "    --timezone Europe/London --currency GBP",
                "An import that was interrupted goes on when the same command is run again."});
  noun->footer(examples);
  verb->footer(examples);
}

}  // namespace dangol::cli
