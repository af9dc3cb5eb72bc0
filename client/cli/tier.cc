#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/command_helpers.h"
#include "cli/commands.h"
#include "cli/json.h"
#include "cli/table.h"
#include "cli/tier_import.h"
#include "cli/tier_words.h"
#include "cli/words.h"

namespace dangol::cli {
namespace {

constexpr auto kRight = Table::Align::kRight;

struct TierArguments {
  std::string member;
  std::string ladder;
};

void DeclareLadder(CLI::App& verb, std::string& ladder) {
  verb.add_option("--ladder", ladder, "The ladder, where the program has several");
}

std::string ReasonOf(v1::TierReason reason) {
  if (reason == v1::TIER_REASON_UNSPECIFIED) return "everybody begins here";
  return WordsOf(v1::TierReason_Name(reason), "TIER_REASON_");
}

using Values = google::protobuf::RepeatedPtrField<v1::CriterionValue>;

void AddCriteria(const std::string& what_for, const Values& values, bool any,
                 const Currencies& currencies, Table& table) {
  for (int i = 0; i < values.size(); ++i) {
    const v1::CriterionValue& value = values[i];
    std::string days = value.last_day();
    if (!value.first_day().empty()) days = absl::StrCat(value.first_day(), " to ", days);
    if (value.carried() > 0) {
      absl::StrAppend(&days, ", with ", Amount(value.criterion(), value.carried(), currencies),
                      " of the year before");
    }
    if (value.imported() > 0) {
      absl::StrAppend(&days, ", with ", Amount(value.criterion(), value.imported(), currencies),
                      " imported");
    }
    table.Add({i == 0 ? what_for : (any ? "  or" : "  and"), CountedBy(value.criterion()),
               Amount(value.criterion(), value.value(), currencies),
               Amount(value.criterion(), value.criterion().at_least(), currencies),
               value.missing() == 0 ? "yes" : "no", days});
  }
}

void PrintStatus(Session& session, const Currencies& currencies, const v1::TierStatus& status) {
  std::vector<std::pair<std::string, std::string>> facts = {{"ladder", status.ladder()},
                                                            {"tier", NameOf(status.tier())},
                                                            {"why", ReasonOf(status.reason())}};
  if (!status.since().empty()) facts.emplace_back("since", status.since());
  if (status.has_decision()) {
    const v1::TierDecision& decided = status.decision();
    facts.emplace_back(
        "decided",
        absl::StrCat(decided.override_id(), " by ", decided.principal(), ": ", decided.reason(),
                     decided.until().empty() ? "" : absl::StrCat(", until ", decided.until())));
    facts.emplace_back("qualifies for", NameOf(status.qualified()));
  }
  const std::string next = ToNext(status.next(), currencies);
  if (!next.empty()) facts.emplace_back("next", next);
  if (status.has_review()) {
    const v1::TierReview& review = status.review();
    facts.emplace_back(
        "review",
        absl::StrCat("after ", review.last_day(), ": ", NameOf(review.tier()),
                     review.grace() ? ", with days of grace" : "", " if nothing more is done"));
    facts.emplace_back("at risk", review.at_risk() ? "yes" : "no");
  }
  session.out() << RenderFacts(facts);
  Table table({{.title = "FOR"},
               {.title = "COUNTED"},
               {.title = "HAS", .align = kRight, .whole = true},
               {.title = "NEEDS", .align = kRight, .whole = true},
               {.title = "MET", .whole = true},
               {.title = "DAYS"}});
  AddCriteria(NameOf(status.qualified()), status.criteria(), status.criteria_any(), currencies,
              table);
  AddCriteria("review", status.review().criteria(), status.review().any(), currencies, table);
  AddCriteria(NameOf(status.next().tier()), status.next().criteria(), status.next().any(),
              currencies, table);
  if (!table.empty()) session.out() << "\n" << table.Render();
}

// Of whatever tells where a member stands.
template <typename Response>
void PrintLadders(Session& session, const Response& response) {
  const Currencies currencies = session.LoadCurrenciesOrIso();
  if (response.ladders().empty()) session.out() << "The program has no tiers.\n";
  for (int i = 0; i < response.ladders_size(); ++i) {
    if (i > 0) session.out() << "\n";
    PrintStatus(session, currencies, response.ladders(i));
  }
}

absl::Status Status(Session& session, const TierArguments& arguments) {
  absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  v1::GetTierStatusRequest request;
  *request.mutable_member() = *std::move(member);
  request.set_ladder(arguments.ladder);
  const auto response = session.client().GetTierStatus(std::move(request));
  if (!response.ok()) return response.status();
  if (session.json) {
    session.Print(ToJson(*response));
  } else {
    PrintLadders(session, *response);
    PrintImports(session, response->imports());
  }
  return absl::OkStatus();
}

struct HistoryArguments : ListArguments {
  std::string member;
  std::string ladder;
  bool corrections = false;
  bool announcements = false;
};

// What was announced ahead of reviews.
absl::Status Announcements(Session& session, const HistoryArguments& arguments,
                           v1::ListTierHistoryRequest request) {
  request.set_announcements(true);
  const Currencies currencies = session.json ? Currencies() : session.LoadCurrenciesOrIso();
  Table table({{.title = "ANNOUNCED", .whole = true},
               {.title = "TIER"},
               {.title = "UNTIL", .whole = true},
               {.title = "WOULD BE"},
               {.title = "KEPT BY"}});
  return PrintList(
      session, session.client().ListTierHistory(std::move(request)), arguments, "entries",
      std::move(table), [&currencies](Table& rows, const v1::TierHistoryEntry& entry) {
        const v1::TierReview& review = entry.announcement();
        rows.Add({entry.day(), NameOf(entry.tier()), review.last_day(),
                  absl::StrCat(NameOf(review.tier()), review.grace() ? ", with days of grace" : ""),
                  Missing(review.criteria(), review.any(), currencies)});
      });
}

absl::Status History(Session& session, const HistoryArguments& arguments) {
  absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  v1::ListTierHistoryRequest request;
  *request.mutable_member() = *std::move(member);
  request.set_ladder(arguments.ladder);
  request.set_corrections(arguments.corrections);
  if (arguments.announcements) return Announcements(session, arguments, std::move(request));
  Table table({{.title = "FROM", .whole = true},
               {.title = "TIER"},
               {.title = "WHY"},
               {.title = "UNTIL", .whole = true}});
  return PrintList(session, session.client().ListTierHistory(std::move(request)), arguments,
                   "entries", std::move(table), [](Table& rows, const v1::TierHistoryEntry& entry) {
                     std::string why = ReasonOf(entry.reason());
                     if (entry.has_decision()) {
                       absl::StrAppend(&why, ": ", entry.decision().reason());
                     }
                     if (entry.has_recorded_at()) {
                       absl::StrAppend(&why, entry.withdrawn() ? ", withdrawn at " : ", found at ",
                                       FormatTimestamp(true, entry.recorded_at()));
                     }
                     rows.Add({entry.day(), NameOf(entry.tier()), why, entry.valid_until()});
                   });
}

absl::Status Explain(Session& session, const HistoryArguments& arguments) {
  absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  v1::ListTierFactsRequest request;
  *request.mutable_member() = *std::move(member);
  request.set_ladder(arguments.ladder);
  const Currencies currencies = session.json ? Currencies() : session.LoadCurrenciesOrIso();
  Table table({{.title = "OCCURRED (UTC)", .whole = true},
               {.title = "WHAT"},
               {.title = "FOR"},
               {.title = "COUNTS", .align = kRight, .whole = true},
               {.title = "WHY NOT"}});
  return PrintList(
      session, session.client().ListTierFacts(std::move(request)), arguments, "facts",
      std::move(table), [&currencies](Table& rows, const v1::TierFact& fact) {
        const std::string what = fact.purchase_id().empty()
                                     ? absl::StrCat(fact.activity_kind(), " ", fact.activity_id())
                                     : absl::StrCat("purchase ", fact.purchase_id());
        for (const v1::TierFactShare& share : fact.shares()) {
          const bool counts = share.outcome() == v1::TIER_FACT_OUTCOME_COUNTED;
          rows.Add(
              {FormatTimestamp(true, fact.occurred_at()), what, CountedBy(share.criterion()),
               Amount(share.criterion(), share.counted(), currencies),
               counts ? ""
                      : WordsOf(v1::TierFactOutcome_Name(share.outcome()), "TIER_FACT_OUTCOME_")});
        }
      });
}

struct OverrideArguments {
  std::string member;
  std::string ladder;
  std::string tier;
  std::string reason;
  std::string until;
  std::string id;
  bool opt_out = false;
};

// Prints where the member stands after a change, whatever it was.
template <typename Response>
absl::Status PrintChange(Session& session, const absl::StatusOr<Response>& response) {
  return PrintReply(session, response, [&] { PrintLadders(session, *response); });
}

absl::Status Override(Session& session, const OverrideArguments& arguments) {
  absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  v1::OverrideTierRequest request;
  request.set_request_id(arguments.id);
  *request.mutable_member() = *std::move(member);
  request.set_ladder(arguments.ladder);
  request.set_tier(arguments.tier);
  request.set_reason(arguments.reason);
  request.set_until(arguments.until);
  if (arguments.opt_out) request.set_kind(v1::TIER_DECISION_KIND_OPT_OUT);
  return PrintChange(session, session.client().OverrideTier(std::move(request)));
}

struct EndArguments {
  std::string member;
  std::string override_id;
  std::string request_id;
};

absl::Status End(Session& session, const EndArguments& arguments) {
  absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  v1::EndTierOverrideRequest request;
  request.set_request_id(arguments.request_id);
  *request.mutable_member() = *std::move(member);
  request.set_override_id(arguments.override_id);
  return PrintChange(session, session.client().EndTierOverride(std::move(request)));
}

void DeclareOverride(CLI::App& verb, OverrideArguments& arguments) {
  DeclareMember(verb, arguments.member);
  verb.add_option("LADDER", arguments.ladder, "The ladder")->required();
  verb.add_option("TIER", arguments.tier, "The tier, above the present one or below")->required();
  verb.add_option("--reason", arguments.reason, "Why, for whoever reads it later")->required();
  verb.add_option("--until", arguments.until,
                  "The last day, such as 2026-12-31; without end when not given");
  verb.add_option("--id", arguments.id,
                  "The decision's id, which makes repeating harmless; made up when not given");
  verb.add_flag("--opt-out", arguments.opt_out,
                "The member wants to rise no further than this tier");
  verb.footer(Examples(
      {"dangolctl tier override card:4005 main gold --reason \"a lost parcel\" --until 2026-12-31",
       "dangolctl tier override card:4005 main silver --opt-out --reason \"as they asked\""}));
}

}  // namespace

void AddTierCommands(CLI::App& app, Session& session) {
  CLI::App* noun = AddNoun(app, "tier", "Members' tiers: where they stand, and why");
  AddVerb<TierArguments>(
      *noun, session, "status", "Show a member's tier, what it rests on, and what is next",
      [](CLI::App& verb, TierArguments& arguments) {
        DeclareMember(verb, arguments.member);
        DeclareLadder(verb, arguments.ladder);
      },
      Status);
  AddVerb<HistoryArguments>(
      *noun, session, "history", "Show what a member's tier was over time",
      [](CLI::App& verb, HistoryArguments& arguments) {
        DeclareMember(verb, arguments.member);
        DeclareLadder(verb, arguments.ladder);
        DeclareLimit(verb, arguments);
        verb.add_flag("--corrections", arguments.corrections,
                      "Show what was found when, also what was corrected later");
        verb.add_flag("--announcements", arguments.announcements,
                      "Show what was announced ahead of reviews")
            ->excludes("--corrections");
      },
      History);
  AddVerb<HistoryArguments>(
      *noun, session, "explain", "Show what of a member's doings counts for their tier, and why",
      [](CLI::App& verb, HistoryArguments& arguments) {
        DeclareMember(verb, arguments.member);
        DeclareLadder(verb, arguments.ladder);
        DeclareLimit(verb, arguments);
      },
      Explain);
  AddVerb<OverrideArguments>(*noun, session, "override", "Decide on a member's tier",
                             DeclareOverride, Override);
  AddVerb<EndArguments>(
      *noun, session, "end-override", "End such a decision before its time",
      [](CLI::App& verb, EndArguments& arguments) {
        DeclareMember(verb, arguments.member);
        verb.add_option("ID", arguments.override_id, "The decision's id")->required();
        DeclareRequestId(verb, arguments.request_id);
      },
      End);
  AddTierImportVerb(*noun, session);
  AddTierPopulationVerbs(*noun, session);
  noun->footer(
      Examples({"dangolctl tier status card:4005", "dangolctl tier history card:4005",
                "dangolctl tier distribution", "dangolctl tier simulate next-year.txtpb"}));
}

}  // namespace dangol::cli
