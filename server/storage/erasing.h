#ifndef DANGOL_SERVER_STORAGE_ERASING_H_
#define DANGOL_SERVER_STORAGE_ERASING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "server/storage/storage.h"

namespace dangol::storage {

// In what the engines differ here: SQLite finds the commands of purchases by the positions of
// these, MySQL in the index of the log by member, as all others; and MySQL reads a table that it
// deletes from only by a join, which SQLite does not know.
enum class Dialect : int8_t { kSqlite, kMySql };

// The statements of an erasure. What the log says of the member's commands goes; of
// purchases it names nobody but by ids, and only the hash of the request goes, by which an alias
// could be guessed. The erasure's own command stays, so that it is answered when it is repeated.
std::vector<std::string> ErasureSql(const Erasure& erasure, Dialect dialect);

}  // namespace dangol::storage

#endif  // DANGOL_SERVER_STORAGE_ERASING_H_
