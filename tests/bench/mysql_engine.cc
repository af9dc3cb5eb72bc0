#include "tests/bench/mysql_engine.h"

#include <filesystem>
#include <system_error>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "schema/migrations.h"
#include "server/common/status_macros.h"
#include "server/storage/mysql/url.h"
#include "server/storage/open_store.h"
#include "tests/bench/interrupt.h"
#include "tests/bench/mysql_database.h"
#include "tests/bench/raw_loop_mysql.h"

namespace dangol::bench {
namespace {

// Pages a second.
constexpr int kIo = 2'000;
constexpr int kIoMax = 50'000;

constexpr char kDirtyPages[] =
    "SELECT variable_value FROM information_schema.global_status"
    " WHERE variable_name = 'Innodb_buffer_pool_pages_dirty'";
constexpr int64_t kFewPages = 200;
constexpr absl::Duration kSettlePatience = absl::Minutes(10);
constexpr absl::Duration kSettlePoll = absl::Milliseconds(100);

absl::StatusOr<std::string> DatabaseOf(const std::string& url) {
  ASSIGN_OR_RETURN(const storage::mysql::Location location, storage::mysql::ParseUrl(url));
  return location.database;
}

}  // namespace

absl::StatusOr<std::unique_ptr<MysqlEngine>> MysqlEngine::Start(const EngineOptions& options) {
  testing::MariaDb::Options mariadb;
  const std::string directory = absl::StrCat(options.directory, "/mariadb");
  mariadb.directory = directory;
  mariadb.buffer_pool_mib = options.buffer_pool_mib;
  // As whoever runs a database for such a load would set them: a small log is full
  // all the time, and every page is written back at once; and the default rate of
  // writing back is that of a disk that rotates.
  mariadb.more = {"--innodb-log-file-size=1G", absl::StrCat("--innodb-io-capacity=", kIo),
                  absl::StrCat("--innodb-io-capacity-max=", kIoMax)};
  ASSIGN_OR_RETURN(std::unique_ptr<testing::MariaDb> started,
                   testing::MariaDb::Start(std::move(mariadb)));
  return std::unique_ptr<MysqlEngine>(
      new MysqlEngine(directory, options.buffer_pool_mib, std::move(started)));
}

absl::StatusOr<std::string> MysqlEngine::NewStore() {
  const std::string name = absl::StrCat("dangol_", ++stores_);
  RETURN_IF_ERROR(mariadb_->CreateDatabase(name));
  const std::string url = mariadb_->Url(name);
  ASSIGN_OR_RETURN(const std::unique_ptr<schema::Target> target, storage::OpenSchema(url));
  RETURN_IF_ERROR(schema::Migrate(*target));
  return url;
}

absl::Status MysqlEngine::Drop(const std::string& url) {
  ASSIGN_OR_RETURN(const std::string database, DatabaseOf(url));
  return mariadb_->Execute(absl::StrCat("DROP DATABASE ", database));
}

absl::StatusOr<std::unique_ptr<Database>> MysqlEngine::Open(const std::string& url) {
  return MysqlDatabase::Open(url);
}

absl::StatusOr<std::unique_ptr<Database>> MysqlEngine::OpenToWrite(const std::string& url) {
  return Open(url);
}

// The server writes back what is dirty while it may keep nothing, as fast as it may.
absl::Status MysqlEngine::Settle(const std::string& /*url*/) {
  RETURN_IF_ERROR(mariadb_->Execute("SET GLOBAL innodb_max_dirty_pages_pct = 0"));
  RETURN_IF_ERROR(mariadb_->Execute(absl::StrCat("SET GLOBAL innodb_io_capacity = ", kIoMax)));
  RETURN_IF_ERROR(AwaitCleanPages());
  RETURN_IF_ERROR(mariadb_->Execute(absl::StrCat("SET GLOBAL innodb_io_capacity = ", kIo)));
  return mariadb_->Execute("SET GLOBAL innodb_max_dirty_pages_pct = DEFAULT");
}

absl::Status MysqlEngine::AwaitCleanPages() {
  const absl::Time give_up = absl::Now() + kSettlePatience;
  while (true) {
    RETURN_IF_ERROR(CheckInterrupt());
    ASSIGN_OR_RETURN(const std::string dirty, mariadb_->QueryValue(kDirtyPages));
    int64_t pages = 0;
    if (absl::SimpleAtoi(dirty, &pages) && pages < kFewPages) return absl::OkStatus();
    if (absl::Now() > give_up) {
      return absl::DeadlineExceededError(absl::StrCat("MariaDB keeps ", dirty, " dirty pages"));
    }
    absl::SleepFor(kSettlePoll);
  }
}

absl::StatusOr<double> MysqlEngine::SizeGib(const std::string& url) {
  ASSIGN_OR_RETURN(const std::string database, DatabaseOf(url));
  const std::string directory = absl::StrCat(directory_, "/data/", database);
  std::error_code error;
  double bytes = 0;
  for (const auto& file : std::filesystem::directory_iterator(directory, error)) {
    bytes += static_cast<double>(file.file_size(error));
  }
  if (error) return absl::UnavailableError(absl::StrCat("cannot tell the size of ", directory));
  return bytes / (1 << 30);
}

absl::StatusOr<double> MysqlEngine::RunRawLoop(const std::string& url, const Requests& requests,
                                               const PurchaseSamples& samples, uint64_t purchases) {
  return RunMysqlRawLoop(url, requests, samples, purchases);
}

}  // namespace dangol::bench
