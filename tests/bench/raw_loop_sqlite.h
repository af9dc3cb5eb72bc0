#ifndef DANGOL_TESTS_BENCH_RAW_LOOP_SQLITE_H_
#define DANGOL_TESTS_BENCH_RAW_LOOP_SQLITE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tests/bench/purchase_rows.h"
#include "tests/bench/requests.h"

namespace dangol::bench {

// The rows of purchases that dangold wrote, one of each kind (Requests::kKinds).
// A member's first purchase is another matter than the later ones.
struct PurchaseSamples {
  std::vector<PurchaseRows> first;
  std::vector<PurchaseRows> later;
};

// Reads samples from the store of a run of `purchases`.
absl::StatusOr<PurchaseSamples> ReadSamples(const std::string& store, uint64_t purchases);

// Writes `purchases` purchases to a store that has the members of `requests`
// and that no server has open, 256 to a transaction, the way a program that does
// nothing else would: prepared statements, no gRPC, no rules, no reads but
// those within UPDATE and upsert. Returns purchases a second.
absl::StatusOr<double> RunRawLoop(const std::string& store, const Requests& requests,
                                  const PurchaseSamples& samples, uint64_t purchases);

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_RAW_LOOP_SQLITE_H_
