#include "dangol/connection.h"

#include <gmock/gmock.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <string>
#include <utility>
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
using testing::IsEmpty;
using testing::SizeIs;

const grpc::Status kUnavailable(grpc::StatusCode::UNAVAILABLE, "restarting");

// A server that fails as often as it is told to, and remembers what it got.
class FlakyPurchases : public v1::PurchaseService::Service {
 public:
  void FailNext(std::vector<grpc::Status> failures) {
    const absl::MutexLock lock(&mutex_);
    failures_.assign(failures.begin(), failures.end());
  }
  std::vector<std::string> seen() const {
    const absl::MutexLock lock(&mutex_);
    return seen_;
  }

  grpc::Status RecordPurchase(grpc::ServerContext*, const v1::RecordPurchaseRequest* request,
                              v1::RecordPurchaseResponse* response) override {
    response->mutable_outcome()->set_purchase_id(request->purchase().purchase_id());
    return Next(request->purchase().purchase_id());
  }

  grpc::Status BatchRecordPurchases(grpc::ServerContext*,
                                    const v1::BatchRecordPurchasesRequest* request,
                                    v1::BatchRecordPurchasesResponse* response) override {
    for (int i = 0; i < request->purchases_size(); ++i) response->add_results();
    return Next(absl::StrCat(request->purchases_size()));
  }

  grpc::Status RecordReturn(grpc::ServerContext*, const v1::RecordReturnRequest* request,
                            v1::RecordReturnResponse* response) override {
    response->mutable_return_()->set_return_id(request->return_().return_id());
    return Next(request->return_().return_id());
  }

  grpc::Status StreamPurchases(
      grpc::ServerContext*,
      grpc::ServerReaderWriter<v1::StreamPurchasesResponse, v1::StreamPurchasesRequest>* stream)
      override {
    v1::StreamPurchasesRequest request;
    while (stream->Read(&request)) {
      v1::StreamPurchasesResponse response;
      response.set_purchase_id(request.purchase().purchase_id());
      stream->Write(response);
    }
    return grpc::Status(grpc::StatusCode::FAILED_PRECONDITION, "that was all");
  }

 private:
  grpc::Status Next(const std::string& what) {
    const absl::MutexLock lock(&mutex_);
    seen_.push_back(what);
    if (failures_.empty()) return grpc::Status::OK;
    grpc::Status failure = failures_.front();
    failures_.pop_front();
    return failure;
  }

  mutable absl::Mutex mutex_;
  std::deque<grpc::Status> failures_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> seen_ ABSL_GUARDED_BY(mutex_);
};

class ConnectionTest : public testing::Test {
 protected:
  ConnectionTest() {
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&purchases_);
    server_ = builder.BuildAndStart();
    options_.endpoint = absl::StrCat("127.0.0.1:", port);
    options_.max_attempts = 4;
    // The fake clock runs ahead of gRPC's, so this bounds nothing but a hang.
    options_.deadline = absl::Minutes(1);
  }
  ~ConnectionTest() override { server_->Shutdown(); }

  Client MakeClient() { return Client(std::make_shared<GrpcConnection>(options_, environment_)); }

  Options options_;
  FlakyPurchases purchases_;
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<FakeEnvironment> environment_ = std::make_shared<FakeEnvironment>();
};

TEST_F(ConnectionTest, RetriesWithTheSameId) {
  purchases_.FailNext({kUnavailable, kUnavailable});
  const auto response = MakeClient().RecordPurchase(v1::Purchase());
  ASSERT_TRUE(response.ok()) << response.status();
  const std::string id = response->outcome().purchase_id();
  EXPECT_THAT(id, SizeIs(36));
  EXPECT_THAT(purchases_.seen(), ElementsAre(id, id, id));
  EXPECT_THAT(environment_->delays(), ElementsAre(absl::Milliseconds(25), absl::Milliseconds(50)));
}

// Where a name has several servers, all of them are called, and one that ends is left out.
TEST_F(ConnectionTest, CallsGoInTurnToAllServers) {
  FlakyPurchases others;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&others);
  const std::unique_ptr<grpc::Server> other = builder.BuildAndStart();
  options_.endpoint = absl::StrCat("ipv4:", options_.endpoint, ",127.0.0.1:", port);
  Client client = MakeClient();
  // Both are called as soon as both are connected.
  while (purchases_.seen().empty() || others.seen().empty()) {
    ASSERT_TRUE(client.RecordPurchase(v1::Purchase()).ok());
  }
  server_->Shutdown();
  const size_t before = others.seen().size();
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(client.RecordPurchase(v1::Purchase()).ok());
  EXPECT_EQ(others.seen().size(), before + 5);
  other->Shutdown();
}

TEST_F(ConnectionTest, RetriesAReturnWithTheSameId) {
  purchases_.FailNext({kUnavailable});
  const auto response = MakeClient().RecordReturn(v1::Return());
  ASSERT_TRUE(response.ok()) << response.status();
  const std::string id = response->return_().return_id();
  EXPECT_THAT(purchases_.seen(), ElementsAre(id, id));

  purchases_.FailNext({kUnavailable});
  absl::Notification done;
  MakeClient().AsyncRecordReturn(ReturnBuilder::OfPurchase("return-1", "receipt-1").Build(),
                                 [&](const absl::StatusOr<v1::RecordReturnResponse>& answer) {
                                   EXPECT_TRUE(answer.ok()) << answer.status();
                                   done.Notify();
                                 });
  done.WaitForNotification();
  EXPECT_THAT(purchases_.seen(), ElementsAre(id, id, "return-1", "return-1"));
}

TEST_F(ConnectionTest, GivesUpAfterTheLastAttempt) {
  purchases_.FailNext({kUnavailable, kUnavailable, kUnavailable, kUnavailable, kUnavailable});
  const auto response = MakeClient().RecordPurchase(v1::Purchase());
  EXPECT_EQ(response.status(), absl::UnavailableError("restarting"));
  EXPECT_THAT(purchases_.seen(), SizeIs(4));
}

TEST_F(ConnectionTest, DoesNotRetryARefusalAndKeepsItsDetails) {
  google::rpc::ErrorInfo info;
  info.set_reason("MEMBER_NOT_FOUND");
  google::rpc::Status details;
  details.add_details()->PackFrom(info);
  purchases_.FailNext(
      {grpc::Status(grpc::StatusCode::NOT_FOUND, "nobody", details.SerializeAsString())});
  const auto response = MakeClient().RecordPurchase(v1::Purchase());
  EXPECT_EQ(response.status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ErrorReason(response.status()), "MEMBER_NOT_FOUND");
  EXPECT_THAT(purchases_.seen(), SizeIs(1));
  EXPECT_THAT(environment_->delays(), IsEmpty());
}

TEST_F(ConnectionTest, RetriesAsynchronousCalls) {
  purchases_.FailNext({kUnavailable, kUnavailable});
  absl::Notification done;
  absl::StatusOr<v1::BatchRecordPurchasesResponse> outcome;
  {
    // The call outlives the client that began it.
    MakeClient().AsyncBatchRecordPurchases(
        {v1::Purchase(), v1::Purchase()},
        [&](absl::StatusOr<v1::BatchRecordPurchasesResponse> response) {
          outcome = std::move(response);
          done.Notify();
        });
  }
  done.WaitForNotification();
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_EQ(outcome->results_size(), 2);
  EXPECT_THAT(purchases_.seen(), ElementsAre("2", "2", "2"));
  EXPECT_THAT(environment_->delays(), SizeIs(2));
}

TEST_F(ConnectionTest, ReportsTheFailureOfAsynchronousCalls) {
  purchases_.FailNext({grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "no")});
  absl::Notification done;
  absl::Status outcome;
  MakeClient().AsyncRecordPurchase(v1::Purchase(),
                                   [&](absl::StatusOr<v1::RecordPurchaseResponse> response) {
                                     outcome = response.status();
                                     done.Notify();
                                   });
  done.WaitForNotification();
  EXPECT_EQ(outcome, absl::InvalidArgumentError("no"));
}

// The channel must not go down on the thread of gRPC that runs the callback.
TEST_F(ConnectionTest, AClientMayBeDroppedInItsOwnCallback) {
  absl::Notification done;
  auto client = std::make_shared<Client>(MakeClient());
  Client& caller = *client;
  caller.AsyncRecordPurchase(
      v1::Purchase(), [&done, client](const absl::StatusOr<v1::RecordPurchaseResponse>&) mutable {
        client.reset();
        done.Notify();
      });
  client.reset();
  done.WaitForNotification();
  EXPECT_THAT(purchases_.seen(), SizeIs(1));
}

TEST_F(ConnectionTest, StreamsPurchases) {
  const auto stream = MakeClient().StreamPurchases();
  EXPECT_TRUE(stream->Write(PurchaseBuilder("a", MemberById("m")).Build()));
  EXPECT_EQ(stream->Read()->purchase_id(), "a");
  EXPECT_TRUE(stream->Write(PurchaseBuilder("b", MemberById("m")).Build()));
  stream->WritesDone();
  EXPECT_EQ(stream->Read()->purchase_id(), "b");
  EXPECT_FALSE(stream->Read().has_value());
  EXPECT_EQ(stream->Finish(), absl::FailedPreconditionError("that was all"));
}

TEST_F(ConnectionTest, AStreamMayBeDropped) {
  const auto stream = MakeClient().StreamPurchases();
  EXPECT_TRUE(stream->Write(PurchaseBuilder("a", MemberById("m")).Build()));
}

TEST_F(ConnectionTest, AServiceThatIsMissingIsUnimplemented) {
  EXPECT_EQ(MakeClient().GetTotals().status().code(), absl::StatusCode::kUnimplemented);
}

// MakeConnection's own connection: the real clock, and nobody there.
TEST(MakeConnection, SaysWhenNobodyAnswers) {
  Options options;
  // A port that is reserved and that nothing listens on.
  options.endpoint = "127.0.0.1:1";
  options.max_attempts = 1;
  const Client client(MakeConnection(options));
  EXPECT_EQ(Client(client).GetTotals().status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace dangol
