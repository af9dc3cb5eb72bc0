#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "cli/import/rows.h"

namespace dangol::cli {

// Everything that a source gives.
struct ReadOut {
  std::vector<ReadPurchase> purchases;
  // Line and reason of each rejected row.
  std::vector<std::pair<int64_t, std::string>> rejects;
  int64_t rows = 0;
  absl::Status status;
};

// `make` gets a RejectSink and returns the source.
template <typename Make>
ReadOut ReadAll(Make make) {
  ReadOut out;
  const auto source = make([&](const Row& row, const RowProblem& problem) {
    out.rejects.emplace_back(row.line, problem.reason);
  });
  while (true) {
    ReadPurchase purchase;
    const absl::StatusOr<bool> more = source->Next(purchase);
    if (!more.ok()) out.status = more.status();
    if (!more.ok() || !*more) break;
    out.purchases.push_back(std::move(purchase));
  }
  out.rows = source->rows_read();
  return out;
}

}  // namespace dangol::cli
