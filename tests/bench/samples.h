#ifndef DANGOL_TESTS_BENCH_SAMPLES_H_
#define DANGOL_TESTS_BENCH_SAMPLES_H_

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "tests/bench/h2_load.h"

namespace dangol::bench {

// What is measured, once in each round.
enum class Probe {
  // Of dangold on a store, purchases or calls a second.
  kPurchases,  // Unary, uniform members, 128 in flight.
  kOpenLoop,   // As kPurchases, at random moments, 70 % as many.
  kReplays,    // The same requests again.
  kBalances,   // GetBalance, 128 in flight.
  kBatches,    // BatchRecordPurchases of 100.
  // As kPurchases and kBatches, with the rich program and members who have bought every week
  // for two years.
  kRichPurchases,
  kRichBatches,
  kOneMember,  // As kPurchases, everything to one member.
  kSixtyFour,  // As kPurchases, 64 in flight.
  kOneByOne,   // As kSixtyFour, with a batch limit of one.
  kAlone,      // As kPurchases, 1 in flight.
  kGuarded,    // As kPurchases, by a till with a token, of a server with an access file.
  kMetered,    // As kPurchases, of a server that counts them for Prometheus.
  kMemory,     // The most MiB that any dangold of the round needed.
  kRawLoop,    // The rows of kPurchases, written by a bare loop.
  kSeeded,     // As kPurchases, on a store that was filled before.
  kSpending,   // ReservePoints and then CapturePoints, 128 in flight: both together, a second.
  kReturns,    // RecordReturn of a line of as many purchases, 128 in flight.
  // Of test stores that were filled before, while their clock is advanced.
  kReviews,     // Members reviewed at one midnight, a second.
  kRawReviews,  // The rows of kReviews, written by a bare loop.
  kYear,        // Seconds for a year.
  kYearMoves,   // Members advanced in it, a second.
  // As kPurchases, of members who were brought by another and of as many beside them, in one
  // store: what they buy first, once in a run, and later, each several times.
  kTreeFirst,
  kPlainFirst,
  kTreeLater,
  kPlainLater,
  // How many members those have, once in a run.
  kReviewedMembers,
  kYearMembers,
  kTreeMembers,
  // Of the filling, once in a run.
  kSeedRate,    // Ledger entries a second, with all that belongs to them.
  kSeedGib,     // Of the store.
  kBufferPool,  // MiB of the engine's cache, where it has one of its own.
  // Of the machine.
  kDecide,         // Microseconds of CPU for one Decide.
  kScoring,        // Milliseconds of CPU for cut points and segments of a million members.
  kEchoPurchases,  // As kPurchases, from the echo server.
  kEchoBalances,   // As kBalances, from the echo server.
  kEmptyRpc,       // As kAlone, from the echo server.
  kFsync,          // Appends made durable, a second.
};

struct Sample {
  double value = 0;
  // Where calls are timed one by one.
  std::optional<double> p50_ms;
  std::optional<double> p99_ms;
};

Sample SampleOf(const LoadResult& result, uint64_t purchases_per_call = 1);

// Round by round.
using Samples = std::map<Probe, std::vector<Sample>>;

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_SAMPLES_H_
