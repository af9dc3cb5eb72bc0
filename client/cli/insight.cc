#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/command_helpers.h"
#include "cli/commands.h"

namespace dangol::cli {
namespace {

using Months = google::protobuf::RepeatedPtrField<v1::MonthPoints>;

struct NoArguments {};

Json MonthsJson(const Months& months) {
  Json array = Json::array();
  for (const v1::MonthPoints& month : months) {
    // null: never.
    const Json name = month.month().empty() ? Json() : Json(month.month());
    array.push_back({{"month", name}, {"points", month.points()}});
  }
  return array;
}

Json LiabilityJson(const v1::GetLiabilityResponse& liability) {
  Json wallets = Json::object();
  for (const v1::WalletLiability& wallet : liability.wallets()) {
    Json cost;
    if (wallet.has_cost()) {
      cost = {{"currency", wallet.cost().currency()},
              {"minor", wallet.cost().minor()},
              {"expected_minor", wallet.cost().expected_minor()}};
    }
    wallets[wallet.wallet()] = {{"outstanding", wallet.outstanding()},
                                {"pending", wallet.pending()},
                                {"available", wallet.available()},
                                {"held", wallet.held()},
                                {"owed", wallet.owed()},
                                {"earned", MonthsJson(wallet.earned())},
                                {"expiring", MonthsJson(wallet.expiring())},
                                {"expected_to_expire", wallet.expected_to_expire()},
                                {"beyond_history", wallet.beyond_history()},
                                {"history_months", wallet.history_months()},
                                {"cost", std::move(cost)}};
  }
  return {{"as_of", ToJson(liability.as_of())}, {"wallets", std::move(wallets)}};
}

std::string RenderMonths(const std::string& title, const Months& months) {
  constexpr auto kRight = Table::Align::kRight;
  Table table({{.title = title}, {.title = "POINTS", .align = kRight, .whole = true}});
  for (const v1::MonthPoints& month : months) {
    table.Add({month.month().empty() ? "never" : month.month(), FormatCount(month.points())});
  }
  return table.empty() ? "" : absl::StrCat("\n", table.Render());
}

void PrintWallet(Session& session, const Currencies& currencies,
                 const v1::WalletLiability& wallet) {
  std::vector<std::pair<std::string, std::string>> facts = {
      {"wallet", wallet.wallet()},
      {"outstanding", FormatCount(wallet.outstanding())},
      {"  pending", FormatCount(wallet.pending())},
      {"  available", FormatCount(wallet.available())},
      {"  held", FormatCount(wallet.held())},
      {"owed by members", FormatCount(wallet.owed())},
      {"expected to expire", FormatCount(wallet.expected_to_expire())}};
  if (wallet.beyond_history() > 0) {
    facts.emplace_back(
        "unknown", absl::StrCat(FormatCount(wallet.beyond_history()), ": ", wallet.history_months(),
                                " months of history are too few"));
  }
  if (wallet.has_cost()) {
    const v1::LiabilityCost& cost = wallet.cost();
    facts.emplace_back("cost", currencies.Money(cost.minor(), cost.currency()));
    facts.emplace_back("cost expected", currencies.Money(cost.expected_minor(), cost.currency()));
  }
  session.out() << "\n"
                << RenderFacts(facts) << RenderMonths("EARNED IN", wallet.earned())
                << RenderMonths("LAST DAY IN", wallet.expiring());
}

absl::Status Liability(Session& session, const NoArguments&) {
  const absl::StatusOr<v1::GetLiabilityResponse> liability = session.client().GetLiability();
  if (!liability.ok()) return liability.status();
  if (session.json) {
    session.Print(LiabilityJson(*liability));
    return absl::OkStatus();
  }
  session.out() << RenderFacts(
      {{"as of (UTC)", FormatTimestamp(liability->has_as_of(), liability->as_of())}});
  const Currencies currencies = session.LoadCurrenciesOrIso();
  for (const v1::WalletLiability& wallet : liability->wallets()) {
    PrintWallet(session, currencies, wallet);
  }
  return absl::OkStatus();
}

struct GivenAwayArguments : ListArguments {
  std::string from;
  std::string until;
};

absl::Status GivenAway(Session& session, const GivenAwayArguments& arguments) {
  v1::ListGivenAwayPointsRequest request;
  if (!arguments.from.empty()) {
    const absl::StatusOr<absl::Time> from = ParseTimeArgument(arguments.from);
    if (!from.ok()) return from.status();
    *request.mutable_occurred_from() = ToTimestamp(*from);
  }
  if (!arguments.until.empty()) {
    const absl::StatusOr<absl::Time> until = ParseTimeArgument(arguments.until);
    if (!until.ok()) return until.status();
    *request.mutable_occurred_until() = ToTimestamp(*until);
  }
  constexpr auto kRight = Table::Align::kRight;
  Table table({{.title = "MEMBER", .whole = true},
               {.title = "WALLET"},
               {.title = "POINTS GIVEN AWAY", .align = kRight, .whole = true},
               {.title = "PURCHASES", .align = kRight, .whole = true}});
  return PrintList(session, session.client().ListGivenAwayPoints(std::move(request)), arguments,
                   "given_away", std::move(table),
                   [](Table& rows, const v1::GivenAwayPoints& given) {
                     rows.Add({given.member_id(), given.wallet(), FormatCount(given.points()),
                               FormatCount(given.purchases())});
                   });
}

}  // namespace

void AddInsightCommands(CLI::App& app, Session& session) {
  CLI::App* noun = AddNoun(app, "insight", "Figures over all members");
  AddVerb<GivenAwayArguments>(
      *noun, session, "given-away",
      "List who bought, gave the points to others, and brought the goods back",
      [](CLI::App& verb, GivenAwayArguments& arguments) {
        DeclareLimit(verb, arguments);
        verb.add_option("--from", arguments.from, "Only of purchases that occurred then or later");
        verb.add_option("--until", arguments.until, "Only of purchases that occurred before");
      },
      GivenAway);
  CLI::App* verb = AddVerb<NoArguments>(
      *noun, session, "liability",
      "Show the points that members may still redeem, when they expire, and what they cost",
      [](CLI::App&, NoArguments&) {}, Liability);
  verb->footer(Examples({"dangolctl insight liability", "dangolctl insight liability --output json",
                         "dangolctl insight given-away --from 2024-05-01T00:00:00Z"}));
}

}  // namespace dangol::cli
