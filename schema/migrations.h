#ifndef DANGOL_SCHEMA_MIGRATIONS_H_
#define DANGOL_SCHEMA_MIGRATIONS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace dangol::schema {

// One step of a schema's history. Steps are never changed once released.
struct Migration {
  int version;  // 1, 2, 3 and so on, without gaps.
  absl::string_view name;
  absl::string_view sql;
};

// The history of the embedded store's schema, oldest first.
absl::Span<const Migration> SqliteMigrations();

// A database to bring up to date. Implemented once per engine.
class Target {
 public:
  virtual ~Target() = default;

  // The version of the last migration applied; 0 for an empty database.
  virtual absl::StatusOr<int> Version() = 0;

  // Applies one migration and records its version, both or neither.
  virtual absl::Status Apply(const Migration& migration) = 0;
};

// FAILED_PRECONDITION when a database of `version` is newer than `migrations`.
absl::Status CheckVersion(absl::Span<const Migration> migrations, int version);

// Applies what `target` lacks, in order. FAILED_PRECONDITION when the database
// is newer than `migrations`: an older program must not write to it.
absl::Status Migrate(absl::Span<const Migration> migrations, Target& target);

}  // namespace dangol::schema

#endif  // DANGOL_SCHEMA_MIGRATIONS_H_
