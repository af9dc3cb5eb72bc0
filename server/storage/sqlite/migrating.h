#ifndef DANGOL_SERVER_STORAGE_SQLITE_MIGRATING_H_
#define DANGOL_SERVER_STORAGE_SQLITE_MIGRATING_H_

#include "absl/status/status.h"
#include "server/storage/sqlite/connection.h"

namespace dangol::storage::sqlite {

// FAILED_PRECONDITION for a database of another program, or of a newer version
// of this one. Writes nothing.
absl::Status CheckOurs(Connection& connection);

// Brings the database up to this program's schema. Safe against another process
// that does the same at the same time.
absl::Status MigrateToLatest(Connection& connection);

}  // namespace dangol::storage::sqlite

#endif  // DANGOL_SERVER_STORAGE_SQLITE_MIGRATING_H_
