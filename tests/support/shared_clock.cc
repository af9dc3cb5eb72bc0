#include "tests/support/shared_clock.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"

namespace dangol::testing {

absl::StatusOr<std::unique_ptr<SharedClock>> SharedClock::Open(const std::string& path) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return absl::UnavailableError(absl::StrCat("cannot open ", path));
  void* const memory =
      ftruncate(file, sizeof(Micros)) == 0
          ? mmap(nullptr, sizeof(Micros), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)
          : MAP_FAILED;
  close(file);
  if (memory == MAP_FAILED) return absl::UnavailableError(absl::StrCat("cannot map ", path));
  return std::unique_ptr<SharedClock>(new SharedClock(static_cast<Micros*>(memory)));
}

SharedClock::~SharedClock() { munmap(micros_, sizeof(Micros)); }

}  // namespace dangol::testing
