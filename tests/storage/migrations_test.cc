#include "schema/migrations.h"

#include <gtest/gtest.h>

#include <vector>

namespace dangol::schema {
namespace {

class FakeTarget final : public Target {
 public:
  explicit FakeTarget(int version) : version_(version) {}

  absl::StatusOr<int> Version() override { return version_; }
  absl::Status Apply(const Migration& migration) override {
    if (migration.version == fail_at) return absl::UnavailableError("away");
    applied.push_back(migration.version);
    return absl::OkStatus();
  }

  std::vector<int> applied;
  int fail_at = 0;

 private:
  const int version_;
};

constexpr Migration kMigrations[] = {{1, "one", ""}, {2, "two", ""}, {3, "three", ""}};

TEST(MigrationsTest, AppliesWhatIsMissing) {
  FakeTarget target(1);
  EXPECT_TRUE(Migrate(kMigrations, target).ok());
  EXPECT_EQ(target.applied, (std::vector<int>{2, 3}));
}

TEST(MigrationsTest, DoesNothingWhenAllIsThere) {
  FakeTarget target(3);
  EXPECT_TRUE(Migrate(kMigrations, target).ok());
  EXPECT_TRUE(target.applied.empty());
}

TEST(MigrationsTest, RefusesANewerStore) {
  FakeTarget target(4);
  EXPECT_TRUE(absl::IsFailedPrecondition(Migrate(kMigrations, target)));
  EXPECT_TRUE(target.applied.empty());
}

TEST(MigrationsTest, StopsAtTheFirstFailure) {
  FakeTarget target(0);
  target.fail_at = 2;
  EXPECT_TRUE(absl::IsUnavailable(Migrate(kMigrations, target)));
  EXPECT_EQ(target.applied, (std::vector<int>{1}));
}

TEST(MigrationsTest, TheSqliteHistoryHasNoGaps) {
  int expected = 1;
  for (const Migration& migration : SqliteMigrations()) EXPECT_EQ(migration.version, expected++);
  EXPECT_GT(expected, 1);
}

}  // namespace
}  // namespace dangol::schema
