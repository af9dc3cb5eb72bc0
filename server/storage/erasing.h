#ifndef DANGOL_SERVER_STORAGE_ERASING_H_
#define DANGOL_SERVER_STORAGE_ERASING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "server/storage/storage.h"

namespace dangol::storage {

// How an engine finds the commands of somebody's purchases.
enum class PurchaseCommands : int8_t {
  kByMember,    // In the index of the log by member, as all others.
  kByPosition,  // By the positions of the purchases, which have no place in that index.
};

// The statements of an erasure, for any engine. What the log says of the member's commands goes; of
// purchases it names nobody but by ids, and only the hash of the request goes, by which an alias
// could be guessed. The erasure's own command stays, so that it is answered when it is repeated.
std::vector<std::string> ErasureSql(const Erasure& erasure, PurchaseCommands purchases);

}  // namespace dangol::storage

#endif  // DANGOL_SERVER_STORAGE_ERASING_H_
