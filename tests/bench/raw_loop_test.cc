#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "tests/bench/engine_fixture.h"
#include "tests/bench/h2_load.h"
#include "tests/bench/purchase_rows.h"
#include "tests/bench/requests.h"
#include "tests/bench/store_check.h"

namespace dangol::bench {
namespace {

constexpr uint64_t kMembers = 64;
// Several transactions on each connection, and a rest.
constexpr uint64_t kPurchases = 3'333;

class RawLoopTest : public EngineTest {
 protected:
  // A store whose members dangold has enrolled, and which has recorded so many
  // purchases of theirs.
  std::string Record(uint64_t purchases) {
    std::string url = *engine_->NewStore();
    const std::unique_ptr<DangolServer> server = StartServer(url);
    requests_ = std::make_unique<Requests>(*server->Enroll(kMembers), absl::Now());
    const LoadOptions options = {.port = server->port(),
                                 .path = kRecordPurchasePath,
                                 .in_flight = 64,
                                 .calls_max = purchases};
    const auto recorded = RunCleanLoad(options, [this](uint64_t number, std::string* body) {
      requests_->AppendPurchase(number, body);
    });
    EXPECT_TRUE(recorded.ok()) << recorded.status();
    EXPECT_TRUE(server->Stop().ok());
    return url;
  }

  std::unique_ptr<Requests> requests_;  // Of the members of the last store.
};

TEST_P(RawLoopTest, WritesWhatTheServerWrites) {
  const std::string real = Record(kPurchases);
  const PurchaseSamples samples = *ReadSamples(**engine_->Open(real), kPurchases);
  const std::string raw = Record(0);
  const auto rate = engine_->RunRawLoop(raw, *requests_, samples, kPurchases);
  ASSERT_TRUE(rate.ok()) << rate.status();
  EXPECT_GT(*rate, 0);

  const absl::Status alike =
      CheckAlike(*ReadContents(**engine_->Open(real)), *ReadContents(**engine_->Open(raw)));
  EXPECT_TRUE(alike.ok()) << alike;
  EXPECT_TRUE(CheckPurchases(**engine_->Open(raw), kPurchases).ok());
  const storage::StoredTotals of_real = BalancedTotals(real);
  const storage::StoredTotals of_raw = BalancedTotals(raw);
  EXPECT_EQ(of_real.members, of_raw.members);
  EXPECT_EQ(of_real.purchase_lines, of_raw.purchase_lines);
  EXPECT_EQ(of_real.currencies.at("KRW").gross_minor, of_raw.currencies.at("KRW").gross_minor);
}

TEST_P(RawLoopTest, OtherContentsAreNotAlike) {
  const std::string real = Record(300);
  const std::string other = Record(200);
  const absl::Status alike =
      CheckAlike(*ReadContents(**engine_->Open(real)), *ReadContents(**engine_->Open(other)));
  EXPECT_EQ(alike.code(), absl::StatusCode::kDataLoss);
  EXPECT_FALSE(CheckPurchases(**engine_->Open(other), 300).ok());
}

TEST_P(RawLoopTest, ServerGoesOnAfterIt) {
  const std::string real = Record(kPurchases);
  const PurchaseSamples samples = *ReadSamples(**engine_->Open(real), kPurchases);
  const std::string raw = Record(0);
  ASSERT_TRUE(engine_->RunRawLoop(raw, *requests_, samples, kPurchases).ok());
  const std::unique_ptr<DangolServer> server = StartServer(raw);
  const LoadOptions options = {
      .port = server->port(), .path = kRecordPurchasePath, .in_flight = 64, .calls_max = 500};
  const auto recorded = RunCleanLoad(options, [this](uint64_t number, std::string* body) {
    requests_->AppendPurchase(kPurchases + number, body);
  });
  EXPECT_TRUE(recorded.ok()) << recorded.status();
  EXPECT_TRUE(server->Stop().ok());
  EXPECT_EQ(BalancedTotals(raw).purchases, static_cast<int64_t>(kPurchases + 500));
}

DANGOL_TEST_ON_EACH_ENGINE(RawLoopTest);

}  // namespace
}  // namespace dangol::bench
