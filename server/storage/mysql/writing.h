#ifndef DANGOL_SERVER_STORAGE_MYSQL_WRITING_H_
#define DANGOL_SERVER_STORAGE_MYSQL_WRITING_H_

#include "server/storage/mysql/connection.h"
#include "server/storage/mysql/loading.h"
#include "server/storage/storage.h"

namespace dangol::storage::mysql {

// Adds what writes everything to `script`, which runs in the transaction that has
// locked `ends`; LockLogEnds goes before, for partitions that it has not locked yet.
void LockLogEnds(const WriteSet& writes, LogEnds& ends, Script& script);
void AddWrites(const WriteSet& writes, LogEnds& ends, Script& script);

}  // namespace dangol::storage::mysql

#endif  // DANGOL_SERVER_STORAGE_MYSQL_WRITING_H_
