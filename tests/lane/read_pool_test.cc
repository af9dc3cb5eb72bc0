#include "server/lane/read_pool.h"

#include <gtest/gtest.h>

#include <atomic>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "tests/lane/fixture.h"
#include "tests/support/histories.h"

namespace dangol::lane {
namespace {

domain::Reads ReadsOfMember(uint64_t number) {
  domain::Reads reads;
  reads.member = domain::MemberRef{testing::MemberNumber(number), {}};
  return reads;
}

class ReadPoolTest : public LaneFixture {};

TEST_F(ReadPoolTest, AnswersEveryReadWithItsMember) {
  ReadPool pool({}, store_, programs_, clock_);
  constexpr int kReads = 1'000;
  absl::BlockingCounter answered(kReads);
  std::atomic<int> found = 0;
  for (int i = 0; i < kReads; ++i) {
    const uint64_t number = i % 2 == 0 ? 1 : 99;
    pool.ReadMember(ReadsOfMember(number), [&, number](const absl::StatusOr<MemberView>& view) {
      EXPECT_TRUE(view.ok());
      EXPECT_EQ(view->member != nullptr, number == 1);
      if (view->member != nullptr)
        found += view->member->member.id == testing::MemberNumber(1) ? 1 : 0;
      answered.DecrementCount();
    });
  }
  answered.Wait();
  EXPECT_EQ(found, kReads / 2);
}

TEST_F(ReadPoolTest, SeesWhatWasCommittedBefore) {
  ReadPool pool({}, store_, programs_, clock_);
  for (int i = 1; i <= 20; ++i) {
    ASSERT_EQ(RunOne(Buy(absl::StrCat("p-", i))), absl::StrCat("p-", i, " ", 10 * i));
    absl::Notification answered;
    pool.ReadMember(ReadsOfMember(1), [&](const absl::StatusOr<MemberView>& view) {
      EXPECT_EQ(testing::PurchasesOf(view->member->member), i);
      answered.Notify();
    });
    answered.WaitForNotification();
  }
}

TEST_F(ReadPoolTest, AReaderThatCannotBeHadIsToldToTheCaller) {
  class NoReaders final : public storage::Store {
    absl::StatusOr<std::unique_ptr<storage::Transaction>> Begin() override {
      return absl::UnavailableError("away");
    }
    absl::StatusOr<std::unique_ptr<storage::Reader>> NewReader() override {
      return absl::UnavailableError("away");
    }
    absl::Status Check() override { return absl::UnavailableError("away"); }
    int lanes() const override { return 1; }
  } away;
  ReadPool pool({}, away, programs_, clock_);
  absl::BlockingCounter answered(2);
  pool.ReadMember(ReadsOfMember(1), [&](const absl::StatusOr<MemberView>& view) {
    EXPECT_EQ(DetailsOf(view.status()).reason, "STORE_UNAVAILABLE");
    answered.DecrementCount();
  });
  pool.Run([&](const absl::StatusOr<storage::Reader*>& reader) {
    EXPECT_TRUE(absl::IsUnavailable(reader.status()));
    answered.DecrementCount();
  });
  answered.Wait();
}

TEST_F(ReadPoolTest, DrainAnswersWhatWaitsAndRefusesTheRest) {
  ReadPool pool({}, store_, programs_, clock_);
  std::atomic<int> answered = 0;
  for (int i = 0; i < 100; ++i) {
    pool.ReadMember(ReadsOfMember(1),
                    [&](const absl::StatusOr<MemberView>& view) { answered += view.ok(); });
  }
  pool.Drain();
  EXPECT_EQ(answered, 100);
  absl::Status status;
  pool.ReadMember(ReadsOfMember(1),
                  [&](const absl::StatusOr<MemberView>& view) { status = view.status(); });
  EXPECT_EQ(DetailsOf(status).reason, "SHUTTING_DOWN");
}

}  // namespace
}  // namespace dangol::lane
