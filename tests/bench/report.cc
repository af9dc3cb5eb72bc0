#include "tests/bench/report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "tests/bench/figures.h"

namespace dangol::bench {
namespace {

// 12,345 or 6.78.
std::string Number(double value) {
  if (value < 100) return absl::StrFormat("%.2f", value);
  std::string digits = absl::StrFormat("%.0f", value);
  for (size_t i = digits.size(); i > 3;) digits.insert(i -= 3, 1, ',');
  return digits;
}

std::string Number(const std::optional<double>& value) { return value ? Number(*value) : ""; }

void PrintLine(std::ostream& out, absl::string_view figure, absl::string_view name,
               absl::string_view value, absl::string_view spread, absl::string_view p50,
               absl::string_view p99, absl::string_view ratio, absl::string_view bar,
               absl::string_view reached) {
  out << absl::StrFormat("%3s %-39s %8s %15s %6s %6s %5s %7s %s\n", figure, name, value, spread,
                         p50, p99, ratio, bar, reached);
}

std::string Name(const ReportRow& row) {
  return row.denominator.empty() ? row.name : absl::StrCat(row.name, " / ", row.denominator);
}

std::string Reached(const ReportRow& row) {
  return row.reached ? (*row.reached ? "yes" : "NO") : "";
}

bool AreSameFigure(const ReportRow& a, const ReportRow& b) {
  return a.figure == b.figure && a.name == b.name && a.denominator == b.denominator;
}

// A row of `rows` that says of its engine what `row` says of the other; or none.
const ReportRow* Counterpart(const std::vector<ReportRow>& rows, const ReportRow& row) {
  const auto found = std::find_if(
      rows.begin(), rows.end(), [&](const ReportRow& other) { return AreSameFigure(row, other); });
  return found == rows.end() ? nullptr : &*found;
}

// One engine's share of a line: median, ratio, and whether the bar is reached.
std::string Half(absl::string_view median, absl::string_view ratio, absl::string_view reached) {
  return absl::StrFormat("%9s %5s %3s", median, ratio, reached);
}

std::string Half(const ReportRow* row) {
  if (row == nullptr) return Half("", "", "");
  return Half(Number(row->value.median), row->ratio ? Number(row->ratio->median) : "",
              Reached(*row));
}

void PrintPair(const ReportRow* left, const ReportRow* right, std::ostream& out) {
  const ReportRow& row = left != nullptr ? *left : *right;
  const std::string& bar = row.bar.empty() && right != nullptr ? right->bar : row.bar;
  out << absl::StrFormat("%3s %-45s %s  %s %7s\n", FigureName(row.figure),
                         absl::StrCat(Name(row), ", ", row.unit), Half(left), Half(right), bar);
}

nlohmann::json OrNull(const std::optional<double>& value) {
  return value ? nlohmann::json(*value) : nlohmann::json();
}

nlohmann::json ToJson(const ReportRow& row, const std::string& store) {
  const nlohmann::json denominator =
      row.denominator.empty() ? nlohmann::json() : nlohmann::json(row.denominator);
  return {{"figure", FigureName(row.figure)},
          {"store", store},
          {"name", row.name},
          {"value", row.value.median},
          {"unit", row.unit},
          {"denominator", denominator},
          {"ratio", row.ratio ? nlohmann::json(row.ratio->median) : nlohmann::json()},
          {"p50_ms", OrNull(row.p50_ms)},
          {"p99_ms", OrNull(row.p99_ms)}};
}

}  // namespace

void PrintTable(const std::vector<ReportRow>& rows, std::ostream& out) {
  PrintLine(out, "#", "what", "median", "min-max", "p50 ms", "p99 ms", "ratio", "bar", "met");
  for (const ReportRow& row : rows) {
    const std::string spread = absl::StrCat(Number(row.value.min), "-", Number(row.value.max));
    const std::string ratio = row.ratio ? Number(row.ratio->median) : "";
    PrintLine(out, FigureName(row.figure), absl::StrCat(Name(row), ", ", row.unit),
              Number(row.value.median), spread, Number(row.p50_ms), Number(row.p99_ms), ratio,
              row.bar, Reached(row));
  }
}

void PrintComparison(const StoreReport& left, const StoreReport& right, std::ostream& out) {
  out << absl::StrFormat("%3s %-45s %19s  %19s\n", "", "", left.store, right.store);
  out << absl::StrFormat("%3s %-45s %s  %s %7s\n", "#", "what", Half("median", "ratio", "met"),
                         Half("median", "ratio", "met"), "bar");
  for (const ReportRow& row : left.rows) PrintPair(&row, Counterpart(right.rows, row), out);
  for (const ReportRow& row : right.rows) {
    if (Counterpart(left.rows, row) == nullptr) PrintPair(nullptr, &row, out);
  }
}

std::string ToJson(const std::vector<StoreReport>& reports) {
  nlohmann::json array = nlohmann::json::array();
  for (const StoreReport& report : reports) {
    for (const ReportRow& row : report.rows) array.push_back(ToJson(row, report.store));
  }
  return array.dump(2);
}

}  // namespace dangol::bench
