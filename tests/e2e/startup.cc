#include "tests/e2e/startup.h"

#include <gmock/gmock.h>
#include <signal.h>

#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace dangol::e2e {

using ::testing::HasSubstr;

std::string StartupTest::Write(const std::string& name, const std::string& text) {
  std::ofstream(File(name), std::ios::binary) << text;
  return File(name);
}

Ended StartupTest::Run(const std::string& program, const std::vector<std::string>& arguments,
                       const std::vector<std::string>& through) {
  std::vector<std::string> argv = through;
  argv.push_back(testing::ProgramPath(program));
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  return RunToEnd(argv, File(absl::StrCat("output-", ++runs_)));
}

std::string StartupTest::ExpectRefused(int code, const std::vector<std::string>& flags,
                                       const std::vector<std::string>& said,
                                       const std::vector<std::string>& through) {
  SCOPED_TRACE(absl::StrJoin(flags, " "));
  const Ended ended = Run("dangold", flags, through);
  EXPECT_EQ(ended.code, code) << ended.output;
  std::vector<std::string> lines;
  for (absl::string_view line : absl::StrSplit(ended.output, '\n', absl::SkipEmpty())) {
    if (!absl::StartsWith(line, "[")) lines.emplace_back(line);  // Not of the log.
  }
  EXPECT_EQ(lines.size(), 1u) << ended.output;
  if (lines.empty()) return ended.output;
  EXPECT_TRUE(absl::StartsWith(lines[0], "dangold: ")) << lines[0];
  for (const std::string& text : said) EXPECT_THAT(lines[0], HasSubstr(text));
  return ended.output;
}

std::string StartupTest::ExpectStarts(const std::string& store,
                                      const std::vector<std::string>& more) {
  auto server =
      testing::ServerProcess::Start({.store = store, .more = more, .directory = directory_.path()});
  EXPECT_TRUE(server.ok()) << server.status();
  if (!server.ok()) return std::string(server.status().message());
  server->process().Signal(SIGTERM);
  EXPECT_EQ(server->process().Wait(), 0) << server->process().Output();
  return server->process().Output();
}

}  // namespace dangol::e2e
