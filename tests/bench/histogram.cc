#include "tests/bench/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace dangol::bench {
namespace {

// Durations below 2 * kSteps have a bucket each; every doubling above is cut
// into kSteps equal buckets.
constexpr int kStepBits = 7;
constexpr uint64_t kSteps = uint64_t{1} << kStepBits;
constexpr size_t kBuckets = (64 - kStepBits + 1) * kSteps;

size_t BucketOf(uint64_t value) {
  if (value < 2 * kSteps) return value;
  const int shift = static_cast<int>(std::bit_width(value)) - kStepBits - 1;
  return static_cast<size_t>(shift) * kSteps + (value >> shift);
}

double MiddleOf(size_t bucket) {
  if (bucket < 2 * kSteps) return static_cast<double>(bucket);
  const int shift = static_cast<int>(bucket / kSteps) - 1;
  const uint64_t least = (bucket - static_cast<size_t>(shift) * kSteps) << shift;
  return static_cast<double>(least) + std::ldexp(0.5, shift);
}

}  // namespace

Histogram::Histogram() : buckets_(kBuckets) {}

void Histogram::Add(uint64_t nanoseconds) {
  ++buckets_[BucketOf(nanoseconds)];
  ++count_;
}

double Histogram::QuantileMs(double fraction) const {
  if (count_ == 0) return 0;
  const double wanted = std::ceil(fraction * static_cast<double>(count_));
  const uint64_t rank = std::max<uint64_t>(1, static_cast<uint64_t>(wanted));
  uint64_t seen = 0;
  for (size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    seen += buckets_[bucket];
    if (seen >= rank) return MiddleOf(bucket) / 1e6;
  }
  return 0;
}

}  // namespace dangol::bench
