#include "tests/bench/sqlite_engine.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "schema/migrations.h"
#include "server/common/status_macros.h"
#include "server/storage/open_store.h"
#include "server/storage/sqlite/connection.h"
#include "tests/bench/raw_loop_sqlite.h"
#include "tests/bench/sqlite_database.h"

namespace dangol::bench {
namespace {

constexpr absl::string_view kScheme = "sqlite:";

std::string PathOf(const std::string& url) { return url.substr(kScheme.size()); }

}  // namespace

absl::StatusOr<std::string> SqliteEngine::NewStore() {
  const std::string url = absl::StrCat(kScheme, directory_, "/dangol-", ++stores_, ".db");
  // An empty file is a database without tables.
  if (!std::ofstream(PathOf(url))) return absl::UnavailableError(absl::StrCat("cannot make ", url));
  ASSIGN_OR_RETURN(const std::unique_ptr<schema::Target> target, storage::OpenSchema(url));
  RETURN_IF_ERROR(schema::Migrate(*target));
  return url;
}

absl::Status SqliteEngine::Drop(const std::string& url) {
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::error_code error;
    std::filesystem::remove(PathOf(url) + suffix, error);
    if (error) return absl::UnavailableError(absl::StrCat("cannot remove ", url));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Database>> SqliteEngine::Open(const std::string& url) {
  return SqliteDatabase::Open(PathOf(url));
}

absl::StatusOr<std::unique_ptr<Database>> SqliteEngine::OpenToWrite(const std::string& url) {
  ASSIGN_OR_RETURN(std::unique_ptr<Database> database, Open(url));
  RETURN_IF_ERROR(database->Execute(storage::sqlite::kWriterPragmas));
  return database;
}

absl::Status SqliteEngine::Settle(const std::string& url) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Database> database, Open(url));
  RETURN_IF_ERROR(database->Select("PRAGMA wal_checkpoint(TRUNCATE)").status());
  sync();
  return absl::OkStatus();
}

absl::StatusOr<double> SqliteEngine::SizeGib(const std::string& url) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(PathOf(url), error);
  if (error) return absl::UnavailableError(absl::StrCat("cannot tell the size of ", url));
  return static_cast<double>(bytes) / (1 << 30);
}

absl::StatusOr<double> SqliteEngine::RunRawLoop(const std::string& url, const Requests& requests,
                                                const PurchaseSamples& samples,
                                                uint64_t purchases) {
  return RunSqliteRawLoop(PathOf(url), requests, samples, purchases);
}

}  // namespace dangol::bench
