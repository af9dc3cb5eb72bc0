#ifndef DANGOL_TESTS_BENCH_REPORT_H_
#define DANGOL_TESTS_BENCH_REPORT_H_

#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "tests/bench/statistics.h"

namespace dangol::bench {

// One measured figure, or a denominator of one.
struct ReportRow {
  int figure = 0;  // Of KnownFigures.
  std::string name;
  Spread value;
  std::string unit;
  // What the ratio is taken against; empty where there is none.
  std::string denominator;
  std::optional<Spread> ratio;
  std::optional<double> p50_ms;
  std::optional<double> p99_ms;
  // What is to be reached, such as ">= 0.30"; empty where nothing is.
  std::string bar;
  std::optional<bool> reached;
};

// What was measured on one storage engine.
struct StoreReport {
  std::string store;
  std::vector<ReportRow> rows;
};

// Up to 100 columns wide.
void PrintTable(const std::vector<ReportRow>& rows, std::ostream& out);

// The two engines side by side, as wide; a row that one of them lacks is empty
// there.
void PrintComparison(const StoreReport& left, const StoreReport& right, std::ostream& out);

// An array of objects; what does not apply is null.
std::string ToJson(const std::vector<StoreReport>& reports);

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_REPORT_H_
