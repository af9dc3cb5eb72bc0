#ifndef DANGOL_TESTS_BENCH_SEEDER_H_
#define DANGOL_TESTS_BENCH_SEEDER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/bench/database.h"
#include "tests/bench/history.h"

namespace dangol::bench {

// What a store was filled with.
struct Seeded {
  std::vector<std::string> members;  // Their ids, as the API writes them.
  uint64_t purchases = 0;
  uint64_t entries = 0;  // In the ledger.
};

// The members of every store that is filled with so many: the same ones each time.
std::vector<Heir> MakeHeirs(uint64_t members);

// Fills a store that has its schema and nothing else, as if so many members had
// come and had each had one of the histories, before dangold is started on it.
absl::StatusOr<Seeded> Seed(Histories histories, Database& store, uint64_t members);

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_SEEDER_H_
