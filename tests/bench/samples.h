#ifndef DANGOL_TESTS_BENCH_SAMPLES_H_
#define DANGOL_TESTS_BENCH_SAMPLES_H_

#include <map>
#include <optional>
#include <vector>

namespace dangol::bench {

// What is measured, once in each round.
enum class Probe {
  // Of dangold, purchases or calls a second.
  kPurchases,  // Unary, uniform members, 128 in flight.
  kReplays,    // The same requests again.
  kBalances,   // GetBalance, 128 in flight.
  kBatches,    // BatchRecordPurchases of 100.
  kOneMember,  // As kPurchases, everything to one member.
  kSixtyFour,  // As kPurchases, 64 in flight.
  kOneByOne,   // As kSixtyFour, with a batch limit of one.
  kAlone,      // As kPurchases, 1 in flight.
  kMemory,     // The most MiB that any dangold of the round needed.
  kDecide,     // Microseconds of CPU for one Decide.
  // Of what it is compared with.
  kEchoPurchases,  // As kPurchases, from the echo server.
  kEchoBalances,   // As kBalances, from the echo server.
  kEmptyRpc,       // As kAlone, from the echo server.
  kRawLoop,        // The rows of kPurchases, written by a bare loop.
  kFsync,          // Appends made durable, a second.
};

struct Sample {
  double value = 0;
  // Where calls are timed one by one.
  std::optional<double> p50_ms;
  std::optional<double> p99_ms;
};

// Round by round.
using Samples = std::map<Probe, std::vector<Sample>>;

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_SAMPLES_H_
