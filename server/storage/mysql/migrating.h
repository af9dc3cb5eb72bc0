#ifndef DANGOL_SERVER_STORAGE_MYSQL_MIGRATING_H_
#define DANGOL_SERVER_STORAGE_MYSQL_MIGRATING_H_

#include <memory>

#include "absl/status/statusor.h"
#include "schema/migrations.h"
#include "server/storage/mysql/connection.h"
#include "server/storage/mysql/url.h"

namespace dangol::storage::mysql {

// The version of the last migration applied; 0 for an empty database.
absl::StatusOr<int> SchemaVersion(Connection& connection);

// The schema of the database. It is kept in the table schema_migration, and
// guarded by a named lock (GET_LOCK), which the server gives up with the session.
absl::StatusOr<std::unique_ptr<schema::Target>> OpenSchema(const Location& location);

}  // namespace dangol::storage::mysql

#endif  // DANGOL_SERVER_STORAGE_MYSQL_MIGRATING_H_
