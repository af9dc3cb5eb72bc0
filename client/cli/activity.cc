#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/command_helpers.h"
#include "cli/commands.h"
#include "dangol/types.h"

namespace dangol::cli {
namespace {

struct RecordArguments {
  std::string member;
  std::string kind;
  std::string id;
  std::string occurred_at;
  std::string channel;
  std::string reference;
  bool rewarded = false;
};

void DeclareRecord(CLI::App& verb, RecordArguments& arguments) {
  DeclareMember(verb, arguments.member);
  verb.add_option("KIND", arguments.kind, "A kind that the program declares, such as review")
      ->required();
  verb.add_option("--id", arguments.id,
                  "The activity's id, which makes repeating harmless; made up when not given");
  verb.add_option("--at", arguments.occurred_at, "When, as 2024-05-31T18:30:00Z; now by default");
  verb.add_flag("--rewarded", arguments.rewarded, "Somebody was paid for it");
  verb.add_option("--channel", arguments.channel, "How it was done, such as app");
  verb.add_option("--reference", arguments.reference, "What it was about");
}

std::string CountingOf(v1::Counting counting) {
  switch (counting) {
    case v1::COUNTING_COUNTED:
      return "it counts";
    case v1::COUNTING_OVER_DAILY_CAP:
      return "it does not count: as many as count on one day are there";
    case v1::COUNTING_SUSPENDED:
      return "it does not count: the member is suspended";
    case v1::COUNTING_UNDONE:
      return "it was undone";
    default:
      return "unknown";
  }
}

// Of an activity, and of what undoes one.
template <typename Response>
absl::Status Tell(Session& session, const absl::StatusOr<Response>& response) {
  return PrintReply(session, response, [&] {
    const v1::ActivityOutcome& outcome = response->outcome();
    const v1::RecordedActivity& activity = outcome.activity();
    const int64_t recorded = outcome.recorded().spontaneous() + outcome.recorded().rewarded();
    const int64_t counted = outcome.counted().spontaneous() + outcome.counted().rewarded();
    session.out() << RenderFacts(
        {{"activity", activity.activity_id()},
         {"member", activity.member_id()},
         {"kind", activity.kind()},
         {"rewarded", activity.rewarded() ? "yes" : "no"},
         {"occurred (UTC)", FormatTimestamp(activity.has_occurred_at(), activity.occurred_at())},
         {"counts", CountingOf(outcome.counting())},
         {"on its day", absl::StrCat(recorded, ", of which ", counted, " count")},
         {"daily cap", outcome.daily_cap() == 0 ? "none" : FormatCount(outcome.daily_cap())}});
  });
}

absl::Status Record(Session& session, const RecordArguments& arguments) {
  v1::RecordActivityRequest request;
  v1::Activity& activity = *request.mutable_activity();
  const absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  *activity.mutable_member() = *member;
  activity.set_activity_id(arguments.id);
  activity.set_kind(arguments.kind);
  activity.set_rewarded(arguments.rewarded);
  activity.set_channel(arguments.channel);
  activity.set_reference(arguments.reference);
  if (!arguments.occurred_at.empty()) {
    const absl::StatusOr<absl::Time> time = ParseTimeArgument(arguments.occurred_at);
    if (!time.ok()) return time.status();
    *activity.mutable_occurred_at() = ToTimestamp(*time);
  }
  return Tell(session, session.client().RecordActivity(std::move(request)));
}

struct UndoArguments {
  std::string activity;
};

absl::Status Undo(Session& session, const UndoArguments& arguments) {
  v1::UndoActivityRequest request;
  request.set_activity_id(arguments.activity);
  return Tell(session, session.client().UndoActivity(std::move(request)));
}

struct ActivitiesArguments : ListArguments {
  std::string member;
  std::string kind;
};

std::string StateOf(const v1::RecordedActivity& activity) {
  if (activity.has_undone_at()) return "undone";
  return activity.suspended() ? "suspended" : "";
}

absl::Status List(Session& session, const ActivitiesArguments& arguments) {
  const absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  v1::ListActivitiesRequest request;
  *request.mutable_member() = *member;
  request.set_kind(arguments.kind);
  Table table({{.title = "OCCURRED (UTC)", .whole = true},
               {.title = "ACTIVITY"},
               {.title = "KIND"},
               {.title = "REWARDED"},
               {.title = "CHANNEL"},
               {.title = "REFERENCE"},
               {.title = ""}});
  return PrintList(
      session, session.client().ListActivities(std::move(request)), arguments, "activities",
      std::move(table), [](Table& rows, const v1::RecordedActivity& activity) {
        rows.Add({FormatTimestamp(activity.has_occurred_at(), activity.occurred_at()),
                  activity.activity_id(), activity.kind(), activity.rewarded() ? "yes" : "",
                  activity.channel(), activity.reference(), StateOf(activity)});
      });
}

}  // namespace

void AddActivityCommands(CLI::App& app, Session& session) {
  CLI::App* noun = AddNoun(app, "activity", "What members do beside buying");
  AddVerb<RecordArguments>(*noun, session, "record", "Record something that a member did",
                           DeclareRecord, Record);
  AddVerb<UndoArguments>(
      *noun, session, "undo", "Undo an activity: it never was",
      [](CLI::App& verb, UndoArguments& arguments) {
        verb.add_option("ACTIVITY", arguments.activity, "The activity's id")->required();
      },
      Undo);
  AddVerb<ActivitiesArguments>(
      *noun, session, "list", "List a member's activities, the latest first",
      [](CLI::App& verb, ActivitiesArguments& arguments) {
        DeclareMember(verb, arguments.member);
        verb.add_option("--kind", arguments.kind, "Only those of this kind");
        DeclareLimit(verb, arguments);
      },
      List);
  AddActivityImportVerb(*noun, session);
  noun->footer(Examples(
      {"dangolctl activity record card:4005 review --reference latte --id review-81",
       "dangolctl activity record card:4005 recommendation --rewarded",
       "dangolctl activity undo review-81", "dangolctl activity list card:4005 --kind review",
       "dangolctl activity import reviews.csv --rejects rejects.csv"}));
}

}  // namespace dangol::cli
