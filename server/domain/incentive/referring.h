#ifndef DANGOL_SERVER_DOMAIN_INCENTIVE_REFERRING_H_
#define DANGOL_SERVER_DOMAIN_INCENTIVE_REFERRING_H_

#include <cstdint>
#include <optional>
#include <variant>

#include "server/domain/incentive/day.h"
#include "server/domain/incentive/goods.h"
#include "server/domain/program/program.h"

// Both sides of a referral (server/domain/referral): each has an incentive of its own, with its
// own worth and limits.
namespace dangol::domain {

inline int64_t StampsOf(const Referrer&, const QualifyingGoods&) { return 1; }
inline int64_t StampsOf(const Referred&, const QualifyingGoods&) { return 1; }

// Each member who was referred is an award, on the day of their first purchase that counts. What
// the referrer themselves buy is nothing; the stamps of a day are those members.
struct ReferrerFold {
  int64_t Step(const Referrer&, const IncentiveWindow&, const IncentiveDay& day) {
    return day.stamps;
  }

  IncentiveProgress ProgressOn(const Referrer&, const IncentiveWindow&, DayNumber) const {
    return {0, 1, kNoDay};
  }
};

// Once, on the first day with a purchase that counts; those of who was not referred are nothing.
struct ReferredFold {
  int64_t Step(const Referred&, const IncentiveWindow&, const IncentiveDay& day) {
    if (converted || day.stamps <= 0) return 0;
    converted = true;
    return 1;
  }

  IncentiveProgress ProgressOn(const Referred&, const IncentiveWindow&, DayNumber) const {
    return {converted ? 1 : 0, 1, kNoDay};
  }

  bool converted = false;
};

ReferrerFold FoldFor(const Referrer&);  // The ones of these kinds.
ReferredFold FoldFor(const Referred&);

// Of either side: within how many days what comes back undoes it, 0 without end; nothing of any
// other kind.
inline std::optional<int> ReturnDaysOf(const Incentive& incentive) {
  if (const auto* referrer = std::get_if<Referrer>(&incentive.kind)) return referrer->return_days;
  if (const auto* referred = std::get_if<Referred>(&incentive.kind)) return referred->return_days;
  return std::nullopt;
}

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_INCENTIVE_REFERRING_H_
