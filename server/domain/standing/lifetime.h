#ifndef DANGOL_SERVER_DOMAIN_STANDING_LIFETIME_H_
#define DANGOL_SERVER_DOMAIN_STANDING_LIFETIME_H_

#include <cstdint>
#include <string>
#include <vector>

#include "server/domain/program/days.h"
#include "server/domain/program/tiers.h"

namespace dangol::domain {

// So much of what a criterion counts.
struct LifetimeSum {
  Indicator indicator = Indicator::kPurchases;
  std::string of;  // As of Criterion.
  int64_t amount = 0;

  friend bool operator==(const LifetimeSum&, const LifetimeSum&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.indicator);
    v(2, row.of);
    v(3, row.amount);
  }
};

// What somebody had done before, elsewhere, as another system tells it: only in sums, so that it
// counts for nothing but a lifetime.
struct LifetimeImport {
  std::string request_id;
  std::string source;  // Which system; a person has one of each.
  DayNumber day = 0;   // The last day that it covers: the first at whose end it counts.
  std::vector<LifetimeSum> sums;
  std::string principal;

  friend bool operator==(const LifetimeImport&, const LifetimeImport&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.request_id);
    v(2, row.source);
    v(3, row.day);
    v(4, row.sums);
    v(5, row.principal);
  }
};

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_STANDING_LIFETIME_H_
