// What happens, as it happens.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "cli/command_helpers.h"
#include "cli/commands.h"
#include "cli/words.h"
#include "dangol/types.h"

namespace dangol::cli {
namespace {

struct EventArguments {
  std::string member;
  std::vector<std::string> kinds;
  std::string resume;
  bool from_now = false;
  bool until_now = false;
};

std::string KindOf(v1::EventKind kind) { return WordsOf(v1::EventKind_Name(kind), "EVENT_KIND_"); }

std::string Signed(int64_t number) { return absl::StrCat(number > 0 ? "+" : "", number); }

// What an event has changed, in words.
std::vector<std::string> ChangesOf(const v1::Event& event) {
  std::vector<std::string> changes;
  for (const v1::PointsChange& points : event.points()) {
    std::string text = absl::StrCat(points.wallet(), ": ",
                                    WordsOf(v1::EntryKind_Name(points.kind()), "ENTRY_KIND_"));
    if (points.pending() != 0) absl::StrAppend(&text, " ", Signed(points.pending()), " pending");
    if (points.available() != 0) absl::StrAppend(&text, " ", Signed(points.available()));
    if (points.held() != 0) absl::StrAppend(&text, " ", Signed(points.held()), " held");
    changes.push_back(std::move(text));
  }
  for (const v1::TierChange& tier : event.tiers()) {
    changes.push_back(
        absl::StrCat(tier.ladder_id(), " ", tier.tier_id().empty() ? "lowest" : tier.tier_id(),
                     " from ", tier.day(), " (",
                     tier.withdrawn() ? "withdrawn"
                                      : WordsOf(v1::TierReason_Name(tier.reason()), "TIER_REASON_"),
                     ")"));
  }
  for (const v1::AwardChange& award : event.awards()) {
    changes.push_back(absl::StrCat(award.cause(), " ", award.number(),
                                   award.fallen() ? " taken back" : " given"));
  }
  for (const v1::CouponChange& coupon : event.coupons()) {
    changes.push_back(
        absl::StrCat("coupon ", coupon.coupon_id(), " of ", coupon.reward_id(), " ",
                     WordsOf(v1::CouponStatus_Name(coupon.status()), "COUPON_STATUS_")));
  }
  for (const v1::WorkChange& work : event.work()) {
    changes.push_back(absl::StrCat(WordsOf(v1::WorkKind_Name(work.kind()), "WORK_KIND_"), " ",
                                   work.item_id(), work.open() ? " to be done" : " done"));
  }
  if (event.program_version() != 0) {
    changes.push_back(absl::StrCat("program version ", event.program_version()));
  }
  return changes;
}

void Print(Session& session, const v1::Event& event) {
  if (session.json) {
    session.out() << ToJson(event).dump() << "\n";
    return;
  }
  session.out() << FormatTimestamp(true, event.recorded_at()) << "  " << event.event_id() << "  "
                << KindOf(event.kind());
  if (!event.request_id().empty()) session.out() << " " << event.request_id();
  if (!event.member_id().empty()) session.out() << "  of " << event.member_id();
  const std::vector<std::string> changes = ChangesOf(event);
  if (!changes.empty()) session.out() << "  " << absl::StrJoin(changes, "; ");
  session.out() << "\n";
}

// The token in the file; empty where there is no file yet.
absl::StatusOr<std::string> ReadToken(const std::string& path) {
  if (path.empty() || !std::filesystem::exists(path)) return std::string();
  absl::StatusOr<std::string> text = ReadFile(path);
  if (!text.ok()) return text.status();
  return std::string(absl::StripAsciiWhitespace(*text));
}

absl::StatusOr<v1::WatchEventsRequest> RequestOf(const EventArguments& arguments) {
  v1::WatchEventsRequest request;
  if (!arguments.member.empty()) {
    absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
    if (!member.ok()) return member.status();
    *request.mutable_member() = *std::move(member);
  }
  for (const std::string& kind : arguments.kinds)
    request.add_kinds(static_cast<v1::EventKind>(NumberOf(*v1::EventKind_descriptor(), kind)));
  absl::StatusOr<std::string> token = ReadToken(arguments.resume);
  if (!token.ok()) return token.status();
  request.set_resume_token(*std::move(token));
  request.set_from_now(arguments.from_now && request.resume_token().empty());
  request.set_until_now(arguments.until_now);
  return request;
}

absl::Status Watch(Session& session, const EventArguments& arguments) {
  const absl::StatusOr<v1::WatchEventsRequest> request = RequestOf(arguments);
  if (!request.ok()) return request.status();
  const std::unique_ptr<EventStream> stream = session.client().WatchEvents(*request);
  while (const std::optional<v1::WatchEventsResponse> response = stream->Read()) {
    for (const v1::Event& event : response->events()) Print(session, event);
    session.out().flush();
    // Not before they are written: whoever reads them would miss them after a crash.
    if (!session.out()) return absl::UnavailableError("can't write the events");
    if (arguments.resume.empty()) continue;
    const std::string token = absl::StrCat(response->resume_token(), "\n");
    if (absl::Status kept = ReplaceFile(arguments.resume, token); !kept.ok()) {
      return kept;
    }
  }
  return stream->Finish();
}

}  // namespace

void AddEventCommands(CLI::App& app, Session& session) {
  CLI::App* noun = AddNoun(app, "event", "What happened, and what happens");
  AddVerb<EventArguments>(
      *noun, session, "watch", "Print events, and stay for those to come",
      [](CLI::App& verb, EventArguments& arguments) {
        verb.add_option("--member", arguments.member,
                        "Only of this member: an id or an alias such as phone:+8210...");
        verb.add_option("--kind", arguments.kinds, "Only of these kinds")
            ->check(CLI::IsMember(ArgumentsOf(*v1::EventKind_descriptor())));
        verb.add_option("--resume", arguments.resume,
                        "Go on after what this file tells, and keep in it how far it came");
        verb.add_flag("--from-now", arguments.from_now,
                      "Begin now, where there is nothing to resume; else with the first event");
        verb.add_flag("--until-now", arguments.until_now, "End where all is told");
      },
      Watch);
  noun->footer(
      Examples({"dangolctl event watch --from-now",
                "dangolctl event watch --kind advance-member --member card:4005",
                "dangolctl --output json event watch --resume events.token >> events.jsonl",
                "dangolctl event watch --until-now | tail"}));
}

}  // namespace dangol::cli
