// Where dangold takes its settings from, and what it says of them without serving.

#include <gmock/gmock.h>
#include <stdlib.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "tests/e2e/startup.h"

namespace dangol::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ConfigTest : public StartupTest {
 protected:
  ~ConfigTest() override { unsetenv("DANGOLD_LANES"); }

  // The settings as they are with these flags.
  std::string Printed(std::vector<std::string> flags) {
    flags.emplace_back("--print-config");
    const Ended printed = Run("dangold", flags);
    EXPECT_EQ(printed.code, 0) << printed.output;
    return printed.output;
  }
};

TEST_F(ConfigTest, AFlagGoesBeforeAVariableAndThatBeforeTheFile) {
  const std::string file = Write("dangold.toml", "lanes = 3\nstore = \"sqlite:shop.db\"\n");
  EXPECT_THAT(Printed({}), HasSubstr("lanes = 0\n"));
  EXPECT_THAT(Printed({"--config=" + file}), HasSubstr("lanes = 3\n"));
  ASSERT_EQ(setenv("DANGOLD_LANES", "4", 1), 0);
  EXPECT_THAT(Printed({"--config=" + file}), HasSubstr("lanes = 4\n"));
  EXPECT_THAT(Printed({"--config=" + file, "--lanes=5"}), HasSubstr("lanes = 5\n"));
  EXPECT_THAT(Printed({"--config=" + file}), HasSubstr("store = \"sqlite:shop.db\"\n"));
}

TEST_F(ConfigTest, TheLogIsForPeople) {
  EXPECT_THAT(ExpectStarts("sqlite:" + File("text.db")),
              HasSubstr("[info] draining after SIGTERM"));
}

TEST_F(ConfigTest, OrAnObjectALine) {
  const std::string json = ExpectStarts("sqlite:" + File("json.db"), {"--log-format=json"});
  int lines = 0;
  for (const absl::string_view line : absl::StrSplit(json, '\n', absl::SkipEmpty())) {
    if (absl::StartsWith(line, "dangold listening")) continue;
    const auto entry = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    ASSERT_TRUE(entry.is_object()) << line;
    EXPECT_EQ(entry.value("level", ""), "info") << line;
    absl::Time at;
    EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, entry.value("time", ""), &at, nullptr)) << line;
    lines += entry.value("message", "") == "draining after SIGTERM" ? 1 : 0;
  }
  EXPECT_EQ(lines, 1) << json;
}

TEST_F(ConfigTest, WhatIsPrintedIsAConfigAndHasNoSecret) {
  const std::string printed =
      Printed({"--store=mysql://dangol:open-sesame@db.example/dangol", "--insecure",
               "--listen=0.0.0.0:7420", "--program=a b.txtpb"});
  EXPECT_THAT(printed, Not(HasSubstr("open-sesame")));
  EXPECT_THAT(printed, HasSubstr("insecure = true\n"));
  EXPECT_EQ(Printed({"--config=" + Write("printed.toml", printed)}), printed);
}

TEST_F(ConfigTest, ASettingThatThereIsNotIsAMistake) {
  const std::string file = Write("dangold.toml", "lane = 3\n");
  ExpectRefused(kUsage, {"--config=" + file}, {"lane"});
  ExpectRefused(kUsage, {"--config=" + File("missing.toml")}, {"missing.toml"});
  ExpectRefused(kUsage, {"--config=" + Write("bad.toml", "lanes = 65\n")}, {"lanes"});
}

TEST_F(ConfigTest, CheckReadsEveryFileAndOpensNothing) {
  const std::string store = "--store=sqlite:" + File("never.db");
  const std::string access = Write("access.txtpb", "principals { name: \"a\" roles: ROLE_CARE }");
  EXPECT_EQ(Run("dangold", {"--check", store, "--access=" + access}).code, 0);
  EXPECT_FALSE(std::filesystem::exists(File("never.db")));
  ExpectRefused(kConfig, {"--check", store, "--access=" + Write("wrong.txtpb", "tokens {}")},
                {"--access: ", "wrong.txtpb: line 1: tokens.issuer: is needed"});
  ExpectRefused(kConfig, {"--check", store, "--program=" + Write("program.txtpb", "name: 7")},
                {"--program=", "program.txtpb: "});
  ExpectRefused(kConfig, {"--check", store, "--program=" + File("missing")}, {"cannot be read"});
  ExpectRefused(kUsage, {"--check", "--store=postgres://db"}, {"--store: "});
  ExpectRefused(kUsage, {"--check", "--listen=0.0.0.0:7420", store}, {"--listen: "});
}

TEST_F(ConfigTest, TellsItsVersion) {
  const Ended told = Run("dangold", {"--version"});
  EXPECT_EQ(told.code, 0);
  EXPECT_THAT(told.output, ::testing::StartsWith("dangold "));
}

}  // namespace
}  // namespace dangol::e2e
