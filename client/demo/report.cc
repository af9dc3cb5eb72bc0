#include "client/demo/report.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "client/demo/figures.h"
#include "client/demo/table.h"

namespace dangol::demo {
namespace {

constexpr int kBarColumns = 30;

// Builds the text; knows whether it may be coloured.
class Writer {
 public:
  explicit Writer(bool colours) : colours_(colours) {}

  void Heading(absl::string_view text) {
    absl::StrAppend(&text_, "\n", Styled("1;36", text), "\n");
  }
  void Line(absl::string_view line) { absl::StrAppend(&text_, "  ", line, "\n"); }
  void Gap() { absl::StrAppend(&text_, "\n"); }
  // The first line of a table is its titles.
  void Titled(const Table& table) {
    bool title = true;
    for (const std::string& line : table.Lines()) {
      Line(title ? Styled("2", line) : line);
      title = false;
    }
  }
  void Untitled(const Table& table) {
    for (const std::string& line : table.Lines()) {
      Line(line);
    }
  }
  std::string Coloured(absl::string_view text) const { return Styled("36", text); }
  std::string Text() && { return std::move(text_); }

 private:
  std::string Styled(absl::string_view style, absl::string_view text) const {
    return colours_ ? absl::StrCat("\033[", style, "m", text, "\033[0m") : std::string(text);
  }

  bool colours_;
  std::string text_;
};

std::string Won(int64_t won) { return absl::StrCat("₩", Grouped(won)); }

// 61234567 as "₩61.2 M".
std::string Millions(int64_t won) {
  return absl::StrFormat("₩%.1f M", static_cast<double>(won) / 1e6);
}

std::string Percent(double share) { return absl::StrFormat("%.0f %%", share * 100); }

std::string PercentOf(int64_t part, int64_t whole) {
  return whole == 0 ? "" : Percent(static_cast<double>(part) / static_cast<double>(whole));
}

std::string Month(absl::CivilMonth month) {
  return absl::StrFormat("%04d-%02d", month.year(), month.month());
}

double Ratio(int64_t value, int64_t greatest) {
  return static_cast<double>(value) / static_cast<double>(std::max<int64_t>(greatest, 1));
}

void WriteOverview(const Figures& figures, Writer& writer) {
  const int64_t purchases = std::max<int64_t>(figures.purchases, 1);
  const int64_t members = std::max<int64_t>(figures.members, 1);
  Table table({{""}, {"", Align::kRight}, {""}, {""}, {"", Align::kRight}});
  table.AddRow({"Members", Grouped(figures.members), "  ", "Revenue", Won(figures.won)});
  table.AddRow(
      {"Purchases", Grouped(figures.purchases), "", "Per purchase", Won(figures.won / purchases)});
  table.AddRow({"Lines", Grouped(figures.lines), "", "Per member", Won(figures.won / members)});
  writer.Heading("At a glance");
  writer.Untitled(table);
}

void WriteRevenue(const Figures& figures, Writer& writer) {
  int64_t greatest = 0;
  for (const MonthOfRevenue& month : figures.revenue) {
    greatest = std::max(greatest, month.won);
  }
  Table table({{"month"},
               {"revenue", Align::kRight},
               {"purchases", Align::kRight},
               {"buyers", Align::kRight},
               {""}});
  for (const MonthOfRevenue& month : figures.revenue) {
    table.AddRow({Month(month.month), Millions(month.won), Grouped(month.purchases),
                  Grouped(month.buyers),
                  writer.Coloured(Bar(Ratio(month.won, greatest), kBarColumns))});
  }
  writer.Heading("Revenue by month");
  writer.Titled(table);
}

void WritePoints(const Figures& figures, Writer& writer) {
  const v1::WalletTotals& points = figures.points;
  const auto add = [&points](Table& table, std::string what, int64_t count, std::string note) {
    table.AddRow(
        {std::move(what), Grouped(count), PercentOf(count, points.issued()), std::move(note)});
  };
  Table table({{""}, {"points", Align::kRight}, {"share", Align::kRight}, {""}});
  add(table, "Issued", points.issued(), "given out so far; of these:");
  add(table, "Pending", points.pending(), "not to be spent yet");
  add(table, "Available", points.available(), "free to spend: what is owed to members");
  add(table, "Expired", points.expired(), "never spent");
  writer.Heading("Points");
  writer.Titled(table);
  writer.Line(absl::StrCat("The ledger's trial balance is ", figures.trial_balance, "."));
}

void WriteExpiries(const Figures& figures, Writer& writer) {
  int64_t greatest = 0;
  for (const MonthOfExpiry& month : figures.expiries) {
    greatest = std::max(greatest, month.points);
  }
  writer.Heading("Points that expire, unless they are spent before");
  if (figures.expiries.empty()) {
    writer.Line("None.");
    return;
  }
  Table table({{"month"}, {"points", Align::kRight}, {""}});
  for (const MonthOfExpiry& month : figures.expiries) {
    table.AddRow({Month(month.month), Grouped(month.points),
                  writer.Coloured(Bar(Ratio(month.points, greatest), kBarColumns))});
  }
  writer.Titled(table);
}

void WriteHabits(const Figures& figures, Writer& writer) {
  const Habits& habits = figures.habits;
  Table table({{""}, {"", Align::kRight}});
  table.AddRow({"Members who came back for a second purchase", Percent(habits.bought_again)});
  table.AddRow({"Median days from the first purchase to the second",
                absl::StrFormat("%.1f", habits.days_to_second)});
  table.AddRow({"Median days between two purchases", absl::StrFormat("%.1f", habits.days_between)});
  table.AddRow({"Members who bought in the last 90 days", Percent(habits.bought_lately)});
  table.AddRow({"Revenue from the most valuable fifth", Percent(habits.top_fifth)});
  writer.Heading("Habits");
  writer.Untitled(table);
}

void WriteLadder(const Ladder& ladder, Writer& writer) {
  if (ladder.tiers.empty()) return;
  int64_t greatest = 0;
  for (const TierOnLadder& tier : ladder.tiers) greatest = std::max(greatest, tier.members);
  Table tiers({{"tier"},
               {"members", Align::kRight},
               {"about to rise", Align::kRight},
               {"at risk", Align::kRight},
               {""}});
  for (auto tier = ladder.tiers.rbegin(); tier != ladder.tiers.rend(); ++tier) {
    tiers.AddRow({tier->name, Grouped(tier->members), Grouped(tier->about_to_rise),
                  Grouped(tier->at_risk),
                  writer.Coloured(Bar(Ratio(tier->members, greatest), kBarColumns))});
  }
  writer.Heading("The ladder today");
  writer.Titled(tiers);
  if (ladder.days.empty()) return;

  std::vector<Table::Column> columns = {{"at the end of"}};
  for (const TierOnLadder& tier : ladder.tiers) columns.push_back({tier.name, Align::kRight});
  columns.push_back({absl::StrCat("above ", ladder.tiers.front().name)});
  Table days(std::move(columns));
  for (const LadderOnDay& on : ladder.days) {
    std::vector<std::string> row = {absl::FormatCivilTime(on.day)};
    int64_t all = 0;
    for (const int64_t members : on.members) {
      row.push_back(Grouped(members));
      all += members;
    }
    row.push_back(writer.Coloured(Bar(Ratio(all - on.members.front(), all), kBarColumns)));
    days.AddRow(std::move(row));
  }
  writer.Heading("How members climbed");
  writer.Titled(days);
}

void WriteComingBack(const ComingBack& coming_back, Writer& writer) {
  if (coming_back.incentives.empty()) return;
  Table table({{"incentive"},
               {"members", Align::kRight},
               {"awards", Align::kRight},
               {"points", Align::kRight},
               {"one step away", Align::kRight}});
  for (const IncentiveFigures& one : coming_back.incentives) {
    table.AddRow({one.name, Grouped(one.members), Grouped(one.awards), Grouped(one.points),
                  Grouped(one.one_step)});
  }
  writer.Heading("Coming back");
  writer.Titled(table);
  const int64_t all = coming_back.won_of_first + coming_back.won_after;
  writer.Line(
      absl::StrCat("Of ", Won(all), ", members spent ", Percent(Ratio(coming_back.won_after, all)),
                   " after their first day. It cost ", Grouped(coming_back.points), " points."));
}

void WriteVoices(const std::vector<VoiceStep>& voices, Writer& writer) {
  if (voices.empty()) return;
  Table table({{"member"}, {"what happened"}, {"and the server said"}});
  for (const VoiceStep& step : voices) table.AddRow({step.who, step.what, step.answer});
  writer.Heading("One who speaks for the house, and one who complains");
  writer.Titled(table);
}

void WriteTop(const Figures& figures, const ReportOptions& options, Writer& writer) {
  Table table({{"card"},
               {"name"},
               {"purchases", Align::kRight},
               {"spent", Align::kRight},
               {"points", Align::kRight},
               {"last seen"}});
  for (const TopMember& member : figures.top) {
    table.AddRow({member.card, member.name, Grouped(member.purchases), Won(member.won),
                  Grouped(member.points),
                  absl::FormatTime("%Y-%m-%d", member.last_purchase, options.zone)});
  }
  writer.Heading("Top members");
  writer.Titled(table);
}

}  // namespace

std::string MakeReport(const Figures& figures, const ReportOptions& options) {
  Writer writer(options.colours);
  WriteOverview(figures, writer);
  WriteRevenue(figures, writer);
  WritePoints(figures, writer);
  WriteExpiries(figures, writer);
  WriteHabits(figures, writer);
  WriteLadder(figures.ladder, writer);
  WriteComingBack(figures.coming_back, writer);
  WriteTop(figures, options, writer);
  WriteVoices(figures.voices, writer);
  return std::move(writer).Text();
}

std::string MakeNextSteps(const Figures& figures, const Places& places,
                          const ReportOptions& options) {
  const std::string card = figures.top.empty() ? "8800000001" : figures.top.front().card;
  Writer writer(options.colours);
  writer.Heading("Go on from here");
  std::string store = places.store;
  if (places.database.empty()) {
    writer.Line(absl::StrCat("The data is in ", store, ". Serve it again with"));
  } else {
    store = "URL";
    writer.Line("The database has ended with the demo. Start it again, and serve its URL, with");
    writer.Gap();
    writer.Line(writer.Coloured(absl::StrCat("  ", places.database)));
  }
  writer.Gap();
  writer.Line(writer.Coloured(absl::StrCat("  ", places.programs, "/dangold --store=", store)));
  writer.Gap();
  writer.Line("and, in another terminal, try");
  writer.Gap();
  for (const absl::string_view command :
       {"stats", "tier distribution", "tier status card:", "points balance card:",
        "incentive progress card:", "purchase list card:", "advocate show card:",
        "complaint show demo-complaint", "advocate report", "work next"}) {
    const bool member = command.back() == ':';
    writer.Line(writer.Coloured(
        absl::StrCat("  ", places.programs, "/dangolctl ", command, member ? card : "")));
  }
  return std::move(writer).Text();
}

}  // namespace dangol::demo
