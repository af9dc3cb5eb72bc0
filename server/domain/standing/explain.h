#ifndef DANGOL_SERVER_DOMAIN_STANDING_EXPLAIN_H_
#define DANGOL_SERVER_DOMAIN_STANDING_EXPLAIN_H_

#include <cstdint>
#include <vector>

#include "server/domain/activity/activity.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/purchase/purchase.h"
#include "server/domain/standing/status.h"

// What one thing that a person did adds to what criteria count, and why it adds nothing.
namespace dangol::domain {

enum class FactOutcome : int8_t {
  kCounted = 1,
  kOutsideWindow = 2,  // It is of a day that does not count.
  kCameBack = 3,       // Nothing of the purchase stands.
  kUndone = 4,         // The activity never was.
  kSuspended = 5,      // Who did it was suspended.
  kOtherCurrency = 6,  // The criterion counts another one.
  kNothingEarned = 7,  // No points that count, or no goods that anybody could earn by.
  kOtherKind = 8,      // The criterion counts something else.
  kOverDailyCap = 9,   // Of its day fewer of the kind count than there are.
};

struct FactShare {
  Criterion criterion;
  int64_t counted = 0;
  FactOutcome outcome = FactOutcome::kCounted;
};

// What is counted for a person's tier and for the next one, each once.
std::vector<Judged> CountedFor(const TierStatus& status);

// A share for each of the criteria, in their order. `program`: that judged it.
std::vector<FactShare> SharesOf(const Purchase& purchase, const Program& program,
                                const std::vector<Judged>& criteria);
std::vector<FactShare> SharesOf(const Activity& activity, const Program& program,
                                const std::vector<Judged>& criteria, const Member& person,
                                const ProgramCatalog& catalog);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_STANDING_EXPLAIN_H_
