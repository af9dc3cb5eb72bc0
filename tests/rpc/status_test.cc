#include "server/rpc/status.h"

#include <gmock/gmock.h>
#include <google/rpc/error_details.pb.h>
#include <gtest/gtest.h>

#include "server/common/error.h"

namespace dangol::rpc {
namespace {

template <typename Detail>
bool Find(const google::rpc::Status& status, Detail& detail) {
  for (const auto& any : status.details()) {
    if (any.UnpackTo(&detail)) return true;
  }
  return false;
}

TEST(StatusTest, CarriesTheStandardDetails) {
  ErrorDetails details;
  details.reason = "OVERLOADED";
  details.violations = {{"purchase.lines[1].quantity", "must be 1 or more"}};
  details.retry_delay = absl::Milliseconds(1'500);
  details.metadata = {{"recorded_at", "2026-01-15T12:00:00Z"}};
  const google::rpc::Status status =
      ToRpcStatus(MakeError(absl::StatusCode::kResourceExhausted, "too much", details));
  EXPECT_EQ(status.code(), 8);
  EXPECT_EQ(status.message(), "too much");
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(Find(status, info));
  EXPECT_EQ(info.reason(), "OVERLOADED");
  EXPECT_EQ(info.domain(), "dangol");
  EXPECT_EQ(info.metadata().at("recorded_at"), "2026-01-15T12:00:00Z");
  google::rpc::BadRequest bad_request;
  ASSERT_TRUE(Find(status, bad_request));
  EXPECT_EQ(bad_request.field_violations(0).field(), "purchase.lines[1].quantity");
  google::rpc::RetryInfo retry;
  ASSERT_TRUE(Find(status, retry));
  EXPECT_EQ(retry.retry_delay().seconds(), 1);
  EXPECT_EQ(retry.retry_delay().nanos(), 500'000'000);
}

TEST(StatusTest, TellsNothingInternal) {
  struct Case {
    absl::Status status;
    int code;
    const char* reason;
  };
  const Case cases[] = {
      {absl::InternalError("sqlite 1: near FROM"), 13, "INTERNAL"},
      {absl::DataLossError("/var/lib/x"), 13, "INTERNAL"},
      {absl::FailedPreconditionError("version 3 cannot be read"), 13, "INTERNAL"},
      {absl::UnavailableError("sqlite 10: disk I/O error"), 14, "STORE_UNAVAILABLE"},
      {absl::AbortedError("sqlite 19"), 14, "STORE_UNAVAILABLE"},
      {absl::ResourceExhaustedError("sqlite 13"), 14, "STORE_UNAVAILABLE"},
  };
  for (const Case& c : cases) {
    const google::rpc::Status status = ToRpcStatus(c.status);
    EXPECT_EQ(status.code(), c.code) << c.status;
    EXPECT_THAT(status.message(),
                ::testing::Not(::testing::HasSubstr(std::string(c.status.message()))));
    google::rpc::ErrorInfo info;
    ASSERT_TRUE(Find(status, info));
    EXPECT_EQ(info.reason(), c.reason);
  }
}

TEST(StatusTest, FitsIntoATrailer) {
  ErrorDetails details;
  details.reason = "INVALID_FIELDS";
  for (int i = 0; i < 5'000; ++i) {
    details.violations.push_back({std::string(1'000, 'f'), "단골" + std::string(10'000, 'd')});
  }
  const grpc::Status status = ToGrpcStatus(
      MakeError(absl::StatusCode::kInvalidArgument, "x" + std::string(100'000, 'm'), details));
  // The details travel in base64, beside the message.
  EXPECT_LT(status.error_details().size() * 4 / 3 + status.error_message().size(), 8'000u);
  google::rpc::Status parsed;
  ASSERT_TRUE(parsed.ParseFromString(status.error_details()));
  google::rpc::BadRequest bad_request;
  EXPECT_TRUE(Find(parsed, bad_request));
}

TEST(StatusTest, OkIsOk) { EXPECT_TRUE(ToGrpcStatus(absl::OkStatus()).ok()); }

}  // namespace
}  // namespace dangol::rpc
