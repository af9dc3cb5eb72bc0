#ifndef DANGOL_TESTS_E2E_STARTUP_H_
#define DANGOL_TESTS_E2E_STARTUP_H_

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/e2e/dangold.h"
#include "tests/support/temporary_directory.h"

namespace dangol::e2e {

// A test of whether dangold starts, and of what it says when it does not.
class StartupTest : public ::testing::Test {
 protected:
  static constexpr char kListen[] = "--listen=127.0.0.1:0";
  // Exit codes, after sysexits(3).
  static constexpr int kUsage = 64;
  static constexpr int kUnavailable = 69;
  static constexpr int kConfig = 78;

  std::string File(const std::string& name) const { return directory_.File(name); }

  // Writes a file; its path.
  std::string Write(const std::string& name, const std::string& text);

  // Runs a program of ours to its end.
  Ended Run(const std::string& program, const std::vector<std::string>& arguments,
            const std::vector<std::string>& through = {});

  // Expects that dangold does not start with these flags: this exit code, and one
  // line on what is wrong, which has all of `said`. Whatever it wrote.
  std::string ExpectRefused(int code, const std::vector<std::string>& flags,
                            const std::vector<std::string>& said,
                            const std::vector<std::string>& through = {});

  // Expects that dangold starts on the store, and ends when it is told to.
  // Whatever it wrote.
  std::string ExpectStarts(const std::string& store, const std::vector<std::string>& more = {});

 private:
  testing::TemporaryDirectory directory_;
  int runs_ = 0;
};

}  // namespace dangol::e2e

#endif  // DANGOL_TESTS_E2E_STARTUP_H_
