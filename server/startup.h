#ifndef DANGOL_SERVER_STARTUP_H_
#define DANGOL_SERVER_STARTUP_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/common/clock.h"
#include "server/lane/lanes.h"
#include "server/lane/program_library.h"
#include "server/rpc/tls/certificates.h"
#include "server/storage/storage.h"

namespace dangol {

// Refuses an address that others can reach, unless what they send is encrypted and an access file
// says who may do what, or all this is `insecure`.
absl::Status CheckListen(absl::string_view listen, const rpc::TlsFiles& tls,
                         const std::string& access, bool insecure);

// The time of --test-clock, in RFC 3339; INVALID_ARGUMENT where it is none from 1970 to 9999.
absl::StatusOr<absl::Time> ParseTestClock(const std::string& text);

// Reads a program's file; an error says what is wrong with it.
absl::Status CheckProgramFile(const std::string& file);

// Makes sure that a program is in force. A file's text is activated the first
// time that this store sees it and never again, so a restart does not take back
// what was activated since. Without a file a new store gets `sample`.
absl::Status EnsureProgram(const std::string& file, const std::string& sample,
                           storage::Store& store, lane::ProgramLibrary& programs,
                           lane::Lanes& lanes, const Clock& clock);

}  // namespace dangol

#endif  // DANGOL_SERVER_STARTUP_H_
