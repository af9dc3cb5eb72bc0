#include "tests/bench/fsync_probe.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/bench/interrupt.h"

namespace dangol::bench {
namespace {

constexpr size_t kAppendBytes = 16 * 1024;

absl::Status Append(int fd, const std::string& bytes) {
  if (write(fd, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) {
    return absl::ErrnoToStatus(errno, "write");
  }
  if (fdatasync(fd) != 0) return absl::ErrnoToStatus(errno, "fdatasync");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Histogram> ProbeFsync(const std::string& directory, absl::Duration duration) {
  const std::string path = absl::StrCat(directory, "/fsync-probe");
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return absl::ErrnoToStatus(errno, absl::StrCat("open ", path));
  const std::string bytes(kAppendBytes, 'x');
  Histogram histogram;
  absl::Status status;
  const absl::Time end = absl::Now() + duration;
  while (status.ok() && absl::Now() < end) {
    const int64_t begin = absl::GetCurrentTimeNanos();
    status = Append(fd, bytes);
    histogram.Add(static_cast<uint64_t>(absl::GetCurrentTimeNanos() - begin));
    status.Update(CheckInterrupt());
  }
  close(fd);
  unlink(path.c_str());
  if (!status.ok()) return status;
  return histogram;
}

}  // namespace dangol::bench
