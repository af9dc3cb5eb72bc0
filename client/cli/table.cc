#include "cli/table.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace dangol::cli {
namespace {

constexpr int kGap = 2;
constexpr absl::string_view kEllipsis = "…";
// Narrower than this a shortened text tells nothing.
constexpr int kNarrowest = 8;

// Reads the code point at `position` and moves past it. What is not UTF-8 is
// taken byte by byte.
uint32_t NextCodePoint(absl::string_view text, size_t& position) {
  const unsigned char lead = text[position++];
  int following = 0;
  if (lead >= 0xf0) {
    following = 3;
  } else if (lead >= 0xe0) {
    following = 2;
  } else if (lead >= 0xc0) {
    following = 1;
  }
  uint32_t code_point = following == 0 ? lead : lead & (0x3f >> following);
  for (; following > 0 && position < text.size() && (text[position] & 0xc0) == 0x80; --following) {
    code_point = (code_point << 6) | (text[position++] & 0x3f);
  }
  return code_point;
}

int WidthOf(uint32_t code_point) {
  struct Range {
    uint32_t first;
    uint32_t last;
  };
  // Hangul, CJK, kana, full-width forms and emoji.
  static constexpr Range kWide[] = {{0x1100, 0x115f}, {0x2e80, 0xa4cf},   {0xac00, 0xd7a3},
                                    {0xf900, 0xfaff}, {0xfe30, 0xfe6f},   {0xff00, 0xff60},
                                    {0xffe0, 0xffe6}, {0x1f300, 0x1faff}, {0x20000, 0x3fffd}};
  for (const Range& range : kWide) {
    if (code_point >= range.first && code_point <= range.last) return 2;
  }
  return code_point >= 0x0300 && code_point <= 0x036f ? 0 : 1;
}

std::string Shortened(const std::string& text, int width) {
  if (DisplayWidth(text) <= width) return text;
  int used = 0;
  size_t end = 0;
  for (size_t next = 0; next < text.size();) {
    used += WidthOf(NextCodePoint(text, next));
    if (used > width - 1) break;
    end = next;
  }
  return absl::StrCat(text.substr(0, end), kEllipsis);
}

// Control characters would disturb the terminal.
std::string Printable(std::string text) {
  for (char& character : text) {
    if (absl::ascii_iscntrl(character)) character = ' ';
  }
  return text;
}

void AppendCell(std::string& line, const std::string& text, int width, Table::Align align) {
  const std::string padding(std::max(0, width - DisplayWidth(text)), ' ');
  if (align == Table::Align::kRight) {
    absl::StrAppend(&line, padding, text);
  } else {
    absl::StrAppend(&line, text, padding);
  }
}

}  // namespace

int DisplayWidth(absl::string_view text) {
  int width = 0;
  for (size_t position = 0; position < text.size();) {
    width += WidthOf(NextCodePoint(text, position));
  }
  return width;
}

std::string Table::Render() const {
  std::vector<std::vector<std::string>> lines;
  lines.emplace_back();
  for (const Column& column : columns_) lines.back().push_back(column.title);
  for (const auto& row : rows_) {
    lines.emplace_back();
    for (const std::string& cell : row) lines.back().push_back(Printable(cell));
  }

  std::vector<int> widths(columns_.size(), 0);
  int total = kGap * (static_cast<int>(columns_.size()) - 1);
  for (size_t i = 0; i < columns_.size(); ++i) {
    for (const auto& line : lines) widths[i] = std::max(widths[i], DisplayWidth(line[i]));
    total += widths[i];
  }
  // Takes from the widest column that may be shortened, until all fits.
  while (total > kTableWidth) {
    int widest = -1;
    for (int i = 0; i < static_cast<int>(columns_.size()); ++i) {
      if (columns_[i].whole || widths[i] <= kNarrowest) continue;
      if (widest < 0 || widths[i] > widths[widest]) widest = i;
    }
    if (widest < 0) break;
    --widths[widest];
    --total;
  }

  std::string text;
  for (const auto& line : lines) {
    std::string rendered;
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (i > 0) rendered.append(kGap, ' ');
      AppendCell(rendered, Shortened(line[i], widths[i]), widths[i], columns_[i].align);
    }
    absl::StripTrailingAsciiWhitespace(&rendered);
    absl::StrAppend(&text, rendered, "\n");
  }
  return text;
}

std::string RenderFacts(const std::vector<std::pair<std::string, std::string>>& facts) {
  int width = 0;
  for (const auto& [name, value] : facts) width = std::max(width, DisplayWidth(name));
  std::string text;
  for (const auto& [name, value] : facts) {
    AppendCell(text, name, width + kGap, Table::Align::kLeft);
    absl::StrAppend(&text, Shortened(Printable(value), kTableWidth - width - kGap), "\n");
  }
  return text;
}

}  // namespace dangol::cli
