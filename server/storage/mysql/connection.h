#ifndef DANGOL_SERVER_STORAGE_MYSQL_CONNECTION_H_
#define DANGOL_SERVER_STORAGE_MYSQL_CONNECTION_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/domain/member/member_id.h"
#include "server/storage/mysql/fault.h"
#include "server/storage/mysql/url.h"

namespace sql {
class Connection;
class ResultSet;
class Statement;
}  // namespace sql

namespace dangol::storage::mysql {

// A row of a result, valid while its handler runs. Columns count from 0.
class Row {
 public:
  explicit Row(const sql::ResultSet& result) : result_(result) {}

  int64_t Int(int column) const;
  std::string Text(int column) const;  // Or bytes.
  absl::Time Time(int column) const;
  std::optional<absl::Time> OptionalTime(int column) const;
  domain::MemberId Id(int column) const;  // Nil where there is none.
  bool IsNull(int column) const;

 private:
  const sql::ResultSet& result_;
};

using RowHandler = std::function<absl::Status(const Row&)>;

// Statements that go to the database in one round trip, or in as few as the size
// of a packet allows. They run in order, up to the first that fails.
class Script {
 public:
  void Add(std::string sql, RowHandler on_row = nullptr) {
    statements_.push_back({std::move(sql), std::move(on_row)});
  }
  bool empty() const { return statements_.empty(); }

 private:
  friend class Connection;
  struct Statement {
    std::string sql;
    RowHandler on_row;
  };
  std::vector<Statement> statements_;
};

// After so long without a statement the database ends the session of a writer: so long are
// the locks held of a server that vanished without a word.
inline constexpr int kWriterIdleSeconds = 30;

// What a session is for: it is set up once, when the connection is opened.
enum class Purpose {
  kWrite,     // READ COMMITTED; every statement belongs to a transaction.
  kRead,      // REPEATABLE READ: a transaction sees one state.
  kLongRead,  // REPEATABLE READ, for what takes minutes.
  kAdmin,     // Each statement by itself, and it may take an hour: for migrations.
};

// A connection to the database and its session. Exceptions of the driver end
// here. Used by one thread at a time.
class Connection {
 public:
  // UNAVAILABLE where the host doesn't answer or can't be written;
  // FAILED_PRECONDITION where it refuses the user or has no such database.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const Location& location,
                                                          const Host& host, Purpose purpose);
  ~Connection();

  // Runs a script and hands its rows to their handlers.
  absl::Status Run(const Script& script);
  absl::Status Run(std::string sql, RowHandler on_row = nullptr);

  // UNAVAILABLE where the host is read-only: a replica, which may be behind, or a
  // primary that was retired. Nobody should even read there.
  absl::Status CheckWritable();

  // Of the last Run that failed: why.
  const Fault& fault() const { return fault_; }

  // Of the last Run that failed: whether its last statement may have been run. The
  // database runs none after one that it refuses, except as Galera does (below).
  bool last_may_have_run() const { return last_may_have_run_; }

  // Whether Galera replicates what is written. It may roll a transaction back in the
  // middle of a packet and run the next statement before it tells.
  bool galera() const { return galera_; }

  // Whether the connection is of no more use.
  bool lost() const { return lost_; }

 private:
  explicit Connection(std::unique_ptr<sql::Connection> connection);

  absl::Status SetUp(Purpose purpose, const Location& location);
  // Runs `begin` to `end`, which fit into one packet; with `is_last` they end the script.
  absl::Status RunPacket(const std::string& sql, const Script::Statement* begin,
                         const Script::Statement* end, bool is_last);
  absl::Status HandleRows(const RowHandler& on_row);

  std::unique_ptr<sql::Connection> connection_;
  std::unique_ptr<sql::Statement> statement_;
  Fault fault_;
  bool last_may_have_run_ = false;
  bool galera_ = false;
  bool lost_ = false;
};

}  // namespace dangol::storage::mysql

#endif  // DANGOL_SERVER_STORAGE_MYSQL_CONNECTION_H_
