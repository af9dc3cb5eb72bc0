#include "cli/tier_import.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/command_helpers.h"
#include "cli/commands.h"
#include "cli/import/lifetime_sums.h"
#include "cli/import_verb.h"
#include "cli/tier_words.h"

namespace dangol::cli {
namespace {

constexpr auto kRight = Table::Align::kRight;

struct LifetimeArguments {
  std::string member;
  std::string file;
  LifetimeDefaults defaults;
  std::vector<std::string> sums;
  std::string request_id;
  std::string rejects;
  int calls = 32;
};

void Declare(CLI::App& verb, LifetimeArguments& arguments) {
  auto* member = verb.add_option("MEMBER", arguments.member,
                                 "A member id, or an alias as kind:value; or give a --file");
  verb.add_option("--source", arguments.defaults.source,
                  "Where it comes from, such as \"old till until 2025\"; the same source again "
                  "replaces what it said");
  verb.add_option("--day", arguments.defaults.day,
                  "The last day that the sums cover, such as 2025-12-31");
  auto* sum = verb.add_option(
      "--sum", arguments.sums,
      "A sum: net_spend:EUR=120000 (in minor units), qualifying_points:WALLET=N, purchases=N, "
      "visits=N or activities:KIND=N; may be repeated; without any the source is removed");
  sum->allow_extra_args(false);
  DeclareRequestId(verb, arguments.request_id);
  auto* file =
      verb.add_option("--file", arguments.file,
                      "CSV with a row for each member, plain or gzip; - is standard input");
  file->excludes(member)->excludes(sum)->excludes("--request-id");
  verb.add_option("--rejects", arguments.rejects,
                  "Write rejected rows to this CSV file: line, reason, row, detail")
      ->needs(file);
  verb.add_option("--run", arguments.defaults.run,
                  "A word for this run; another one lets rows take effect again that others have "
                  "replaced")
      ->needs(file);
  verb.add_option("--calls", arguments.calls, "Calls in flight")
      ->capture_default_str()
      ->check(CLI::Range(1, 256))
      ->needs(file);
  verb.footer(Examples(
      {"dangolctl tier import-lifetime card:4005 --source \"old till\" --day 2025-12-31 \\",
       "    --sum net_spend:EUR=120000 --sum purchases=34",
       "dangolctl tier import-lifetime --file members.csv --source \"old till\" \\",
       "    --day 2025-12-31 --rejects rejects.csv",
       "An import that was interrupted goes on when the same command is run again."}));
}

absl::Status ImportOne(Session& session, const LifetimeArguments& arguments) {
  absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  v1::ImportLifetimeSumsRequest request;
  request.set_request_id(arguments.request_id);
  *request.mutable_member() = *std::move(member);
  request.set_source(arguments.defaults.source);
  request.set_day(arguments.defaults.day);
  for (const std::string& text : arguments.sums) {
    const absl::StatusOr<v1::LifetimeSum> sum = ParseLifetimeSum(text);
    if (!sum.ok()) return sum.status();
    *request.add_sums() = *sum;
  }
  const auto response = session.client().ImportLifetimeSums(std::move(request));
  return PrintReply(session, response, [&] {
    const Currencies currencies = session.LoadCurrenciesOrIso();
    std::vector<std::pair<std::string, std::string>> facts = {{"member", response->member_id()}};
    for (const v1::TierStatus& status : response->ladders()) {
      const std::string next = ToNext(status.next(), currencies);
      facts.emplace_back(status.ladder(),
                         absl::StrCat(NameOf(status.tier()), next.empty() ? "" : "; ", next));
    }
    session.out() << RenderFacts(facts);
    PrintImports(session, response->imports());
  });
}

void Print(Session& session, const LifetimeTotals& totals, const ImportTotals& rejected) {
  if (session.json) {
    return session.Print({{"rows_read", totals.rows_read},
                          {"rows_rejected", rejected.rows_rejected()},
                          {"rejected", rejected.rejected},
                          {"members_imported", totals.imported},
                          {"members_replayed", totals.replayed},
                          {"members_refused", totals.refused}});
  }
  Table table = ImportedTable(totals.rows_read, rejected);
  table.Add({"imported", FormatCount(totals.imported)});
  table.Add({"imported before", FormatCount(totals.replayed)});
  session.out() << table.Render();
}

absl::Status ImportFile(Session& session, const LifetimeArguments& arguments) {
  BePatient(session);
  const auto input = Input::Open(arguments.file);
  if (!input.ok()) return input.status();
  ImportReport report;
  if (absl::Status status = OpenRejects(arguments.rejects, report); !status.ok()) return status;
  LifetimeSource source(
      **input, arguments.defaults,
      [&report](const Row& row, const RowProblem& problem) { report.Reject(row, problem); });
  const absl::StatusOr<LifetimeTotals> totals =
      ImportLifetimes(source, session.client(), arguments.calls, report);
  if (!totals.ok()) return totals.status();
  Print(session, *totals, report.totals());
  return RefusedOf(totals->refused, totals->first_refusal);
}

absl::Status Import(Session& session, const LifetimeArguments& arguments) {
  if (!arguments.file.empty()) return ImportFile(session, arguments);
  if (!arguments.member.empty()) return ImportOne(session, arguments);
  return absl::InvalidArgumentError("give a member, or a --file with many");
}

}  // namespace

void PrintImports(Session& session,
                  const google::protobuf::RepeatedPtrField<v1::LifetimeImport>& imports) {
  Table table({{.title = "IMPORTED FROM"},
               {.title = "UNTIL", .whole = true},
               {.title = "COUNTED"},
               {.title = "AMOUNT", .align = kRight, .whole = true}});
  const Currencies currencies = imports.empty() ? Currencies() : session.LoadCurrenciesOrIso();
  for (const v1::LifetimeImport& import : imports) {
    const bool is_merged = !import.merged_member_id().empty();
    const std::string source =
        is_merged ? absl::StrCat(import.source(), ", of ", import.merged_member_id())
                  : import.source();
    for (int i = 0; i < import.sums_size(); ++i) {
      const v1::LifetimeSum& sum = import.sums(i);
      table.Add({i == 0 ? source : "", i == 0 ? import.day() : "", CountedBy(sum.counted()),
                 Amount(sum.counted(), sum.amount(), currencies)});
    }
  }
  if (!table.empty()) session.out() << "\n" << table.Render();
}

void AddTierImportVerb(CLI::App& noun, Session& session) {
  AddVerb<LifetimeArguments>(noun, session, "import-lifetime",
                             "Bring what members had done before, elsewhere", Declare, Import);
}

}  // namespace dangol::cli
