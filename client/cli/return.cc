#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cli/command_helpers.h"
#include "cli/commands.h"
#include "cli/goods_line.h"

namespace dangol::cli {
namespace {

constexpr auto kRight = Table::Align::kRight;

// A return on the command line.
struct ReturnArguments {
  std::string from;
  std::string id;
  std::string purchase;
  std::string amount;
  std::string member;
  std::string currency;
  std::vector<std::string> lines;
  bool everything_left = false;
  std::string occurred_at;
  std::string reason;
};

void DeclareReturn(CLI::App& verb, ReturnArguments& arguments) {
  verb.add_option("--from", arguments.from,
                  "Read the return as JSON (fields as in the API) from a file, - for standard "
                  "input, instead of from the options below");
  verb.add_option("--id", arguments.id,
                  "The return's id, which makes repeating harmless; made up when not given");
  CLI::Option* purchase =
      verb.add_option("--purchase", arguments.purchase, "The purchase that the goods come from");
  verb.add_option("--line", arguments.lines,
                  "With --purchase NUMBER,QUANTITY: so many of its line, counted from 0. Without "
                  "it name=SKU,qty=QUANTITY,amount=AMOUNT: what was paid back for them, such as "
                  "name=americano,qty=2,amount=9.50. May be repeated")
      ->allow_extra_args(false);
  verb.add_option("--amount", arguments.amount,
                  "An amount of the purchase as a whole, instead of lines")
      ->needs(purchase);
  verb.add_flag("--everything-left", arguments.everything_left,
                "Whatever is left of the purchase, instead of lines or an amount")
      ->needs(purchase);
  verb.add_option("--member", arguments.member,
                  "Without --purchase: a member id, or an alias as kind:value")
      ->excludes(purchase);
  verb.add_option("--currency", arguments.currency,
                  "Without --purchase: ISO 4217 code, such as KRW")
      ->excludes(purchase);
  verb.add_option("--at", arguments.occurred_at, "When, as 2024-05-31T18:30:00Z; now by default");
  verb.add_option("--reason", arguments.reason, "Why");
}

absl::Status AddLine(const std::string& text, ReturnBuilder& builder) {
  const std::pair<std::string, std::string> parts = absl::StrSplit(text, absl::MaxSplits(',', 1));
  int line = 0;
  int64_t quantity = 0;
  if (!absl::SimpleAtoi(parts.first, &line) || !absl::SimpleAtoi(parts.second, &quantity)) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", text, "\" is not a line of a purchase; write NUMBER,QUANTITY"));
  }
  builder.Line(line, quantity);
  return absl::OkStatus();
}

absl::Status AddGoods(const std::string& text, int minor_digits, ReturnBuilder& builder) {
  const absl::StatusOr<v1::PurchaseLine> line = ParseGoodsLine(text, minor_digits);
  if (!line.ok()) return line.status();
  if (!line->category().empty() || line->tax_minor() != 0 || line->kind() != v1::LINE_KIND_GOODS) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", text, "\" says more than a return has; write ", kGoodsLineForm));
  }
  builder.Goods(line->sku(), line->quantity(), line->amount_minor());
  return absl::OkStatus();
}

absl::StatusOr<ReturnBuilder> OfPurchase(Session& session, const ReturnArguments& arguments) {
  ReturnBuilder builder = ReturnBuilder::OfPurchase(arguments.id, arguments.purchase);
  if (arguments.everything_left) builder.EverythingLeft();
  for (const std::string& line : arguments.lines) {
    if (absl::Status status = AddLine(line, builder); !status.ok()) return status;
  }
  if (arguments.amount.empty()) return builder;
  // How many digits the amount may have is the purchase's to tell.
  const auto purchase = session.client().GetPurchase(arguments.purchase);
  if (!purchase.ok()) return purchase.status();
  const absl::StatusOr<int64_t> amount =
      ParseMinor(arguments.amount, session.LoadCurrenciesOrIso().MinorDigits(purchase->currency()));
  if (!amount.ok()) return amount.status();
  return builder.Amount(*amount);
}

absl::StatusOr<ReturnBuilder> WithoutReceipt(Session& session, const ReturnArguments& arguments) {
  absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  ReturnBuilder builder = ReturnBuilder::WithoutReceipt(arguments.id, *std::move(member));
  builder.Currency(arguments.currency);
  const int minor_digits = session.LoadCurrenciesOrIso().MinorDigits(arguments.currency);
  for (const std::string& line : arguments.lines) {
    if (absl::Status status = AddGoods(line, minor_digits, builder); !status.ok()) return status;
  }
  return builder;
}

absl::StatusOr<v1::Return> ReturnOf(Session& session, const ReturnArguments& arguments) {
  if (!arguments.from.empty()) {
    v1::Return goods;
    if (absl::Status status = ReadJson(arguments.from, "return", goods); !status.ok()) {
      return status;
    }
    return goods;
  }
  absl::StatusOr<ReturnBuilder> builder = arguments.purchase.empty()
                                              ? WithoutReceipt(session, arguments)
                                              : OfPurchase(session, arguments);
  if (!builder.ok()) return builder.status();
  if (!arguments.occurred_at.empty()) {
    const absl::StatusOr<absl::Time> time = ParseTimeArgument(arguments.occurred_at);
    if (!time.ok()) return time.status();
    builder->OccurredAt(*time);
  }
  return builder->Reason(arguments.reason).Build();
}

Table LinesTable(const Currencies& currencies, const v1::RecordedReturn& recorded) {
  Table table({{.title = "PURCHASE"},
               {.title = "LINE", .align = kRight, .whole = true},
               {.title = "SKU"},
               {.title = "QUANTITY", .align = kRight, .whole = true},
               {.title = "AMOUNT", .align = kRight, .whole = true}});
  for (const v1::ReturnedLine& line : recorded.lines()) {
    const bool found = !line.purchase_id().empty();
    const bool of_whole = found && line.line() < 0;
    table.Add({found ? line.purchase_id() : "none found",
               found && !of_whole ? FormatCount(line.line()) : "", line.sku(),
               of_whole ? "" : FormatCount(line.quantity()),
               FormatMinor(line.amount_minor(), currencies.MinorDigits(recorded.currency()))});
  }
  return table;
}

template <typename Response>
Table ReversedTable(const Response& response) {
  Table table({{.title = "WALLET"},
               {.title = "TAKEN BACK", .align = kRight, .whole = true},
               {.title = "EXPIRED", .align = kRight, .whole = true},
               {.title = "OWED", .align = kRight, .whole = true},
               {.title = "WRITTEN OFF", .align = kRight, .whole = true},
               {.title = "GIVEN BACK", .align = kRight, .whole = true}});
  for (const v1::ReversedPoints& points : response.points()) {
    table.Add({points.wallet(), FormatCount(points.points()), FormatCount(points.expired()),
               FormatCount(points.owed()), FormatCount(points.written_off()),
               FormatCount(points.restored())});
  }
  return table;
}

// Of a return, and of what undoes one.
template <typename Response>
void PrintReturn(Session& session, const Currencies& currencies, const Response& response) {
  const v1::RecordedReturn& recorded = response.return_();
  std::vector<std::pair<std::string, std::string>> facts = {{"return", recorded.return_id()},
                                                            {"member", recorded.member_id()}};
  if (!recorded.purchase_id().empty()) facts.emplace_back("purchase", recorded.purchase_id());
  facts.emplace_back("occurred (UTC)",
                     FormatTimestamp(recorded.has_occurred_at(), recorded.occurred_at()));
  facts.emplace_back("amount", currencies.Money(recorded.amount_minor(), recorded.currency()));
  if (recorded.unmatched_minor() > 0) {
    facts.emplace_back("of no purchase",
                       currencies.Money(recorded.unmatched_minor(), recorded.currency()));
  }
  if (!recorded.reason().empty()) facts.emplace_back("reason", recorded.reason());
  if (recorded.has_undone_at()) {
    facts.emplace_back("undone (UTC)", FormatTimestamp(true, recorded.undone_at()));
  }
  session.out() << RenderFacts(facts) << "\n" << LinesTable(currencies, recorded).Render();
  const Table reversed = ReversedTable(response);
  session.out() << "\n" << (reversed.empty() ? "It changed no points.\n" : reversed.Render());
  PrintBalances(session, response.balances());
}

// Prints what a call made of a return, whatever call it was.
template <typename Response>
absl::Status Tell(Session& session, const absl::StatusOr<Response>& response) {
  return PrintReply(session, response,
                    [&] { PrintReturn(session, session.LoadCurrenciesOrIso(), *response); });
}

absl::Status Return(Session& session, const ReturnArguments& arguments) {
  const absl::StatusOr<v1::Return> goods = ReturnOf(session, arguments);
  if (!goods.ok()) return goods.status();
  return Tell(session, session.client().RecordReturn(*goods));
}

struct UndoArguments {
  std::string return_id;
};

absl::Status Undo(Session& session, const UndoArguments& arguments) {
  v1::UndoReturnRequest request;
  request.set_return_id(arguments.return_id);
  return Tell(session, session.client().UndoReturn(std::move(request)));
}

struct ReturnsArguments : ListArguments {
  std::string member;
};

absl::Status Returns(Session& session, const ReturnsArguments& arguments) {
  const absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  Table table({{.title = "OCCURRED (UTC)", .whole = true},
               {.title = "RETURN"},
               {.title = "PURCHASE"},
               {.title = "AMOUNT", .align = kRight, .whole = true},
               {.title = "LINES", .align = kRight, .whole = true},
               {.title = "REASON"}});
  const Currencies currencies = session.json ? Currencies() : session.LoadCurrenciesOrIso();
  return PrintList(session, session.client().ListReturns(*member), arguments, "returns",
                   std::move(table),
                   [&currencies](Table& rows, const v1::RecordedReturn& recorded) {
                     rows.Add({FormatTimestamp(recorded.has_occurred_at(), recorded.occurred_at()),
                               recorded.return_id(), recorded.purchase_id(),
                               currencies.Money(recorded.amount_minor(), recorded.currency()),
                               FormatCount(recorded.lines_size()), recorded.reason()});
                   });
}

struct ConfirmArguments {
  std::string purchase;
  std::string request_id;
};

absl::Status Confirm(Session& session, const ConfirmArguments& arguments) {
  v1::ConfirmPurchaseRequest request;
  request.set_request_id(arguments.request_id);
  request.set_purchase_id(arguments.purchase);
  const auto response = session.client().ConfirmPurchase(std::move(request));
  return PrintReply(session, response, [&] {
    session.out() << RenderFacts(
        {{"purchase", arguments.purchase}, {"member", response->member_id()}});
    PrintBalances(session, response->balances());
  });
}

}  // namespace

void AddReturnVerbs(CLI::App& noun, Session& session) {
  AddVerb<ReturnArguments>(noun, session, "return",
                           "Record goods that came back, and take back what they had earned",
                           DeclareReturn, Return);
  AddVerb<UndoArguments>(
      noun, session, "undo-return", "Undo a return: the goods never came back",
      [](CLI::App& verb, UndoArguments& arguments) {
        verb.add_option("RETURN", arguments.return_id, "The return's id")->required();
      },
      Undo);
  AddVerb<ReturnsArguments>(
      noun, session, "returns", "List a member's returns, the latest first",
      [](CLI::App& verb, ReturnsArguments& arguments) {
        DeclareMember(verb, arguments.member);
        DeclareLimit(verb, arguments);
      },
      Returns);
  AddVerb<ConfirmArguments>(
      noun, session, "confirm", "Make points available that wait for it",
      [](CLI::App& verb, ConfirmArguments& arguments) {
        verb.add_option("ID", arguments.purchase, "The purchase's id")->required();
        DeclareRequestId(verb, arguments.request_id);
      },
      Confirm);
}

}  // namespace dangol::cli
