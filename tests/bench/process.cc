#include "tests/bench/process.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/statfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "server/common/status_macros.h"
#include "tests/bench/interrupt.h"

namespace dangol::bench {
namespace {

constexpr absl::Duration kPoll = absl::Milliseconds(2);
constexpr absl::Duration kStartPatience = absl::Seconds(30);
constexpr size_t kLogTailBytes = 1000;

sockaddr_in Loopback(int port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

std::string LogTail(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  std::string tail = text.str();
  if (tail.size() > kLogTailBytes) tail.erase(0, tail.size() - kLogTailBytes);
  return tail;
}

// Between fork and exec: only what is safe in the child of a threaded process.
[[noreturn]] void BecomeCommand(char* const* command, int log, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // The parent may have ended before the line above.
  if (getppid() != parent) _exit(127);
  // Ctrl-C reaches the whole group; the parent decides how its children end.
  setpgid(0, 0);
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  execv(command[0], command);
  _exit(127);
}

}  // namespace

absl::StatusOr<std::unique_ptr<TemporaryDirectory>> TemporaryDirectory::Make(
    const std::string& parent) {
  std::string path = absl::StrCat(parent, "/bench-XXXXXX");
  if (mkdtemp(path.data()) == nullptr) {
    return absl::ErrnoToStatus(errno, absl::StrCat("make a directory in ", parent));
  }
  return std::unique_ptr<TemporaryDirectory>(new TemporaryDirectory(path));
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

absl::StatusOr<std::unique_ptr<ChildProcess>> ChildProcess::Start(
    const std::vector<std::string>& command, const std::string& log) {
  std::vector<char*> arguments;
  for (const std::string& argument : command) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  const int log_fd = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (log_fd < 0) return absl::ErrnoToStatus(errno, absl::StrCat("open ", log));
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid == 0) BecomeCommand(arguments.data(), log_fd, parent);
  const int fork_error = errno;
  close(log_fd);
  if (pid < 0) return absl::ErrnoToStatus(fork_error, "fork");
  return std::unique_ptr<ChildProcess>(new ChildProcess(pid, command[0], log));
}

ChildProcess::~ChildProcess() {
  if (ended_) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

absl::Status ChildProcess::Ended(int wait_status) const {
  if (WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 0) return absl::OkStatus();
  const std::string how = WIFEXITED(wait_status)
                              ? absl::StrCat("exited with ", WEXITSTATUS(wait_status))
                              : absl::StrCat("was killed by signal ", WTERMSIG(wait_status));
  return absl::InternalError(absl::StrCat(name_, " ", how, "; it said:\n", LogTail(log_)));
}

absl::Status ChildProcess::CheckRunning() {
  int wait_status = 0;
  if (ended_ || waitpid(pid_, &wait_status, WNOHANG) != pid_) {
    return ended_ ? absl::InternalError(absl::StrCat(name_, " has ended")) : absl::OkStatus();
  }
  ended_ = true;
  absl::Status status = Ended(wait_status);
  if (status.ok()) status = absl::InternalError(absl::StrCat(name_, " exited by itself"));
  return status;
}

absl::Status ChildProcess::Wait() {
  int wait_status = 0;
  while (waitpid(pid_, &wait_status, 0) != pid_) {
    RETURN_IF_ERROR(CheckInterrupt());
    if (errno != EINTR) return absl::ErrnoToStatus(errno, "waitpid");
  }
  ended_ = true;
  return Ended(wait_status);
}

absl::Status ChildProcess::Stop(absl::Duration patience) {
  RETURN_IF_ERROR(CheckRunning());
  kill(pid_, SIGTERM);
  const absl::Time give_up = absl::Now() + patience;
  int wait_status = 0;
  while (waitpid(pid_, &wait_status, WNOHANG) != pid_) {
    if (absl::Now() > give_up) {
      return absl::DeadlineExceededError(absl::StrCat(name_, " does not end on SIGTERM"));
    }
    absl::SleepFor(kPoll);
  }
  ended_ = true;
  return Ended(wait_status);
}

absl::StatusOr<int> FreePort() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return absl::ErrnoToStatus(errno, "socket");
  sockaddr_in address = Loopback(0);
  socklen_t length = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  const bool ok = bind(fd, generic, length) == 0 && getsockname(fd, generic, &length) == 0;
  const int error = errno;
  close(fd);
  if (!ok) return absl::ErrnoToStatus(error, "find a free port");
  return ntohs(address.sin_port);
}

absl::Status WaitUntilListening(int port, ChildProcess& child) {
  const sockaddr_in address = Loopback(port);
  const absl::Time give_up = absl::Now() + kStartPatience;
  while (absl::Now() < give_up) {
    RETURN_IF_ERROR(CheckInterrupt());
    RETURN_IF_ERROR(child.CheckRunning());
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return absl::ErrnoToStatus(errno, "socket");
    const bool listens =
        connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
    close(fd);
    if (listens) return absl::OkStatus();
    absl::SleepFor(kPoll);
  }
  return absl::DeadlineExceededError(absl::StrCat("nothing listens on port ", port));
}

absl::StatusOr<double> PeakMemoryMib(pid_t pid) {
  const std::string path = absl::StrCat("/proc/", pid, "/status");
  std::ifstream file(path);
  std::string line;
  while (std::getline(file, line)) {
    if (absl::StartsWith(line, "VmHWM:")) return std::strtod(line.c_str() + 6, nullptr) / 1024;
  }
  return absl::NotFoundError(absl::StrCat("no VmHWM in ", path));
}

absl::Status WriteFile(const std::string& path, absl::string_view bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  return file ? absl::OkStatus() : absl::UnavailableError(absl::StrCat("cannot write ", path));
}

std::string ProgramDirectory() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path().string();
}

bool IsInMemory(const std::string& directory) {
  struct statfs stats = {};
  return statfs(directory.c_str(), &stats) == 0 && stats.f_type == TMPFS_MAGIC;
}

}  // namespace dangol::bench
