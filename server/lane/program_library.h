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

// What everybody is judged by, as far as this server has read it: the versions of the program
// and the norms. The store is asked for newer ones within every transaction, so a version that
// another server activated is in force here with the next command. Thread-safe.
class ProgramLibrary {
 public:
  using Parser = std::function<absl::StatusOr<std::shared_ptr<const domain::Program>>(
      const std::string& text)>;

  explicit ProgramLibrary(Parser parser);

  // What is known now; never changes once returned.
  std::shared_ptr<const domain::ProgramCatalog> Current() const;

  // Takes in what is stored; what is known is passed over. Fails where this program cannot read
  // what another one stored.
  absl::Status Learn(const std::vector<storage::StoredRules>& rules);

  // What is known once everything that is stored by now is.
  absl::StatusOr<std::shared_ptr<const domain::ProgramCatalog>> Refresh(storage::Reader& reader);

 private:
  absl::Status AddVersion(const storage::StoredRules& stored,
                          domain::ProgramCatalog& catalog) const;
  static absl::Status AddNorms(const storage::StoredRules& stored, domain::ProgramCatalog& catalog);

  const Parser parser_;
  mutable absl::Mutex mutex_;
  std::shared_ptr<const domain::ProgramCatalog> current_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dangol::lane

#endif  // DANGOL_SERVER_LANE_PROGRAM_LIBRARY_H_
