#ifndef DANGOL_SERVER_STORAGE_MYSQL_PIECES_H_
#define DANGOL_SERVER_STORAGE_MYSQL_PIECES_H_

#include <cstddef>
#include <vector>

#include "absl/types/span.h"

namespace dangol::storage::mysql {

// Keys in one IN list. MariaDB turns lists of 1,000 and more into a join, which
// locks rows in another order than that of the key.
inline constexpr size_t kKeysPerStatement = 500;

// Calls `add` with pieces of `keys`.
template <typename Key, typename Add>
void ForEachPiece(const std::vector<Key>& keys, const Add& add) {
  for (size_t i = 0; i < keys.size(); i += kKeysPerStatement) {
    add(absl::MakeConstSpan(keys).subspan(i, kKeysPerStatement));
  }
}

}  // namespace dangol::storage::mysql

#endif  // DANGOL_SERVER_STORAGE_MYSQL_PIECES_H_
