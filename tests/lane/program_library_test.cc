#include "server/lane/program_library.h"

#include <gtest/gtest.h>

#include "server/common/record.h"
#include "tests/support/programs.h"

namespace dangol::lane {
namespace {

absl::StatusOr<std::shared_ptr<const domain::Program>> ParseName(const std::string& text) {
  if (text == "broken") return absl::InvalidArgumentError("line 1");
  domain::Program program;
  program.name = text;
  return std::make_shared<const domain::Program>(program);
}

storage::StoredRules Stored(int64_t version, const std::string& text) {
  return {
      version,           version, text, testing::Utc("2026-01-01 00:00:00") + absl::Hours(version),
      absl::UnixEpoch(), text,    ""};
}

TEST(ProgramLibraryTest, LearnsVersionsOnce) {
  ProgramLibrary library(ParseName);
  EXPECT_EQ(library.Current()->rules(), 0);
  ASSERT_TRUE(library.Learn({Stored(1, "one"), Stored(2, "two")}).ok());
  ASSERT_TRUE(library.Learn({Stored(2, "two"), Stored(3, "three")}).ok());
  const auto catalog = library.Current();
  ASSERT_EQ(catalog->rules(), 3);
  EXPECT_EQ(catalog->versions()[2].program->name, "three");
}

TEST(ProgramLibraryTest, LearnsNormsBetweenVersions) {
  domain::Norms norms;
  norms.from = 20'500;
  norms.members = 7;
  storage::StoredRules stored;
  stored.number = 2;
  stored.effective_from = testing::Utc("2026-02-16 00:00:00");
  stored.norms = EncodeRecord(norms);
  ProgramLibrary library(ParseName);
  storage::StoredRules after = Stored(2, "two");
  after.number = 3;
  ASSERT_TRUE(library.Learn({Stored(1, "one"), stored, after}).ok());
  ASSERT_TRUE(library.Learn({stored}).ok());
  const auto catalog = library.Current();
  EXPECT_EQ(catalog->rules(), 3);
  ASSERT_EQ(catalog->norms().size(), 1u);
  EXPECT_EQ(catalog->norms()[0].number, 2);
  EXPECT_EQ(catalog->norms()[0].from, 20'500);
  EXPECT_EQ(catalog->norms()[0].effective_from, stored.effective_from);
  EXPECT_EQ(catalog->versions()[1].number, 3);

  stored.number = 4;
  stored.norms = "no record";
  EXPECT_TRUE(absl::IsDataLoss(library.Learn({stored})));
}

TEST(ProgramLibraryTest, WhatWasReturnedDoesNotChange) {
  ProgramLibrary library(ParseName);
  const auto before = library.Current();
  ASSERT_TRUE(library.Learn({Stored(1, "one")}).ok());
  EXPECT_EQ(before->rules(), 0);
}

TEST(ProgramLibraryTest, AVersionThatCannotBeReadIsNamed) {
  ProgramLibrary library(ParseName);
  const absl::Status status = library.Learn({Stored(1, "one"), Stored(2, "broken")});
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_NE(status.message().find("version 2"), absl::string_view::npos);
  EXPECT_EQ(library.Current()->rules(), 0);
}

}  // namespace
}  // namespace dangol::lane
