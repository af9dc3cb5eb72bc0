#ifndef DANGOL_SERVER_STORAGE_SQLITE_SQLITE_STORE_H_
#define DANGOL_SERVER_STORAGE_SQLITE_SQLITE_STORE_H_

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "server/storage/sqlite/connection.h"
#include "server/storage/sqlite/loading.h"
#include "server/storage/sqlite/writing.h"
#include "server/storage/storage.h"

namespace dangol::storage::sqlite {

// The embedded store: one SQLite file in WAL mode, every commit synced. It has
// one writer, so one transaction at a time: Begin waits for the one before.
// Thread-safe.
class SqliteStore final : public Store {
 public:
  // Opens or creates the file, applies the migrations that it lacks, and makes
  // sure that it can be written. FAILED_PRECONDITION for a file of a newer
  // version of this program.
  static absl::StatusOr<std::unique_ptr<SqliteStore>> Open(const std::string& path);

  absl::StatusOr<std::unique_ptr<Transaction>> Begin() override;
  absl::StatusOr<std::unique_ptr<Reader>> NewReader() override;
  // A file that could be opened is there.
  absl::Status Check() override { return absl::OkStatus(); }
  int lanes() const override { return 1; }

 private:
  class WriteTransaction;

  explicit SqliteStore(std::string path) : path_(std::move(path)) {}

  const std::string path_;
  absl::Mutex writer_mutex_;
  std::unique_ptr<Connection> connection_ ABSL_GUARDED_BY(writer_mutex_);
  Statement begin_ ABSL_GUARDED_BY(writer_mutex_);
  Statement commit_ ABSL_GUARDED_BY(writer_mutex_);
  Statement rollback_ ABSL_GUARDED_BY(writer_mutex_);
  std::unique_ptr<Loader> loader_ ABSL_GUARDED_BY(writer_mutex_);
  std::unique_ptr<BatchWriter> writer_ ABSL_GUARDED_BY(writer_mutex_);
};

}  // namespace dangol::storage::sqlite

#endif  // DANGOL_SERVER_STORAGE_SQLITE_SQLITE_STORE_H_
