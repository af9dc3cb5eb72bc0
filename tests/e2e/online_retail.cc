#include "tests/e2e/online_retail.h"

#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "tests/e2e/made_up_history.h"
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

// A row that ends before that byte of the file.
absl::StatusOr<HistoryRow> ToHistoryRow(const std::vector<std::string>& fields, size_t end) {
  int64_t quantity = 0;
  if (fields.size() != 8 || !absl::SimpleAtoi(fields[3], &quantity)) {
    return absl::DataLossError(absl::StrCat("a row ends before byte ", end));
  }
  quantity = std::abs(quantity);
  const int64_t pence = (quantity * Mills(fields[5]) + 5) / 10;
  return HistoryRow{fields[0], fields[1], quantity, fields[4], pence, fields[6]};
}

absl::TimeZone Zone(const char* name) {
  absl::TimeZone zone;
  absl::LoadTimeZone(name, &zone);
  return zone;
}

// "2010-12-01 08:26:00", on the shop's clock, as minutes on that of the sample program,
// which counts the days.
int64_t Minutes(const std::string& date) {
  absl::CivilSecond second;
  if (!absl::ParseCivilTime(absl::StrReplaceAll(date, {{" ", "T"}}), &second)) return 0;
  static const absl::TimeZone shop = Zone("Europe/London");
  static const absl::TimeZone program = Zone("Asia/Seoul");
  const absl::Time time = absl::FromCivil(second, shop);
  return absl::CivilMinute(absl::ToCivilSecond(time, program)) - absl::CivilMinute();
}

constexpr int64_t kMinutesPerDay = 24 * 60;

// A line that was bought, and how many of it are not back yet.
struct Bought {
  int64_t at;
  std::string invoice;
  size_t order;  // Within the file.
  int64_t left;
  bool is_worth_money = true;
};

// What customers have bought of each article, as far as the file has told.
class Shelves {
 public:
  void Buy(const std::string& customer, const std::string& article, Bought bought) {
    if (bought.is_worth_money) kept_[customer] += bought.left;
    bought_[{customer, article}].push_back(std::move(bought));
  }

  // Whether a customer has kept nothing of all that they have paid for: the next purchase is
  // their first.
  bool IsEmpty(const std::string& customer) { return kept_[customer] == 0; }

  // Puts back as many as can be found; how many.
  int64_t TakeBack(const std::string& customer, const std::string& article, int64_t at,
                   int64_t quantity) {
    std::vector<Bought>& all = bought_[{customer, article}];
    std::stable_sort(all.begin(), all.end(), [](const Bought& a, const Bought& b) {
      if (a.at != b.at) return a.at > b.at;
      if (a.invoice != b.invoice) return a.invoice > b.invoice;
      return a.order < b.order;
    });
    const int64_t first_day = at / kMinutesPerDay - 90;
    int64_t found = 0;
    for (Bought& bought : all) {
      if (bought.at > at || bought.at / kMinutesPerDay < first_day) continue;
      const int64_t part = std::min(bought.left, quantity - found);
      bought.left -= part;
      found += part;
      if (bought.is_worth_money) kept_[customer] -= part;
    }
    return found;
  }

 private:
  std::map<std::pair<std::string, std::string>, std::vector<Bought>> bought_;
  std::map<std::string, int64_t> kept_;  // Pieces, by customer.
};

}  // namespace

std::vector<History> Histories() {
  if (access(kRealHistory, R_OK) != 0) return {History::kMadeUp};
  return {History::kMadeUp, History::kReal};
}

std::string NameOf(const ::testing::TestParamInfo<History>& info) {
  return info.param == History::kReal ? "Real" : "MadeUp";
}

absl::StatusOr<std::string> HistoryPath(History history, const std::string& directory,
                                        int invoices) {
  if (history == History::kReal) return kRealHistory;
  std::string path = absl::StrCat(directory, "/history-", invoices, ".csv.gz");
  if (absl::Status status = MakeUpHistory(path, invoices); !status.ok()) return status;
  return path;
}

absl::StatusOr<HistoryFigures> ReadHistory(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadText(path);
  if (!text.ok()) return text.status();
  HistoryFigures figures;
  std::vector<std::string> invoices;  // In the order of the file.
  struct Invoice {
    std::string customer;
    int64_t pence = 0;
    int64_t at = 0;
    std::string month;  // "2010-12".
    bool is_first = false;
  };
  Shelves shelves;
  std::map<std::string, int64_t> returned_at;
  std::map<std::string, Invoice> known;
  std::set<std::string> returns;
  std::set<std::string> members;
  size_t at = 0;
  TakeRow(*text, at);  // The header.
  for (std::vector<std::string> row; !(row = TakeRow(*text, at)).empty();) {
    if (row.size() != 8) return absl::DataLossError(absl::StrCat("a row ends before byte ", at));
    ++figures.rows;
    const std::string& number = row[0];
    const std::string& customer = row[6];
    int64_t quantity = 0;
    if (!absl::SimpleAtoi(row[3], &quantity)) return absl::DataLossError(row[3]);
    if (absl::StartsWith(number, "C")) {
      ++figures.rows_cancelled;
      if (customer.empty()) ++figures.rows_cancelled_without_customer;
    }
    if (customer.empty()) {
      ++figures.rows_without_customer;
    } else if (absl::StartsWith(number, "C")) {
      ++figures.rows_of_returns;
      figures.returned_quantity -= quantity;
      returns.insert(number);
      members.insert(customer);
      const int64_t pence = (-quantity * Mills(row[5]) + 5) / 10;
      figures.returned_pence += pence;
      figures.net_pence[customer] -= pence;
      // All of an invoice is of the moment of its first row.
      const int64_t moment = returned_at.try_emplace(number, Minutes(row[4])).first->second;
      figures.matched_quantity += shelves.TakeBack(customer, row[1], moment, -quantity);
    } else {
      const auto [invoice, is_new] =
          known.try_emplace(number, Invoice{customer, 0, Minutes(row[4]), row[4].substr(0, 7)});
      if (is_new) invoices.push_back(number);
      if (is_new) invoice->second.is_first = shelves.IsEmpty(customer);
      const int64_t pence = (quantity * Mills(row[5]) + 5) / 10;
      invoice->second.pence += pence;
      figures.net_pence[customer] += pence;
      const auto order = static_cast<size_t>(figures.lines++);
      shelves.Buy(customer, row[1], {invoice->second.at, number, order, quantity, pence > 0});
    }
  }
  std::set<std::string> buyers;
  for (const std::string& number : invoices) {
    const Invoice& invoice = known[number];
    const int64_t points = invoice.pence / 10;
    figures.gross_pence += invoice.pence;
    figures.points += points;
    figures.base_points_by_month[invoice.month] += points;
    members.insert(invoice.customer);
    buyers.insert(invoice.customer);
    if (invoice.is_first) figures.points += std::min<int64_t>(points, 5'000);
  }
  figures.purchases = static_cast<int64_t>(invoices.size());
  figures.returns = static_cast<int64_t>(returns.size());
  figures.buyers = static_cast<int64_t>(buyers.size());
  figures.members = static_cast<int64_t>(members.size());
  return figures;
}

absl::StatusOr<std::vector<HistoryRow>> ReadHistoryRows(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadText(path);
  if (!text.ok()) return text.status();
  std::vector<HistoryRow> rows;
  size_t at = 0;
  TakeRow(*text, at);  // The header.
  for (std::vector<std::string> row; !(row = TakeRow(*text, at)).empty();) {
    absl::StatusOr<HistoryRow> read = ToHistoryRow(row, at);
    if (!read.ok()) return read.status();
    if (!read->customer.empty()) rows.push_back(*std::move(read));
  }
  return rows;
}

absl::StatusOr<std::map<absl::CivilDay, HistoryDay>> ReadHistoryDays(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadText(path);
  if (!text.ok()) return text.status();
  size_t at = 0;
  TakeRow(*text, at);
  const std::string header = text->substr(0, at);
  std::map<std::string, absl::CivilDay> begun;  // By invoice.
  std::map<absl::CivilDay, HistoryDay> days;
  for (size_t begin = at; begin < text->size(); begin = at) {
    const std::vector<std::string> row = TakeRow(*text, at);
    absl::StatusOr<HistoryRow> read = ToHistoryRow(row, at);
    if (!read.ok()) return read.status();
    absl::CivilDay day;
    absl::ParseCivilTime(read->moment.substr(0, 10), &day);
    HistoryDay& known = days[begun.try_emplace(read->invoice, day).first->second];
    if (known.csv.empty()) known.csv = header;
    known.csv.append(*text, begin, at - begin);
    if (!read->customer.empty()) known.rows.push_back(*std::move(read));
  }
  return days;
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
    if (absl::StartsWith(row[0], "C")) continue;
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
