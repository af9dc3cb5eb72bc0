#include "server/storage/sqlite/connection.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/common/status_macros.h"
#include "server/storage/stored_time.h"

namespace dangol::storage::sqlite {
absl::Status ToStatus(sqlite3* database, int code) {
  const std::string message = absl::StrCat(
      "sqlite ", code, ": ", database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code));
  switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
      return absl::OkStatus();
    case SQLITE_CONSTRAINT:
      return absl::AbortedError(message);
    case SQLITE_FULL:
      return absl::ResourceExhaustedError(message);
    case SQLITE_BUSY:  // For as long as busy_timeout waits.
    case SQLITE_LOCKED:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      return absl::UnavailableError(message);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return absl::DataLossError(message);
    default:
      return absl::InternalError(message);
  }
}

Statement& Statement::Bind(int64_t value) {
  bind_error_ |= sqlite3_bind_int64(statement_.get(), ++bound_, value);
  return *this;
}

Statement& Statement::Bind(absl::string_view text) {
  // An empty view may have no data, which SQLite would take for NULL.
  const char* data = text.data() != nullptr ? text.data() : "";
  bind_error_ |= sqlite3_bind_text(statement_.get(), ++bound_, data, static_cast<int>(text.size()),
                                   SQLITE_STATIC);
  return *this;
}

Statement& Statement::BindBlob(absl::string_view bytes) {
  const char* data = bytes.data() != nullptr ? bytes.data() : "";
  bind_error_ |= sqlite3_bind_blob(statement_.get(), ++bound_, data, static_cast<int>(bytes.size()),
                                   SQLITE_STATIC);
  return *this;
}

Statement& Statement::Bind(absl::Time time) { return Bind(ToStored(time)); }

Statement& Statement::Bind(const domain::MemberId& id) {
  if (bound_ids_ == ids_.size()) {
    bind_error_ |= SQLITE_RANGE;
    return *this;
  }
  std::array<char, 16>& bytes = ids_[bound_ids_++];
  bytes = id.ToBytes();
  return BindBlob({bytes.data(), bytes.size()});
}

Statement& Statement::BindOwned(std::string text) {
  if (bound_texts_ == texts_.size()) {
    bind_error_ |= SQLITE_RANGE;
    return *this;
  }
  std::string& kept = texts_[bound_texts_++];
  kept = std::move(text);
  return Bind(absl::string_view(kept));
}

Statement& Statement::BindOwnedBlob(std::string bytes) {
  if (bound_texts_ == texts_.size()) {
    bind_error_ |= SQLITE_RANGE;
    return *this;
  }
  std::string& kept = texts_[bound_texts_++];
  kept = std::move(bytes);
  return BindBlob(kept);
}

Statement& Statement::BindNull() {
  bind_error_ |= sqlite3_bind_null(statement_.get(), ++bound_);
  return *this;
}

absl::StatusOr<bool> Statement::Step() {
  int code = bind_error_;
  if (code == SQLITE_OK) code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  absl::Status status = ToStatus(database_, code);
  Reset();
  if (!status.ok()) return status;
  return false;
}

absl::Status Statement::Run() {
  ASSIGN_OR_RETURN(const bool row, Step());
  if (row) Reset();
  return absl::OkStatus();
}

void Statement::Reset() {
  sqlite3_reset(statement_.get());
  bound_ = 0;
  bound_ids_ = 0;
  bound_texts_ = 0;
  bind_error_ = SQLITE_OK;
}

absl::string_view Statement::Text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  return absl::string_view(data,
                           static_cast<size_t>(sqlite3_column_bytes(statement_.get(), column)));
}

absl::string_view Statement::Blob(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  return absl::string_view(data,
                           static_cast<size_t>(sqlite3_column_bytes(statement_.get(), column)));
}

absl::Time Statement::Time(int column) const { return FromStored(Int(column)); }

std::optional<absl::Time> Statement::OptionalTime(int column) const {
  if (IsNull(column)) return std::nullopt;
  return Time(column);
}

domain::MemberId Statement::Id(int column) const {
  return domain::MemberId::FromBytes(Blob(column)).value_or(domain::MemberId());
}

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const std::string& path, Mode mode) {
  sqlite3* database = nullptr;
  const int flags = (mode == Mode::kReadOnly ? SQLITE_OPEN_READONLY
                                             : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) |
                    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(path.c_str(), &database, flags, nullptr);
  std::unique_ptr<Connection> connection(new Connection(database));
  if (code != SQLITE_OK) return ToStatus(database, code);
  // Another process on the same file may hold the lock for the time of a commit.
  sqlite3_busy_timeout(database, 5'000);
  return connection;
}

absl::StatusOr<Statement> Connection::Prepare(absl::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return ToStatus(database_.get(), code);
  return Statement(database_.get(), statement);
}

absl::Status Connection::Execute(const std::string& sql) {
  return ToStatus(database_.get(),
                  sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr));
}

}  // namespace dangol::storage::sqlite
