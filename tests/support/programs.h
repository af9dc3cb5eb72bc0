#ifndef DANGOL_TESTS_SUPPORT_PROGRAMS_H_
#define DANGOL_TESTS_SUPPORT_PROGRAMS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/member/member.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/purchase/purchase.h"

// Short words for what domain tests are about.
namespace dangol::testing {

// A program in UTC with EUR and KRW, wallet "points" (available at once, never
// expiring) and base rule "base": one point per 100 minor units, qualifying.
domain::Program SimpleProgram();

domain::EarningRule BaseRule(const std::string& id, int64_t points, int64_t per_minor);
domain::Multiplier MultiplierRule(const std::string& id, int64_t numerator, int64_t denominator);

// A catalog whose only version is `program`.
domain::ProgramCatalog CatalogOf(domain::Program program);

// "2026-03-31 12:00:00" in UTC.
absl::Time Utc(absl::string_view text);

domain::PurchaseLine Line(int64_t amount_minor, const std::string& category = "");

// In EUR, at noon of 15 January 2026.
domain::Purchase PurchaseOf(std::vector<domain::PurchaseLine> lines);

// An id that is the same for the same number.
domain::MemberId MemberNumber(uint64_t number);

}  // namespace dangol::testing

#endif  // DANGOL_TESTS_SUPPORT_PROGRAMS_H_
