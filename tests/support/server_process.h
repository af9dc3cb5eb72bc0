#ifndef DANGOL_TESTS_SUPPORT_SERVER_PROCESS_H_
#define DANGOL_TESTS_SUPPORT_SERVER_PROCESS_H_

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace dangol::testing {

// A program that a test runs, with its output in a file. Killed with its parent,
// and when this is destroyed.
class Process {
 public:
  // Starts argv[0]; both of its outputs go to `output_path`.
  static absl::StatusOr<Process> Start(const std::vector<std::string>& argv,
                                       const std::string& output_path);

  // The same, but its standard output does not go there: returns once the first line of it is
  // there, or its end, with the line in `line`.
  static absl::StatusOr<Process> StartAndReadLine(const std::vector<std::string>& argv,
                                                  const std::string& output_path,
                                                  std::string& line);

  Process() = default;  // None, which is not running.
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;
  ~Process();

  void Signal(int signal);

  // Waits for the end; the exit code, or 128 and the signal that ended it.
  int Wait();

  // Whether it still runs.
  bool IsRunning();

  std::string Output() const;
  pid_t pid() const { return pid_; }

 private:
  Process(pid_t pid, std::string output_path) : pid_(pid), output_path_(std::move(output_path)) {}

  pid_t pid_ = -1;
  int status_ = 0;
  std::string output_path_;
};

// A running dangold on a port of its own.
class ServerProcess {
 public:
  struct Options {
    std::string program = "dangold";  // Of the build, with its flags.
    std::string store;                // "sqlite:PATH".
    std::string listen = "127.0.0.1:0";
    std::vector<std::string> more;  // More flags.
    std::string directory;          // For its output.
  };

  // Starts it and waits until it listens. The error has what it printed.
  static absl::StatusOr<ServerProcess> Start(const Options& options);

  // "HOST:PORT", as it says.
  const std::string& address() const { return address_; }
  Process& process() { return process_; }

 private:
  ServerProcess(Process process, std::string address)
      : process_(std::move(process)), address_(std::move(address)) {}

  Process process_;
  std::string address_;
};

// Programs of the build under test, such as "dangold".
std::string ProgramPath(const std::string& name);

}  // namespace dangol::testing

#endif  // DANGOL_TESTS_SUPPORT_SERVER_PROCESS_H_
