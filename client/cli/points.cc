#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/command_helpers.h"
#include "cli/commands.h"

namespace dangol::cli {
namespace {

struct BalanceArguments {
  std::string member;
  std::string as_of;
  std::string known_at;
};

struct LedgerArguments : ListArguments {
  std::string member;
  std::string wallet;
};

Table WalletTable(const v1::GetBalanceResponse& balance) {
  constexpr auto kRight = Table::Align::kRight;
  Table table({{.title = "WALLET"},
               {.title = "AVAILABLE", .align = kRight, .whole = true},
               {.title = "PENDING", .align = kRight, .whole = true},
               {.title = "HELD", .align = kRight, .whole = true},
               {.title = "QUALIFYING", .align = kRight, .whole = true}});
  for (const v1::WalletBalance& wallet : balance.wallets()) {
    table.Add({wallet.wallet(), FormatCount(wallet.available()), FormatCount(wallet.pending()),
               FormatCount(wallet.held()), FormatCount(wallet.qualifying_points())});
  }
  return table;
}

// What time will do to the points, in the order of the wallets.
Table DueTable(const v1::GetBalanceResponse& balance) {
  Table table({{.title = "WALLET"},
               {.title = "WHEN (UTC)", .whole = true},
               {.title = "WHAT", .whole = true},
               {.title = "POINTS", .align = Table::Align::kRight, .whole = true}});
  for (const v1::WalletBalance& wallet : balance.wallets()) {
    for (const v1::PointsDue& due : wallet.maturing()) {
      table.Add({wallet.wallet(), FormatTimestamp(due.has_at(), due.at()), "become available",
                 FormatCount(due.points())});
    }
    for (const v1::PointsDue& due : wallet.expiring()) {
      table.Add({wallet.wallet(), FormatTimestamp(due.has_at(), due.at()), "expire",
                 FormatCount(due.points())});
    }
  }
  return table;
}

absl::StatusOr<v1::GetBalanceResponse> BalanceAt(Client client, const v1::MemberRef& member,
                                                 const BalanceArguments& arguments) {
  v1::GetBalanceRequest request;
  *request.mutable_member() = member;
  if (!arguments.as_of.empty()) {
    const absl::StatusOr<absl::Time> time = ParseTimeArgument(arguments.as_of);
    if (!time.ok()) return time.status();
    *request.mutable_as_of() = ToTimestamp(*time);
  }
  if (!arguments.known_at.empty()) {
    const absl::StatusOr<absl::Time> time = ParseTimeArgument(arguments.known_at);
    if (!time.ok()) return time.status();
    *request.mutable_known_at() = ToTimestamp(*time);
  }
  return client.GetBalance(std::move(request));
}

absl::Status Balance(Session& session, const BalanceArguments& arguments) {
  const absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  const absl::StatusOr<v1::GetBalanceResponse> balance =
      BalanceAt(session.client(), *member, arguments);
  if (!balance.ok()) return balance.status();
  if (session.json) {
    session.Print(ToJson(*balance));
    return absl::OkStatus();
  }
  session.out() << RenderFacts(
      {{"member", balance->member_id()},
       {"as of (UTC)", FormatTimestamp(balance->has_as_of(), balance->as_of())}});
  session.out() << "\n" << WalletTable(*balance).Render();
  const Table due = DueTable(*balance);
  if (!due.empty()) session.out() << "\n" << due.Render();
  return absl::OkStatus();
}

// What people ask for first: why points were adjusted, or who gave or got them.
const std::string& CauseOf(const v1::LedgerEntry& entry) {
  if (!entry.reason().empty()) return entry.reason();
  return entry.other_member_id().empty() ? entry.reference() : entry.other_member_id();
}

absl::Status Ledger(Session& session, const LedgerArguments& arguments) {
  absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  v1::ListLedgerEntriesRequest request;
  *request.mutable_member() = *std::move(member);
  request.set_wallet(arguments.wallet);
  constexpr auto kRight = Table::Align::kRight;
  Table table({{.title = "NUMBER", .align = kRight, .whole = true},
               {.title = "EFFECTIVE (UTC)", .whole = true},
               {.title = "KIND", .whole = true},
               {.title = "POINTS", .align = kRight, .whole = true},
               {.title = "WALLET"},
               {.title = "AVAILABLE", .align = kRight, .whole = true},
               {.title = "PURCHASE"},
               {.title = "CAUSE"}});
  return PrintList(
      session, session.client().ListLedgerEntries(std::move(request)), arguments, "entries",
      std::move(table), [](Table& rows, const v1::LedgerEntry& entry) {
        rows.Add({FormatCount(entry.number()),
                  FormatTimestamp(entry.has_effective_at(), entry.effective_at()),
                  ToJson(entry)["kind"], FormatCount(entry.points()), entry.wallet(),
                  FormatCount(entry.available_after()), entry.purchase_id(), CauseOf(entry)});
      });
}

}  // namespace

void AddPointsCommands(CLI::App& app, Session& session) {
  CLI::App* noun = AddNoun(app, "points", "Balances, the ledger behind them, and spending");
  AddVerb<BalanceArguments>(
      *noun, session, "balance", "Show a member's wallets and what time will do to them",
      [](CLI::App& verb, BalanceArguments& arguments) {
        DeclareMember(verb, arguments.member);
        verb.add_option("--as-of", arguments.as_of,
                        "As of then, past or to come, as 2024-05-31T18:30:00Z; now by default. "
                        "The past has no qualifying points");
        verb.add_option("--known-at", arguments.known_at,
                        "With --as-of in the past: what was true then by what was known at this "
                        "moment, and not what was said then");
      },
      Balance);
  AddVerb<LedgerArguments>(
      *noun, session, "ledger", "List a member's ledger entries, the latest first",
      [](CLI::App& verb, LedgerArguments& arguments) {
        DeclareMember(verb, arguments.member);
        DeclareLimit(verb, arguments);
        verb.add_option("--wallet", arguments.wallet, "Only entries of this wallet");
      },
      Ledger);
  AddSpendingVerbs(*noun, session);
  noun->footer(Examples({"dangolctl points balance card:4005",
                         "dangolctl points balance card:4005 --as-of 2024-05-31T18:30:00Z",
                         "dangolctl points ledger card:4005 --limit 10 --wallet points",
                         "dangolctl points reserve card:4005 500 --id order-17 --for 30m",
                         "dangolctl points capture order-17 --points 450",
                         "dangolctl points void order-18", "dangolctl points redeem card:4005 500",
                         "dangolctl points adjust card:4005 100 --reason goodwill",
                         "dangolctl points adjust card:4005 -100 --reason mistake",
                         "dangolctl points transfer card:4005 250 --to phone:+821012345678"}));
}

}  // namespace dangol::cli
