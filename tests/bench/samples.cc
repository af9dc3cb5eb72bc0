#include "tests/bench/samples.h"

namespace dangol::bench {

Sample SampleOf(const LoadResult& result, uint64_t purchases_per_call) {
  return {.value = result.Rate() * static_cast<double>(purchases_per_call),
          .p50_ms = result.latency.QuantileMs(0.5),
          .p99_ms = result.latency.QuantileMs(0.99)};
}

}  // namespace dangol::bench
