#ifndef DANGOL_TESTS_SUPPORT_HISTORIES_H_
#define DANGOL_TESTS_SUPPORT_HISTORIES_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/civil_time.h"
#include "server/domain/member/member.h"
#include "server/domain/standing/history.h"

namespace dangol::testing {

// How many purchases of the member stand.
inline int64_t PurchasesOf(const domain::Member& member) {
  return domain::TotalOf(member.histories, domain::Measure::kPurchases);
}

// What counts toward tiers of what they earned in a wallet.
inline int64_t QualifyingOf(const domain::Member& member, const std::string& wallet = "points") {
  return domain::TotalOf(member.histories, domain::Measure::kQualifying, wallet);
}

inline std::string FirstDayOf(const domain::Member& member) {
  const auto day = domain::FirstDayOf(member.histories, domain::Measure::kPurchases);
  return day.has_value() ? absl::FormatCivilTime(domain::DayOf(*day)) : "";
}

inline std::string LastDayOf(const domain::Member& member) {
  const auto day = domain::LastDayOf(member.histories, domain::Measure::kPurchases);
  return day.has_value() ? absl::FormatCivilTime(domain::DayOf(*day)) : "";
}

}  // namespace dangol::testing

#endif  // DANGOL_TESTS_SUPPORT_HISTORIES_H_
