#include "tests/support/test_store.h"

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "schema/migrations.h"
#include "server/storage/open_store.h"
#include "tests/support/mariadb.h"

namespace dangol::testing {

bool OnMysql() {
  const char* engine = std::getenv("DANGOL_TEST_STORE");
  return engine != nullptr && std::string(engine) == "mysql";
}

void MigrateStore(const std::string& url) {
  const auto target = storage::OpenSchema(url);
  const absl::Status status = target.ok() ? schema::Migrate(**target) : target.status();
  if (status.ok()) return;
  std::fprintf(stderr, "cannot migrate: %s\n", status.ToString().c_str());
  std::abort();
}

TestStore::TestStore()
    : url_(OnMysql() ? NewDatabaseUrl() : "sqlite:" + directory_.File("dangol.db")) {
  if (OnMysql()) MigrateStore(url_);
}

std::unique_ptr<storage::Store> TestStore::Open() const {
  auto store = storage::OpenStore(url_);
  if (store.ok()) return *std::move(store);
  std::fprintf(stderr, "cannot open %s: %s\n", url_.c_str(), store.status().ToString().c_str());
  std::abort();
}

}  // namespace dangol::testing
