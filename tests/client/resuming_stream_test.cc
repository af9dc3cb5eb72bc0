#include "dangol/internal/resuming_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "dangol/mocks/mock_connection.h"
#include "fake_environment.h"

namespace dangol::internal {
namespace {

using ::testing::Return;
using ::testing::SizeIs;

v1::WatchEventsResponse ReplyWith(const std::string& token) {
  v1::WatchEventsResponse reply;
  reply.set_resume_token(token);
  return reply;
}

// Replies with these tokens, and then ends so.
std::unique_ptr<EventStream> StreamOf(const std::vector<std::string>& tokens,
                                      const absl::Status& end) {
  auto stream = std::make_unique<::testing::NiceMock<dangol_mocks::MockEventStream>>();
  auto left = std::make_shared<std::deque<std::string>>(tokens.begin(), tokens.end());
  ON_CALL(*stream, Read).WillByDefault([left]() -> std::optional<v1::WatchEventsResponse> {
    if (left->empty()) return std::nullopt;
    v1::WatchEventsResponse reply = ReplyWith(left->front());
    left->pop_front();
    return reply;
  });
  ON_CALL(*stream, Finish).WillByDefault(Return(end));
  return stream;
}

class ResumingStreamTest : public ::testing::Test {
 protected:
  std::unique_ptr<ResumingStream> Watch(v1::WatchEventsRequest request) {
    return std::make_unique<ResumingStream>(
        options_, environment_,
        [this](const v1::WatchEventsRequest& again) {
          asked_.push_back(again);
          if (streams_.empty()) return StreamOf({}, absl::UnavailableError("away"));
          std::unique_ptr<EventStream> stream = std::move(streams_.front());
          streams_.pop_front();
          return stream;
        },
        std::move(request));
  }

  Options options_;
  std::shared_ptr<FakeEnvironment> environment_ = std::make_shared<FakeEnvironment>();
  std::deque<std::unique_ptr<EventStream>> streams_;
  std::vector<v1::WatchEventsRequest> asked_;
};

TEST_F(ResumingStreamTest, GoesOnAfterWhatWasRead) {
  streams_.push_back(StreamOf({"a", "b"}, absl::UnavailableError("shutting down")));
  streams_.push_back(StreamOf({"c"}, absl::OkStatus()));
  v1::WatchEventsRequest request;
  request.set_from_now(true);
  request.add_kinds(v1::EVENT_KIND_RECORD_PURCHASE);
  const auto stream = Watch(request);
  for (const char* token : {"a", "b", "c"}) EXPECT_EQ(stream->Read()->resume_token(), token);
  EXPECT_FALSE(stream->Read().has_value());
  EXPECT_TRUE(stream->Finish().ok());
  ASSERT_THAT(asked_, SizeIs(2));
  EXPECT_TRUE(asked_[0].from_now());
  EXPECT_EQ(asked_[1].resume_token(), "b");
  EXPECT_FALSE(asked_[1].from_now());
  EXPECT_THAT(asked_[1].kinds(), SizeIs(1));
}

TEST_F(ResumingStreamTest, GivesUpAnOutageThatLasts) {
  const auto stream = Watch({});
  EXPECT_FALSE(stream->Read().has_value());
  EXPECT_TRUE(absl::IsUnavailable(stream->Finish()));
  EXPECT_THAT(asked_, SizeIs(options_.max_attempts));
}

// Each outage has its own patience.
TEST_F(ResumingStreamTest, OutagesAreCountedOneByOne) {
  options_.max_attempts = 2;
  for (int i = 0; i < 10; ++i) streams_.push_back(StreamOf({"x"}, absl::UnavailableError("away")));
  streams_.push_back(StreamOf({}, absl::OkStatus()));
  const auto stream = Watch({});
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(stream->Read().has_value()) << i;
  EXPECT_FALSE(stream->Read().has_value());
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(ResumingStreamTest, WhatIsWrongIsNotTriedAgain) {
  streams_.push_back(StreamOf({}, absl::InvalidArgumentError("resume_token")));
  const auto stream = Watch({});
  EXPECT_FALSE(stream->Read().has_value());
  EXPECT_TRUE(absl::IsInvalidArgument(stream->Finish()));
  EXPECT_THAT(asked_, SizeIs(1));
}

TEST_F(ResumingStreamTest, EndsWhenItIsCancelled) {
  streams_.push_back(StreamOf({"a"}, absl::UnavailableError("away")));
  const auto stream = Watch({});
  EXPECT_TRUE(stream->Read().has_value());
  stream->Cancel();
  EXPECT_FALSE(stream->Read().has_value());
  EXPECT_TRUE(absl::IsCancelled(stream->Finish()));
  EXPECT_THAT(asked_, SizeIs(1));
}

}  // namespace
}  // namespace dangol::internal
