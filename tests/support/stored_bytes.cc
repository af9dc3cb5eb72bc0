#include "tests/support/stored_bytes.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/storage/mysql/connection.h"
#include "server/storage/mysql/url.h"
#include "tests/support/test_store.h"

namespace dangol::testing {
namespace {

namespace mysql = storage::mysql;

std::string FilesOf(const std::string& path) {
  std::string bytes;
  for (const char* const suffix : {"", "-wal", "-journal"}) {
    std::ifstream file(path + suffix, std::ios::binary);
    bytes.append(std::istreambuf_iterator<char>(file), {});
  }
  return bytes;
}

// Every value of a table, as the connector gives it.
void AddRows(mysql::Connection& connection, const std::string& table, std::string& bytes) {
  std::vector<std::string> columns;
  const absl::Status listed = connection.Run(
      absl::StrCat("SELECT column_name FROM information_schema.columns WHERE table_schema ="
                   " DATABASE() AND table_name = '",
                   table, "'"),
      [&](const mysql::Row& row) {
        columns.push_back(row.Text(0));
        return absl::OkStatus();
      });
  ASSERT_TRUE(listed.ok()) << listed;
  const absl::Status read =
      connection.Run(absl::StrCat("SELECT * FROM ", table), [&](const mysql::Row& row) {
        for (size_t i = 0; i < columns.size(); ++i) {
          const int column = static_cast<int>(i);
          if (!row.IsNull(column)) absl::StrAppend(&bytes, row.Text(column), "\n");
        }
        return absl::OkStatus();
      });
  ASSERT_TRUE(read.ok()) << read;
}

std::string RowsOf(const std::string& url) {
  const auto location = mysql::ParseUrl(url);
  EXPECT_TRUE(location.ok()) << location.status();
  auto connection =
      mysql::Connection::Open(*location, location->hosts.front(), mysql::Purpose::kRead);
  EXPECT_TRUE(connection.ok()) << connection.status();
  std::vector<std::string> tables;
  const absl::Status listed = (*connection)->Run("SHOW TABLES", [&](const mysql::Row& row) {
    tables.push_back(row.Text(0));
    return absl::OkStatus();
  });
  EXPECT_TRUE(listed.ok()) << listed;
  std::string bytes;
  for (const std::string& table : tables) AddRows(**connection, table, bytes);
  return bytes;
}

}  // namespace

std::string StoredBytes(const std::string& url) {
  return OnMysql() ? RowsOf(url) : FilesOf(std::string(absl::StripPrefix(url, "sqlite:")));
}

}  // namespace dangol::testing
