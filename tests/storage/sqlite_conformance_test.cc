#include <gtest/gtest.h>

#include "server/storage/sqlite/sqlite_store.h"
#include "tests/conformance/storage_conformance.h"
#include "tests/support/temporary_directory.h"

namespace dangol::storage {
namespace {

class SqliteDatabase final : public TestDatabase {
 public:
  absl::StatusOr<std::unique_ptr<Store>> Open() override {
    return sqlite::SqliteStore::Open(directory_.File("dangol.db"));
  }

 private:
  const dangol::testing::TemporaryDirectory directory_;
};

INSTANTIATE_TEST_SUITE_P(
    Sqlite, StorageConformance,
    ::testing::Values(Engine{"Sqlite", [] { return std::make_unique<SqliteDatabase>(); }}),
    [](const ::testing::TestParamInfo<Engine>& test) { return test.param.name; });

}  // namespace
}  // namespace dangol::storage
