#ifndef DANGOL_TESTS_BENCH_RAW_LOOP_SQLITE_H_
#define DANGOL_TESTS_BENCH_RAW_LOOP_SQLITE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "tests/bench/purchase_rows.h"
#include "tests/bench/requests.h"

namespace dangol::bench {

// Writes `purchases` purchases to the database in the file `path`, which has the
// members of `requests` and which no server has open, 256 to a transaction, the way
// a program that does nothing else would: prepared statements, no gRPC, no rules,
// no reads but those within UPDATE and upsert. Returns purchases a second.
absl::StatusOr<double> RunSqliteRawLoop(const std::string& path, const Requests& requests,
                                        const PurchaseSamples& samples, uint64_t purchases);

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_RAW_LOOP_SQLITE_H_
