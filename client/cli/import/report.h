#pragma once

#include <cstdint>
#include <fstream>
#include <map>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "cli/import/rows.h"

namespace dangol::cli {

// What an import did.
struct ImportTotals {
  // Rows of the file, without its header.
  int64_t rows_read = 0;
  // How many rows were rejected for each reason.
  std::map<std::string, int64_t> rejected;
  // Purchases that this run recorded, and that an earlier one had recorded.
  int64_t purchases_recorded = 0;
  int64_t purchases_replayed = 0;
  // Of both: their lines, and their sums in minor units by currency.
  int64_t purchase_lines = 0;
  std::map<std::string, int64_t> amount_minor;
  int64_t members_enrolled = 0;
  // The same of returns, with what the server made of them: how many articles it
  // found among the member's purchases, how many not, and what they came to.
  int64_t returns_recorded = 0;
  int64_t returns_replayed = 0;
  int64_t returned_lines = 0;
  int64_t matched_quantity = 0;
  int64_t unmatched_quantity = 0;
  std::map<std::string, int64_t> returned_minor;
  // What an earlier run, or somebody else, had recorded with the same money and other details.
  int64_t purchases_with_other_details = 0;
  int64_t returns_with_other_details = 0;
  // What the server refused, and the first such refusal.
  int64_t purchases_refused = 0;
  int64_t returns_refused = 0;
  absl::Status first_refusal;

  int64_t rows_rejected() const;
};

// Why the server refused a row.
RowProblem ProblemOf(const absl::Status& error);

// Gathers what happens during an import and writes the file of rejected rows.
// Thread safe.
class ImportReport {
 public:
  ImportReport() = default;

  // Opens the file of rejected rows, a CSV with the columns line, reason, row
  // and detail. What it held before is lost.
  absl::Status OpenRejects(const std::string& path);

  void Reject(const Row& row, const RowProblem& problem);
  // Notes what the server refused; what it knows already, but for details, is no refusal.
  void Refuse(const ReadPurchase& purchase, const absl::Status& error);
  void Record(const ReadPurchase& purchase, bool replayed);
  void RecordReturn(const ReadPurchase& goods, const v1::RecordReturnResponse& response);
  void Enroll();

  // Writes what is buffered. Fails when the file of rejected rows could not be
  // written.
  absl::Status Close();

  // Without rows_read, which the reader of the file knows.
  ImportTotals totals() const;

 private:
  void WriteReject(const Row& row, const RowProblem& problem) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // The same, and the row does not count as rejected.
  void WriteNote(const Row& row, const RowProblem& problem) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  ImportTotals totals_ ABSL_GUARDED_BY(mutex_);
  std::ofstream rejects_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dangol::cli
