#include "dangol/internal/retry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/cord.h"
#include "absl/synchronization/notification.h"
#include "dangol/error.h"
#include "fake_environment.h"

namespace dangol::internal {
namespace {

using testing::ElementsAre;
using testing::Optional;

const absl::Status kUnavailable = absl::UnavailableError("gone");

absl::Status Overloaded(absl::Duration delay) {
  google::rpc::RetryInfo info;
  info.mutable_retry_delay()->set_seconds(absl::ToInt64Seconds(delay));
  info.mutable_retry_delay()->set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(delay % absl::Seconds(1))));
  absl::Status status = MakeError(absl::StatusCode::kResourceExhausted, "OVERLOADED", "busy");
  status.SetPayload("type.googleapis.com/google.rpc.RetryInfo",
                    absl::Cord(info.SerializeAsString()));
  return status;
}

TEST(Options, DefaultsSuitATill) {
  const Options options;
  EXPECT_EQ(options.endpoint, "127.0.0.1:7420");
  EXPECT_EQ(options.deadline, absl::Seconds(10));
  EXPECT_EQ(options.max_attempts, 6);
  EXPECT_EQ(options.initial_backoff, absl::Milliseconds(50));
  EXPECT_EQ(options.max_backoff, absl::Seconds(2));
  EXPECT_FALSE(options.tls.has_value());
  EXPECT_GE(options.max_reply_bytes, 4 * 1024 * 1024);
}

TEST(RetryState, BacksOffExponentiallyUpToTheMaximum) {
  FakeEnvironment environment;
  Options options;
  options.max_attempts = 6;
  options.initial_backoff = absl::Milliseconds(100);
  options.max_backoff = absl::Milliseconds(500);
  RetryState retry(options, environment);
  std::vector<absl::Duration> delays;
  while (const auto delay = retry.AfterFailure(kUnavailable)) delays.push_back(*delay);
  // Half of 100, 200, 400, 500, 500, because the fake draws 0.5.
  EXPECT_THAT(delays,
              ElementsAre(absl::Milliseconds(50), absl::Milliseconds(100), absl::Milliseconds(200),
                          absl::Milliseconds(250), absl::Milliseconds(250)));
}

TEST(RetryState, JitterReachesDownToZero) {
  FakeEnvironment environment;
  environment.set_uniform(0);
  const Options options;
  RetryState retry(options, environment);
  EXPECT_THAT(retry.AfterFailure(kUnavailable), Optional(absl::ZeroDuration()));
}

TEST(RetryState, HonoursTheDelayThatTheServerAsksFor) {
  FakeEnvironment environment;
  Options options;
  options.initial_backoff = absl::Milliseconds(100);
  RetryState retry(options, environment);
  EXPECT_THAT(retry.AfterFailure(Overloaded(absl::Milliseconds(1500))),
              Optional(absl::Milliseconds(1550)));
}

TEST(RetryState, GivesUpOnErrorsThatARetryDoesNotCure) {
  const Options options;
  for (const absl::Status& error :
       {absl::InvalidArgumentError(""), absl::NotFoundError(""), absl::AlreadyExistsError(""),
        absl::DeadlineExceededError(""), absl::InternalError(""),
        // No delay: a limit that waiting does not lift.
        absl::ResourceExhaustedError("the message is too long")}) {
    FakeEnvironment environment;
    RetryState retry(options, environment);
    EXPECT_EQ(retry.AfterFailure(error), std::nullopt) << error;
  }
}

TEST(RetryState, NeverWaitsPastTheDeadline) {
  FakeEnvironment environment;
  Options options;
  options.deadline = absl::Seconds(3);
  options.max_attempts = 100;
  RetryState retry(options, environment);
  EXPECT_EQ(retry.deadline(), environment.Now() + absl::Seconds(3));
  EXPECT_THAT(retry.AfterFailure(Overloaded(absl::Seconds(2))), testing::Ne(std::nullopt));
  environment.Sleep(absl::Seconds(2));
  EXPECT_EQ(retry.AfterFailure(Overloaded(absl::Seconds(2))), std::nullopt);
}

TEST(RetryState, OneAttemptMeansNoRetry) {
  FakeEnvironment environment;
  Options options;
  options.max_attempts = 1;
  RetryState retry(options, environment);
  EXPECT_EQ(retry.AfterFailure(kUnavailable), std::nullopt);
}

TEST(SystemEnvironment, RunsActionsAndDrawsFromTheUnitInterval) {
  const auto environment = SystemRetryEnvironment();
  absl::Notification ran;
  environment->RunAfter(absl::ZeroDuration(), [&] { ran.Notify(); });
  ran.WaitForNotification();
  double least = 1;
  double greatest = 0;
  for (int i = 0; i < 1000; ++i) {
    const double drawn = environment->Uniform();
    least = std::min(least, drawn);
    greatest = std::max(greatest, drawn);
  }
  EXPECT_GE(least, 0);
  EXPECT_LT(greatest, 1);
  EXPECT_GT(greatest - least, 0.5);
}

}  // namespace
}  // namespace dangol::internal
