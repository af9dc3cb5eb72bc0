#ifndef DANGOL_SERVER_STORAGE_STORED_TIME_H_
#define DANGOL_SERVER_STORAGE_STORED_TIME_H_

#include <cstdint>

#include "absl/time/time.h"

// Times as every engine stores them: whole microseconds since 1970 in UTC, where
// the ends of the range stand for the infinities.
namespace dangol::storage {

int64_t ToStored(absl::Time time);
absl::Time FromStored(int64_t stored);

}  // namespace dangol::storage

#endif  // DANGOL_SERVER_STORAGE_STORED_TIME_H_
