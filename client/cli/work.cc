// The queue of what is to be done for members.

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "cli/command_helpers.h"
#include "cli/commands.h"
#include "cli/complaint.h"
#include "cli/table.h"
#include "cli/words.h"
#include "dangol/types.h"

namespace dangol::cli {
namespace {

struct WorkArguments : ListArguments {
  std::string department;
  std::string owner;
  std::string kind;
  bool overdue = false;
  int every_seconds = 2;
  int times = 0;
};

std::string KindOf(v1::WorkKind kind) { return WordsOf(v1::WorkKind_Name(kind), "WORK_KIND_"); }

v1::WorkKind KindNamed(const std::string& argument) {
  return static_cast<v1::WorkKind>(NumberOf(*v1::WorkKind_descriptor(), argument));
}

v1::ListWorkItemsRequest RequestOf(const WorkArguments& arguments) {
  v1::ListWorkItemsRequest request;
  request.set_department(arguments.department);
  request.set_owner(arguments.owner);
  request.set_kind(KindNamed(arguments.kind));
  request.set_overdue_only(arguments.overdue);
  return request;
}

Table EmptyQueue() {
  return Table({{"due (UTC)", Table::Align::kLeft, true},
                {"what", Table::Align::kLeft, true},
                {"item", Table::Align::kLeft, true},
                {"member"},
                {"about"},
                {"department"},
                {"owner"},
                {""}});
}

void AddItem(Table& table, const v1::WorkItem& item) {
  const v1::Complaint& complaint = item.complaint();
  const std::string late =
      complaint.escalated_to().empty() ? "overdue" : "overdue: " + complaint.escalated_to();
  std::string about = complaint.category();
  if (item.has_complaint()) absl::StrAppend(&about, ", ", SeverityOf(complaint.severity()));
  table.Add({FormatTimestamp(true, item.due_at()), KindOf(item.kind()), item.item_id(),
             item.member_id(), about, item.department(), item.owner(), item.overdue() ? late : ""});
}

absl::Status List(Session& session, const WorkArguments& arguments) {
  return PrintList<v1::WorkItem>(session, session.client().ListWorkItems(RequestOf(arguments)),
                                 arguments, "items", EmptyQueue(), AddItem);
}

// What somebody can do about an item, as commands.
std::vector<std::string> StepsFor(const v1::WorkItem& item) {
  const std::string& member = item.member_id();
  switch (item.kind()) {
    case v1::WORK_KIND_COMPLAINT:
      if (item.complaint().state() == v1::COMPLAINT_STATE_OPEN) {
        return {absl::StrCat("dangolctl complaint acknowledge ", item.item_id())};
      }
      return {absl::StrCat("dangolctl complaint resolve ", item.item_id(), " --outcome ...")};
    case v1::WORK_KIND_UNASSIGNED_VVIP:
      return {absl::StrCat("dangolctl advocate manager ", member, " --name ...")};
    case v1::WORK_KIND_HOSTILE_ADVOCATE:
      return {absl::StrCat("dangolctl advocate show ", member),
              absl::StrCat("dangolctl advocate referred ", member)};
    case v1::WORK_KIND_OVERDUE_VVIP_COMPLAINT:
    case v1::WORK_KIND_UNANSWERED_COMPLAINT:
      return {absl::StrCat("dangolctl complaint show ", item.item_id())};
    default:
      return {absl::StrCat("dangolctl survey list ", member)};
  }
}

// The most urgent item, and what there is to do about it.
absl::Status Next(Session& session, const WorkArguments& arguments) {
  for (absl::StatusOr<v1::WorkItem>& item : session.client().ListWorkItems(RequestOf(arguments))) {
    if (!item.ok()) return item.status();
    if (session.json) {
      session.Print(ToJson(*item));
      return absl::OkStatus();
    }
    Table table = EmptyQueue();
    AddItem(table, *item);
    session.out() << table.Render() << "\n";
    for (const std::string& step : StepsFor(*item)) session.out() << "  " << step << "\n";
    if (item->kind() != v1::WORK_KIND_COMPLAINT) {
      session.out() << "  dangolctl work done " << item->member_id() << " "
                    << absl::StrReplaceAll(KindOf(item->kind()), {{" ", "-"}}) << " "
                    << item->item_id() << " --note ...\n";
    }
    return absl::OkStatus();
  }
  session.out() << (session.json ? "{}\n" : "nothing is to be done\n");
  return absl::OkStatus();
}

struct DoneArguments {
  std::string member;
  std::string kind;
  std::string item;
  std::string note;
  std::string request_id;
};

absl::Status Done(Session& session, const DoneArguments& arguments) {
  absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  v1::CompleteWorkItemRequest request;
  *request.mutable_member() = *std::move(member);
  request.set_request_id(arguments.request_id);
  request.set_kind(KindNamed(arguments.kind));
  request.set_item_id(arguments.item);
  request.set_text(arguments.note);
  const auto response = session.client().CompleteWorkItem(std::move(request));
  return PrintReply(session, response, [&] {
    session.out() << "done: " << KindOf(response->item().kind()) << " of "
                  << response->item().member_id() << "\n";
  });
}

// The queue as it is now, as text.
absl::StatusOr<std::string> Snapshot(Session& session, const WorkArguments& arguments) {
  Table table = EmptyQueue();
  int64_t shown = 0;
  for (absl::StatusOr<v1::WorkItem>& item : session.client().ListWorkItems(RequestOf(arguments))) {
    if (!item.ok()) return item.status();
    if (shown++ == arguments.limit) break;
    AddItem(table, *item);
  }
  return table.empty() ? "nothing is to be done\n" : table.Render();
}

// Stays, and shows the queue again whenever it has changed: on a terminal in the place of what was
// there. A server that is away for a moment is asked again.
absl::Status Watch(Session& session, const WorkArguments& arguments) {
  std::string last;
  for (int time = 1;; ++time) {
    const absl::StatusOr<std::string> now = Snapshot(session, arguments);
    const bool is_away = absl::IsUnavailable(now.status());
    if (!now.ok() && !is_away) return now.status();
    const std::string text = is_away ? "the server is away; trying again\n" : *now;
    if (text != last) {
      if (session.terminal()) session.out() << "\x1b[H\x1b[2J";
      session.out() << absl::FormatTime("%H:%M:%S UTC", absl::Now(), absl::UTCTimeZone()) << "\n"
                    << text << std::flush;
      last = text;
    }
    if (time == arguments.times) return is_away ? now.status() : absl::OkStatus();
    absl::SleepFor(absl::Seconds(arguments.every_seconds));
  }
}

void DeclareWork(CLI::App& verb, WorkArguments& arguments) {
  verb.add_option("--department", arguments.department, "Only of this department");
  verb.add_option("--owner", arguments.owner, "Only of this owner, or escalated to them");
  verb.add_option("--kind", arguments.kind, "Only of this kind")
      ->check(CLI::IsMember(ArgumentsOf(*v1::WorkKind_descriptor())));
  verb.add_flag("--overdue", arguments.overdue, "Only what should have been done");
}

void DeclareDone(CLI::App& verb, DoneArguments& arguments) {
  DeclareMember(verb, arguments.member);
  verb.add_option("KIND", arguments.kind, "The item's kind")
      ->required()
      ->check(CLI::IsMember(ArgumentsOf(*v1::WorkKind_descriptor())));
  verb.add_option("ITEM", arguments.item, "The item's id")->required();
  verb.add_option("--note", arguments.note, "What was done")->required();
  DeclareRequestId(verb, arguments.request_id);
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
  AddVerb<WorkArguments>(*noun, session, "next",
                         "Show what is to be done next, and with which commands", DeclareWork,
                         Next);
  AddVerb<DoneArguments>(*noun, session, "done", "Say that an item was seen to", DeclareDone, Done);
  AddVerb<WorkArguments>(
      *noun, session, "watch", "Stay, and show the queue whenever it changes",
      [](CLI::App& verb, WorkArguments& arguments) {
        DeclareWork(verb, arguments);
        DeclareLimit(verb, arguments);
        verb.add_option("--every", arguments.every_seconds, "Look every so many seconds")
            ->check(CLI::Range(1, 3'600));
        verb.add_option("--times", arguments.times, "Look so often; until it is stopped when 0")
            ->check(CLI::Range(0, 1'000'000));
      },
      Watch);
  noun->footer(Examples({"dangolctl work list --department kitchen", "dangolctl work next",
                         "dangolctl work list --kind hostile-advocate",
                         "dangolctl work done card:4005 bad-survey s-17 --note \"called them\"",
                         "dangolctl work watch --overdue"}));
}

}  // namespace dangol::cli
