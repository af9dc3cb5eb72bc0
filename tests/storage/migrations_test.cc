#include "schema/migrations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dangol::schema {
namespace {

using ::testing::AnyOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr Migration kMigrations[] = {{1, "one", ""}, {2, "two", ""}, {3, "three", ""}};

class FakeTarget final : public Target {
 public:
  explicit FakeTarget(int version) : version_(version) {}

  absl::Span<const Migration> History() const override { return kMigrations; }
  absl::StatusOr<int> Version() override { return version_; }
  absl::Status Lock() override {
    log.push_back("lock");
    return absl::OkStatus();
  }
  absl::Status Unlock() override {
    log.push_back("unlock");
    return absl::OkStatus();
  }
  absl::Status Apply(const Migration& migration) override {
    if (migration.version == fail_at) return absl::UnavailableError("away");
    log.push_back(std::string(migration.name));
    return absl::OkStatus();
  }

  std::vector<std::string> log;
  int fail_at = 0;

 private:
  const int version_;
};

TEST(MigrationsTest, AppliesWhatIsMissing) {
  FakeTarget target(1);
  EXPECT_TRUE(Migrate(target).ok());
  EXPECT_THAT(target.log, ElementsAre("lock", "two", "three", "unlock"));
}

TEST(MigrationsTest, DoesNothingWhenAllIsThere) {
  FakeTarget target(3);
  EXPECT_TRUE(Migrate(target).ok());
  EXPECT_THAT(target.log, Each(AnyOf("lock", "unlock")));
}

TEST(MigrationsTest, RefusesANewerStore) {
  FakeTarget target(4);
  EXPECT_TRUE(absl::IsFailedPrecondition(Migrate(target)));
  EXPECT_THAT(target.log, Each(AnyOf("lock", "unlock")));
}

TEST(MigrationsTest, StopsAtTheFirstFailure) {
  FakeTarget target(0);
  target.fail_at = 2;
  EXPECT_TRUE(absl::IsUnavailable(Migrate(target)));
  EXPECT_THAT(target.log, ElementsAre("lock", "one"));
}

TEST(MigrationsTest, TheHistoriesHaveNoGaps) {
  for (const absl::Span<const Migration> history : {SqliteMigrations(), MysqlMigrations()}) {
    int expected = 1;
    for (const Migration& migration : history) EXPECT_EQ(migration.version, expected++);
    EXPECT_GT(expected, 1);
  }
}

TEST(MigrationsTest, AServerNeedsTheLatestAndSaysWhatToDo) {
  EXPECT_TRUE(CheckCurrent(kMigrations, 3).ok());
  const absl::Status old = CheckCurrent(kMigrations, 2);
  EXPECT_TRUE(absl::IsFailedPrecondition(old));
  EXPECT_THAT(old.message(), HasSubstr("dangolctl schema migrate"));
  EXPECT_TRUE(absl::IsFailedPrecondition(CheckCurrent(kMigrations, 4)));
}

}  // namespace
}  // namespace dangol::schema
