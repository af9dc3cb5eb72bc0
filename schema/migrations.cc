#include "schema/migrations.h"

#include "absl/strings/str_cat.h"

namespace dangol::schema {

absl::Status CheckVersion(absl::Span<const Migration> migrations, int version) {
  const int latest = migrations.back().version;
  if (version <= latest) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("the store has schema version ", version,
                                                    ", this program knows versions up to ", latest,
                                                    "; start a newer program on it"));
}

absl::Status Migrate(absl::Span<const Migration> migrations, Target& target) {
  absl::StatusOr<int> version = target.Version();
  if (!version.ok()) return version.status();
  if (absl::Status status = CheckVersion(migrations, *version); !status.ok()) return status;
  for (const Migration& migration : migrations) {
    if (migration.version <= *version) continue;
    if (absl::Status status = target.Apply(migration); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace dangol::schema
