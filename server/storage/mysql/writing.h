#ifndef DANGOL_SERVER_STORAGE_MYSQL_WRITING_H_
#define DANGOL_SERVER_STORAGE_MYSQL_WRITING_H_

#include "absl/status/status.h"
#include "server/storage/mysql/connection.h"
#include "server/storage/mysql/loading.h"
#include "server/storage/storage.h"

namespace dangol::storage::mysql {

// Adds what writes everything, inside the connection's transaction. `ends` has the
// partitions of the log that are locked; the others are locked at once, in a round
// trip of their own.
absl::Status AddWrites(Connection& connection, const WriteSet& writes, LogEnds& ends,
                       Script& script);

}  // namespace dangol::storage::mysql

#endif  // DANGOL_SERVER_STORAGE_MYSQL_WRITING_H_
