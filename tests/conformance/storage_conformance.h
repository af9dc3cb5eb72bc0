#ifndef DANGOL_TESTS_CONFORMANCE_STORAGE_CONFORMANCE_H_
#define DANGOL_TESTS_CONFORMANCE_STORAGE_CONFORMANCE_H_

#include <gtest/gtest.h>

#include <memory>

#include "absl/status/statusor.h"
#include "server/storage/storage.h"
#include "tests/support/test_store.h"

namespace dangol::storage {

// What every store must do. Runs on each engine; see testing::TestStore.
class StorageConformance : public ::testing::Test {
 protected:
  // Runs one transaction; the status of the step that failed.
  absl::Status Commit(Store& store, const WriteSet& writes);
  absl::StatusOr<Loaded> Read(Store& store, const KeySet& keys);
  std::unique_ptr<Reader> NewReader() { return *store_->NewReader(); }

  const testing::TestStore database_;
  std::unique_ptr<Store> store_ = database_.Open();
};

}  // namespace dangol::storage

#endif  // DANGOL_TESTS_CONFORMANCE_STORAGE_CONFORMANCE_H_
