#ifndef DANGOL_TESTS_BENCH_ENGINE_H_
#define DANGOL_TESTS_BENCH_ENGINE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tests/bench/database.h"
#include "tests/bench/purchase_rows.h"
#include "tests/bench/requests.h"

namespace dangol::bench {

// The engines that there are, as `--store` names them.
const std::vector<std::string>& KnownEngines();

// What is different from one storage engine to another. Stores are named by the
// URLs that dangold takes. Used by one thread.
class Engine {
 public:
  virtual ~Engine() = default;

  virtual absl::string_view name() const = 0;

  // A new, empty store with its schema.
  virtual absl::StatusOr<std::string> NewStore() = 0;
  virtual absl::Status Drop(const std::string& url) = 0;

  // Looks into a store, which a server may have open.
  virtual absl::StatusOr<std::unique_ptr<Database>> Open(const std::string& url) = 0;

  // The same to write to it, as durably as the server does. No server may have it open.
  virtual absl::StatusOr<std::unique_ptr<Database>> OpenToWrite(const std::string& url) = 0;

  // Returns when what was written to the store before is no longer to be written back, so
  // that what is measured next does not pay for it.
  virtual absl::Status Settle(const std::string& url) = 0;

  // What the engine caches by itself, where that is a setting.
  virtual std::optional<int> BufferPoolMib() const = 0;

  // What the store takes on the disk.
  virtual absl::StatusOr<double> SizeGib(const std::string& url) = 0;

  // Writes purchases like the samples, bare, to a store that has the members of
  // `requests` and that no server has open. Purchases a second.
  virtual absl::StatusOr<double> RunRawLoop(const std::string& url, const Requests& requests,
                                            const PurchaseSamples& samples, uint64_t purchases) = 0;
};

struct EngineOptions {
  std::string directory;       // For everything that it writes.
  int buffer_pool_mib = 1024;  // Of a MariaDB.
};

// Starts what it needs: for "mysql" a private MariaDB, which ends with the engine.
absl::StatusOr<std::unique_ptr<Engine>> MakeEngine(const std::string& name,
                                                   const EngineOptions& options);

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_ENGINE_H_
