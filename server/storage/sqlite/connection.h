#ifndef DANGOL_SERVER_STORAGE_SQLITE_CONNECTION_H_
#define DANGOL_SERVER_STORAGE_SQLITE_CONNECTION_H_

#include <sqlite3.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/member/member_id.h"

namespace dangol::storage::sqlite {

// The settings that the store's promises and speed rest on: WAL, an fsync with
// every commit, and a WAL that may grow to 64 MB, so that a page that many batches
// change is written back once. What is deleted is overwritten, and not only given up.
inline constexpr char kWriterPragmas[] =
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA cache_size = -65536;"
    "PRAGMA wal_autocheckpoint = 16000;"
    "PRAGMA secure_delete = ON;";

// What an SQLite result code means to the caller of the seam (storage.h).
absl::Status ToStatus(sqlite3* database, int code);

// A prepared statement. Parameters are bound in their order, columns read by
// index; bound text and blobs must live until the statement has run, ids need not. Errors
// of binding show up when it runs. Not moved while anything is bound.
class Statement {
 public:
  Statement() = default;
  Statement(sqlite3* database, sqlite3_stmt* statement)
      : database_(database), statement_(statement) {}

  Statement& Bind(int64_t value);
  Statement& Bind(absl::string_view text);
  Statement& BindBlob(absl::string_view bytes);
  Statement& Bind(absl::Time time);
  Statement& Bind(const domain::MemberId& id);
  template <typename Value>
  Statement& Bind(const std::optional<Value>& value) {
    return value.has_value() ? Bind(*value) : BindNull();
  }
  template <typename Enum, typename = std::enable_if_t<std::is_enum_v<Enum>>>
  Statement& Bind(Enum value) {
    return Bind(static_cast<int64_t>(value));
  }
  // Text that is kept here.
  Statement& BindOwned(std::string text);
  Statement& BindOwnedBlob(std::string bytes);
  Statement& BindNull();

  // Moves to the next row; false after the last, when the statement is ready to
  // be bound anew.
  absl::StatusOr<bool> Step();

  // Runs a statement that returns no rows.
  absl::Status Run();

  // Leaves off before the last row.
  void Reset();

  int64_t Int(int column) const { return sqlite3_column_int64(statement_.get(), column); }
  absl::string_view Text(int column) const;
  absl::string_view Blob(int column) const;
  absl::Time Time(int column) const;
  std::optional<absl::Time> OptionalTime(int column) const;
  domain::MemberId Id(int column) const;  // Nil where there is none.
  bool IsNull(int column) const {
    return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
  }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };

  sqlite3* database_ = nullptr;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bound_ = 0;
  int bind_error_ = SQLITE_OK;
  // What is bound and nobody else keeps.
  std::array<std::array<char, 16>, 4> ids_;
  size_t bound_ids_ = 0;
  std::array<std::string, 4> texts_;
  size_t bound_texts_ = 0;
};

// An open database. Used by one thread at a time.
class Connection {
 public:
  enum class Mode { kReadOnly, kReadWriteCreate };

  // Opens the database, with SQLite's own settings.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const std::string& path, Mode mode);

  absl::StatusOr<Statement> Prepare(absl::string_view sql);

  // Runs any number of statements that return no rows.
  absl::Status Execute(const std::string& sql);

  // How many rows the last statement changed.
  int64_t Changes() const { return sqlite3_changes64(database_.get()); }

  // Whether a transaction is open.
  bool InTransaction() const { return sqlite3_get_autocommit(database_.get()) == 0; }

  // The rowid of the last insert into a table that has them.
  int64_t LastRowId() const { return sqlite3_last_insert_rowid(database_.get()); }

 private:
  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  };

  explicit Connection(sqlite3* database) : database_(database) {}

  std::unique_ptr<sqlite3, Close> database_;
};

}  // namespace dangol::storage::sqlite

#endif  // DANGOL_SERVER_STORAGE_SQLITE_CONNECTION_H_
