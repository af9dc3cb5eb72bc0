#include <string>

#include "absl/strings/str_cat.h"
#include "cli/command_helpers.h"
#include "cli/commands.h"
#include "cli/json.h"
#include "cli/table.h"

namespace dangol::cli {
namespace {

struct AuditArguments {
  int page_size = 200;
};

// What the pages so far have come to.
absl::StatusOr<v1::VerifyLedgerResponse> VerifyAll(Session& session, int page_size) {
  v1::VerifyLedgerResponse sum;
  v1::VerifyLedgerRequest request;
  request.set_page_size(page_size);
  do {
    const auto page = session.client().VerifyLedger(request);
    if (!page.ok()) return page.status();
    sum.mutable_findings()->MergeFrom(page->findings());
    sum.set_members(sum.members() + page->members());
    sum.set_commands(sum.commands() + page->commands());
    sum.set_entries(sum.entries() + page->entries());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return sum;
}

void PrintFindings(Session& session, const v1::VerifyLedgerResponse& sum) {
  Table table({{.title = "MEMBER"}, {.title = "KIND"}, {.title = "WHAT"}});
  for (const v1::Finding& finding : sum.findings()) {
    std::string kind = v1::FindingKind_Name(finding.kind());
    kind.erase(0, std::string("FINDING_KIND_").size());
    table.Add({finding.member_id(), kind, finding.message()});
  }
  if (!table.empty()) session.out() << table.Render() << "\n";
  session.out() << FormatCount(sum.findings_size()) << " findings in " << FormatCount(sum.members())
                << " members, " << FormatCount(sum.commands()) << " commands and "
                << FormatCount(sum.entries()) << " entries\n";
}

absl::Status AuditLedger(Session& session, const AuditArguments& arguments) {
  const absl::StatusOr<v1::VerifyLedgerResponse> sum = VerifyAll(session, arguments.page_size);
  if (!sum.ok()) return sum.status();
  if (session.json) {
    session.Print(ToJson(*sum));
  } else {
    PrintFindings(session, *sum);
  }
  if (sum->findings().empty()) return absl::OkStatus();
  return absl::FailedPreconditionError("the books are not right; see the findings");
}

}  // namespace

void AddAuditCommands(CLI::App& app, Session& session) {
  CLI::App* noun = AddNoun(app, "audit", "Whether what is stored is right, and who did what");
  CLI::App* verb = AddVerb<AuditArguments>(
      *noun, session, "ledger",
      "Check every member: balances against entries, lots and holds, and everything that is "
      "stored against every command decided again. Ends with 5 where something is wrong",
      [](CLI::App& command, AuditArguments& arguments) {
        command.add_option("--page-size", arguments.page_size, "Members to check with one call")
            ->capture_default_str()
            ->check(CLI::Range(1, 1'000));
      },
      AuditLedger);
  verb->footer(Examples({"dangolctl audit ledger", "dangolctl audit ledger --output json"}));
  AddAuditLogCommands(*noun, session);
}

}  // namespace dangol::cli
