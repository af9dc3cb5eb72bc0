#include "cli/rfm_grid.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "cli/session.h"
#include "cli/table.h"

namespace dangol::cli {
namespace {

// "R 10 ".
constexpr int kMargin = 5;

// The three lines of a cell.
struct Cell {
  std::string members;
  std::string bar;
  std::string average;
};

int WidthOf(const Cell& cell) {
  return static_cast<int>(std::max(cell.members.size(), cell.average.size()));
}

std::string Right(const std::string& text, int width) {
  const int free = std::max(width - DisplayWidth(text), 0);
  return std::string(static_cast<size_t>(free), ' ') + text;
}

// A line of the grid, without what nobody sees at its end.
std::string Line(const std::string& margin, const std::vector<std::string>& cells, int width) {
  std::string line = Right(margin, kMargin - 1);
  for (const std::string& cell : cells) absl::StrAppend(&line, " |", Right(cell, width));
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

}  // namespace

std::string RfmBar(int64_t part, int64_t most, int width) {
  if (part <= 0 || most <= 0) return "";
  const auto length =
      static_cast<int64_t>(static_cast<double>(part) * width / static_cast<double>(most));
  return std::string(static_cast<size_t>(std::clamp<int64_t>(length, 1, width)), '#');
}

std::string RenderRfmGrid(const v1::GetRfmResponse& rfm, const Currencies& currencies) {
  const int scores = rfm.basis().scores();
  const std::string& currency = rfm.basis().base_currency();
  int64_t most = 0;
  for (const v1::RfmCell& cell : rfm.grid()) most = std::max(most, cell.members());
  const int room = (kTableWidth - kMargin) / std::max(scores, 1) - 2;
  std::map<std::pair<int, int>, Cell> cells;
  int width = 0;
  for (const v1::RfmCell& cell : rfm.grid()) {
    Cell& shown = cells[{cell.r(), cell.f()}];
    if (cell.members() == 0) continue;
    shown.members = FormatCount(cell.members());
    // The currency is told once, below.
    shown.average = std::string(
        absl::StripSuffix(currencies.Money(cell.average_minor(), currency), " " + currency));
    width = std::max(width, WidthOf(shown));
  }
  const bool has_averages = width <= room;
  width = std::max(width, room);
  for (const v1::RfmCell& cell : rfm.grid()) {
    cells[{cell.r(), cell.f()}].bar = RfmBar(cell.members(), most, width - 1);
  }

  std::vector<std::string> titles;
  for (int f = 1; f <= scores; ++f) titles.push_back(absl::StrCat("F ", f));
  std::string grid = Line("", titles, width);
  const std::string rule(static_cast<size_t>(kMargin + scores * (width + 2) - 1), '-');
  for (int r = scores; r >= 1; --r) {
    std::vector<std::string> members;
    std::vector<std::string> bars;
    std::vector<std::string> averages;
    for (int f = 1; f <= scores; ++f) {
      const Cell& cell = cells[{r, f}];
      members.push_back(cell.members);
      bars.push_back(cell.bar);
      averages.push_back(cell.average);
    }
    absl::StrAppend(&grid, rule, "\n", Line(absl::StrCat("R ", r), members, width),
                    Line("", bars, width), has_averages ? Line("", averages, width) : "");
  }
  absl::StrAppend(
      &grid, "\n", FormatCount(rfm.members()), " members as of ", rfm.basis().day(),
      ", by recency (R) and frequency (F)",
      has_averages ? absl::StrCat(".\nBelow, what one spent on the average, in ", currency) : "",
      ".\n");
  return grid;
}

}  // namespace dangol::cli
