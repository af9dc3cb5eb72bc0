// A disk that fills while the server serves: nothing is acknowledged that is not
// stored, the error is clear, and the server recovers when there is room.
//
// The disk is a limit on the size of the server's files, which can be set and
// lifted while it runs. Only SQLite's are files of the server.

#include <signal.h>
#include <sys/resource.h>

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dangol/error.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {
namespace {

class DiskFullTest : public DangoldTest {
 protected:
  void SetUp() override {
    if (testing::OnMysql()) GTEST_SKIP() << "the store is not in files of the server";
    // Inherited: a write past the limit fails instead of ending the server.
    ASSERT_NE(signal(SIGXFSZ, SIG_IGN), SIG_ERR);
    ASSERT_NO_FATAL_FAILURE(Start());
    Enroll("4005");
  }

  void LimitFiles(rlim_t bytes) {
    const rlimit limit = {bytes, RLIM_INFINITY};
    if (prlimit(process().pid(), RLIMIT_FSIZE, &limit, nullptr) != 0)
      GTEST_SKIP() << "cannot limit the size of files";
  }

  // No file of the server can grow any more.
  void FillDisk() {
    rlim_t largest = 0;
    const std::filesystem::path store(store_url().substr(sizeof("sqlite:") - 1));
    for (const auto& file : std::filesystem::directory_iterator(store.parent_path()))
      largest = std::max<rlim_t>(largest, file.file_size());
    LimitFiles(largest + 20'000);
  }

  // Records purchases until one is refused; its status.
  absl::Status RecordUntilRefused(Client client) {
    for (int i = 0; i < 100'000; ++i) {
      const std::string id = absl::StrCat("p-", recorded_.size());
      const absl::Status status = client.RecordPurchase(SmallPurchase(id, 100)).status();
      if (!status.ok()) return status;
      recorded_.push_back(id);
    }
    return absl::OkStatus();
  }

  void ExpectAllStored() {
    Client client = MakeClient();
    const v1::GetTotalsResponse totals = TotalsOf(client);
    EXPECT_EQ(totals.purchases(), static_cast<int64_t>(recorded_.size()));
    EXPECT_EQ(GrossMinor(totals, "GBP"), 100 * static_cast<int64_t>(recorded_.size()));
    EXPECT_EQ(totals.trial_balance(), 0);
    for (const std::string& id : recorded_) {
      EXPECT_TRUE(client.GetPurchase(id).ok()) << "acknowledged and lost: " << id;
    }
  }

  std::vector<std::string> recorded_;
};

TEST_F(DiskFullTest, RefusesClearlyServesReadsAndRecovers) {
  Client client = MakeImpatientClient();
  FillDisk();
  const absl::Status refused = RecordUntilRefused(client);
  ASSERT_TRUE(absl::IsUnavailable(refused) || absl::IsResourceExhausted(refused)) << refused;
  const std::string reason = ErrorReason(refused);
  // The store may not know how far a failed commit went; the id tells later.
  const bool unknown = reason == "OUTCOME_UNKNOWN";
  EXPECT_TRUE(unknown || reason == "STORE_UNAVAILABLE" || reason == "STORE_FULL") << refused;
  EXPECT_TRUE(RetryDelay(refused).has_value()) << refused;

  ExpectAllStored();
  // Again and again: the store stays as it is.
  for (int i = 0; i < 5; ++i) {
    EXPECT_FALSE(
        client.RecordPurchase(SmallPurchase(absl::StrCat("p-", recorded_.size()), 100)).ok());
  }
  LimitFiles(RLIM_INFINITY);
  for (int i = 0; i < 20; ++i) {
    recorded_.push_back(absl::StrCat("p-", recorded_.size()));
    const auto served = client.RecordPurchase(SmallPurchase(recorded_.back(), 100));
    ASSERT_TRUE(served.ok()) << "does not recover: " << served.status();
    EXPECT_TRUE(unknown || !served->replayed()) << "was refused, and recorded nevertheless";
  }
  ExpectAllStored();
}

TEST_F(DiskFullTest, EverythingAcknowledgedSurvivesARestart) {
  for (const bool orderly : {false, true}) {
    SCOPED_TRACE(orderly ? "SIGTERM" : "SIGKILL");
    FillDisk();
    const absl::Status refused = RecordUntilRefused(MakeImpatientClient());
    ASSERT_TRUE(absl::IsUnavailable(refused) || absl::IsResourceExhausted(refused)) << refused;
    if (orderly) {
      EXPECT_EQ(Terminate(), 0) << process().Output();
    } else {
      Kill();
    }
    ASSERT_NO_FATAL_FAILURE(Start());
    ExpectAllStored();
  }
}

}  // namespace
}  // namespace dangol::e2e
