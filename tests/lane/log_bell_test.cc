#include "server/lane/log_bell.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"

namespace dangol::lane {
namespace {

TEST(LogBellTest, WhoWaitsIsCalled) {
  LogBell bell;
  absl::Notification heard;
  bell.Await(bell.rung(), [&] { heard.Notify(); });
  bell.Ring();
  heard.WaitForNotification();
}

// It rang while they were reading.
TEST(LogBellTest, WhatRangBeforeIsHeard) {
  LogBell bell;
  const uint64_t known = bell.rung();
  bell.Ring();
  absl::Notification heard;
  bell.Await(known, [&] { heard.Notify(); });
  heard.WaitForNotification();
}

// Others append to the log, too, and ring elsewhere.
TEST(LogBellTest, WhoWaitsIsCalledThoughItNeverRings) {
  LogBell bell;
  absl::Notification heard;
  bell.Await(bell.rung(), [&] { heard.Notify(); });
  heard.WaitForNotification();
}

TEST(LogBellTest, EachIsCalledOnceForEachTimeTheyWait) {
  constexpr int kFollowers = 8;
  constexpr int kTimes = 50;
  LogBell bell;
  std::atomic<bool> done = false;
  std::thread ringing([&] {
    while (!done) bell.Ring();
  });
  std::vector<std::thread> followers;
  std::atomic<int> calls = 0;
  for (int i = 0; i < kFollowers; ++i) {
    followers.emplace_back([&] {
      for (int time = 0; time < kTimes; ++time) {
        absl::Notification heard;
        bell.Await(bell.rung(), [&] {
          ++calls;
          heard.Notify();
        });
        heard.WaitForNotification();
      }
    });
  }
  for (std::thread& follower : followers) follower.join();
  done = true;
  ringing.join();
  EXPECT_EQ(calls, kFollowers * kTimes);
}

}  // namespace
}  // namespace dangol::lane
