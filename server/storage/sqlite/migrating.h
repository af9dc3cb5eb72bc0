#ifndef DANGOL_SERVER_STORAGE_SQLITE_MIGRATING_H_
#define DANGOL_SERVER_STORAGE_SQLITE_MIGRATING_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "schema/migrations.h"
#include "server/storage/sqlite/connection.h"

namespace dangol::storage::sqlite {

// FAILED_PRECONDITION for a database of another program, or of a newer version
// of this one. Writes nothing.
absl::Status CheckOurs(Connection& connection);

// Brings the database up to this program's schema. Safe against another process
// that does the same at the same time.
absl::Status MigrateToLatest(Connection& connection);

// The schema of a file that is there already; NOT_FOUND if there is none.
absl::StatusOr<std::unique_ptr<schema::Target>> OpenSchema(const std::string& path);

}  // namespace dangol::storage::sqlite

#endif  // DANGOL_SERVER_STORAGE_SQLITE_MIGRATING_H_
