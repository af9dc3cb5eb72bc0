#ifndef DANGOL_TESTS_BENCH_MYSQL_ENGINE_H_
#define DANGOL_TESTS_BENCH_MYSQL_ENGINE_H_

#include <memory>
#include <string>
#include <utility>

#include "tests/bench/engine.h"
#include "tests/support/mariadb.h"

namespace dangol::bench {

// Each store is a database in one private MariaDB.
class MysqlEngine final : public Engine {
 public:
  static absl::StatusOr<std::unique_ptr<MysqlEngine>> Start(const EngineOptions& options);

  absl::string_view name() const override { return "mysql"; }
  absl::StatusOr<std::string> NewStore() override;
  absl::Status Drop(const std::string& url) override;
  absl::StatusOr<std::unique_ptr<Database>> Open(const std::string& url) override;
  absl::StatusOr<std::unique_ptr<Database>> OpenToWrite(const std::string& url) override;
  absl::Status Settle(const std::string& url) override;
  std::optional<int> BufferPoolMib() const override { return buffer_pool_mib_; }
  absl::StatusOr<double> SizeGib(const std::string& url) override;
  absl::StatusOr<double> RunRawLoop(const std::string& url, const Requests& requests,
                                    const PurchaseSamples& samples, uint64_t purchases) override;

 private:
  MysqlEngine(std::string directory, int buffer_pool_mib, std::unique_ptr<testing::MariaDb> mariadb)
      : directory_(std::move(directory)),
        buffer_pool_mib_(buffer_pool_mib),
        mariadb_(std::move(mariadb)) {}

  absl::Status AwaitCleanPages();

  const std::string directory_;  // Of the MariaDB.
  const int buffer_pool_mib_;
  const std::unique_ptr<testing::MariaDb> mariadb_;
  int stores_ = 0;  // Made so far.
};

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_MYSQL_ENGINE_H_
