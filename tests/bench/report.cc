#include "tests/bench/report.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"

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
  out << absl::StrFormat("%2s %-40s %8s %15s %6s %6s %5s %7s %s\n", figure, name, value, spread,
                         p50, p99, ratio, bar, reached);
}

std::string Name(const ReportRow& row) {
  return row.denominator.empty() ? row.name : absl::StrCat(row.name, " / ", row.denominator);
}

nlohmann::json OrNull(const std::optional<double>& value) {
  return value ? nlohmann::json(*value) : nlohmann::json();
}

}  // namespace

void PrintTable(const std::vector<ReportRow>& rows, std::ostream& out) {
  PrintLine(out, "#", "what", "median", "min-max", "p50 ms", "p99 ms", "ratio", "bar", "met");
  for (const ReportRow& row : rows) {
    const std::string spread = absl::StrCat(Number(row.value.min), "-", Number(row.value.max));
    const std::string ratio = row.ratio ? Number(row.ratio->median) : "";
    PrintLine(out, absl::StrCat(row.figure), absl::StrCat(Name(row), ", ", row.unit),
              Number(row.value.median), spread, Number(row.p50_ms), Number(row.p99_ms), ratio,
              row.bar, row.reached ? (*row.reached ? "yes" : "NO") : "");
  }
}

std::string ToJson(const std::vector<ReportRow>& rows, const std::string& store) {
  nlohmann::json array = nlohmann::json::array();
  for (const ReportRow& row : rows) {
    const nlohmann::json denominator =
        row.denominator.empty() ? nlohmann::json() : nlohmann::json(row.denominator);
    array.push_back({{"figure", row.figure},
                     {"store", store},
                     {"name", row.name},
                     {"value", row.value.median},
                     {"unit", row.unit},
                     {"denominator", denominator},
                     {"ratio", row.ratio ? nlohmann::json(row.ratio->median) : nlohmann::json()},
                     {"p50_ms", OrNull(row.p50_ms)},
                     {"p99_ms", OrNull(row.p99_ms)}});
  }
  return array.dump(2);
}

}  // namespace dangol::bench
