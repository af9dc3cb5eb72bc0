// Until when the SDK lets a request that spends points be valid.

#include <gmock/gmock.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "dangol/client.h"
#include "dangol/internal/grpc_connection.h"
#include "fake_environment.h"

namespace dangol {
namespace {

using internal::FakeEnvironment;
using internal::GrpcConnection;
using testing::ElementsAre;
using testing::SizeIs;

// A server that fails as it is told to, and remembers what it got.
class FlakyPoints : public v1::PointsService::Service {
 public:
  void FailNext(std::vector<grpc::Status> failures) {
    const absl::MutexLock lock(&mutex_);
    failures_.assign(failures.begin(), failures.end());
  }
  std::vector<absl::Time> seen() const {
    const absl::MutexLock lock(&mutex_);
    return seen_;
  }

  grpc::Status RedeemPoints(grpc::ServerContext*, const v1::RedeemPointsRequest* request,
                            v1::RedeemPointsResponse*) override {
    const absl::MutexLock lock(&mutex_);
    seen_.push_back(request->has_valid_until() ? ToTime(request->valid_until())
                                               : absl::InfiniteFuture());
    if (failures_.empty()) return grpc::Status::OK;
    grpc::Status failure = failures_.front();
    failures_.pop_front();
    return failure;
  }

 private:
  mutable absl::Mutex mutex_;
  std::deque<grpc::Status> failures_ ABSL_GUARDED_BY(mutex_);
  std::vector<absl::Time> seen_ ABSL_GUARDED_BY(mutex_);
};

class ValidUntilTest : public testing::Test {
 protected:
  ValidUntilTest() {
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&points_);
    server_ = builder.BuildAndStart();
    options_.endpoint = absl::StrCat("127.0.0.1:", port);
    options_.deadline = absl::Minutes(1);
  }
  ~ValidUntilTest() override { server_->Shutdown(); }

  Client MakeClient() { return Client(std::make_shared<GrpcConnection>(options_, environment_)); }

  Options options_;
  FlakyPoints points_;
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<FakeEnvironment> environment_ = std::make_shared<FakeEnvironment>();
  const grpc::Status unavailable_{grpc::StatusCode::UNAVAILABLE, "restarting"};
};

TEST_F(ValidUntilTest, ARedemptionIsValidAsLongAsSomebodyWaits) {
  points_.FailNext({unavailable_, unavailable_});
  const absl::Time until = environment_->Now() + options_.deadline;
  ASSERT_TRUE(MakeClient().RedeemPoints(v1::RedeemPointsRequest()).ok());
  // Set before the first attempt, and the same in each.
  EXPECT_THAT(points_.seen(), ElementsAre(until, until, until));
  EXPECT_THAT(environment_->delays(), SizeIs(2));
}

TEST_F(ValidUntilTest, SoIsAnAsynchronousOne) {
  points_.FailNext({unavailable_});
  const absl::Time until = environment_->Now() + options_.deadline;
  absl::Notification done;
  MakeClient().AsyncRedeemPoints(v1::RedeemPointsRequest(),
                                 [&](const absl::StatusOr<v1::RedeemPointsResponse>& answer) {
                                   EXPECT_TRUE(answer.ok()) << answer.status();
                                   done.Notify();
                                 });
  done.WaitForNotification();
  EXPECT_THAT(points_.seen(), ElementsAre(until, until));
}

TEST_F(ValidUntilTest, WhatTheCallerSaysStays) {
  v1::RedeemPointsRequest request;
  request.mutable_valid_until()->set_seconds(7);
  ASSERT_TRUE(MakeClient().RedeemPoints(request).ok());
  EXPECT_THAT(points_.seen(), ElementsAre(absl::FromUnixSeconds(7)));
}

TEST_F(ValidUntilTest, ItCanBeTurnedOff) {
  options_.set_valid_until = false;
  ASSERT_TRUE(MakeClient().RedeemPoints(v1::RedeemPointsRequest()).ok());
  EXPECT_THAT(points_.seen(), ElementsAre(absl::InfiniteFuture()));
}

TEST_F(ValidUntilTest, WhatWasRefusedIsNotSentAgain) {
  points_.FailNext({grpc::Status(grpc::StatusCode::FAILED_PRECONDITION, "it is too late")});
  EXPECT_TRUE(
      absl::IsFailedPrecondition(MakeClient().RedeemPoints(v1::RedeemPointsRequest()).status()));
  EXPECT_THAT(points_.seen(), SizeIs(1));
}

}  // namespace
}  // namespace dangol
