#include "server/lane/program_library.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/common/record.h"
#include "server/common/status_macros.h"

namespace dangol::lane {

ProgramLibrary::ProgramLibrary(Parser parser)
    : parser_(std::move(parser)), current_(std::make_shared<domain::ProgramCatalog>()) {}

std::shared_ptr<const domain::ProgramCatalog> ProgramLibrary::Current() const {
  absl::ReaderMutexLock lock(&mutex_);
  return current_;
}

absl::Status ProgramLibrary::Learn(const std::vector<storage::StoredRules>& rules) {
  if (rules.empty()) return absl::OkStatus();
  absl::MutexLock lock(&mutex_);
  auto extended = std::make_shared<domain::ProgramCatalog>(*current_);
  for (const storage::StoredRules& stored : rules) {
    if (stored.number <= extended->rules()) continue;
    if (stored.IsNorms()) {
      RETURN_IF_ERROR(AddNorms(stored, *extended));
    } else {
      RETURN_IF_ERROR(AddVersion(stored, *extended));
    }
  }
  current_ = std::move(extended);
  return absl::OkStatus();
}

absl::Status ProgramLibrary::AddVersion(const storage::StoredRules& stored,
                                        domain::ProgramCatalog& catalog) const {
  absl::StatusOr<std::shared_ptr<const domain::Program>> program = parser_(stored.text);
  if (!program.ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat("version ", stored.version,
                     " of the stored program cannot be read: ", program.status().message()));
  }
  domain::ProgramVersion version;
  version.version = stored.version;
  version.effective_from = stored.effective_from;
  version.recorded_at = stored.recorded_at;
  version.text = stored.text;
  version.program = *std::move(program);
  catalog.Add(std::move(version));
  return absl::OkStatus();
}

absl::Status ProgramLibrary::AddNorms(const storage::StoredRules& stored,
                                      domain::ProgramCatalog& catalog) {
  domain::Norms norms;
  RETURN_IF_ERROR(DecodeRecord(stored.norms, norms));
  norms.effective_from = stored.effective_from;
  norms.recorded_at = stored.recorded_at;
  catalog.Add(std::move(norms));
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const domain::ProgramCatalog>> ProgramLibrary::Refresh(
    storage::Reader& reader) {
  storage::KeySet keys;
  keys.known_rules = Current()->rules();
  ASSIGN_OR_RETURN(const storage::Loaded loaded, reader.Load(keys));
  RETURN_IF_ERROR(Learn(loaded.rules));
  return Current();
}

}  // namespace dangol::lane
