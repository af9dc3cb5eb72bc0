#ifndef DANGOL_SERVER_LANE_ALIAS_HINTS_H_
#define DANGOL_SERVER_LANE_ALIAS_HINTS_H_

#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

#include "server/domain/member.h"

namespace dangol::lane {

// Remembers in which partition the owner of an alias was seen, so that commands
// that name a member by an alias go to the lane of those that name them by id. A
// hint may be forgotten, old or of another alias: then lanes wait for each other,
// and nothing else is wrong. Of a fixed size. Thread-safe.
class AliasHints {
 public:
  AliasHints();

  void Learn(const domain::Alias& alias, int partition);
  std::optional<int> PartitionOf(const domain::Alias& alias) const;

 private:
  // A part of the alias's hash, and the partition plus one; 0 where nothing is known.
  std::vector<std::atomic<uint32_t>> slots_;
};

}  // namespace dangol::lane

#endif  // DANGOL_SERVER_LANE_ALIAS_HINTS_H_
