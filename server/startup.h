#ifndef DANGOL_SERVER_STARTUP_H_
#define DANGOL_SERVER_STARTUP_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/lane/lanes.h"
#include "server/lane/program_library.h"
#include "server/storage/storage.h"

namespace dangol {

// Refuses an address that others can reach, unless `insecure_remote`: calls are
// neither encrypted nor authenticated.
absl::Status CheckListen(absl::string_view listen, bool insecure_remote);

// Makes sure that a program is in force. A file's text is activated the first
// time that this store sees it and never again, so a restart does not take back
// what was activated since. Without a file a new store gets `sample`.
absl::Status EnsureProgram(const std::string& file, const std::string& sample,
                           storage::Store& store, lane::ProgramLibrary& programs,
                           lane::Lanes& lanes);

}  // namespace dangol

#endif  // DANGOL_SERVER_STARTUP_H_
