#ifndef DANGOL_SERVER_STORAGE_MYSQL_MYSQL_STORE_H_
#define DANGOL_SERVER_STORAGE_MYSQL_MYSQL_STORE_H_

#include <atomic>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/storage/mysql/pool.h"
#include "server/storage/mysql/url.h"
#include "server/storage/storage.h"

namespace dangol::storage::mysql {

// The store for production: MySQL, MariaDB, or what speaks their protocol, with
// any number of servers on one database.
//
// Nothing rests on this being the only writer. A member is locked, in sorted
// order, while a batch that may write them is decided; where an engine keeps no
// such lock, or forgets it, the write checks the version of the row, and unique
// keys keep a request, an alias and a place in the log from being given twice.
// What is lost in that way is lost to a retry. Thread-safe.
class MysqlStore final : public Store {
 public:
  // Connects to nothing yet.
  explicit MysqlStore(const Location& location);

  absl::StatusOr<std::unique_ptr<Transaction>> Begin() override;
  absl::StatusOr<std::unique_ptr<Reader>> NewReader() override;
  // The schema is compared up to the first time that it is right: a newer one that
  // comes later is made for the servers of both versions.
  absl::Status Check() override;
  int lanes() const override;

 private:
  class WriteTransaction;

  absl::Status CheckHost(Connection& connection);

  Pool writers_;
  Pool readers_;
  Pool reports_;
  std::atomic<bool> has_schema_ = false;
};

}  // namespace dangol::storage::mysql

#endif  // DANGOL_SERVER_STORAGE_MYSQL_MYSQL_STORE_H_
