#include "server/lane/program_library.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/common/status_macros.h"

namespace dangol::lane {

ProgramLibrary::ProgramLibrary(Parser parser)
    : parser_(std::move(parser)), current_(std::make_shared<domain::ProgramCatalog>()) {}

std::shared_ptr<const domain::ProgramCatalog> ProgramLibrary::Current() const {
  absl::ReaderMutexLock lock(&mutex_);
  return current_;
}

absl::Status ProgramLibrary::Learn(const std::vector<storage::StoredProgram>& programs) {
  if (programs.empty()) return absl::OkStatus();
  absl::MutexLock lock(&mutex_);
  auto extended = std::make_shared<domain::ProgramCatalog>(*current_);
  for (const storage::StoredProgram& stored : programs) {
    if (stored.version <= LatestVersion(*extended)) continue;
    domain::ProgramVersion version;
    absl::StatusOr<std::shared_ptr<const domain::Program>> program = parser_(stored.text);
    if (!program.ok()) {
      return absl::FailedPreconditionError(
          absl::StrCat("version ", stored.version,
                       " of the stored program cannot be read: ", program.status().message()));
    }
    version.version = stored.version;
    version.effective_from = stored.effective_from;
    version.recorded_at = stored.recorded_at;
    version.text = stored.text;
    version.program = *std::move(program);
    extended->Add(std::move(version));
  }
  current_ = std::move(extended);
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const domain::ProgramCatalog>> ProgramLibrary::Refresh(
    storage::Reader& reader) {
  storage::KeySet keys;
  keys.known_program_version = LatestVersion(*Current());
  ASSIGN_OR_RETURN(const storage::Loaded loaded, reader.Load(keys));
  RETURN_IF_ERROR(Learn(loaded.programs));
  return Current();
}

int64_t LatestVersion(const domain::ProgramCatalog& catalog) {
  return static_cast<int64_t>(catalog.versions().size());
}

}  // namespace dangol::lane
