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

// The histories of the engines' schemas, oldest first.
absl::Span<const Migration> SqliteMigrations();
absl::Span<const Migration> MysqlMigrations();

// A database whose schema has a history. Implemented once per engine; used by
// one thread.
class Target {
 public:
  virtual ~Target() = default;

  // What there is to apply, oldest first.
  virtual absl::Span<const Migration> History() const = 0;

  // The version of the last migration applied; 0 for an empty database.
  virtual absl::StatusOr<int> Version() = 0;

  // Keeps everybody else from migrating, until Unlock or the end of this.
  virtual absl::Status Lock() = 0;
  virtual absl::Status Unlock() = 0;

  // Applies one migration and then records its version. Where it is cut off in
  // between, applying it once more completes it.
  virtual absl::Status Apply(const Migration& migration) = 0;
};

// FAILED_PRECONDITION when a database of `version` is newer than `history`: an
// older program must not write to it.
absl::Status CheckNotNewer(absl::Span<const Migration> history, int version);

// FAILED_PRECONDITION unless a database of `version` is what `history` leads to;
// says what to do about it.
absl::Status CheckCurrent(absl::Span<const Migration> history, int version);

// Applies what `target` lacks, in order, under its lock. FAILED_PRECONDITION when
// it is newer than its history here.
absl::Status Migrate(Target& target);

}  // namespace dangol::schema

#endif  // DANGOL_SCHEMA_MIGRATIONS_H_
