// dangolctl context and completion.

#include <gmock/gmock.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "app_fixture.h"

namespace dangol::cli {
namespace {

using ::testing::_;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class ContextTest : public AppTest {
 protected:
  // Whatever calls a server.
  Outcome Call(std::vector<std::string> arguments = {}) {
    EXPECT_CALL(*server_, ListPrograms(_)).WillRepeatedly([](const v1::ListProgramsRequest&) {
      return v1::ListProgramsResponse();
    });
    arguments.insert(arguments.begin(), {"program", "list"});
    return Dangolctl(arguments);
  }

  void Set(const std::string& name, std::vector<std::string> options) {
    options.insert(options.begin(), {"context", "set", name});
    const Outcome outcome = Dangolctl(options);
    ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  }

  std::vector<std::string> Completed(std::vector<std::string> words) {
    words.insert(words.begin(), "__complete");
    const std::string out = Dangolctl(words).out;
    return absl::StrSplit(out, '\n', absl::SkipEmpty());
  }
};

TEST_F(ContextTest, TheCurrentOneSaysWhomToCallAndAsWhom) {
  const std::string token = WriteFile("token.jwt", "t");
  Set("shop", {"--server", "shop.example:7420", "--tls", "--token-file", token});
  ASSERT_EQ(Call().code, ExitCode::kOk);
  EXPECT_EQ(options_.endpoint, "shop.example:7420");
  EXPECT_TRUE(options_.tls.has_value());
  EXPECT_EQ(options_.token_file, token);
}

TEST_F(ContextTest, AnotherIsChosenByNameOrForGood) {
  Set("shop", {"--server", "shop.example:7420"});
  Set("trial", {"--server", "trial.example:7420"});
  Call();
  EXPECT_EQ(options_.endpoint, "shop.example:7420") << "the first one is current";
  Call({"--context", "trial"});
  EXPECT_EQ(options_.endpoint, "trial.example:7420");
  ASSERT_EQ(Dangolctl({"context", "use", "trial"}).code, ExitCode::kOk);
  Call();
  EXPECT_EQ(options_.endpoint, "trial.example:7420");
  EXPECT_THAT(Dangolctl({"context", "list"}).out, HasSubstr("*  trial  server=trial.example:7420"));
}

// Credentials of one server are not sent to another.
TEST_F(ContextTest, TheCurrentOneIsLeftAloneWhereAServerIsNamed) {
  Set("shop", {"--server", "shop.example:7420", "--token-file", WriteFile("token.jwt", "t")});
  Call({"--server", "127.0.0.1:1"});
  EXPECT_EQ(options_.endpoint, "127.0.0.1:1");
  EXPECT_THAT(options_.token_file, IsEmpty());
  Call({"--server", "127.0.0.1:1", "--context", "shop"});
  EXPECT_EQ(options_.endpoint, "127.0.0.1:1") << "the command line comes first";
  EXPECT_THAT(options_.token_file, Not(IsEmpty())) << "since it was asked for";
}

TEST_F(ContextTest, SaysWhichThereAre) {
  EXPECT_EQ(Dangolctl({"context", "list"}).out, "none\n");
  EXPECT_THAT(Call({"--context", "x"}).error, HasSubstr("dangolctl context set NAME"));
  Set("shop", {"--server", "a:1"});
  Set("trial", {"--server", "b:1"});
  const Outcome outcome = Call({"--context", "x"});
  EXPECT_EQ(outcome.code, ExitCode::kNotFound);
  EXPECT_THAT(outcome.error, HasSubstr("there is no context \"x\"; there are shop, trial"));
  ASSERT_EQ(Dangolctl({"context", "remove", "shop"}).code, ExitCode::kOk);
  EXPECT_EQ(Dangolctl({"context", "use", "shop"}).code, ExitCode::kNotFound);
  EXPECT_EQ(Call().code, ExitCode::kOk) << "there is no current one any more";
}

TEST_F(ContextTest, FilesAreFoundFromWhereverItIsRun) {
  WriteFile("token.jwt", "t");
  const std::filesystem::path here = std::filesystem::current_path();
  std::filesystem::current_path(folder_);
  Set("shop", {"--server", "a:1", "--token-file", "token.jwt"});
  std::filesystem::current_path(here);
  ASSERT_EQ(Call().code, ExitCode::kOk);
  EXPECT_EQ(options_.token_file, (folder_ / "token.jwt").string());
}

TEST_F(ContextTest, WhatCannotBeUsedIsTold) {
  const std::string token = WriteFile("token.jwt", "t");
  Set("shop", {"--server", "a:1", "--token-file", token});
  std::filesystem::remove(token);
  const Outcome gone = Call();
  EXPECT_EQ(gone.code, ExitCode::kInvalidArgument);
  EXPECT_THAT(gone.error, HasSubstr("context \"shop\""));
  WriteFile("config/contexts.json", "{");
  EXPECT_EQ(Call().code, ExitCode::kInvalidArgument);
  WriteFile("config/contexts.json", R"({"current": "x", "contexts": {"x": {"colour": "red"}}})");
  EXPECT_THAT(Call().error, HasSubstr("\"colour\", which is no option"));
}

TEST_F(ContextTest, Versions) {
  EXPECT_THAT(Dangolctl({"--version"}).out, HasSubstr("dangolctl 0."));
}

TEST_F(ContextTest, CommandsOptionsAndValuesAreCompleted) {
  EXPECT_THAT(Completed({"memb"}), ElementsAre("member"));
  EXPECT_THAT(Completed({"audit", ""}), ElementsAre("ledger", "log", "verify"));
  EXPECT_THAT(Completed({"audit", "log", "--prin"}), ElementsAre("--principal"));
  EXPECT_THAT(Completed({"audit", "log", "--serv"}), ElementsAre("--server"))
      << "those of dangolctl itself may stand anywhere";
  EXPECT_THAT(Completed({"audit", "log", "--kind", "adjust"}), ElementsAre("adjust-points"));
  EXPECT_THAT(Completed({"--output", ""}), ElementsAre("table", "json"));
  EXPECT_THAT(Completed({"--output", "json", "sta"}), ElementsAre("stats"));
  EXPECT_THAT(Completed({"--server", ""}), IsEmpty());
  EXPECT_THAT(Completed({}), Contains("purchase"));
  EXPECT_THAT(Completed({""}), Not(Contains("__complete")));
}

TEST_F(ContextTest, EachShellHasItsScript) {
  for (const char* const shell : {"bash", "zsh", "fish"}) {
    EXPECT_THAT(Dangolctl({"completion", shell}).out, HasSubstr("dangolctl __complete")) << shell;
  }
  EXPECT_EQ(Dangolctl({"completion", "csh"}).code, ExitCode::kUsage);
}

// As bash does it, with a dangolctl that answers what it was asked.
TEST_F(ContextTest, BashAsksForTheWordsSoFar) {
  const std::string script =
      WriteFile("complete.sh", absl::StrCat("dangolctl() { printf '%s,' \"$@\"; }\n",
                                            Dangolctl({"completion", "bash"}).out,
                                            "COMP_WORDS=(dangolctl audit log '')\nCOMP_CWORD=3\n"
                                            "_dangolctl\necho \"[${COMPREPLY[0]}]\"\n"));
  FILE* const shell = popen(("bash " + script).c_str(), "r");
  ASSERT_NE(shell, nullptr);
  char line[256] = {};
  EXPECT_NE(std::fgets(line, sizeof(line), shell), nullptr);
  EXPECT_EQ(pclose(shell), 0);
  EXPECT_STREQ(line, "[__complete,audit,log,,]\n");
}

}  // namespace
}  // namespace dangol::cli
