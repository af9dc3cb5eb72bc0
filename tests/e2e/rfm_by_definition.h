#ifndef DANGOL_TESTS_E2E_RFM_BY_DEFINITION_H_
#define DANGOL_TESTS_E2E_RFM_BY_DEFINITION_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "tests/e2e/kept_invoices.h"
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
  void Measure(const KeptInvoices& kept, absl::CivilDay day);
  void Score();

  std::map<std::string, Customer> customers_;
  CutPoints cut_points_;
};

}  // namespace dangol::e2e

#endif  // DANGOL_TESTS_E2E_RFM_BY_DEFINITION_H_
