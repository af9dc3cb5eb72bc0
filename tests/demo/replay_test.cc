#include "client/demo/replay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "client/demo/history.h"
#include "client/demo/progress.h"
#include "dangol/client.h"
#include "dangol/mocks/mock_connection.h"

namespace dangol::demo {
namespace {

using ::testing::_;
using ::testing::Invoke;
using ::testing::NiceMock;

History SmallHistory() {
  return GenerateHistory({.members = 40, .until = absl::FromUnixSeconds(1'760'000'000)});
}

// Keeps what is recorded, by member; refuses what it is told to refuse.
class Till {
 public:
  explicit Till(std::string refused = "") : refused_(std::move(refused)) {}

  absl::StatusOr<v1::BatchRecordPurchasesResponse> Record(
      const v1::BatchRecordPurchasesRequest& request) {
    absl::MutexLock lock(&mutex_);
    v1::BatchRecordPurchasesResponse response;
    for (const v1::Purchase& purchase : request.purchases()) {
      v1::RecordPurchaseResult& result = *response.add_results();
      if (purchase.purchase_id() == refused_) {
        result.mutable_error()->set_code(static_cast<int>(absl::StatusCode::kNotFound));
        result.mutable_error()->set_message("nobody has this card");
        continue;
      }
      result.mutable_response();
      times_[purchase.member().alias().value()].push_back(ToTime(purchase.occurred_at()));
    }
    return response;
  }

  std::map<std::string, std::vector<absl::Time>> times() {
    absl::MutexLock lock(&mutex_);
    return times_;
  }

 private:
  const std::string refused_;
  absl::Mutex mutex_;
  std::map<std::string, std::vector<absl::Time>> times_ ABSL_GUARDED_BY(mutex_);
};

absl::Status RecordAll(Till& till, const History& history) {
  auto connection = std::make_shared<NiceMock<dangol_mocks::MockConnection>>();
  ON_CALL(*connection, BatchRecordPurchases(_)).WillByDefault(Invoke(&till, &Till::Record));
  Progress progress("Recording", static_cast<int64_t>(history.purchases.size()), false);
  return RecordPurchases(Client(connection), history, progress);
}

TEST(ReplayTest, RecordsEveryPurchaseAndAMembersOwnInOrder) {
  const History history = SmallHistory();
  Till till;
  ASSERT_TRUE(RecordAll(till, history).ok());
  std::size_t recorded = 0;
  for (const auto& [card, times] : till.times()) {
    EXPECT_TRUE(std::is_sorted(times.begin(), times.end())) << card;
    recorded += times.size();
  }
  EXPECT_EQ(recorded, history.purchases.size());
  EXPECT_EQ(till.times().size(), history.members.size());
}

TEST(ReplayTest, EndsAtAPurchaseThatIsRefused) {
  Till till("demo-000010");
  EXPECT_EQ(RecordAll(till, SmallHistory()).code(), absl::StatusCode::kNotFound);
}

TEST(ReplayTest, EnrolsEveryMemberOnce) {
  const History history = SmallHistory();
  absl::Mutex mutex;
  std::multiset<std::string> ids;
  auto connection = std::make_shared<NiceMock<dangol_mocks::MockConnection>>();
  ON_CALL(*connection, EnrollMember(_)).WillByDefault([&](const v1::EnrollMemberRequest& request) {
    absl::MutexLock lock(&mutex);
    ids.insert(request.request_id());
    return v1::EnrollMemberResponse();
  });
  Progress progress("Enrolling", static_cast<int64_t>(history.members.size()), false);
  ASSERT_TRUE(EnrolMembers(Client(connection), history, progress).ok());
  EXPECT_EQ(ids.size(), history.members.size());
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), history.members.size());
}

TEST(ReplayTest, MakesPurchasesThatTheServerWouldKnowAgain) {
  const History history = SmallHistory();
  EXPECT_EQ(MakePurchase(history, 3).SerializeAsString(),
            MakePurchase(history, 3).SerializeAsString());
  EXPECT_EQ(MakePurchase(history, 3).purchase_id(), "demo-000004");
  EXPECT_EQ(MakePurchase(history, 3).currency(), "KRW");
}

}  // namespace
}  // namespace dangol::demo
