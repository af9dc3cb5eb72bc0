#ifndef DANGOL_SERVER_STORAGE_MYSQL_WRITING_H_
#define DANGOL_SERVER_STORAGE_MYSQL_WRITING_H_

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "server/storage/mysql/connection.h"
#include "server/storage/mysql/loading.h"
#include "server/storage/storage.h"

namespace dangol::storage::mysql {

// Adds what writes everything, inside the connection's transaction: error 1048 where a
// member has another version than the one that was loaded, or a partition of the log
// ends elsewhere than in `ends`. Partitions that are missing there are locked and added
// at once, in a round trip of their own; afterwards it has the new ends. Where
// `latest_rules` is given, the latest version of the program must still be that one.
absl::Status AddWrites(Connection& connection, const WriteSet& writes,
                       std::optional<int64_t> latest_rules, LogEnds& ends, Script& script);

}  // namespace dangol::storage::mysql

#endif  // DANGOL_SERVER_STORAGE_MYSQL_WRITING_H_
