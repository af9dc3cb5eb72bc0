#ifndef DANGOL_TESTS_E2E_ONLINE_RETAIL_H_
#define DANGOL_TESTS_E2E_ONLINE_RETAIL_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"

namespace dangol::e2e {

// Where the real history is, if it is there.
inline constexpr char kRealHistory[] = DANGOL_ONLINE_RETAIL;

// Which history a test runs on: one that is made up, and the real one where it is there.
enum class History { kMadeUp, kReal };
std::vector<History> Histories();
std::string NameOf(const ::testing::TestParamInfo<History>& info);

// Where that history is; the one that is made up, of about so many invoices, is written
// into the directory.
absl::StatusOr<std::string> HistoryPath(History history, const std::string& directory,
                                        int invoices);

// What a history comes to, worked out from the file alone and
// without any code of Dangol's.
struct HistoryFigures {
  int64_t rows = 0;
  int64_t rows_without_customer = 0;
  // Of cancellations, whether they name a customer or not.
  int64_t rows_cancelled = 0;
  int64_t rows_cancelled_without_customer = 0;
  int64_t rows_of_returns = 0;
  int64_t returns = 0;
  int64_t returned_quantity = 0;
  // Of these: found among the customer's purchases of the 90 days before, the newest
  // first, and not returned already.
  int64_t matched_quantity = 0;
  int64_t returned_pence = 0;
  // What each customer bought less what they brought back.
  std::map<std::string, int64_t> net_pence;
  int64_t members = 0;
  int64_t buyers = 0;  // Of the members: those who did not only bring something back.
  int64_t purchases = 0;
  int64_t lines = 0;
  int64_t gross_pence = 0;
  // By the sample program: a point for ten pence, rounded down per purchase;
  // the first purchase of each member doubled, by 5,000 points at most.
  int64_t points = 0;
  // Without the doubling, by the month on the shop's clock.
  std::map<std::string, int64_t> base_points_by_month;
};

// Reads a CSV file, gzipped or not.
absl::StatusOr<HistoryFigures> ReadHistory(const std::string& path);

// A row of a history that names a customer.
struct HistoryRow {
  std::string invoice;  // Begins with C where goods came back.
  std::string article;
  int64_t quantity = 0;  // Of goods that came back as well.
  std::string moment;    // "2010-12-01 08:26:00", on the shop's clock.
  int64_t pence = 0;     // Of all of them.
  std::string customer;

  bool IsReturn() const { return invoice[0] == 'C'; }
};

// Those rows, in the order of the file.
absl::StatusOr<std::vector<HistoryRow>> ReadHistoryRows(const std::string& path);

// A day of a history: all rows of the invoices that begin on it, in the order of the file.
struct HistoryDay {
  std::string csv;  // With the header; those without a customer as well.
  std::vector<HistoryRow> rows;
};

// The days on which anything happened.
absl::StatusOr<std::map<absl::CivilDay, HistoryDay>> ReadHistoryDays(const std::string& path);

// Deals the invoices of a history out to so many files in the directory, each with
// the header. Their paths. Cancellations are left out: what they find depends on what
// was recorded before them.
absl::StatusOr<std::vector<std::string>> SplitHistory(const std::string& path,
                                                      const std::string& directory, int parts);

// The command that imports a history through a server.
std::vector<std::string> ImportCommand(const std::string& address, const std::string& path);

}  // namespace dangol::e2e

#endif  // DANGOL_TESTS_E2E_ONLINE_RETAIL_H_
