#ifndef DANGOL_TESTS_BENCH_SQLITE_ENGINE_H_
#define DANGOL_TESTS_BENCH_SQLITE_ENGINE_H_

#include <memory>
#include <string>

#include "tests/bench/engine.h"

namespace dangol::bench {

// Each store is a file.
class SqliteEngine final : public Engine {
 public:
  explicit SqliteEngine(const EngineOptions& options) : directory_(options.directory) {}

  absl::string_view name() const override { return "sqlite"; }
  absl::StatusOr<std::string> NewStore() override;
  absl::Status Drop(const std::string& url) override;
  absl::StatusOr<std::unique_ptr<Database>> Open(const std::string& url) override;
  absl::StatusOr<std::unique_ptr<Database>> OpenToWrite(const std::string& url) override;
  absl::Status Settle(const std::string& url) override;
  std::optional<int> BufferPoolMib() const override { return std::nullopt; }
  absl::StatusOr<double> SizeGib(const std::string& url) override;
  absl::StatusOr<double> RunRawLoop(const std::string& url, const Requests& requests,
                                    const PurchaseSamples& samples, uint64_t purchases) override;

 private:
  const std::string directory_;
  int stores_ = 0;  // Made so far.
};

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_SQLITE_ENGINE_H_
