#ifndef DANGOL_TESTS_CLI_APP_FIXTURE_H_
#define DANGOL_TESTS_CLI_APP_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cli/app.h"
#include "cli/json.h"
#include "cli/table.h"
#include "fake_server.h"

namespace dangol::cli {

// What a run of dangolctl came to.
struct Outcome {
  ExitCode code = ExitCode::kOther;
  std::string out;
  std::string error;
};

// A test that runs dangolctl, as from a shell, against a server that is not there.
class AppTest : public testing::Test {
 protected:
  AppTest() { std::filesystem::create_directories(folder_); }
  ~AppTest() override { std::filesystem::remove_all(folder_); }

  Outcome Dangolctl(const std::vector<std::string>& arguments) {
    std::vector<const char*> raw = {"dangolctl"};
    for (const std::string& argument : arguments) raw.push_back(argument.c_str());
    std::ostringstream out;
    std::ostringstream error;
    Outcome outcome;
    outcome.code = RunDangolctl(static_cast<int>(raw.size()), raw.data(),
                                {.out = out,
                                 .error = error,
                                 .connect =
                                     [this](const Options& options) {
                                       options_ = options;
                                       return server_;
                                     },
                                 .context_file = (folder_ / "config" / "contexts.json").string()});
    outcome.out = out.str();
    outcome.error = error.str();
    return outcome;
  }

  std::string WriteFile(const std::string& name, const std::string& text) {
    const std::string path = folder_ / name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  std::shared_ptr<testing::NiceMock<FakeServer>> server_ = MakeFakeServer();
  Options options_;
  std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) / absl::StrCat("dangolctl_", getpid());
};

inline void ExpectFits(const std::string& text) {
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    EXPECT_LE(DisplayWidth(line), kTableWidth) << line;
  }
}

// What a call answers, whatever it was asked; what it was asked is in `sent`.
template <typename Request, typename Response>
auto Answer(Request& sent, const Response& response) {
  return [&sent, response](const Request& request) {
    sent = request;
    return response;
  };
}

}  // namespace dangol::cli

#endif  // DANGOL_TESTS_CLI_APP_FIXTURE_H_
