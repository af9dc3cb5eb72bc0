#ifndef DANGOL_TESTS_E2E_KEPT_INVOICES_H_
#define DANGOL_TESTS_E2E_KEPT_INVOICES_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "tests/e2e/online_retail.h"

namespace dangol::e2e {

// A customer's invoices and what is left of them, worked out row by row from what docs/guide/rfm.md
// says of returns, without any code of Dangol's.
class KeptInvoices {
 public:
  // A row of an invoice.
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
    // Something of it stands, and was paid for.
    bool Counts() const;
    int64_t NetPence() const { return pence - repaid; }
  };

  // The next row of the history.
  void Add(const HistoryRow& row) { row.IsReturn() ? TakeBack(row) : Buy(row); }

  // By customer, in the order of the rows; those who only brought something back have none.
  const std::map<std::string, std::vector<Invoice>>& by_customer() const { return invoices_; }

 private:
  void Buy(const HistoryRow& row);
  void TakeBack(const HistoryRow& row);

  std::map<std::string, std::vector<Invoice>> invoices_;
  std::map<std::string, std::string> returned_at_;  // By the number of the cancellation.
};

}  // namespace dangol::e2e

#endif  // DANGOL_TESTS_E2E_KEPT_INVOICES_H_
