#pragma once

#include <cstddef>
#include <cstdint>
#include <random>

#include "absl/types/span.h"

namespace dangol::demo {

// Random numbers that depend on nothing but the seed. Not thread-safe.
class Random {
 public:
  // Streams of one seed are independent of each other.
  Random(uint64_t seed, uint64_t stream) {
    std::seed_seq sequence{static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32),
                           static_cast<uint32_t>(stream), static_cast<uint32_t>(stream >> 32)};
    engine_.seed(sequence);
  }

  // In [0, 1).
  double Uniform() { return std::uniform_real_distribution<double>(0, 1)(engine_); }

  // In [first, last].
  int Integer(int first, int last) {
    return std::uniform_int_distribution<int>(first, last)(engine_);
  }

  bool Chance(double probability) { return Uniform() < probability; }

  double Exponential(double rate) { return std::exponential_distribution<double>(rate)(engine_); }

  // Mean shape / rate.
  double Gamma(double shape, double rate) {
    return std::gamma_distribution<double>(shape, 1 / rate)(engine_);
  }

  // In [0, 1], mean a / (a + b).
  double Beta(double a, double b) {
    const double x = Gamma(a, 1);
    return x / (x + Gamma(b, 1));
  }

  // How many failures come before the first success: 0 or more.
  int Geometric(double success) { return std::geometric_distribution<int>(success)(engine_); }

  // An index, as often as its weight says.
  std::size_t Pick(absl::Span<const double> weights) {
    return std::discrete_distribution<std::size_t>(weights.begin(), weights.end())(engine_);
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace dangol::demo
