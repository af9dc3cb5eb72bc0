#ifndef DANGOL_SERVER_LANE_PROGRAM_LIBRARY_H_
#define DANGOL_SERVER_LANE_PROGRAM_LIBRARY_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "server/domain/program/program_catalog.h"
#include "server/storage/storage.h"

namespace dangol::lane {

// The versions of the program that this server has read so far. The store is
// asked for newer ones within every transaction, so a version that another
// server activated is in force here with the next command. Thread-safe.
class ProgramLibrary {
 public:
  using Parser = std::function<absl::StatusOr<std::shared_ptr<const domain::Program>>(
      const std::string& text)>;

  explicit ProgramLibrary(Parser parser);

  // What is known now; never changes once returned.
  std::shared_ptr<const domain::ProgramCatalog> Current() const;

  // Takes in versions from the store; those that are known are passed over.
  // Fails where this program cannot read a version that another one stored.
  absl::Status Learn(const std::vector<storage::StoredProgram>& programs);

  // What is known once every version that is stored by now is.
  absl::StatusOr<std::shared_ptr<const domain::ProgramCatalog>> Refresh(storage::Reader& reader);

 private:
  const Parser parser_;
  mutable absl::Mutex mutex_;
  std::shared_ptr<const domain::ProgramCatalog> current_ ABSL_GUARDED_BY(mutex_);
};

// How many versions a catalog has, for storage::KeySet::known_program_version.
int64_t LatestVersion(const domain::ProgramCatalog& catalog);

}  // namespace dangol::lane

#endif  // DANGOL_SERVER_LANE_PROGRAM_LIBRARY_H_
