#include "tests/support/server_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/common/status_macros.h"

namespace dangol::testing {
namespace {

constexpr char kReady[] = "dangold listening on ";

std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
}

// Becomes argv[0], with its outputs going to `standard_output` and `output`.
[[noreturn]] void Exec(const std::vector<std::string>& argv, int standard_output, int output) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  dup2(standard_output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  std::vector<char*> arguments;
  for (const std::string& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  execv(arguments[0], arguments.data());
  _exit(127);
}

absl::StatusOr<pid_t> Spawn(const std::vector<std::string>& argv, const std::string& output_path,
                            int standard_output) {
  const int output = open(output_path.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
  if (output < 0) return absl::UnavailableError(absl::StrCat("cannot write ", output_path));
  const pid_t pid = fork();
  if (pid == 0) Exec(argv, standard_output >= 0 ? standard_output : output, output);
  close(output);
  if (pid < 0) return absl::UnavailableError("cannot fork");
  return pid;
}

// Reads a pipe up to the end of the first line, or of the pipe.
std::string ReadLine(int pipe) {
  std::string line;
  char c = 0;
  while (read(pipe, &c, 1) == 1 && c != '\n') line.push_back(c);
  return line;
}

}  // namespace

absl::StatusOr<Process> Process::Start(const std::vector<std::string>& argv,
                                       const std::string& output_path) {
  ASSIGN_OR_RETURN(const pid_t pid, Spawn(argv, output_path, -1));
  return Process(pid, output_path);
}

absl::StatusOr<Process> Process::StartAndReadLine(const std::vector<std::string>& argv,
                                                  const std::string& output_path,
                                                  std::string& line) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return absl::UnavailableError("cannot make a pipe");
  const absl::StatusOr<pid_t> pid = Spawn(argv, output_path, ends[1]);
  close(ends[1]);
  line = pid.ok() ? ReadLine(ends[0]) : "";
  close(ends[0]);
  RETURN_IF_ERROR(pid.status());
  return Process(*pid, output_path);
}

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      status_(other.status_),
      output_path_(std::move(other.output_path_)) {}

Process& Process::operator=(Process&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(status_, other.status_);
  std::swap(output_path_, other.output_path_);
  return *this;
}

Process::~Process() {
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  Wait();
}

void Process::Signal(int signal) {
  if (pid_ > 0) kill(pid_, signal);
}

int Process::Wait() {
  if (pid_ > 0) {
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  return status_;
}

bool Process::IsRunning() {
  if (pid_ <= 0) return false;
  siginfo_t info = {};
  return waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == 0;
}

std::string Process::Output() const { return ReadAll(output_path_); }

absl::StatusOr<ServerProcess> ServerProcess::Start(const Options& options) {
  std::vector<std::string> argv = {ProgramPath(options.program), "--listen=" + options.listen,
                                   "--store=" + options.store};
  argv.insert(argv.end(), options.more.begin(), options.more.end());
  std::string line;
  ASSIGN_OR_RETURN(Process process,
                   Process::StartAndReadLine(argv, options.directory + "/dangold.log", line));
  if (!absl::StartsWith(line, kReady)) {
    const int code = process.Wait();
    return absl::UnavailableError(
        absl::StrCat("dangold ended with ", code, ": ", process.Output()));
  }
  return ServerProcess(std::move(process), line.substr(sizeof(kReady) - 1));
}

std::string ProgramPath(const std::string& name) {
  return (std::filesystem::read_symlink("/proc/self/exe").parent_path() / name).string();
}

}  // namespace dangol::testing
