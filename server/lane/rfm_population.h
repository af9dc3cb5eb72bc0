#ifndef DANGOL_SERVER_LANE_RFM_POPULATION_H_
#define DANGOL_SERVER_LANE_RFM_POPULATION_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "server/domain/program/norms.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/standing/rfm_values.h"
#include "server/storage/storage.h"

// Members by recency, frequency and money.
namespace dangol::lane {

// Whether somebody belongs to the population, if they have bought something.
bool TakesPart(const domain::Member& member);

// What is scored, of everybody who is: 24 bytes for each of them.
struct Population {
  std::vector<domain::RfmValues> values;
  int64_t without_purchase = 0;
};

// Reads all members, page by page, as they are at the end of a day by a program with
// Program::rfm.
absl::StatusOr<Population> ReadPopulation(const domain::Program& program, domain::DayNumber day,
                                          storage::Reader& reader);

// Computes the cut points that are due at `now`, if any are; they are not recorded yet.
absl::StatusOr<domain::Norms> ComputeNorms(const domain::NormsDue& due,
                                           const domain::ProgramCatalog& catalog, absl::Time now,
                                           storage::Reader& reader);

}  // namespace dangol::lane

#endif  // DANGOL_SERVER_LANE_RFM_POPULATION_H_
