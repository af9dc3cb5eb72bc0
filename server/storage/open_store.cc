#include "server/storage/open_store.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/common/status_macros.h"
#include "server/storage/mysql/migrating.h"
#include "server/storage/mysql/mysql_store.h"
#include "server/storage/mysql/url.h"
#include "server/storage/sqlite/migrating.h"
#include "server/storage/sqlite/sqlite_store.h"

namespace dangol::storage {
namespace {

bool IsMysql(absl::string_view url) { return absl::StartsWith(url, "mysql:"); }

// The path in "sqlite:PATH".
absl::StatusOr<std::string> ParsePath(absl::string_view url) {
  absl::string_view path = url;
  if (!absl::ConsumePrefix(&path, "sqlite:") || path.empty()) {
    // Of a URL of another kind only the kind is shown: it may hold a password.
    const absl::string_view shown = url.substr(0, url.find("//"));
    return absl::InvalidArgumentError(absl::StrCat("\"", shown,
                                                   "\" is not a store; give sqlite:PATH or",
                                                   " mysql://USER:PASSWORD@HOST:PORT/DATABASE"));
  }
  if (path == ":memory:" || absl::StartsWith(path, "file:")) {
    return absl::InvalidArgumentError(absl::StrCat("\"", path, "\" is not the path of a file"));
  }
  return std::string(path);
}

}  // namespace

absl::Status CheckUrl(absl::string_view url) {
  return IsMysql(url) ? mysql::ParseUrl(url).status() : ParsePath(url).status();
}

absl::StatusOr<std::unique_ptr<Store>> OpenStore(absl::string_view url) {
  if (IsMysql(url)) {
    ASSIGN_OR_RETURN(const mysql::Location location, mysql::ParseUrl(url));
    return std::make_unique<mysql::MysqlStore>(location);
  }
  ASSIGN_OR_RETURN(const std::string path, ParsePath(url));
  return sqlite::SqliteStore::Open(path);
}

absl::StatusOr<std::unique_ptr<schema::Target>> OpenSchema(absl::string_view url) {
  if (IsMysql(url)) {
    ASSIGN_OR_RETURN(const mysql::Location location, mysql::ParseUrl(url));
    return mysql::OpenSchema(location);
  }
  ASSIGN_OR_RETURN(const std::string path, ParsePath(url));
  return sqlite::OpenSchema(path);
}

std::string WithoutPassword(absl::string_view url) {
  return IsMysql(url) ? mysql::WithoutPassword(url) : std::string(url);
}

}  // namespace dangol::storage
