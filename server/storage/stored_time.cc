#include "server/storage/stored_time.h"

#include <limits>

namespace dangol::storage {
namespace {

constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
constexpr int64_t kBeginning = std::numeric_limits<int64_t>::min();

}  // namespace

int64_t ToStored(absl::Time time) {
  if (time == absl::InfiniteFuture()) return kNever;
  if (time == absl::InfinitePast()) return kBeginning;
  return absl::ToUnixMicros(time);
}

absl::Time FromStored(int64_t stored) {
  if (stored == kNever) return absl::InfiniteFuture();
  if (stored == kBeginning) return absl::InfinitePast();
  return absl::FromUnixMicros(stored);
}

}  // namespace dangol::storage
