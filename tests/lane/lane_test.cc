#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "server/lane/lanes.h"
#include "tests/lane/fixture.h"

namespace dangol::lane {
namespace {

// Holds the lane inside a commit until it is let go.
class Gate {
 public:
  explicit Gate(testing::FaultyStore& store) {
    store.OnCommit([this] {
      if (!entered.HasBeenNotified()) entered.Notify();
      open.WaitForNotification();
    });
  }
  absl::Notification entered;
  absl::Notification open;
};

class LaneTest : public LaneFixture {};

TEST_F(LaneTest, WhatGathersDuringACommitIsCommittedTogether) {
  Gate gate(store_);
  const int before = store_.commits();
  Lanes lanes({}, store_, programs_, clock_);
  absl::BlockingCounter answered(101);
  const auto submit = [&](const std::string& id) {
    Request request = Buy(id);
    request.done = [&](const absl::StatusOr<Reply>& reply) {
      EXPECT_TRUE(reply.ok());
      answered.DecrementCount();
    };
    lanes.Submit(std::move(request));
  };
  submit("first");
  gate.entered.WaitForNotification();
  for (int i = 0; i < 100; ++i) submit(absl::StrCat("p-", i));
  gate.open.Notify();
  answered.Wait();
  EXPECT_EQ(store_.commits(), before + 2);
}

TEST_F(LaneTest, TheQueueIsBounded) {
  Gate gate(store_);
  Lanes::Options options;
  options.max_queued = 2;
  Lanes lanes(options, store_, programs_, clock_);
  std::vector<std::string> answers(6);
  const auto request = [&](size_t i) {
    Request made = Buy(absl::StrCat("p-", i));
    made.done = [&answers, i](const absl::StatusOr<Reply>& reply) {
      answers[i] = InWords(reply).substr(0, 10);
      EXPECT_EQ(reply.ok(), DetailsOf(reply.status()).retry_delay == absl::ZeroDuration());
    };
    return made;
  };
  lanes.Submit(request(0));
  gate.entered.WaitForNotification();
  for (size_t i = 1; i < 4; ++i) lanes.Submit(request(i));  // The third finds no room.
  EXPECT_EQ(answers[3], "OVERLOADED");
  std::vector<Request> both;
  both.push_back(request(4));
  both.push_back(request(5));
  lanes.SubmitAll(std::move(both));  // All or none.
  EXPECT_EQ(answers[4], "OVERLOADED");
  EXPECT_EQ(answers[5], "OVERLOADED");
  gate.open.Notify();
  lanes.Drain();
  EXPECT_EQ(answers[0], "p-0 10");
  EXPECT_EQ(answers[2], "p-2 30");
}

TEST_F(LaneTest, TheQueueIsBoundedInBytesToo) {
  Gate gate(store_);
  Lanes::Options options;
  options.max_queued_bytes = 100;
  Lanes lanes(options, store_, programs_, clock_);
  std::vector<std::string> answers(3);
  const auto submit = [&](size_t i, size_t bytes) {
    Request request = Buy(absl::StrCat("p-", i));
    request.action = std::string(bytes, 'x');
    request.done = [&answers, i](const absl::StatusOr<Reply>& reply) {
      answers[i] = InWords(reply);
    };
    lanes.Submit(std::move(request));
  };
  submit(0, 1);
  gate.entered.WaitForNotification();
  submit(1, 500);  // Too large for the bound, but nothing else waits.
  submit(2, 1);
  EXPECT_EQ(answers[2], "OVERLOADED");
  gate.open.Notify();
  lanes.Drain();
  EXPECT_EQ(answers[1], "p-1 20");
}

TEST_F(LaneTest, ABatchHasAMaximum) {
  Gate gate(store_);
  const int before = store_.commits();
  Lanes::Options options;
  options.max_batch = 10;
  Lanes lanes(options, store_, programs_, clock_);
  for (int i = 0; i < 26; ++i) {
    Request request = Buy(absl::StrCat("p-", i));
    request.done = [](const absl::StatusOr<Reply>& reply) { EXPECT_TRUE(reply.ok()); };
    lanes.Submit(std::move(request));
    if (i == 0) gate.entered.WaitForNotification();
  }
  gate.open.Notify();
  lanes.Drain();
  EXPECT_EQ(store_.commits(), before + 4);  // 1, 10, 10 and 5.
}

TEST_F(LaneTest, DrainFinishesWhatWasQueuedAndRefusesTheRest) {
  Gate gate(store_);
  Lanes lanes({}, store_, programs_, clock_);
  std::atomic<int> done = 0;
  for (int i = 0; i < 20; ++i) {
    Request request = Buy(absl::StrCat("p-", i));
    request.done = [&](const absl::StatusOr<Reply>& reply) { done += reply.ok() ? 1 : 0; };
    lanes.Submit(std::move(request));
  }
  gate.open.Notify();
  lanes.Drain();
  EXPECT_EQ(done, 20);
  std::string answer;
  Request late = Buy("late");
  late.done = [&](const absl::StatusOr<Reply>& reply) { answer = InWords(reply); };
  lanes.Submit(std::move(late));
  EXPECT_EQ(answer, "SHUTTING_DOWN");
}

TEST_F(LaneTest, ManyThreadsOneIdOneEffect) {
  Lanes lanes({}, store_, programs_, clock_);
  constexpr int kThreads = 8;
  constexpr int kIds = 50;
  std::atomic<int> first = 0;
  std::atomic<int> again = 0;
  absl::BlockingCounter answered(kThreads * kIds);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kIds; ++i) {
        Request request = Buy(absl::StrCat("p-", i));
        request.done = [&](const absl::StatusOr<Reply>& reply) {
          ++(reply->replayed ? again : first);
          answered.DecrementCount();
        };
        lanes.Submit(std::move(request));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  answered.Wait();
  EXPECT_EQ(first, kIds);
  EXPECT_EQ(again, (kThreads - 1) * kIds);
  EXPECT_EQ(StoredPurchases(), kIds);
}

}  // namespace
}  // namespace dangol::lane
