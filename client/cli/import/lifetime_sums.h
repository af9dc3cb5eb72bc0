#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/import/csv_purchases.h"
#include "cli/import/csv_reader.h"
#include "cli/import/input.h"
#include "cli/import/report.h"
#include "cli/import/rows.h"
#include "dangol/client.h"

namespace dangol::cli {

// Reads what is counted: "net_spend:EUR", "qualifying_points:points", "activities:review",
// "purchases" or "visits".
absl::StatusOr<v1::TierCriterion> ParseCounted(const std::string& text);

// Reads how much, such as "net_spend:EUR=120000".
absl::StatusOr<v1::LifetimeSum> ParseLifetimeSum(const std::string& text);

// What a file of sums does not say row by row.
struct LifetimeDefaults {
  std::string source;
  std::string day;
  // Part of every request id: another one lets a file take effect again.
  std::string run;
};

// An import and the row that it was read from.
struct ReadLifetime {
  v1::ImportLifetimeSumsRequest request;
  Row row;
};

// The imports of a CSV file, one for each row, in its order, read as they are asked for. Rows that
// can't be used go to a RejectSink. Not thread safe.
class LifetimeSource {
 public:
  // `input` must outlive this.
  LifetimeSource(Input& input, LifetimeDefaults defaults, RejectSink reject);

  // The next import; false at the end. An error when the file as a whole can't be read, or has a
  // column that says nothing.
  absl::StatusOr<bool> Next(ReadLifetime& read);
  // How many rows (without the header) have been read.
  int64_t rows_read() const { return rows_read_; }

 private:
  absl::Status ReadHeader();
  std::optional<RowProblem> ReadRow(const CsvRecord& record,
                                    v1::ImportLifetimeSumsRequest& request) const;

  Input& input_;
  CsvReader reader_;
  const LifetimeDefaults defaults_;
  const RejectSink reject_;
  bool header_read_ = false;
  Columns columns_;
  std::vector<std::string> sums_;  // The names of the columns with sums, in their order.
  int64_t rows_read_ = 0;
};

// What an import of sums did.
struct LifetimeTotals {
  int64_t rows_read = 0;
  int64_t imported = 0;
  int64_t replayed = 0;  // An earlier run had imported them.
  // The server refused them, or they had been imported and others have replaced them since.
  int64_t refused = 0;
  absl::Status first_refusal;
};

// Sends all of them, at most `calls` at a time, those of one member and source in their order. An
// error where the server can't be reached or used; then the import goes on when it is run again.
absl::StatusOr<LifetimeTotals> ImportLifetimes(LifetimeSource& source, Client client, int calls,
                                               ImportReport& report);

}  // namespace dangol::cli
