#include "server/lane/program_library.h"

#include <gtest/gtest.h>

#include "tests/support/programs.h"

namespace dangol::lane {
namespace {

absl::StatusOr<std::shared_ptr<const domain::Program>> ParseName(const std::string& text) {
  if (text == "broken") return absl::InvalidArgumentError("line 1");
  domain::Program program;
  program.name = text;
  return std::make_shared<const domain::Program>(program);
}

storage::StoredProgram Stored(int64_t version, const std::string& text) {
  return {version, text, testing::Utc("2026-01-01 00:00:00") + absl::Hours(version),
          absl::UnixEpoch(), text};
}

TEST(ProgramLibraryTest, LearnsVersionsOnce) {
  ProgramLibrary library(ParseName);
  EXPECT_EQ(LatestVersion(*library.Current()), 0);
  ASSERT_TRUE(library.Learn({Stored(1, "one"), Stored(2, "two")}).ok());
  ASSERT_TRUE(library.Learn({Stored(2, "two"), Stored(3, "three")}).ok());
  const auto catalog = library.Current();
  ASSERT_EQ(LatestVersion(*catalog), 3);
  EXPECT_EQ(catalog->versions()[2].program->name, "three");
}

TEST(ProgramLibraryTest, WhatWasReturnedDoesNotChange) {
  ProgramLibrary library(ParseName);
  const auto before = library.Current();
  ASSERT_TRUE(library.Learn({Stored(1, "one")}).ok());
  EXPECT_EQ(LatestVersion(*before), 0);
}

TEST(ProgramLibraryTest, AVersionThatCannotBeReadIsNamed) {
  ProgramLibrary library(ParseName);
  const absl::Status status = library.Learn({Stored(1, "one"), Stored(2, "broken")});
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_NE(status.message().find("version 2"), absl::string_view::npos);
  EXPECT_EQ(LatestVersion(*library.Current()), 0);
}

}  // namespace
}  // namespace dangol::lane
