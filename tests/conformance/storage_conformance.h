#ifndef DANGOL_TESTS_CONFORMANCE_STORAGE_CONFORMANCE_H_
#define DANGOL_TESTS_CONFORMANCE_STORAGE_CONFORMANCE_H_

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "server/storage/storage.h"

namespace dangol::storage {

// A database of a test's own.
class TestDatabase {
 public:
  virtual ~TestDatabase() = default;

  // Opens it: again and again, or several times at once, where the engine lets
  // several programs use one database.
  virtual absl::StatusOr<std::unique_ptr<Store>> Open() = 0;
};

struct Engine {
  std::string name;
  std::function<std::unique_ptr<TestDatabase>()> make_database;
};

// What every store must do. An engine's tests instantiate it:
//   INSTANTIATE_TEST_SUITE_P(Sqlite, StorageConformance, ::testing::Values(Engine{...}));
class StorageConformance : public ::testing::TestWithParam<Engine> {
 protected:
  void SetUp() override;

  // Runs one transaction; the status of the step that failed.
  absl::Status Commit(Store& store, const WriteSet& writes);
  absl::StatusOr<Loaded> Read(Store& store, const KeySet& keys);
  std::unique_ptr<Reader> NewReader() { return *store_->NewReader(); }

  std::unique_ptr<TestDatabase> database_;
  std::unique_ptr<Store> store_;
};

}  // namespace dangol::storage

#endif  // DANGOL_TESTS_CONFORMANCE_STORAGE_CONFORMANCE_H_
