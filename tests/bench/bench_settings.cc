#include "tests/bench/bench_settings.h"

#include <algorithm>

namespace dangol::bench {
namespace {

constexpr int kConnections = 4;

}  // namespace

LoadOptions BenchSettings::Load(int port, const char* path, int in_flight) const {
  return {.port = port,
          .path = path,
          .connections = std::min(in_flight, kConnections),
          .in_flight = in_flight,
          .duration = slice};
}

}  // namespace dangol::bench
