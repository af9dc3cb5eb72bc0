#ifndef DANGOL_TESTS_SUPPORT_TEST_STORE_H_
#define DANGOL_TESTS_SUPPORT_TEST_STORE_H_

#include <memory>
#include <string>

#include "server/storage/storage.h"
#include "tests/support/temporary_directory.h"

namespace dangol::testing {

// A new, empty store of a test's own. Which engine it is on says the environment
// variable DANGOL_TEST_STORE, sqlite (the default) or mysql, so that the same
// tests run on each.
class TestStore {
 public:
  TestStore();

  const std::string& url() const { return url_; }

  // Opens it: again and again, or several times at once.
  std::unique_ptr<storage::Store> Open() const;

 private:
  TemporaryDirectory directory_;
  std::string url_;
};

bool OnMysql();

// Applies every migration to the database at `url`.
void MigrateStore(const std::string& url);

}  // namespace dangol::testing

#endif  // DANGOL_TESTS_SUPPORT_TEST_STORE_H_
