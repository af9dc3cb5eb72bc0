#ifndef DANGOL_TESTS_E2E_RFM_BY_DEFINITION_H_
#define DANGOL_TESTS_E2E_RFM_BY_DEFINITION_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "tests/e2e/online_retail.h"

namespace dangol::e2e {

// Recency, frequency and money of a history's customers, worked out from its rows and from what
// docs/guide/rfm.md says, without any code of Dangol's: scores from 1 to 5 by quantiles, over the
// 365 days that end with a day.
class RfmByDefinition {
 public:
  struct Customer {
    int64_t days = 0;
    int64_t purchases = 0;
    int64_t pence = 0;
    int r = 0;
    int f = 0;
    int m = 0;
    std::string segment;
  };
  // Fifths of a day, of a purchase and of a penny.
  struct CutPoints {
    std::vector<int64_t> days;
    std::vector<int64_t> purchases;
    std::vector<int64_t> pence;
  };

  RfmByDefinition(const std::vector<HistoryRow>& rows, absl::CivilDay day);

  // By name; those who have a purchase that counts.
  const std::map<std::string, Customer>& customers() const { return customers_; }
  const CutPoints& cut_points() const { return cut_points_; }

 private:
  // A row of an invoice, and what is left of it.
  struct Line {
    std::string article;
    int64_t quantity = 0;
    int64_t pence = 0;
    int64_t back = 0;        // Pieces.
    int64_t back_pence = 0;  // What they had cost.
  };
  struct Invoice {
    std::string number;
    std::string moment;
    std::vector<Line> lines;
    int64_t pence = 0;
    int64_t repaid = 0;

    absl::CivilDay Day() const;
    bool Counts() const;
  };

  void Buy(const HistoryRow& row);
  void TakeBack(const HistoryRow& row);
  void Measure(absl::CivilDay day);
  void Score();

  std::map<std::string, std::vector<Invoice>> invoices_;  // By customer, in the file's order.
  std::map<std::string, std::string> returned_at_;        // By the number of the cancellation.
  std::map<std::string, Customer> customers_;
  CutPoints cut_points_;
};

}  // namespace dangol::e2e

#endif  // DANGOL_TESTS_E2E_RFM_BY_DEFINITION_H_
