#ifndef DANGOL_TESTS_BENCH_ENGINE_FIXTURE_H_
#define DANGOL_TESTS_BENCH_ENGINE_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/time/clock.h"
#include "server/storage/open_store.h"
#include "tests/bench/dangol_server.h"
#include "tests/bench/engine.h"
#include "tests/bench/process.h"

namespace dangol::bench {

// A test on each engine.
class EngineTest : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    directory_ = *TemporaryDirectory::Make(::testing::TempDir());
    auto engine = MakeEngine(GetParam(), {.directory = directory_->path(), .buffer_pool_mib = 64});
    ASSERT_TRUE(engine.ok()) << engine.status();
    engine_ = *std::move(engine);
  }

  std::unique_ptr<DangolServer> StartServer(const std::string& url) {
    return *DangolServer::Start(ProgramDirectory() + "/dangold", url, directory_->path());
  }

  // What dangold would say of the whole store. Fails where the books do not balance
  // or anybody is due.
  storage::StoredTotals BalancedTotals(const std::string& url) {
    const auto store = *storage::OpenStore(url);
    EXPECT_TRUE(store->Check().ok());
    int due = 0;
    storage::StoredTotals totals =
        *(*store->NewReader())->Totals(absl::Now(), [&due](const auto&) { ++due; });
    EXPECT_EQ(due, 0);
    for (auto& [name, wallet] : totals.wallets) {
      EXPECT_EQ(wallet.available, wallet.ledger[domain::LedgerAccount::kAvailable]) << name;
      EXPECT_EQ(wallet.pending, wallet.ledger[domain::LedgerAccount::kPending]) << name;
      int64_t trial_balance = 0;
      for (const auto& [account, points] : wallet.ledger) trial_balance += points;
      EXPECT_EQ(trial_balance, 0) << name;
    }
    return totals;
  }

  std::unique_ptr<TemporaryDirectory> directory_;
  std::unique_ptr<Engine> engine_;
};

#define DANGOL_TEST_ON_EACH_ENGINE(Test)                                       \
  INSTANTIATE_TEST_SUITE_P(Engines, Test, ::testing::ValuesIn(KnownEngines()), \
                           [](const auto& param) { return param.param; })

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_ENGINE_FIXTURE_H_
