#ifndef DANGOL_TESTS_BENCH_MYSQL_DATABASE_H_
#define DANGOL_TESTS_BENCH_MYSQL_DATABASE_H_

#include <cppconn/connection.h>
#include <cppconn/statement.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/storage/mysql/sql_text.h"
#include "tests/bench/database.h"

namespace dangol::bench {

// As SQL for MySQL.
void AppendLiteral(const Value& value, storage::mysql::SqlText& sql);

class MysqlDatabase final : public Database {
 public:
  // The database that a URL of a store names.
  static absl::StatusOr<std::unique_ptr<MysqlDatabase>> Open(const std::string& url);

  // Executes so many statements, joined by semicolons, in one round trip.
  absl::Status ExecuteAll(const std::string& sql, int statements);

  absl::Status Execute(const std::string& sql) override { return ExecuteAll(sql, 1); }
  absl::StatusOr<std::vector<Row>> Select(const std::string& sql) override;
  absl::StatusOr<std::vector<std::string>> Tables() override;
  absl::StatusOr<std::vector<std::string>> Columns(const std::string& table) override;
  absl::StatusOr<std::map<std::string, int64_t>> Bytes() override;
  absl::Status Fill(const std::string& table,
                    const std::function<absl::Status(const RowSink&)>& produce) override;
  absl::Status Write(const std::vector<TableRows>& tables) override;

 private:
  explicit MysqlDatabase(std::unique_ptr<sql::Connection> connection)
      : connection_(std::move(connection)), statement_(connection_->createStatement()) {}

  absl::StatusOr<std::vector<std::string>> Names(const std::string& sql);

  const std::unique_ptr<sql::Connection> connection_;
  const std::unique_ptr<sql::Statement> statement_;
};

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_MYSQL_DATABASE_H_
