#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace dangol::cli {

// How wide a table may be, in columns of the terminal.
inline constexpr int kTableWidth = 80;

// How many columns a text takes on a terminal: letters of East Asia take two.
int DisplayWidth(absl::string_view text);

// A table for people, at most 80 columns wide: where a row would be wider, its
// longest texts end in an ellipsis. Not thread safe.
class Table {
 public:
  enum class Align { kLeft, kRight };
  struct Column {
    std::string title;
    Align align = Align::kLeft;
    // Never shortened, even where the table gets too wide: ids and figures.
    bool whole = false;
  };

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // One cell for each column.
  void Add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.empty(); }

  // The title line and the rows, each ended by a line end.
  std::string Render() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// "name   value" lines, for one thing with many properties.
std::string RenderFacts(const std::vector<std::pair<std::string, std::string>>& facts);

}  // namespace dangol::cli
