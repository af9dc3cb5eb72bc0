#include "tests/e2e/online_retail.h"

#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tests/support/server_process.h"

namespace dangol::e2e {
namespace {

absl::StatusOr<std::string> ReadText(const std::string& path) {
  const gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) return absl::NotFoundError(absl::StrCat("cannot read ", path));
  std::string text;
  std::vector<char> block(1 << 20);
  int size = 0;
  while ((size = gzread(file, block.data(), static_cast<unsigned>(block.size()))) > 0)
    text.append(block.data(), static_cast<size_t>(size));
  const bool whole = size == 0 && gzclose(file) == Z_OK;
  if (!whole) return absl::DataLossError(absl::StrCat("cannot read ", path, " to its end"));
  return text;
}

// Takes the next row off the text; empty at its end.
std::vector<std::string> TakeRow(const std::string& text, size_t& at) {
  std::vector<std::string> fields;
  if (at >= text.size()) return fields;
  fields.emplace_back();
  bool quoted = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted && c == '"' && at + 1 < text.size() && text[at + 1] == '"') {
      fields.back().push_back(text[++at]);
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else if (c == '\n' && !quoted) {
      ++at;
      break;
    } else if (c != '\r' || quoted) {
      fields.back().push_back(c);
    }
  }
  return fields;
}

// Prices have up to three decimals, so thousandths of a pound are exact.
int64_t Mills(const std::string& price) {
  double pounds = 0;
  return absl::SimpleAtod(price, &pounds) ? std::llround(pounds * 1'000) : 0;
}

}  // namespace

absl::StatusOr<HistoryFigures> ReadHistory(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadText(path);
  if (!text.ok()) return text.status();
  HistoryFigures figures;
  std::vector<std::string> invoices;  // In the order of the file.
  struct Invoice {
    std::string customer;
    int64_t pence = 0;
  };
  std::map<std::string, Invoice> known;
  size_t at = 0;
  TakeRow(*text, at);  // The header.
  for (std::vector<std::string> row; !(row = TakeRow(*text, at)).empty();) {
    if (row.size() != 8) return absl::DataLossError(absl::StrCat("a row ends before byte ", at));
    ++figures.rows;
    const std::string& number = row[0];
    const std::string& customer = row[6];
    if (customer.empty()) {
      ++figures.rows_without_customer;
    } else if (absl::StartsWith(number, "C")) {
      ++figures.rows_of_returns;
    } else {
      int64_t quantity = 0;
      if (!absl::SimpleAtoi(row[3], &quantity)) return absl::DataLossError(row[3]);
      if (known.try_emplace(number, Invoice{customer}).second) invoices.push_back(number);
      ++figures.lines;
      known[number].pence += (quantity * Mills(row[5]) + 5) / 10;
    }
  }
  std::set<std::string> members;
  for (const std::string& number : invoices) {
    const Invoice& invoice = known[number];
    const int64_t points = invoice.pence / 10;
    figures.gross_pence += invoice.pence;
    figures.points += points;
    if (members.insert(invoice.customer).second) {
      figures.points += std::min<int64_t>(points, 5'000);
    }
  }
  figures.purchases = static_cast<int64_t>(invoices.size());
  figures.members = static_cast<int64_t>(members.size());
  return figures;
}

absl::StatusOr<std::vector<std::string>> SplitHistory(const std::string& path,
                                                      const std::string& directory, int parts) {
  const absl::StatusOr<std::string> text = ReadText(path);
  if (!text.ok()) return text.status();
  size_t at = 0;
  TakeRow(*text, at);
  std::vector<std::string> texts(static_cast<size_t>(parts), text->substr(0, at));
  for (size_t begin = at; begin < text->size(); begin = at) {
    const std::vector<std::string> row = TakeRow(*text, at);
    texts[std::hash<std::string>()(row[0]) % texts.size()].append(*text, begin, at - begin);
  }
  std::vector<std::string> paths;
  for (const std::string& part : texts) {
    paths.push_back(absl::StrCat(directory, "/part-", paths.size(), ".csv"));
    std::ofstream file(paths.back(), std::ios::binary);
    if (!(file << part).flush()) return absl::UnavailableError("cannot write " + paths.back());
  }
  return paths;
}

std::vector<std::string> ImportCommand(const std::string& address, const std::string& path) {
  return {testing::ProgramPath("dangolctl"),
          "--server=" + address,
          "--output=json",
          "import",
          "purchases",
          path,
          "--format=online-retail",
          "--timezone=Europe/London",
          "--currency=GBP"};
}

}  // namespace dangol::e2e
