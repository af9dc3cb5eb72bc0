#ifndef DANGOL_TESTS_BENCH_STORE_CHECK_H_
#define DANGOL_TESTS_BENCH_STORE_CHECK_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tests/bench/database.h"

namespace dangol::bench {

// What a store holds.
struct StoreContents {
  std::map<std::string, int64_t> rows;   // By table.
  std::map<std::string, int64_t> bytes;  // Database::Bytes.
};

absl::StatusOr<StoreContents> ReadContents(Database& store);

// DATA_LOSS unless the two hold the same tables with, within a few percent, as
// many rows and bytes.
absl::Status CheckAlike(const StoreContents& dangold, const StoreContents& raw_loop);

// DATA_LOSS unless the store has exactly as many purchases as were acknowledged.
absl::Status CheckPurchases(Database& store, uint64_t acknowledged);
// The same of returns, and of reservations, all of which were captured.
absl::Status CheckReturns(Database& store, uint64_t acknowledged);
absl::Status CheckCaptures(Database& store, uint64_t acknowledged);

// That so many members were brought by another, and each of those was told of it once.
absl::Status CheckReferrals(Database& store, uint64_t referred);

// That so many members were reviewed at that time or later.
absl::Status CheckReviews(Database& store, uint64_t members, absl::Time since);

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_STORE_CHECK_H_
