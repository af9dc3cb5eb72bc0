#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace dangol::demo {

// 1234567 as "1,234,567".
std::string Grouped(int64_t number);

// A bar of `share` (0 to 1) of so many columns, padded to all of them.
std::string Bar(double share, int columns);

// How many columns of a terminal a text of single-width characters fills.
std::size_t Columns(absl::string_view text);

enum class Align { kLeft, kRight };

// Lays out rows in columns, two spaces apart.
class Table {
 public:
  struct Column {
    std::string title;
    Align align = Align::kLeft;
  };

  explicit Table(std::vector<Column> columns);

  // As many cells as there are columns.
  void AddRow(std::vector<std::string> cells);

  // One string for each line, the titles first (unless all are empty).
  std::vector<std::string> Lines() const;

 private:
  std::string Line(const std::vector<std::string>& cells) const;

  std::vector<Column> columns_;
  std::vector<std::size_t> widths_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace dangol::demo
