#include "tests/bench/process.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>

#include "absl/strings/match.h"

namespace dangol::bench {
namespace {

class ProcessTest : public testing::Test {
 protected:
  ProcessTest() : directory_(*TemporaryDirectory::Make(testing::TempDir())) {}

  std::unique_ptr<ChildProcess> Shell(const std::string& script) {
    return *ChildProcess::Start({"/bin/sh", "-c", script}, directory_->path() + "/log");
  }

  std::unique_ptr<TemporaryDirectory> directory_;
};

TEST_F(ProcessTest, DirectoryIsRemovedWithWhatIsInIt) {
  const std::string path = directory_->path();
  ASSERT_TRUE(Shell("exit 0")->Wait().ok());
  EXPECT_TRUE(std::filesystem::exists(path + "/log"));
  directory_.reset();
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(ProcessTest, FailureTellsWhatTheProcessSaid) {
  const absl::Status status = Shell("echo no such flag; exit 3")->Wait();
  EXPECT_TRUE(absl::StrContains(status.message(), "exited with 3")) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), "no such flag")) << status;
}

TEST_F(ProcessTest, StopIsClean) {
  // The shell says when it listens to the signal.
  const std::string ready = directory_->path() + "/ready";
  const auto child = Shell("trap 'kill $!; exit 0' TERM; sleep 1000 & echo > " + ready + "; wait");
  while (!std::filesystem::exists(ready)) ASSERT_TRUE(child->CheckRunning().ok());
  EXPECT_EQ(child->Stop(absl::Seconds(60)), absl::OkStatus());
}

TEST_F(ProcessTest, ChildDoesNotOutliveItsObject) {
  auto child = Shell("exec sleep 1000");
  const pid_t pid = child->pid();
  EXPECT_EQ(kill(pid, 0), 0);
  child.reset();
  EXPECT_NE(kill(pid, 0), 0);
}

TEST_F(ProcessTest, ServerThatEndsAtOnceIsNotWaitedFor) {
  const auto child = Shell("echo cannot listen; exit 1");
  const absl::StatusOr<int> port = FreePort();
  ASSERT_TRUE(port.ok());
  const absl::Status status = WaitUntilListening(*port, *child);
  EXPECT_TRUE(absl::StrContains(status.message(), "cannot listen")) << status;
}

TEST_F(ProcessTest, MemoryOfAProcessIsKnown) {
  const absl::StatusOr<double> memory_mib = PeakMemoryMib(getpid());
  ASSERT_TRUE(memory_mib.ok());
  EXPECT_GT(*memory_mib, 1);
  EXPECT_FALSE(PeakMemoryMib(-1).ok());
}

}  // namespace
}  // namespace dangol::bench
