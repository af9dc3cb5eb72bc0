#ifndef DANGOL_TESTS_BENCH_RAW_LOOP_MYSQL_H_
#define DANGOL_TESTS_BENCH_RAW_LOOP_MYSQL_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "tests/bench/purchase_rows.h"
#include "tests/bench/requests.h"

namespace dangol::bench {

// What RunSqliteRawLoop does, for MySQL: a transaction of 256 purchases is one
// packet of a few statements with many rows each, so it takes one round trip. It
// runs by turns on one connection and on as many as the store has lanes; returns
// the purchases a second of the faster.
absl::StatusOr<double> RunMysqlRawLoop(const std::string& url, const Requests& requests,
                                       const PurchaseSamples& samples, uint64_t purchases);

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_RAW_LOOP_MYSQL_H_
