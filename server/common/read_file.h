#ifndef DANGOL_SERVER_COMMON_READ_FILE_H_
#define DANGOL_SERVER_COMMON_READ_FILE_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"

namespace dangol {

// What is in a file, up to `max_bytes` and one more: a file of which that one was read is too
// large. NOT_FOUND where it cannot be read, and why.
absl::StatusOr<std::string> ReadFile(const std::string& path, size_t max_bytes);

}  // namespace dangol

#endif  // DANGOL_SERVER_COMMON_READ_FILE_H_
