#include "server/storage/mysql/connection.h"

#include <cppconn/connection.h>
#include <cppconn/exception.h>
#include <cppconn/resultset.h>
#include <cppconn/statement.h>
#include <mysql_driver.h>

#include <algorithm>
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/common/status_macros.h"
#include "server/storage/stored_time.h"

namespace dangol::storage::mysql {
namespace {

// A network or a host that says nothing is given up after this, or after the URL's
// answer_seconds. A statement of a batch takes milliseconds, and waits at most
// kLockWaitSeconds for a lock.
constexpr int kConnectSeconds = 3;
constexpr int kLockWaitSeconds = 5;
// A query may add up everything that is stored; a migration may rebuild a table.
constexpr int kLongAnswerSeconds = 3'600;

// Statements are sent together up to this size. MariaDB accepts 16 MiB when
// nothing else is set, and a single statement may be some MiB long.
constexpr size_t kPacketBytes = 4 << 20;

sql::Driver& Driver() {
  // get_driver_instance guards nothing when it makes the only instance.
  static sql::Driver* const driver = sql::mysql::get_driver_instance();
  return *driver;
}

using Properties = std::map<sql::SQLString, sql::ConnectPropertyVal>;

sql::ConnectPropertyVal Property(const std::string& value) { return sql::SQLString(value); }

void AddTls(const Location& location, Properties& properties) {
  if (location.tls == Tls::kOff) return;
  properties["sslEnforce"] = true;
  properties["sslVerify"] = location.tls == Tls::kVerify;
  properties["sslCA"] = Property(location.tls_ca);
  properties["sslCert"] = Property(location.tls_cert);
  properties["sslKey"] = Property(location.tls_key);
}

// The library takes "localhost" for a Unix socket, and the driver what is after a
// colon for a port.
std::string NameForDriver(const Host& host) {
  if (host.name == "localhost") return "127.0.0.1";
  return absl::StrContains(host.name, ':') ? absl::StrCat("tcp://[", host.name, "]") : host.name;
}

Properties PropertiesOf(const Location& location, const Host& host, Purpose purpose) {
  const bool is_long = purpose == Purpose::kLongRead || purpose == Purpose::kAdmin;
  Properties properties;
  if (location.socket.empty()) {
    properties["hostName"] = Property(NameForDriver(host));
    properties["port"] = host.port;
  } else {
    properties["hostName"] = Property("localhost");
    properties["socket"] = Property(location.socket);
  }
  properties["userName"] = Property(location.user);
  properties["password"] = Property(location.password);
  properties["schema"] = Property(location.database);
  properties["OPT_CHARSET_NAME"] = Property("utf8mb4");
  properties["CLIENT_MULTI_STATEMENTS"] = true;
  properties["OPT_CONNECT_TIMEOUT"] = kConnectSeconds;
  properties["OPT_READ_TIMEOUT"] = is_long ? kLongAnswerSeconds : location.answer_seconds;
  properties["OPT_WRITE_TIMEOUT"] = location.answer_seconds;
  AddTls(location, properties);
  return properties;
}

Fault FaultOf(const sql::SQLException& error) {
  return Classify(error.getErrorCode(), error.getSQLStateCStr(), error.what());
}

uint32_t Index(int column) { return static_cast<uint32_t>(column) + 1; }

}  // namespace

int64_t Row::Int(int column) const { return result_.getInt64(Index(column)); }

std::string Row::Text(int column) const { return result_.getString(Index(column)).asStdString(); }

absl::Time Row::Time(int column) const { return FromStored(Int(column)); }

std::optional<absl::Time> Row::OptionalTime(int column) const {
  if (IsNull(column)) return std::nullopt;
  return Time(column);
}

domain::MemberId Row::Id(int column) const {
  return domain::MemberId::FromBytes(Text(column)).value_or(domain::MemberId());
}

bool Row::IsNull(int column) const { return result_.isNull(Index(column)); }

Connection::Connection(std::unique_ptr<sql::Connection> connection)
    : connection_(std::move(connection)), statement_(connection_->createStatement()) {}

Connection::~Connection() = default;

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const Location& location,
                                                             const Host& host, Purpose purpose) {
  std::unique_ptr<Connection> connection;
  try {
    Properties properties = PropertiesOf(location, host, purpose);
    std::unique_ptr<sql::Connection> opened(Driver().connect(properties));
    connection.reset(new Connection(std::move(opened)));
  } catch (const sql::SQLException& error) {
    const absl::Status status = FaultOf(error).status;
    if (absl::IsFailedPrecondition(status)) return status;
    return absl::UnavailableError(status.message());
  }
  const absl::Status ready = connection->SetUp(purpose, location);
  if (absl::IsAborted(ready)) return absl::UnavailableError(ready.message());
  RETURN_IF_ERROR(ready);
  return connection;
}

absl::Status Connection::SetUp(Purpose purpose, const Location& location) {
  bool encrypted = false;
  const bool is_read = purpose == Purpose::kRead || purpose == Purpose::kLongRead;
  Script script;
  // What the literals of sql_text.cc are written for, and no silent truncation.
  script.Add("SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'");
  script.Add(absl::StrCat("SET SESSION TRANSACTION ISOLATION LEVEL ",
                          is_read ? "REPEATABLE READ" : "READ COMMITTED"));
  // Less than what the client waits for an answer, which would be taken for lost.
  script.Add(absl::StrCat("SET SESSION innodb_lock_wait_timeout = ",
                          std::min(kLockWaitSeconds, location.answer_seconds / 2)));
  // Every statement names its index: to look into it for each key beforehand, in order
  // to compare costs, would only double the work.
  script.Add("SET SESSION eq_range_index_dive_limit = 1");
  // Galera may roll a transaction back in the middle of a packet and tell only after
  // the next statement, which must then not be committed by itself.
  if (purpose == Purpose::kWrite) {
    script.Add("SET SESSION autocommit = 0");
    script.Add(absl::StrCat("SET SESSION wait_timeout = ", kWriterIdleSeconds));
  }
  script.Add("SHOW VARIABLES LIKE 'wsrep_on'", [this](const Row& row) {
    galera_ = row.Text(1) == "ON";
    return absl::OkStatus();
  });
  // The library goes on in the clear where the server knows no TLS.
  if (location.tls != Tls::kOff) {
    script.Add("SHOW STATUS LIKE 'Ssl_cipher'", [&](const Row& row) {
      encrypted = !row.Text(1).empty();
      return absl::OkStatus();
    });
  }
  RETURN_IF_ERROR(Run(script));
  if (location.tls != Tls::kOff && !encrypted) {
    return absl::FailedPreconditionError("the database speaks no TLS, which its URL asks for");
  }
  RETURN_IF_ERROR(CheckWritable());
  // What one node has confirmed, the others may have yet to apply: wait for it.
  return galera_ ? Run("SET SESSION wsrep_sync_wait = 1") : absl::OkStatus();
}

absl::Status Connection::CheckWritable() {
  bool read_only = false;
  RETURN_IF_ERROR(Run("SELECT @@global.read_only", [&](const Row& row) {
    read_only = row.Int(0) != 0;
    return absl::OkStatus();
  }));
  return read_only ? absl::UnavailableError("the host is read-only") : absl::OkStatus();
}

absl::Status Connection::Run(std::string sql, RowHandler on_row) {
  Script script;
  script.Add(std::move(sql), std::move(on_row));
  return Run(script);
}

absl::Status Connection::Run(const Script& script) {
  fault_ = {};
  last_may_have_run_ = false;
  const Script::Statement* const end = script.statements_.data() + script.statements_.size();
  const Script::Statement* begin = script.statements_.data();
  while (begin != end) {
    std::string packet = begin->sql;
    const Script::Statement* next = begin + 1;
    while (next != end && packet.size() + next->sql.size() < kPacketBytes) {
      absl::StrAppend(&packet, ";\n", next->sql);
      ++next;
    }
    RETURN_IF_ERROR(RunPacket(packet, begin, next, next == end));
    begin = next;
  }
  return absl::OkStatus();
}

absl::Status Connection::RunPacket(const std::string& sql, const Script::Statement* begin,
                                   const Script::Statement* end, bool is_last) {
  const Script::Statement* statement = begin;
  try {
    bool has_rows = statement_->execute(sql);
    while (true) {
      if (has_rows) RETURN_IF_ERROR(HandleRows(statement->on_row));
      if (++statement == end) return absl::OkStatus();
      has_rows = statement_->getMoreResults();
    }
  } catch (const sql::SQLException& error) {
    fault_ = FaultOf(error);
    last_may_have_run_ = is_last && (statement + 1 == end || !fault_.answered);
    lost_ = lost_ || fault_.lost;
    return fault_.status;
  }
}

absl::Status Connection::HandleRows(const RowHandler& on_row) {
  const std::unique_ptr<sql::ResultSet> result(statement_->getResultSet());
  const Row row(*result);
  while (on_row != nullptr && result->next()) {
    const absl::Status handled = on_row(row);
    // What follows is left on the wire.
    if (!handled.ok()) lost_ = true;
    RETURN_IF_ERROR(handled);
  }
  return absl::OkStatus();
}

}  // namespace dangol::storage::mysql
