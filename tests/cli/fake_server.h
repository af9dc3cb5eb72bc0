#pragma once

#include <gmock/gmock.h>

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "dangol/mocks/mock_connection.h"

namespace dangol::cli {

// A connection with a small server behind it: it knows members by alias,
// remembers purchases and returns by id, and can be told to fail. It takes
// whatever comes back for goods that the member has bought if they have bought
// anything. Thread safe.
class FakeServer : public dangol_mocks::MockConnection {
 public:
  FakeServer();

  // The next batch calls end with these, one after the other.
  void FailBatches(std::vector<absl::Status> failures);
  // The next so many purchases are answered with "too busy".
  void BeBusyFor(int purchases);
  // Purchases with this id are refused.
  void Refuse(const std::string& purchase_id, const absl::Status& error);
  // Returns with this id are refused.
  void RefuseReturn(const std::string& return_id, const absl::Status& error);
  // Whoever wants to enrol this alias gets the error.
  void RefuseMember(const std::string& alias_value, const absl::Status& error);
  void AddMember(const std::string& alias_value);

  // What is recorded for each alias, in the order in which it came.
  std::map<std::string, std::vector<v1::Purchase>> purchases() const;
  // The ids of the purchases and returns of each alias, in the order in which they came.
  std::map<std::string, std::vector<std::string>> history() const;
  std::vector<v1::Return> returns() const;
  std::vector<v1::EnrollMemberRequest> enrollments() const;
  // How many purchases each batch call held, and how many bytes.
  std::vector<int> batch_sizes() const;
  size_t largest_batch_bytes() const;

 private:
  absl::StatusOr<v1::BatchRecordPurchasesResponse> Batch(
      const v1::BatchRecordPurchasesRequest& request);
  absl::StatusOr<v1::RecordReturnResponse> Return(const v1::RecordReturnRequest& request);
  v1::RecordPurchaseResult Record(const v1::Purchase& purchase)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<v1::EnrollMemberResponse> Enroll(const v1::EnrollMemberRequest& request);

  mutable absl::Mutex mutex_;
  std::deque<absl::Status> failures_ ABSL_GUARDED_BY(mutex_);
  int busy_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::string, absl::Status> refused_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, absl::Status> refused_members_ ABSL_GUARDED_BY(mutex_);
  std::set<std::string> members_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::string> recorded_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::vector<v1::Purchase>> purchases_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, absl::Status> refused_returns_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, v1::Return> returns_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::vector<std::string>> history_ ABSL_GUARDED_BY(mutex_);
  std::vector<v1::EnrollMemberRequest> enrollments_ ABSL_GUARDED_BY(mutex_);
  std::vector<int> batch_sizes_ ABSL_GUARDED_BY(mutex_);
  size_t largest_batch_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
};

// One that says nothing about calls that a test does not expect. What a mock is made of
// takes long to compile, and this way it is compiled once.
std::shared_ptr<testing::NiceMock<FakeServer>> MakeFakeServer();

// A purchase of a member named by an alias of the kind "customer".
v1::Purchase MakePurchase(const std::string& id, const std::string& customer,
                          int64_t amount_minor = 100);

}  // namespace dangol::cli
