// The queue of what is to be done for members.

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/command_helpers.h"
#include "cli/commands.h"
#include "cli/complaint.h"
#include "cli/table.h"

namespace dangol::cli {
namespace {

struct WorkArguments : ListArguments {
  std::string department;
  std::string owner;
  bool overdue = false;
};

absl::Status List(Session& session, const WorkArguments& arguments) {
  v1::ListWorkItemsRequest request;
  request.set_department(arguments.department);
  request.set_owner(arguments.owner);
  request.set_overdue_only(arguments.overdue);
  return PrintList<v1::WorkItem>(
      session, session.client().ListWorkItems(std::move(request)), arguments, "items",
      Table({{"due (UTC)", Table::Align::kLeft, true},
             {"item", Table::Align::kLeft, true},
             {"about"},
             {"severity"},
             {"department"},
             {"owner"},
             {""}}),
      [](Table& table, const v1::WorkItem& item) {
        const v1::Complaint& complaint = item.complaint();
        const std::string late =
            complaint.escalated_to().empty() ? "overdue" : "overdue: " + complaint.escalated_to();
        table.Add({FormatTimestamp(true, item.due_at()), item.item_id(), complaint.category(),
                   SeverityOf(complaint.severity()), item.department(), item.owner(),
                   item.overdue() ? late : ""});
      });
}

void DeclareWork(CLI::App& verb, WorkArguments& arguments) {
  verb.add_option("--department", arguments.department, "Only of this department");
  verb.add_option("--owner", arguments.owner, "Only of this owner, or escalated to them");
  verb.add_flag("--overdue", arguments.overdue, "Only what should have been done");
}

}  // namespace

void AddWorkCommands(CLI::App& app, Session& session) {
  CLI::App* noun = AddNoun(app, "work", "What is to be done for members, by when it is due");
  AddVerb<WorkArguments>(
      *noun, session, "list", "List what is to be done, the most urgent first",
      [](CLI::App& verb, WorkArguments& arguments) {
        DeclareWork(verb, arguments);
        DeclareLimit(verb, arguments);
      },
      List);
  AddVerb<WorkArguments>(
      *noun, session, "next", "Show what is to be done next",
      [](CLI::App& verb, WorkArguments& arguments) {
        DeclareWork(verb, arguments);
        arguments.limit = 1;
      },
      List);
  noun->footer(Examples({"dangolctl work list --department kitchen", "dangolctl work next",
                         "dangolctl work list --overdue"}));
}

}  // namespace dangol::cli
