#ifndef DANGOL_SERVER_DOMAIN_AUDIT_SIMULATION_H_
#define DANGOL_SERVER_DOMAIN_AUDIT_SIMULATION_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "server/domain/audit/audit.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/shared_counter.h"

// What would have become of members if another program had been in force from a moment on: what
// was asked for is decided again, beside what is stored. Nothing is written.
namespace dangol::domain {

// What a rule, a tier or an incentive has given: as it is, and as it would be.
struct GivenPoints {
  int64_t members = 0;
  int64_t times = 0;
  int64_t points = 0;
};
struct GivenTwice {
  GivenPoints is;
  GivenPoints would;
};

// What members have in a wallet, pending, available and held, less what they owe.
struct LiabilityTwice {
  int64_t is = 0;
  int64_t would = 0;
};

// Of one member and wallet.
struct MemberDifference {
  MemberId member;
  std::string wallet;
  LiabilityTwice points;
};

struct Simulated {
  int64_t members = 0;
  int64_t commands = 0;
  int64_t refused = 0;  // Of these, those that would be refused.
  std::map<std::pair<std::string, std::string>, GivenTwice> given;  // By rule and wallet.
  std::map<std::string, LiabilityTwice> liabilities;                // By wallet.
  // Members by ladder, tier as it is, and tier as it would be.
  std::map<std::tuple<std::string, std::string, std::string>, int64_t> moves;
  std::vector<MemberDifference> differences;  // Of whoever has any.
};

// The catalog with a program that judges whatever occurs from a moment on.
std::shared_ptr<const ProgramCatalog> WithDraft(const ProgramCatalog& catalog,
                                                std::shared_ptr<const Program> draft,
                                                absl::Time from);

// Adds what would have become of members who were ever merged with each other, up to now.
// `proposed`: as WithDraft makes it, of a draft from this moment on. `counters`: of budgets and
// stocks, of all who were simulated before: they are served member by member here, and not in the
// order of time, so what is given in all is right where a budget is used up, and who has it is
// not. A family of which somebody was erased adds nothing: what they asked for is not known.
void SimulateFamily(const std::vector<StoredMember>& family, const ProgramCatalog& current,
                    const ProgramCatalog& proposed, absl::Time from, absl::Time now,
                    SharedCounters& counters, Simulated& sums);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_AUDIT_SIMULATION_H_
