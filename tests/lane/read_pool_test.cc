#include "server/lane/read_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>

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

// A preview was decided by a newer program than the one by which it was known what to read.
class ProgramsOfReadsTest : public LaneFixture {
 protected:
  // All that a budget has is given, unless nobody asks what is left of it.
  void UseUpTheBudget() {
    ASSERT_EQ(RunOne(Activate("budgeted")), "done");
    ASSERT_EQ(RunOne(Buy("a")), "a 10");
    ASSERT_EQ(RunOne(Buy("b")), "b 20");
    ASSERT_EQ(RunOne(Buy("c")), "c 25");
  }

  // What a purchase would earn. `between` runs after it was found out what to read.
  std::string Preview(
      ReadPool& pool, const std::function<void()>& between = [] {}) {
    const domain::Command command = Buy("preview").command;
    std::string answer;
    absl::Notification answered;
    pool.ReadMember(
        [&](const domain::ProgramCatalog& catalog, absl::Time now) {
          domain::Reads reads = domain::ReadsOf(command, catalog, now);
          if (asked_++ == 0) between();
          return reads;
        },
        [&](const absl::StatusOr<MemberView>& view) {
          domain::State state;
          state.member = view->member;
          state.aliases = view->aliases;
          state.counters = view->counters;
          answer = InWordsOf(domain::Decide(command, state, *view->catalog, view->now)->outcome);
          answered.Notify();
        });
    answered.WaitForNotification();
    return answer;
  }

  int asked_ = 0;
};

TEST_F(ProgramsOfReadsTest, AVersionOfAnotherServerIsReadForToo) {
  ProgramLibrary programs([](const std::string& text) {
    return std::make_shared<const domain::Program>(NamedProgram(text));
  });
  ASSERT_TRUE(
      programs.Learn({{1, 1, "simple", absl::InfinitePast(), clock_.Now(), "simple", ""}}).ok());
  UseUpTheBudget();
  ReadPool pool({}, store_, programs, clock_);
  EXPECT_EQ(Preview(pool), "preview 25");
  EXPECT_EQ(asked_, 2);
}

TEST_F(ProgramsOfReadsTest, AVersionThatIsLearntMeanwhileIsReadForToo) {
  ReadPool pool({}, store_, programs_, clock_);
  EXPECT_EQ(Preview(pool, [&] { UseUpTheBudget(); }), "preview 25");
  EXPECT_EQ(asked_, 2);
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
