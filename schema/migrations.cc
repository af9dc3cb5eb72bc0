#include "schema/migrations.h"

#include "absl/strings/str_cat.h"
#include "server/common/status_macros.h"

namespace dangol::schema {

absl::Status CheckNotNewer(absl::Span<const Migration> history, int version) {
  const int latest = history.back().version;
  if (version <= latest) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("the store has schema version ", version,
                                                    ", this program knows versions up to ", latest,
                                                    "; start a newer program on it"));
}

absl::Status CheckCurrent(absl::Span<const Migration> history, int version) {
  RETURN_IF_ERROR(CheckNotNewer(history, version));
  const int latest = history.back().version;
  if (version == latest) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("the store has schema version ", version,
                                                    ", this program needs ", latest,
                                                    "; run: dangolctl schema migrate --store=URL"));
}

absl::Status Migrate(Target& target) {
  RETURN_IF_ERROR(target.Lock());
  ASSIGN_OR_RETURN(const int version, target.Version());
  RETURN_IF_ERROR(CheckNotNewer(target.History(), version));
  for (const Migration& migration : target.History()) {
    if (migration.version > version) RETURN_IF_ERROR(target.Apply(migration));
  }
  return target.Unlock();
}

}  // namespace dangol::schema
