#include "absl/strings/str_cat.h"
#include "cli/command_helpers.h"
#include "cli/commands.h"

namespace dangol::cli {
namespace {

struct NoArguments {};

Json TotalsJson(const v1::GetTotalsResponse& totals) {
  Json gross = Json::object();
  Json returned = Json::object();
  for (const v1::CurrencyTotals& currency : totals.currencies()) {
    gross[currency.currency()] = currency.gross_minor();
    returned[currency.currency()] = currency.returned_minor();
  }
  Json points = Json::object();
  for (const v1::WalletTotals& wallet : totals.wallets()) {
    points[wallet.wallet()] = {
        {"issued", wallet.issued()},           {"pending", wallet.pending()},
        {"available", wallet.available()},     {"held", wallet.held()},
        {"redeemed", wallet.redeemed()},       {"expired", wallet.expired()},
        {"reversed", wallet.reversed()},       {"adjusted", wallet.adjusted()},
        {"written_off", wallet.written_off()}, {"transferred", wallet.transferred()}};
  }
  return {{"as_of", ToJson(totals.as_of())},
          {"members", totals.members()},
          {"purchases", totals.purchases()},
          {"purchase_lines", totals.purchase_lines()},
          {"returns", totals.returns()},
          {"gross_minor", std::move(gross)},
          {"returned_minor", std::move(returned)},
          {"points", std::move(points)},
          {"trial_balance", totals.trial_balance()}};
}

void PrintTotals(Session& session, const Currencies& currencies,
                 const v1::GetTotalsResponse& totals) {
  session.out() << RenderFacts(
      {{"as of (UTC)", FormatTimestamp(totals.has_as_of(), totals.as_of())},
       {"members", FormatCount(totals.members())},
       {"purchases", FormatCount(totals.purchases())},
       {"purchase lines", FormatCount(totals.purchase_lines())},
       {"returns", FormatCount(totals.returns())},
       {"trial balance", FormatCount(totals.trial_balance())}});

  constexpr auto kRight = Table::Align::kRight;
  Table money({{.title = "CURRENCY"},
               {.title = "GROSS", .align = kRight, .whole = true},
               {.title = "RETURNED", .align = kRight, .whole = true}});
  for (const v1::CurrencyTotals& currency : totals.currencies()) {
    money.Add({currency.currency(), currencies.Money(currency.gross_minor(), currency.currency()),
               currencies.Money(currency.returned_minor(), currency.currency())});
  }
  if (!money.empty()) session.out() << "\n" << money.Render();

  // One column for each wallet would not fit; one line for each figure does.
  for (const v1::WalletTotals& wallet : totals.wallets()) {
    Table points({{.title = absl::StrCat("POINTS IN ", wallet.wallet())},
                  {.title = "", .align = kRight, .whole = true}});
    points.Add({"issued", FormatCount(wallet.issued())});
    points.Add({"pending", FormatCount(wallet.pending())});
    points.Add({"available", FormatCount(wallet.available())});
    points.Add({"held", FormatCount(wallet.held())});
    points.Add({"redeemed", FormatCount(wallet.redeemed())});
    points.Add({"expired", FormatCount(wallet.expired())});
    points.Add({"reversed", FormatCount(wallet.reversed())});
    points.Add({"adjusted", FormatCount(wallet.adjusted())});
    points.Add({"written off", FormatCount(wallet.written_off())});
    points.Add({"transferred", FormatCount(wallet.transferred())});
    session.out() << "\n" << points.Render();
  }
}

absl::Status Stats(Session& session, const NoArguments&) {
  const absl::StatusOr<v1::GetTotalsResponse> totals = session.client().GetTotals();
  if (!totals.ok()) return totals.status();
  if (session.json) {
    session.Print(TotalsJson(*totals));
  } else {
    PrintTotals(session, session.LoadCurrenciesOrIso(), *totals);
  }
  return absl::OkStatus();
}

}  // namespace

void AddStatsCommand(CLI::App& app, Session& session) {
  CLI::App* verb = AddVerb<NoArguments>(
      app, session, "stats", "Show the totals of everything recorded",
      [](CLI::App&, NoArguments&) {}, Stats);
  verb->footer(Examples({"dangolctl stats", "dangolctl stats --output json"}));
}

}  // namespace dangol::cli
