// Complaints, from what the member says to what they make of the outcome.

#include "cli/complaint.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "cli/command_helpers.h"
#include "cli/commands.h"
#include "cli/table.h"
#include "cli/words.h"
#include "dangol/types.h"

namespace dangol::cli {
namespace {

// What the verbs take, each some of it.
struct Arguments {
  std::string member;
  std::string complaint_id;
  std::string request_id;
  std::string category;
  std::string severity;
  std::string channel;
  std::string purchase_id;
  std::string at;
  std::string text;
  std::string department;
  std::string owner;
  int64_t points = 0;
  bool satisfied = false;
  bool unsatisfied = false;
};

std::string StateOf(const v1::Complaint& complaint) {
  return WordsOf(v1::ComplaintState_Name(complaint.state()), "COMPLAINT_STATE_");
}

// "5h 20m".
std::string TimeText(const google::protobuf::Duration& duration) {
  return absl::FormatDuration(absl::Seconds(duration.seconds() / 60 * 60));
}

std::string DetailOf(const v1::ComplaintEvent& event) {
  std::string detail = event.text();
  if (!event.department().empty()) {
    absl::StrAppend(&detail, detail.empty() ? "" : " ", "(", event.department(),
                    event.owner().empty() ? "" : ", ", event.owner(), ")");
  }
  if (event.points() != 0) {
    absl::StrAppend(&detail, detail.empty() ? "" : " ", "(", FormatCount(event.points()), " ",
                    event.wallet(), ")");
  }
  return detail;
}

void PrintComplaint(Session& session, const v1::Complaint& complaint) {
  std::vector<std::pair<std::string, std::string>> facts = {
      {"complaint", complaint.complaint_id()}, {"member", complaint.member_id()},
      {"about", complaint.category()},         {"severity", SeverityOf(complaint.severity())},
      {"state", StateOf(complaint)},           {"department", complaint.department()}};
  if (!complaint.owner().empty()) facts.emplace_back("owner", complaint.owner());
  if (!complaint.purchase_id().empty()) facts.emplace_back("purchase", complaint.purchase_id());
  if (complaint.has_due_at()) {
    facts.emplace_back("due (UTC)", FormatTimestamp(true, complaint.due_at()));
  }
  if (complaint.missed_deadlines() > 0) {
    facts.emplace_back("missed deadlines", FormatCount(complaint.missed_deadlines()));
  }
  if (!complaint.escalated_to().empty()) {
    facts.emplace_back("escalated to", complaint.escalated_to());
  }
  if (complaint.reopened() > 0) facts.emplace_back("reopened", FormatCount(complaint.reopened()));
  if (complaint.goodwill_points() > 0) {
    facts.emplace_back("goodwill", FormatCount(complaint.goodwill_points()));
  }
  facts.emplace_back("unanswered for", TimeText(complaint.time_open()));
  facts.emplace_back("in work for", TimeText(complaint.time_acknowledged()));
  session.out() << RenderFacts(facts);
  Table events({{"when (UTC)", Table::Align::kLeft, true}, {"what"}, {"by"}, {""}});
  for (const v1::ComplaintEvent& event : complaint.events()) {
    events.Add({FormatTimestamp(true, event.at()),
                WordsOf(v1::ComplaintEventKind_Name(event.kind()), "COMPLAINT_EVENT_KIND_"),
                event.principal(), DetailOf(event)});
  }
  if (!events.empty()) session.out() << "\n" << events.Render();
}

absl::Status Show(Session& session, const Arguments& arguments) {
  v1::GetComplaintRequest request;
  request.set_complaint_id(arguments.complaint_id);
  const auto response = session.client().GetComplaint(std::move(request));
  if (!response.ok()) return response.status();
  if (session.json) {
    session.Print(ToJson(response->complaint()));
  } else {
    PrintComplaint(session, response->complaint());
  }
  return absl::OkStatus();
}

struct ComplaintsArguments : ListArguments {
  std::string member;
};

absl::Status List(Session& session, const ComplaintsArguments& arguments) {
  absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  v1::ListComplaintsRequest request;
  *request.mutable_member() = *std::move(member);
  return PrintList<v1::Complaint>(
      session, session.client().ListComplaints(std::move(request)), arguments, "complaints",
      Table({{"complaint", Table::Align::kLeft, true},
             {"about"},
             {"severity"},
             {"state"},
             {"department"},
             {"due (UTC)"}}),
      [](Table& table, const v1::Complaint& complaint) {
        table.Add({complaint.complaint_id(), complaint.category(), SeverityOf(complaint.severity()),
                   StateOf(complaint), complaint.department(),
                   FormatTimestamp(complaint.has_due_at(), complaint.due_at())});
      });
}

template <typename Response>
absl::Status Print(Session& session, const absl::StatusOr<Response>& response) {
  return PrintReply(session, response, [&] { PrintComplaint(session, response->complaint()); });
}

absl::Status File(Session& session, const Arguments& arguments) {
  absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  v1::FileComplaintRequest request;
  *request.mutable_member() = *std::move(member);
  request.set_request_id(arguments.request_id);
  request.set_category(arguments.category);
  v1::Severity severity = v1::SEVERITY_UNSPECIFIED;
  v1::Severity_Parse(absl::StrCat("SEVERITY_", absl::AsciiStrToUpper(arguments.severity)),
                     &severity);
  request.set_severity(severity);
  request.set_channel(arguments.channel);
  request.set_purchase_id(arguments.purchase_id);
  request.set_text(arguments.text);
  if (!arguments.at.empty()) {
    const absl::StatusOr<absl::Time> at = ParseTimeArgument(arguments.at);
    if (!at.ok()) return at.status();
    *request.mutable_occurred_at() = ToTimestamp(*at);
  }
  return Print(session, session.client().FileComplaint(std::move(request)));
}

// What every change of a complaint says.
template <typename Request>
Request For(const Arguments& arguments) {
  Request request;
  request.set_request_id(arguments.request_id);
  request.set_complaint_id(arguments.complaint_id);
  if constexpr (requires { request.set_text(arguments.text); }) request.set_text(arguments.text);
  return request;
}

absl::Status Acknowledge(Session& session, const Arguments& arguments) {
  return Print(session, session.client().AcknowledgeComplaint(
                            For<v1::AcknowledgeComplaintRequest>(arguments)));
}

absl::Status Assign(Session& session, const Arguments& arguments) {
  auto request = For<v1::AssignComplaintRequest>(arguments);
  request.set_department(arguments.department);
  request.set_owner(arguments.owner);
  return Print(session, session.client().AssignComplaint(std::move(request)));
}

absl::Status Goodwill(Session& session, const Arguments& arguments) {
  auto request = For<v1::GrantGoodwillRequest>(arguments);
  request.set_points(arguments.points);
  const auto response = session.client().GrantGoodwill(std::move(request));
  return PrintReply(session, response, [&] {
    PrintComplaint(session, response->complaint());
    PrintBalances(session, response->balances());
  });
}

absl::Status Resolve(Session& session, const Arguments& arguments) {
  auto request = For<v1::ResolveComplaintRequest>(arguments);
  request.set_outcome(arguments.text);
  return Print(session, session.client().ResolveComplaint(std::move(request)));
}

absl::Status Verdict(Session& session, const Arguments& arguments) {
  auto request = For<v1::RecordVerdictRequest>(arguments);
  if (arguments.satisfied || arguments.unsatisfied) request.set_satisfied(arguments.satisfied);
  return Print(session, session.client().RecordVerdict(std::move(request)));
}

absl::Status Reopen(Session& session, const Arguments& arguments) {
  return Print(session,
               session.client().ReopenComplaint(For<v1::ReopenComplaintRequest>(arguments)));
}

void DeclareFile(CLI::App& verb, Arguments& arguments) {
  DeclareMember(verb, arguments.member);
  verb.add_option("--id", arguments.request_id,
                  "The complaint's id, which makes repeating harmless; made up when not given");
  verb.add_option("--about", arguments.category, "One of the program's categories")->required();
  verb.add_option("--severity", arguments.severity, "How bad it is")
      ->required()
      ->check(CLI::IsMember({"low", "medium", "high"}));
  verb.add_option("--text", arguments.text, "What the member says")->required();
  verb.add_option("--channel", arguments.channel, "How it came, such as phone");
  verb.add_option("--purchase", arguments.purchase_id, "The purchase that it is about");
  verb.add_option("--at", arguments.at, "When, as 2024-05-31T18:30:00Z; now by default");
}

void DeclareChange(CLI::App& verb, Arguments& arguments) {
  verb.add_option("COMPLAINT", arguments.complaint_id, "The complaint's id")->required();
  DeclareRequestId(verb, arguments.request_id);
}

// Adds a verb that changes a complaint; `text` says what is told by --text or by `option`.
void AddChange(CLI::App& noun, Session& session, const std::string& name,
               const std::string& description, const std::string& option, bool required,
               absl::Status (*run)(Session& session, const Arguments& arguments)) {
  AddVerb<Arguments>(
      noun, session, name, description,
      [&](CLI::App& verb, Arguments& arguments) {
        DeclareChange(verb, arguments);
        verb.add_option(option, arguments.text, "What was said or done")->required(required);
      },
      run);
}

void AddGoodwillAndVerdict(CLI::App& noun, Session& session) {
  AddVerb<Arguments>(
      noun, session, "goodwill", "Give points for a complaint, up to the program's cap",
      [](CLI::App& verb, Arguments& arguments) {
        DeclareChange(verb, arguments);
        verb.add_option("POINTS", arguments.points, "How many points")->required();
        verb.add_option("--text", arguments.text, "What the member was told");
      },
      Goodwill);
  AddVerb<Arguments>(
      noun, session, "verdict", "Record what the member makes of the outcome",
      [](CLI::App& verb, Arguments& arguments) {
        DeclareChange(verb, arguments);
        auto* const content = verb.add_flag("--satisfied", arguments.satisfied,
                                            "They are content: the complaint is closed");
        verb.add_flag("--unsatisfied", arguments.unsatisfied,
                      "They are not: the complaint is open again")
            ->excludes(content);
        verb.add_option("--text", arguments.text, "What they said");
      },
      Verdict);
}

}  // namespace

std::string SeverityOf(v1::Severity severity) {
  return WordsOf(v1::Severity_Name(severity), "SEVERITY_");
}

void AddComplaintCommands(CLI::App& app, Session& session) {
  CLI::App* noun = AddNoun(app, "complaint", "Complaints, until the member is content");
  AddVerb<Arguments>(*noun, session, "file", "Record a complaint", DeclareFile, File);
  AddChange(*noun, session, "acknowledge", "Record that the member was answered", "--text", false,
            Acknowledge);
  AddVerb<Arguments>(
      *noun, session, "assign", "Hand a complaint to another department or owner",
      [](CLI::App& verb, Arguments& arguments) {
        DeclareChange(verb, arguments);
        verb.add_option("--department", arguments.department, "Whose work it is")->required();
        verb.add_option("--owner", arguments.owner, "Who of them; whoever takes it by default");
        verb.add_option("--text", arguments.text, "Why");
      },
      Assign);
  AddGoodwillAndVerdict(*noun, session);
  AddChange(*noun, session, "resolve", "Record the outcome", "--outcome", true, Resolve);
  AddChange(*noun, session, "reopen", "Open a complaint again", "--text", true, Reopen);
  AddVerb<Arguments>(
      *noun, session, "show", "Show where a complaint stands, and what happened to it",
      [](CLI::App& verb, Arguments& arguments) {
        verb.add_option("COMPLAINT", arguments.complaint_id, "The complaint's id")->required();
      },
      Show);
  AddVerb<ComplaintsArguments>(
      *noun, session, "list", "List a member's complaints",
      [](CLI::App& verb, ComplaintsArguments& arguments) {
        DeclareMember(verb, arguments.member);
        DeclareLimit(verb, arguments);
      },
      List);
  AddComplaintReportVerb(*noun, session);
  noun->footer(Examples(
      {"dangolctl complaint file card:4005 --about delivery --severity high --text \"it was cold\"",
       "dangolctl complaint acknowledge c-1 --text \"we called back\"",
       "dangolctl complaint resolve c-1 --outcome \"sent anew\"",
       "dangolctl complaint verdict c-1 --satisfied"}));
}

}  // namespace dangol::cli
