#ifndef DANGOL_TESTS_BENCH_PROCESS_H_
#define DANGOL_TESTS_BENCH_PROCESS_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace dangol::bench {

// A directory that exists as long as the object does.
class TemporaryDirectory {
 public:
  // Makes one below `parent`.
  static absl::StatusOr<std::unique_ptr<TemporaryDirectory>> Make(const std::string& parent);
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::string& path() const { return path_; }

 private:
  explicit TemporaryDirectory(std::string path) : path_(std::move(path)) {}

  const std::string path_;
};

// A child process, which does not outlive this object, nor this process
// however that ends. Start it on the main thread: the kernel takes the end of
// the starting thread for the end of the parent.
class ChildProcess {
 public:
  // Its output goes to the file `log`.
  static absl::StatusOr<std::unique_ptr<ChildProcess>> Start(
      const std::vector<std::string>& command, const std::string& log);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }

  // INTERNAL, with the end of its log, when it ended by itself.
  absl::Status CheckRunning();

  // Waits until it ends by itself. An error unless it exits with 0.
  absl::Status Wait();

  // SIGTERM, then waits. An error unless it then exits with 0.
  absl::Status Stop(absl::Duration patience);

 private:
  ChildProcess(pid_t pid, std::string name, std::string log)
      : pid_(pid), name_(std::move(name)), log_(std::move(log)) {}
  absl::Status Ended(int wait_status) const;

  const pid_t pid_;
  const std::string name_;
  const std::string log_;
  bool ended_ = false;
};

// A port of loopback on which nothing listens.
absl::StatusOr<int> FreePort();

// Returns when something listens on the port of loopback that the child was
// told to serve.
absl::Status WaitUntilListening(int port, ChildProcess& child);

// The most memory that a process has had in RAM so far, in MiB.
absl::StatusOr<double> PeakMemoryMib(pid_t pid);

// Puts the bytes in the place of what the file held.
absl::Status WriteFile(const std::string& path, absl::string_view bytes);

// The directory that this program is in.
std::string ProgramDirectory();

// Whether files there are kept in memory only, so that durability is free.
bool IsInMemory(const std::string& directory);

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_PROCESS_H_
