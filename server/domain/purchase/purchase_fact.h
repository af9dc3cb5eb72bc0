#ifndef DANGOL_SERVER_DOMAIN_PURCHASE_PURCHASE_FACT_H_
#define DANGOL_SERVER_DOMAIN_PURCHASE_PURCHASE_FACT_H_

#include <cstdint>
#include <optional>

#include "absl/time/time.h"
#include "server/domain/program/program.h"
#include "server/domain/purchase/purchase.h"
#include "server/domain/standing/history.h"
#include "server/domain/state.h"

// What a purchase means for the history of its person, and what caps have of it.
namespace dangol::domain {

// Whether anything of it has not come back: such a purchase counts.
bool Stands(const Purchase& purchase);

// Whether nobody can have earned by a purchase: of nothing, of a gift card only, or by somebody
// who was suspended. It is no first purchase.
bool IsIdle(const Purchase& purchase);

// The marks of what stands of a purchase. `program`: that judged it. Nothing where nothing
// stands.
Fact FactOf(const Purchase& purchase, const Program& program);

// How long after a change of the program's time zone a moment is on a day of the old one, too.
inline constexpr absl::Duration kBeforeChangeOfZone = absl::Hours(36);

// What a rule has given within the period of a cap, of all purchases of who buys that stand:
// by their history, or by the purchases themselves where it does not go back so far
// (PurchasesOfCaps).
int64_t UsedOf(const Rule& rule, const Cap& cap, absl::CivilDay day, absl::CivilDay today,
               const MemberState& buyer, const absl::TimeZone& zone);

// The purchases that caps ask for when somebody buys at this time, where the history of today
// does not go back so far; nothing where it does.
// `before`: as of Judgement (record_purchase.cc).
std::optional<PurchasesWithin> PurchasesOfCaps(const Program& program, const Program& before,
                                               absl::Time occurred_at, absl::Time now);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_PURCHASE_PURCHASE_FACT_H_
