#include "server/lane/alias_hints.h"

#include "absl/hash/hash.h"
#include "server/storage/storage.h"

namespace dangol::lane {
namespace {

constexpr int kSlotBits = 20;  // 4 MiB for a million aliases.
constexpr int kPartitionBits = 8;
constexpr uint32_t kPartitionMask = (1U << kPartitionBits) - 1;
static_assert(storage::kPartitions <= static_cast<int>(kPartitionMask));

size_t SlotOf(uint64_t hash) { return hash >> (64 - kSlotBits); }
uint32_t TagOf(uint64_t hash) { return static_cast<uint32_t>(hash) & ~kPartitionMask; }

}  // namespace

AliasHints::AliasHints() : slots_(size_t{1} << kSlotBits) {}

void AliasHints::Learn(const domain::Alias& alias, int partition) {
  const uint64_t hash = absl::HashOf(alias);
  slots_[SlotOf(hash)].store(TagOf(hash) | static_cast<uint32_t>(partition + 1),
                             std::memory_order_relaxed);
}

std::optional<int> AliasHints::PartitionOf(const domain::Alias& alias) const {
  const uint64_t hash = absl::HashOf(alias);
  const uint32_t slot = slots_[SlotOf(hash)].load(std::memory_order_relaxed);
  if ((slot & kPartitionMask) == 0 || (slot & ~kPartitionMask) != TagOf(hash)) return std::nullopt;
  return static_cast<int>(slot & kPartitionMask) - 1;
}

}  // namespace dangol::lane
