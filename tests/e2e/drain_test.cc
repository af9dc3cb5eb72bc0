// SIGTERM: what was accepted is answered and stored, and the server ends.

#include <signal.h>

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/time/clock.h"
#include "dangol/error.h"
#include "tests/e2e/calls.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {
namespace {

class DrainTest : public DangoldTest {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(Start());
    Enroll("4005");
  }

  // Expects that exactly these purchases of 100 pence are stored.
  void ExpectStored(const std::vector<std::string>& ids) {
    Client client = MakeClient();
    const v1::GetTotalsResponse totals = TotalsOf(client);
    EXPECT_EQ(totals.purchases(), static_cast<int64_t>(ids.size()));
    EXPECT_EQ(GrossMinor(totals, "GBP"), 100 * static_cast<int64_t>(ids.size()));
    EXPECT_EQ(totals.trial_balance(), 0);
    for (const std::string& id : ids) {
      const auto purchase = client.GetPurchase(id);
      EXPECT_TRUE(purchase.ok()) << "acknowledged and lost: " << id << ", " << purchase.status();
    }
  }
};

TEST_F(DrainTest, IdleServerEnds) {
  EXPECT_EQ(Terminate(), 0) << process().Output();
  ASSERT_NO_FATAL_FAILURE(Start());
  EXPECT_EQ(TotalsOf(MakeClient()).members(), 1);
}

// A load balancer holds such a call for as long as it lives. The server once waited
// for it until its patience was over.
TEST_F(DrainTest, WhoWatchesItsHealthDoesNotKeepItFromEnding) {
  EXPECT_EQ(Terminate(), 0);
  ASSERT_NO_FATAL_FAILURE(Start({"--drain-seconds=86400"}));
  HealthWatch health(MakeChannel());
  ASSERT_TRUE(health.Await(/*serving=*/true));
  process().Signal(SIGTERM);
  EXPECT_TRUE(health.Await(/*serving=*/false));
  EXPECT_EQ(process().Wait(), 0) << process().Output();
  const absl::Status ended = health.AwaitEnd();
  EXPECT_FALSE(absl::IsDeadlineExceeded(ended)) << ended;
}

TEST_F(DrainTest, CallsInFlightAreAnsweredAndStored) {
  constexpr int kTills = 8;
  std::mutex mutex;
  std::vector<std::string> answered;
  absl::BlockingCounter busy(kTills);
  std::vector<std::thread> tills;
  for (int till = 0; till < kTills; ++till) {
    tills.emplace_back([&, till] {
      Client client = MakeImpatientClient();
      for (int i = 0;; ++i) {
        const std::string id = absl::StrCat("t", till, "-", i);
        const absl::Status status = client.RecordPurchase(SmallPurchase(id, 100)).status();
        if (i == 20) busy.DecrementCount();
        if (!status.ok()) {
          // gRPC itself cancels what arrives in the moment of the shutdown.
          EXPECT_TRUE(absl::IsUnavailable(status) || absl::IsCancelled(status)) << status;
          if (i < 20) busy.DecrementCount();
          return;
        }
        const std::lock_guard<std::mutex> lock(mutex);
        answered.push_back(id);
      }
    });
  }
  busy.Wait();
  EXPECT_EQ(Terminate(), 0) << process().Output();
  for (std::thread& till : tills) till.join();

  ASSERT_NO_FATAL_FAILURE(Start());
  ExpectStored(answered);
}

TEST_F(DrainTest, IdleStreamEnds) {
  {
    Client client = MakeImpatientClient();
    const std::unique_ptr<PurchaseStream> stream = client.StreamPurchases();
    ASSERT_TRUE(stream->Write(SmallPurchase("p-1", 100)));
    ASSERT_TRUE(stream->Read().has_value());
    process().Signal(SIGTERM);
    EXPECT_FALSE(stream->Read().has_value());
    const absl::Status status = stream->Finish();
    EXPECT_TRUE(absl::IsUnavailable(status)) << status;
    EXPECT_EQ(ErrorReason(status), "SHUTTING_DOWN") << status;
  }
  EXPECT_EQ(process().Wait(), 0) << process().Output();
  ASSERT_NO_FATAL_FAILURE(Start());
  ExpectStored({"p-1"});
}

// Tills keep selling through the SDK while the server is restarted in place, as
// in a rollout: no purchase fails, none is doubled.
TEST_F(DrainTest, TillsRideOverRestarts) {
  constexpr int kTills = 6;
  constexpr int kRestarts = 8;
  std::mutex mutex;
  std::vector<std::string> answered;
  std::atomic<bool> open = true;
  std::vector<std::thread> tills;
  for (int till = 0; till < kTills; ++till) {
    tills.emplace_back([&, till] {
      Client client = MakeClient();
      for (int i = 0; open; ++i) {
        const std::string id = absl::StrCat("t", till, "-", i);
        const absl::Status status = client.RecordPurchase(SmallPurchase(id, 100)).status();
        EXPECT_TRUE(status.ok()) << id << ": " << status;
        if (!status.ok()) return;
        const std::lock_guard<std::mutex> lock(mutex);
        answered.push_back(id);
      }
    });
  }
  const std::vector<std::string> command = {testing::ProgramPath("dangold"),
                                            "--listen=" + address(), "--store=" + store_url()};
  EXPECT_EQ(Terminate(), 0);
  for (int restart = 0; restart < kRestarts; ++restart) {
    auto server = testing::Process::Start(command, File("restarted.log"));
    ASSERT_TRUE(server.ok()) << server.status();
    // It serves once it answers.
    EXPECT_TRUE(MakeClient().GetTotals().ok()) << server->Output();
    if (restart + 1 == kRestarts) {
      open = false;
      for (std::thread& till : tills) till.join();
    }
    server->Signal(SIGTERM);
    EXPECT_EQ(server->Wait(), 0) << server->Output();
  }
  ASSERT_NO_FATAL_FAILURE(Start());
  ExpectStored(answered);
}

// Streams that are idle for a moment after each answer, when the server may end
// them while the next purchase is on its way.
TEST_F(DrainTest, StreamsThatPauseEnd) {
  constexpr int kRounds = 10;
  constexpr int kStreams = 8;
  for (int round = 0; round < kRounds; ++round) {
    absl::BlockingCounter busy(kStreams);
    std::vector<std::thread> threads;
    for (int number = 0; number < kStreams; ++number) {
      threads.emplace_back([&, number] {
        const auto stream = MakeImpatientClient().StreamPurchases();
        const std::string prefix = absl::StrCat("r", round, "-", number, "-");
        int count = 0;
        while (stream->Write(SmallPurchase(absl::StrCat(prefix, count), 100)) &&
               stream->Read().has_value()) {
          if (++count == 20) busy.DecrementCount();
        }
        EXPECT_FALSE(stream->Finish().ok());
        if (count < 20) busy.DecrementCount();
      });
    }
    busy.Wait();
    ASSERT_EQ(Terminate(), 0) << "round " << round << ": " << process().Output();
    for (std::thread& thread : threads) thread.join();
    ASSERT_NO_FATAL_FAILURE(Start());
  }
  EXPECT_EQ(TotalsOf(MakeClient()).trial_balance(), 0);
}

// Several streams at full speed. Whatever the moment, the server ends in order
// and what was answered is there.
TEST_F(DrainTest, BusyStreamsEnd) {
  constexpr int kRounds = 10;
  constexpr int kStreams = 4;
  std::mutex mutex;
  std::vector<std::string> answered;
  for (int round = 0; round < kRounds; ++round) {
    absl::BlockingCounter busy(kStreams);
    std::vector<std::thread> threads;
    for (int number = 0; number < kStreams; ++number) {
      const std::string prefix = absl::StrCat("r", round, "-", number, "-");
      std::shared_ptr<PurchaseStream> stream = MakeImpatientClient().StreamPurchases();
      threads.emplace_back([prefix, stream] {
        for (int i = 0; stream->Write(SmallPurchase(absl::StrCat(prefix, i), 100)); ++i) continue;
      });
      threads.emplace_back([&, stream] {
        int count = 0;
        while (const auto response = stream->Read()) {
          if (++count == 30) busy.DecrementCount();
          if (!response->result().has_response()) continue;  // Refused: shutting down.
          const std::lock_guard<std::mutex> lock(mutex);
          answered.push_back(response->purchase_id());
        }
        if (count < 30) busy.DecrementCount();
      });
    }
    busy.Wait();
    ASSERT_EQ(Terminate(), 0) << "round " << round << ": " << process().Output();
    for (std::thread& thread : threads) thread.join();
    ASSERT_NO_FATAL_FAILURE(Start());
  }
  Client client = MakeClient();
  EXPECT_GE(TotalsOf(client).purchases(), static_cast<int64_t>(answered.size()));
  EXPECT_EQ(TotalsOf(client).trial_balance(), 0);
  for (size_t i = 0; i < answered.size(); i += 17) {
    EXPECT_TRUE(client.GetPurchase(answered[i]).ok()) << "lost: " << answered[i];
  }
}

}  // namespace
}  // namespace dangol::e2e
