#ifndef DANGOL_TESTS_E2E_VVIPS_BY_DEFINITION_H_
#define DANGOL_TESTS_E2E_VVIPS_BY_DEFINITION_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "tests/e2e/kept_invoices.h"
#include "tests/e2e/online_retail.h"

namespace dangol::e2e {

// Which of a history's customers are VVIPs on which day, worked out day by day from its rows and
// from what docs/guide/advocates.md says, without any code of Dangol's.
class VvipsByDefinition {
 public:
  // In ten thousandths of those who contributed anything, rounded up.
  struct Shares {
    size_t enter = 100;
    size_t stay = 150;
  };
  // Of a customer as a member, which the rows do not say: it decides between equals.
  struct Enrolment {
    absl::Time at;
    std::string member_id;
  };
  // Where a customer stands among all.
  struct Place {
    int64_t pence = 0;
    int64_t purchases = 0;
    Enrolment enrolment;

    bool IsBefore(const Place& other) const;
  };
  // The last who becomes a VVIP, and the last who stays one.
  struct Bar {
    size_t contributors = 0;
    std::optional<Place> enter;
    std::optional<Place> stay;
  };

  VvipsByDefinition(Shares shares, std::map<std::string, Enrolment> customers);

  // Lives through the next day: its rows, in the order of the history.
  void Live(absl::CivilDay day, const std::vector<HistoryRow>& rows);

  // By the day that is judged by it: the second one after the day of which it is.
  const std::map<absl::CivilDay, Bar>& bars() const { return bars_; }
  // When each customer was one who ever was, as far as is known by now: what came back later of
  // what they had bought counts, though the bars of then stay.
  const std::map<std::string, std::set<absl::CivilDay>>& days() const { return days_; }
  std::set<std::string> On(absl::CivilDay day) const;
  // Of all these days: those on which who stayed would not have become one.
  int CountStays() const;

 private:
  struct Sum {
    int64_t pence = 0;
    int64_t purchases = 0;
  };

  void Learn(const std::string& customer);
  Place PlaceOf(const std::string& customer, absl::CivilDay day) const;
  Bar BarOf(absl::CivilDay day) const;
  void Judge(const std::string& customer, absl::CivilDay day);

  const Shares shares_;
  const std::map<std::string, Enrolment> customers_;
  KeptInvoices invoices_;
  // What customers bought on each day that they have kept.
  std::map<std::string, std::map<absl::CivilDay, Sum>> bought_;
  std::map<absl::CivilDay, Bar> bars_;
  std::map<std::string, std::set<absl::CivilDay>> days_;
};

}  // namespace dangol::e2e

#endif  // DANGOL_TESTS_E2E_VVIPS_BY_DEFINITION_H_
