#include "client/demo/table.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace dangol::demo {

std::string Grouped(int64_t number) {
  std::string digits = absl::StrCat(number);
  const std::size_t first = number < 0 ? 1 : 0;
  for (std::size_t end = digits.size(); end > first + 3;) {
    end -= 3;
    digits.insert(end, 1, ',');
  }
  return digits;
}

std::string Bar(double share, int columns) {
  static constexpr absl::string_view kEighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const auto eighths =
      static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * 8 * static_cast<double>(columns)));
  std::string bar;
  for (int full = 0; full < eighths / 8; ++full) {
    bar += "█";
  }
  absl::StrAppend(&bar, kEighths[eighths % 8]);
  bar.append(static_cast<std::size_t>(columns) - Columns(bar), ' ');
  return bar;
}

std::size_t Columns(absl::string_view text) {
  // All bytes of UTF-8 but the continuing ones.
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
  }));
}

Table::Table(std::vector<Column> columns) : columns_(std::move(columns)) {
  for (const Column& column : columns_) {
    widths_.push_back(Columns(column.title));
  }
}

void Table::AddRow(std::vector<std::string> cells) {
  cells.resize(columns_.size());
  for (std::size_t column = 0; column < cells.size(); ++column) {
    widths_[column] = std::max(widths_[column], Columns(cells[column]));
  }
  rows_.push_back(std::move(cells));
}

std::string Table::Line(const std::vector<std::string>& cells) const {
  std::string line;
  for (std::size_t column = 0; column < cells.size(); ++column) {
    const std::string padding(widths_[column] - Columns(cells[column]), ' ');
    const bool right = columns_[column].align == Align::kRight;
    absl::StrAppend(&line, column == 0 ? "" : "  ", right ? padding : "", cells[column],
                    right ? "" : padding);
  }
  return std::string(absl::StripTrailingAsciiWhitespace(line));
}

std::vector<std::string> Table::Lines() const {
  std::vector<std::string> lines;
  std::vector<std::string> titles;
  for (const Column& column : columns_) {
    titles.push_back(column.title);
  }
  if (std::any_of(titles.begin(), titles.end(), [](const auto& title) { return !title.empty(); })) {
    lines.push_back(Line(titles));
  }
  for (const std::vector<std::string>& row : rows_) {
    lines.push_back(Line(row));
  }
  return lines;
}

}  // namespace dangol::demo
