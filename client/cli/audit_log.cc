// Who did what with special rights, and whether that list is whole.

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/command_helpers.h"
#include "cli/commands.h"
#include "cli/json.h"
#include "cli/table.h"
#include "cli/words.h"
#include "dangol/types.h"

namespace dangol::cli {
namespace {

struct LogArguments {
  ListArguments list;
  std::string member;
  std::string principal;
  std::string kind;
  std::string from;
  std::string until;
};

struct VerifyArguments {
  std::string heads;
  int page_size = 1'000;
};

std::string KindOf(v1::EventKind kind) { return WordsOf(v1::EventKind_Name(kind), "EVENT_KIND_"); }

// "status: ACTIVE -> SUSPENDED", "alias.card: set", "attribute.birthday: removed".
std::string TextOf(const v1::AuditChange& change) {
  if (change.before().empty()) return absl::StrCat(change.what(), ": ", change.after());
  if (change.after().empty()) return absl::StrCat(change.what(), ": no more ", change.before());
  return absl::StrCat(change.what(), ": ", change.before(), " -> ", change.after());
}

void Print(Session& session, const v1::AuditEntry& entry) {
  session.out() << FormatTimestamp(true, entry.recorded_at()) << "  " << entry.principal() << "  "
                << KindOf(entry.kind()) << " " << entry.request_id();
  if (!entry.member_id().empty()) session.out() << "  of " << entry.member_id();
  session.out() << "\n";
  std::vector<std::string> changes;
  for (const v1::AuditChange& change : entry.changes()) changes.push_back(TextOf(change));
  if (!changes.empty()) session.out() << "    " << absl::StrJoin(changes, "; ") << "\n";
  if (!entry.reason().empty()) session.out() << "    why: " << entry.reason() << "\n";
}

absl::StatusOr<v1::ListAuditLogRequest> RequestOf(const LogArguments& arguments) {
  v1::ListAuditLogRequest request;
  if (!arguments.member.empty()) {
    absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
    if (!member.ok()) return member.status();
    *request.mutable_member() = *std::move(member);
  }
  request.set_principal(arguments.principal);
  if (!arguments.kind.empty()) {
    request.set_kind(
        static_cast<v1::EventKind>(NumberOf(*v1::EventKind_descriptor(), arguments.kind)));
  }
  if (!arguments.from.empty()) {
    const absl::StatusOr<absl::Time> from = ParseTimeArgument(arguments.from);
    if (!from.ok()) return from.status();
    *request.mutable_recorded_from() = ToTimestamp(*from);
  }
  if (!arguments.until.empty()) {
    const absl::StatusOr<absl::Time> until = ParseTimeArgument(arguments.until);
    if (!until.ok()) return until.status();
    *request.mutable_recorded_until() = ToTimestamp(*until);
  }
  return request;
}

absl::Status ListLog(Session& session, const LogArguments& arguments) {
  absl::StatusOr<v1::ListAuditLogRequest> request = RequestOf(arguments);
  if (!request.ok()) return request.status();
  Json acts = Json::array();
  int64_t shown = 0;
  for (absl::StatusOr<v1::AuditEntry>& entry : session.client().ListAuditLog(*request)) {
    if (!entry.ok()) return entry.status();
    const bool is_full = arguments.list.limit > 0 && shown == arguments.list.limit;
    if (is_full && !session.json) session.out() << "There are more; see --limit.\n";
    if (is_full) break;
    ++shown;
    session.json ? acts.push_back(ToJson(*entry)) : Print(session, *entry);
  }
  if (session.json) session.Print({{"entries", acts}});
  if (shown == 0 && !session.json) session.out() << "none\n";
  return absl::OkStatus();
}

// What the pages come to. The request has the heads that are known.
absl::StatusOr<v1::VerifyAuditLogResponse> VerifyAll(Session& session,
                                                     v1::VerifyAuditLogRequest request) {
  v1::VerifyAuditLogResponse sum;
  do {
    const auto page = session.client().VerifyAuditLog(request);
    if (!page.ok()) return page.status();
    sum.mutable_findings()->MergeFrom(page->findings());
    sum.mutable_heads()->MergeFrom(page->heads());
    sum.set_acts(sum.acts() + page->acts());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return sum;
}

void PrintFindings(Session& session, const v1::VerifyAuditLogResponse& sum) {
  Table table({{.title = "ACT", .whole = true}, {.title = "WHAT"}});
  for (const v1::AuditLogFinding& finding : sum.findings()) {
    table.Add({absl::StrCat(finding.partition(), "-", finding.number()), finding.message()});
  }
  if (!table.empty()) session.out() << table.Render() << "\n";
  session.out() << FormatCount(sum.findings_size()) << " findings in " << FormatCount(sum.acts())
                << " acts\n";
}

// For the next time: where the chains have come to.
absl::Status KeepHeads(const std::string& path, const v1::VerifyAuditLogResponse& sum) {
  v1::VerifyAuditLogRequest next;
  *next.mutable_known_heads() = sum.heads();
  return ReplaceFile(path, absl::StrCat(ToJson(next).dump(2), "\n"));
}

absl::Status VerifyLog(Session& session, const VerifyArguments& arguments) {
  v1::VerifyAuditLogRequest request;
  if (!arguments.heads.empty() && std::filesystem::exists(arguments.heads)) {
    absl::Status read = ReadJson(arguments.heads, "list of heads", request);
    if (!read.ok()) return read;
  }
  request.set_page_size(arguments.page_size);
  const absl::StatusOr<v1::VerifyAuditLogResponse> sum = VerifyAll(session, std::move(request));
  if (!sum.ok()) return sum.status();
  if (session.json) {
    session.Print(ToJson(*sum));
  } else {
    PrintFindings(session, *sum);
  }
  if (!sum->findings().empty()) {
    return absl::FailedPreconditionError("the audit log is not right; see the findings");
  }
  return arguments.heads.empty() ? absl::OkStatus() : KeepHeads(arguments.heads, *sum);
}

void AddLog(CLI::App& noun, Session& session) {
  CLI::App* const verb = AddVerb<LogArguments>(
      noun, session, "log",
      "Who did what with special rights, the latest first: what changed from what to what, and why",
      [](CLI::App& command, LogArguments& arguments) {
        DeclareLimit(command, arguments.list);
        command.add_option("--member", arguments.member, "Only what concerns this member");
        command.add_option("--principal", arguments.principal, "Only what this principal did");
        command.add_option("--kind", arguments.kind, "Only commands of this kind")
            ->check(CLI::IsMember(ArgumentsOf(*v1::EventKind_descriptor())));
        command.add_option("--from", arguments.from, "From this moment on (RFC 3339)");
        command.add_option("--until", arguments.until, "Before this moment (RFC 3339)");
      },
      ListLog);
  verb->footer(Examples({"dangolctl audit log --limit 20",
                         "dangolctl audit log --member card:4005 --kind adjust-points"}));
}

void AddVerify(CLI::App& noun, Session& session) {
  CLI::App* const verb = AddVerb<VerifyArguments>(
      noun, session, "verify",
      "Check that nothing was removed, altered, swapped or added in the audit log. Ends with 5 "
      "where something is wrong",
      [](CLI::App& command, VerifyArguments& arguments) {
        command.add_option("--heads", arguments.heads,
                           "A file that says how far the log had come the last time, which is "
                           "checked, too, and written anew where nothing is wrong. Keep it where "
                           "nobody who may write to the database can");
        command.add_option("--page-size", arguments.page_size, "Acts to check with one call")
            ->capture_default_str()
            ->check(CLI::Range(1, 1'000));
      },
      VerifyLog);
  verb->footer(Examples({"dangolctl audit verify", "dangolctl audit verify --heads heads.json"}));
}

}  // namespace

void AddAuditLogCommands(CLI::App& noun, Session& session) {
  AddLog(noun, session);
  AddVerify(noun, session);
}

}  // namespace dangol::cli
