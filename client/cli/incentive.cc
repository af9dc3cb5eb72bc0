#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/command_helpers.h"
#include "cli/commands.h"
#include "cli/incentive_words.h"
#include "cli/json.h"
#include "cli/table.h"
#include "cli/words.h"
#include "dangol/types.h"

namespace dangol::cli {
namespace {

constexpr auto kRight = Table::Align::kRight;

template <typename Message>
std::string Obstacles(const Message& message) {
  std::vector<std::string> words;
  for (int i = 0; i < message.obstacles_size(); ++i) {
    words.push_back(
        WordsOf(v1::IncentiveObstacle_Name(message.obstacles(i)), "INCENTIVE_OBSTACLE_"));
  }
  return words.empty() ? "yes" : absl::StrJoin(words, ", ");
}

struct ProgressArguments {
  std::string member;
};

absl::Status Progress(Session& session, const ProgressArguments& arguments) {
  absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  v1::ListProgressRequest request;
  *request.mutable_member() = *std::move(member);
  const auto response = session.client().ListProgress(std::move(request));
  if (!response.ok()) return response.status();
  if (session.json) {
    session.Print(ToJson(*response));
    return absl::OkStatus();
  }
  Table table({{.title = "INCENTIVE"},
               {.title = "SO FAR", .whole = true},
               {.title = "WORTH", .align = kRight, .whole = true},
               {.title = "AWARDS", .align = kRight, .whole = true}});
  for (const v1::IncentiveProgress& progress : response->incentives()) {
    table.Add({progress.incentive_id(), HowFar(progress), WorthOf(progress),
               FormatCount(progress.awards())});
  }
  session.out() << (table.empty() ? "The program has no incentives.\n" : table.Render());
  for (const v1::IncentiveProgress& progress : response->incentives()) {
    if (progress.obstacles().empty()) continue;
    session.out() << progress.incentive_id() << " gives nothing now: " << Obstacles(progress)
                  << "\n";
  }
  for (int i = 0; i < response->last_purchase_size(); ++i) {
    if (response->last_purchase(i) == v1::PURCHASE_MISS_COUNTS) continue;
    session.out() << "The last purchase";
    if (!response->last_purchase_id().empty())
      session.out() << ", " << response->last_purchase_id() << ",";
    session.out() << " does not count for " << response->incentives(i).incentive_id() << ": "
                  << WordsOf(v1::PurchaseMiss_Name(response->last_purchase(i)), "PURCHASE_MISS_")
                  << "\n";
  }
  return absl::OkStatus();
}

struct AwardsArguments : ListArguments {
  std::string member;
};

absl::Status Awards(Session& session, const AwardsArguments& arguments) {
  absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  v1::ListAwardsRequest request;
  *request.mutable_member() = *std::move(member);
  Table table({{.title = "DAY"},
               {.title = "FOR"},
               {.title = "POINTS", .align = kRight, .whole = true},
               {.title = "WALLET"},
               {.title = "EXPIRES (UTC)"},
               {.title = ""}});
  return PrintList<v1::Award>(
      session, session.client().ListAwards(std::move(request)), arguments, "awards",
      std::move(table), [](Table& rows, const v1::Award& award) {
        rows.Add({award.day(), award.cause(), FormatCount(award.points()), award.wallet(),
                  award.has_expires_at() ? FormatTimestamp(true, award.expires_at()) : "never",
                  award.fallen() ? "fallen" : ""});
      });
}

struct ExplainArguments {
  std::string member;
  std::string incentive;
  int days = 0;
};

// What an incentive made of a day, in a word.
std::string MadeOf(const v1::IncentiveStep& step) {
  if (step.not_in_audience()) return "not in the audience";
  if (step.awards() == 0) return step.brought() == 0 ? "does not count" : "";
  return absl::StrCat(FormatCount(step.awards()), " x ", FormatCount(step.points()));
}

absl::Status Explain(Session& session, const ExplainArguments& arguments) {
  absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  v1::ExplainIncentiveRequest request;
  *request.mutable_member() = *std::move(member);
  request.set_incentive_id(arguments.incentive);
  request.set_max_days(arguments.days);
  const auto response = session.client().ExplainIncentive(std::move(request));
  if (!response.ok()) return response.status();
  if (session.json) {
    session.Print(ToJson(*response));
    return absl::OkStatus();
  }
  session.out() << response->progress().name() << ": " << HowFar(response->progress()) << "\n";
  Table table({{.title = "DAY", .whole = true},
               {.title = "BROUGHT", .align = kRight, .whole = true},
               {.title = "THEN", .align = kRight, .whole = true},
               {.title = "AWARDS"}});
  for (const v1::IncentiveStep& step : response->steps()) {
    table.Add({step.day(), FormatCount(step.brought()),
               absl::StrCat(FormatCount(step.have()), " of ", FormatCount(step.need())),
               MadeOf(step)});
  }
  if (response->earlier_steps() > 0) {
    session.out() << FormatCount(response->earlier_steps()) << " earlier days are left out\n";
  }
  session.out() << (table.empty() ? "Nothing was done that it asks for.\n" : table.Render());
  for (const v1::Award& award : response->awards()) session.out() << Told(award) << "\n";
  return absl::OkStatus();
}

struct OffersArguments {
  std::string member;
};

absl::Status Offers(Session& session, const OffersArguments& arguments) {
  v1::ListOffersRequest request;
  if (!arguments.member.empty()) {
    absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
    if (!member.ok()) return member.status();
    *request.mutable_member() = *std::move(member);
  }
  const auto response = session.client().ListOffers(std::move(request));
  if (!response.ok()) return response.status();
  if (session.json) {
    session.Print(ToJson(*response));
    return absl::OkStatus();
  }
  Table table({{.title = "INCENTIVE"},
               {.title = "NAME"},
               {.title = "KIND"},
               {.title = "WORTH", .align = kRight, .whole = true},
               {.title = "BUDGET LEFT", .align = kRight, .whole = true},
               {.title = "FROM"},
               {.title = "UNTIL"},
               {.title = arguments.member.empty() ? "RUNS" : "CAN COLLECT"}});
  for (const v1::IncentiveOffer& offer : response->offers()) {
    table.Add({offer.incentive_id(), offer.name(), WordsOf(offer.kind(), ""), WorthOf(offer),
               offer.has_budget_left() ? FormatCount(offer.budget_left()) : "", offer.first_day(),
               offer.last_day(), Obstacles(offer)});
  }
  session.out() << (table.empty() ? "The program has no incentives.\n" : table.Render());
  return absl::OkStatus();
}

}  // namespace

void AddIncentiveCommands(CLI::App& app, Session& session) {
  CLI::App* incentive = AddNoun(app, "incentive", "What members are given for coming back");
  AddVerb<ProgressArguments>(
      *incentive, session, "progress",
      "Show how far a member is, and why their last purchase did not count",
      [](CLI::App& verb, ProgressArguments& arguments) {
        DeclareMember(verb, arguments.member);
        verb.footer(Examples({"dangolctl incentive progress card:4005"}));
      },
      Progress);
  AddVerb<AwardsArguments>(
      *incentive, session, "awards", "List what a member was given for tiers and by incentives",
      [](CLI::App& verb, AwardsArguments& arguments) {
        DeclareMember(verb, arguments.member);
        DeclareLimit(verb, arguments);
      },
      Awards);
  AddVerb<ExplainArguments>(
      *incentive, session, "explain", "Show day by day what an incentive made of what a member did",
      [](CLI::App& verb, ExplainArguments& arguments) {
        DeclareMember(verb, arguments.member);
        verb.add_option("INCENTIVE", arguments.incentive, "Its id in the program")->required();
        verb.add_option("--days", arguments.days, "How many of the last days, 50 when left out");
        verb.footer(Examples({"dangolctl incentive explain card:4005 coffee-card"}));
      },
      Explain);
  AddVerb<OffersArguments>(
      *incentive, session, "offers", "List the incentives of the program, as a member sees them",
      [](CLI::App& verb, OffersArguments& arguments) { DeclareMember(verb, arguments.member); },
      Offers);
  AddVerb<OffersArguments>(
      *incentive, session, "list", "List the incentives of the program",
      [](CLI::App&, OffersArguments&) {}, Offers);
}

}  // namespace dangol::cli
