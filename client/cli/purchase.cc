#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/command_helpers.h"
#include "cli/commands.h"
#include "cli/goods_line.h"
#include "cli/incentive_words.h"
#include "cli/tier_words.h"

namespace dangol::cli {
namespace {

constexpr auto kRight = Table::Align::kRight;

// A purchase on the command line.
struct PurchaseArguments {
  std::string from;
  std::string id;
  std::string member;
  std::string currency;
  std::string occurred_at;
  std::string channel;
  std::string store;
  std::string paid_with_points;
  std::string reservation;
  std::vector<std::string> lines;
};

void DeclarePurchase(CLI::App& verb, PurchaseArguments& arguments) {
  verb.add_option("--from", arguments.from,
                  "Read the purchase as JSON (fields as in the API) from a file, - for standard "
                  "input, instead of from the options below");
  verb.add_option("--id", arguments.id,
                  "The purchase's id, which makes repeating harmless; made up when not given");
  verb.add_option("--member", arguments.member, "A member id, or an alias as kind:value");
  verb.add_option("--currency", arguments.currency, "ISO 4217 code, such as KRW");
  verb.add_option("--line", arguments.lines,
                  absl::StrCat(kGoodsLineForm,
                               ", and category, tax and kind where there are: what the whole line "
                               "costs, such as name=americano,qty=2,amount=9.50,category=coffee; "
                               "may be repeated"))
      ->allow_extra_args(false);
  verb.add_option("--at", arguments.occurred_at, "When, as 2024-05-31T18:30:00Z; now by default");
  verb.add_option("--channel", arguments.channel, "How, such as store, web or app");
  verb.add_option("--store", arguments.store, "Where");
  verb.add_option("--paid-with-points", arguments.paid_with_points,
                  "The amount that was paid with points");
  verb.add_option("--reservation", arguments.reservation,
                  "The reservation that those points came from: a return gives them back");
}

absl::StatusOr<v1::Purchase> PurchaseOf(Session& session, const PurchaseArguments& arguments) {
  if (!arguments.from.empty()) {
    v1::Purchase purchase;
    if (absl::Status status = ReadJson(arguments.from, "purchase", purchase); !status.ok()) {
      return status;
    }
    return purchase;
  }
  absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  PurchaseBuilder builder(arguments.id, *std::move(member));
  builder.Currency(arguments.currency).Channel(arguments.channel).Store(arguments.store);
  if (!arguments.occurred_at.empty()) {
    const absl::StatusOr<absl::Time> time = ParseTimeArgument(arguments.occurred_at);
    if (!time.ok()) return time.status();
    builder.OccurredAt(*time);
  }
  const int minor_digits = session.LoadCurrenciesOrIso().MinorDigits(arguments.currency);
  for (const std::string& text : arguments.lines) {
    absl::StatusOr<v1::PurchaseLine> line = ParseGoodsLine(text, minor_digits);
    if (!line.ok()) return line.status();
    builder.Line(*std::move(line));
  }
  if (!arguments.paid_with_points.empty()) {
    const absl::StatusOr<int64_t> paid = ParseMinor(arguments.paid_with_points, minor_digits);
    if (!paid.ok()) return paid.status();
    builder.PaidWithPoints(*paid, arguments.reservation);
  }
  return builder.Build();
}

Table EarnedTable(const v1::PurchaseOutcome& outcome) {
  Table table({{.title = "WALLET"},
               {.title = "EARNED", .align = kRight, .whole = true},
               {.title = "AVAILABLE FROM", .whole = true},
               {.title = "EXPIRES (UTC)", .whole = true},
               {.title = "RULES"}});
  for (const v1::EarnedPoints& earned : outcome.earned()) {
    std::string rules;
    for (const v1::EarnedPart& part : earned.parts()) {
      absl::StrAppend(&rules, rules.empty() ? "" : ", ", part.rule_id(), " ", part.points(),
                      part.capped() ? " (capped)" : "",
                      part.budget_exhausted() ? " (budget exhausted)" : "");
    }
    table.Add({earned.wallet(), FormatCount(earned.points()),
               FormatTimestamp(earned.has_available_from(), earned.available_from()),
               earned.has_expires_at() ? FormatTimestamp(true, earned.expires_at()) : "never",
               rules});
  }
  return table;
}

void PrintOutcome(Session& session, const Currencies& currencies,
                  const v1::PurchaseOutcome& outcome, const std::string& currency) {
  session.out() << RenderFacts(
      {{"purchase", outcome.purchase_id()},
       {"member", outcome.member_id()},
       {"occurred (UTC)", FormatTimestamp(outcome.has_occurred_at(), outcome.occurred_at())},
       {"total", currencies.Money(outcome.total_minor(), currency)},
       {"judged by", absl::StrCat("program version ", outcome.program_version())}});
  const Table earned = EarnedTable(outcome);
  session.out() << "\n" << (earned.empty() ? "It earned nothing.\n" : earned.Render());
  for (const v1::TierProgress& progress : outcome.tiers()) {
    session.out() << "\n" << progress.ladder() << ": " << ChangeOf(progress, currencies) << "\n";
  }
  for (const v1::Award& award : outcome.awards()) session.out() << "\n" << Told(award) << "\n";
  for (const v1::IncentiveProgress& progress : outcome.incentives()) {
    session.out() << "\n" << Told(progress) << "\n";
  }
  PrintBalances(session, outcome.balances());
}

absl::Status Record(Session& session, const PurchaseArguments& arguments) {
  const absl::StatusOr<v1::Purchase> purchase = PurchaseOf(session, arguments);
  if (!purchase.ok()) return purchase.status();
  const auto response = session.client().RecordPurchase(*purchase);
  return PrintReply(session, response, [&] {
    PrintOutcome(session, session.LoadCurrenciesOrIso(), response->outcome(), purchase->currency());
  });
}

absl::Status Preview(Session& session, const PurchaseArguments& arguments) {
  const absl::StatusOr<v1::Purchase> purchase = PurchaseOf(session, arguments);
  if (!purchase.ok()) return purchase.status();
  const auto outcome = session.client().PreviewPurchase(*purchase);
  if (!outcome.ok()) return outcome.status();
  if (session.json) {
    session.Print(ToJson(*outcome));
  } else {
    PrintOutcome(session, session.LoadCurrenciesOrIso(), *outcome, purchase->currency());
  }
  return absl::OkStatus();
}

struct GetArguments {
  std::string id;
};

void PrintPurchase(Session& session, const Currencies& currencies,
                   const v1::RecordedPurchase& purchase) {
  std::vector<std::pair<std::string, std::string>> facts = {
      {"purchase", purchase.purchase_id()},
      {"member", purchase.member_id()},
      {"occurred (UTC)", FormatTimestamp(purchase.has_occurred_at(), purchase.occurred_at())},
      {"recorded (UTC)", FormatTimestamp(purchase.has_recorded_at(), purchase.recorded_at())},
      {"total", currencies.Money(purchase.total_minor(), purchase.currency())}};
  if (purchase.paid_with_points_minor() > 0) {
    facts.emplace_back("paid with points",
                       currencies.Money(purchase.paid_with_points_minor(), purchase.currency()));
  }
  if (!purchase.reservation_id().empty()) {
    facts.emplace_back("reservation", purchase.reservation_id());
  }
  if (purchase.returned_minor() > 0) {
    facts.emplace_back("returned",
                       currencies.Money(purchase.returned_minor(), purchase.currency()));
  }
  if (!purchase.channel().empty()) facts.emplace_back("channel", purchase.channel());
  if (!purchase.store_id().empty()) facts.emplace_back("store", purchase.store_id());
  for (const v1::StandingPoints& earned : purchase.earned()) {
    const bool all = earned.standing_points() == earned.points();
    facts.emplace_back(absl::StrCat("earned ", earned.wallet()),
                       all ? FormatCount(earned.points())
                           : absl::StrCat(FormatCount(earned.points()), ", of which ",
                                          FormatCount(earned.standing_points()), " stand"));
  }
  facts.emplace_back("judged by", absl::StrCat("program version ", purchase.program_version()));

  Table lines({{.title = "LINE", .align = kRight, .whole = true},
               {.title = "SKU"},
               {.title = "CATEGORY"},
               {.title = "QUANTITY", .align = kRight, .whole = true},
               {.title = "RETURNED", .align = kRight, .whole = true},
               {.title = "AMOUNT", .align = kRight, .whole = true},
               {.title = "POINTS"}});
  for (int i = 0; i < purchase.lines_size(); ++i) {
    const v1::RecordedLine& recorded = purchase.lines(i);
    std::string points;
    for (const v1::LinePoints& share : recorded.points()) {
      absl::StrAppend(&points, points.empty() ? "" : ", ", share.points(), " ", share.wallet());
    }
    lines.Add(
        {FormatCount(i), recorded.line().sku(), recorded.line().category(),
         FormatCount(recorded.line().quantity()), FormatCount(recorded.returned_quantity()),
         FormatMinor(recorded.line().amount_minor(), currencies.MinorDigits(purchase.currency())),
         points});
  }
  session.out() << RenderFacts(facts) << "\n" << lines.Render();
}

absl::Status Get(Session& session, const GetArguments& arguments) {
  const absl::StatusOr<v1::RecordedPurchase> purchase = session.client().GetPurchase(arguments.id);
  if (!purchase.ok()) return purchase.status();
  if (session.json) {
    session.Print(ToJson(*purchase));
  } else {
    PrintPurchase(session, session.LoadCurrenciesOrIso(), *purchase);
  }
  return absl::OkStatus();
}

struct PurchasesArguments : ListArguments {
  std::string member;
  std::string from;
  std::string until;
};

absl::Status List(Session& session, const PurchasesArguments& arguments) {
  absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  v1::ListPurchasesRequest request;
  *request.mutable_member() = *std::move(member);
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
  Table table({{.title = "OCCURRED (UTC)", .whole = true},
               {.title = "PURCHASE"},
               {.title = "TOTAL", .align = kRight, .whole = true},
               {.title = "LINES", .align = kRight, .whole = true},
               {.title = "STORE"}});
  const Currencies currencies = session.json ? Currencies() : session.LoadCurrenciesOrIso();
  return PrintList(session, session.client().ListPurchases(std::move(request)), arguments,
                   "purchases", std::move(table),
                   [&currencies](Table& rows, const v1::RecordedPurchase& purchase) {
                     rows.Add({FormatTimestamp(purchase.has_occurred_at(), purchase.occurred_at()),
                               purchase.purchase_id(),
                               currencies.Money(purchase.total_minor(), purchase.currency()),
                               FormatCount(purchase.lines_size()), purchase.store_id()});
                   });
}

}  // namespace

void AddPurchaseCommands(CLI::App& app, Session& session) {
  CLI::App* noun = AddNoun(app, "purchase", "Purchases and what they earn");
  AddVerb<PurchaseArguments>(*noun, session, "record", "Record a purchase", DeclarePurchase,
                             Record);
  AddVerb<PurchaseArguments>(*noun, session, "preview",
                             "Show what a purchase would earn, and record nothing", DeclarePurchase,
                             Preview);
  AddVerb<GetArguments>(
      *noun, session, "get", "Show a recorded purchase",
      [](CLI::App& verb, GetArguments& arguments) {
        verb.add_option("ID", arguments.id, "The purchase's id")->required();
      },
      Get);
  AddVerb<PurchasesArguments>(
      *noun, session, "list", "List a member's purchases, the latest first",
      [](CLI::App& verb, PurchasesArguments& arguments) {
        DeclareMember(verb, arguments.member);
        DeclareLimit(verb, arguments);
        verb.add_option("--from", arguments.from, "Only what occurred then or later");
        verb.add_option("--until", arguments.until, "Only what occurred before");
      },
      List);
  AddReturnVerbs(*noun, session);
  noun->footer(Examples(
      {"dangolctl purchase record --id receipt-4711 --member card:4005 \\",
       "    --currency EUR --line name=americano,qty=2,amount=9.50,category=coffee \\",
       "    --line name=bagel,amount=3.20", "dangolctl purchase preview --from purchase.json",
       "dangolctl purchase get receipt-4711",
       "dangolctl purchase list card:4005 --from 2024-01-01T00:00:00Z",
       "dangolctl purchase return --purchase receipt-4711 --line 0,1",
       "dangolctl purchase return --member card:4005 --currency EUR \\",
       "    --line name=americano,qty=1,amount=4.75 --reason cold",
       "dangolctl purchase returns card:4005", "dangolctl purchase confirm receipt-4711"}));
}

}  // namespace dangol::cli
