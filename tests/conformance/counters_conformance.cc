// What is asked of a store where all members share something.

#include <gmock/gmock.h>

#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/conformance/sample_rows.h"
#include "tests/conformance/storage_conformance.h"

namespace dangol::storage {
namespace {

using domain::SharedCounter;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

class CountersConformance : public StorageConformance {
 protected:
  static WriteSet Counting(const std::string& name, SharedCounter counter) {
    WriteSet writes;
    writes.counters = {{name, counter}};
    return writes;
  }

  static KeySet Asking(std::vector<std::string> names) {
    KeySet keys;
    keys.counters = std::move(names);
    return keys;
  }

  // Takes one of whatever is counted, in a transaction of its own.
  absl::Status TakeOne(const std::string& name) {
    const std::unique_ptr<Transaction> transaction = *store_->Begin();
    const absl::StatusOr<Loaded> loaded = transaction->Load(Asking({name}));
    if (!loaded.ok()) return loaded.status();
    SharedCounter counter;
    if (loaded->counters.contains(name)) counter = loaded->counters.at(name);
    ++counter.used;
    if (absl::Status status = transaction->Write(Counting(name, counter)); !status.ok())
      return status;
    return transaction->Commit();
  }
};

TEST_F(CountersConformance, KeepsCounters) {
  ASSERT_TRUE(Commit(*store_, Counting("budget/a", {7, 0})).ok());
  ASSERT_TRUE(Commit(*store_, Counting("budget/b", {4'000'000'000'000'000'000, 0})).ok());
  const auto loaded = Read(*store_, Asking({"budget/b", "budget/a", "budget/c", "budget/a"}));
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_THAT(loaded->counters,
              UnorderedElementsAre(Pair("budget/a", SharedCounter{7, 1}),
                                   Pair("budget/b", SharedCounter{4'000'000'000'000'000'000, 1})));
  EXPECT_THAT(Read(*store_, Asking({}))->counters, IsEmpty());
}

TEST_F(CountersConformance, AWriteNeedsTheVersionThatItWasMadeFrom) {
  ASSERT_TRUE(Commit(*store_, Counting("budget/a", {1, 0})).ok());
  ASSERT_TRUE(Commit(*store_, Counting("budget/a", {2, 1})).ok());
  // Neither as a new one, nor upon what is not there any more or not yet.
  for (const int64_t version : {0, 1, 3}) {
    EXPECT_TRUE(absl::IsAborted(Commit(*store_, Counting("budget/a", {99, version})))) << version;
  }
  EXPECT_EQ(Read(*store_, Asking({"budget/a"}))->counters.at("budget/a"), (SharedCounter{2, 2}));
}

TEST_F(CountersConformance, ACounterThatWasLostTakesTheRestOfTheWriteWithIt) {
  ASSERT_TRUE(Commit(*store_, Counting("budget/a", {1, 0})).ok());
  WriteSet writes = WithMember(NewMember(1));
  writes.counters = {{"budget/b", {5, 0}}, {"budget/a", {2, 0}}};
  EXPECT_TRUE(absl::IsAborted(Commit(*store_, writes)));
  KeySet keys = Asking({"budget/b"});
  keys.members = {ById(1)};
  const auto loaded = Read(*store_, keys);
  EXPECT_THAT(loaded->counters, IsEmpty());
  EXPECT_THAT(loaded->members, IsEmpty());
}

// Whoever loads to write waits for whoever did so before, or is told that they lost.
TEST_F(CountersConformance, NothingIsTakenTwiceInARace) {
  constexpr int kThreads = 4;
  constexpr int kEach = 25;
  std::vector<std::thread> takers;
  for (int i = 0; i < kThreads; ++i) {
    takers.emplace_back([this] {
      for (int taken = 0; taken < kEach;) {
        const absl::Status status = TakeOne("budget/a");
        ASSERT_TRUE(status.ok() || absl::IsAborted(status)) << status;
        taken += status.ok() ? 1 : 0;
      }
    });
  }
  for (std::thread& taker : takers) taker.join();
  EXPECT_EQ(Read(*store_, Asking({"budget/a"}))->counters.at("budget/a"),
            (SharedCounter{kThreads * kEach, kThreads * kEach}));
}

TEST_F(CountersConformance, KeepsWhatACommandWasDecidedUpon) {
  WriteSet writes = WithMember(NewMember(1));
  CommandWrite with = NewCommand(RequestScope::kRequest, "with", 1);
  with.record.kind = domain::kKindOf<domain::ReservePoints>;
  with.record.inputs.counters = {{"budget/a", 4'000'000'000'000'000'000}, {"budget/b", 0}};
  CommandWrite without = NewCommand(RequestScope::kRequest, "without", 1);
  without.record.kind = domain::kKindOf<domain::ReservePoints>;
  writes.commands = {with, without};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  const auto records = NewReader()->ReadRecords(std::nullopt);
  ASSERT_TRUE(records.ok()) << records.status();
  ASSERT_EQ(records->family.front().commands.size(), 2u);
  EXPECT_EQ(records->family.front().commands[0].inputs, with.record.inputs);
  EXPECT_EQ(records->family.front().commands[1].inputs, domain::Inputs());
}

TEST_F(CountersConformance, TellsOfEveryCounterAndWhatItCounts) {
  EXPECT_THAT(NewReader()->ReadCounters()->used, IsEmpty());
  WriteSet writes = Counting("budget/a", {7, 0});
  for (int64_t number = 1; number <= 6; ++number) {
    domain::LedgerEntry entry = NewEntry(static_cast<uint64_t>(1 + number % 2), number);
    entry.rule_id = std::string(number < 5 ? "a" : "b", number < 3 ? 0 : 1);
    entry.program_version = number < 6 ? 1 : 2;
    writes.entries.push_back(entry);
  }
  ASSERT_TRUE(Commit(*store_, writes).ok());
  const auto counters = NewReader()->ReadCounters();
  ASSERT_TRUE(counters.ok()) << counters.status();
  EXPECT_THAT(counters->used, ElementsAre(Pair("budget/a", 7)));
  std::vector<std::string> given;
  for (const domain::StoredCounters::Given& sum : counters->given) {
    given.push_back(absl::StrCat(sum.rule_id, " by ", sum.program_version, ": ", sum.points));
  }
  EXPECT_THAT(given, UnorderedElementsAre("a by 1: 7", "b by 1: 5", "b by 2: 6"));
}

TEST_F(CountersConformance, FindsWhatDidNotArriveAsItLeft) {
  const auto moved = [](uint64_t member, int64_t number, const std::string& transfer,
                        int64_t points, bool leaves) {
    domain::LedgerEntry entry = NewEntry(member, number);
    entry.kind = domain::EntryKind::kTransfer;
    entry.reference = transfer;
    entry.points = points;
    entry.debit = domain::LedgerAccount::kAvailable;
    entry.credit = domain::LedgerAccount::kTransferred;
    if (!leaves) std::swap(entry.debit, entry.credit);
    return entry;
  };
  WriteSet writes;
  writes.entries = {moved(1, 1, "even", 30, true), moved(1, 2, "even", 12, true),
                    moved(2, 1, "even", 42, false), NewEntry(1, 3)};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  EXPECT_THAT(*NewReader()->FindUnevenTransfers(5), IsEmpty());
  writes.entries = {moved(1, 4, "lost", 5, true), moved(2, 2, "less", 9, true),
                    moved(1, 5, "less", 8, false), moved(2, 3, "made", 7, false)};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  std::vector<std::string> uneven;
  const auto found = NewReader()->FindUnevenTransfers(5);
  ASSERT_TRUE(found.ok()) << found.status();
  for (const domain::UnevenTransfer& transfer : *found) {
    uneven.push_back(absl::StrCat(transfer.reference, " of ", transfer.wallet, ": ", transfer.left,
                                  "/", transfer.arrived));
  }
  EXPECT_THAT(uneven, UnorderedElementsAre("lost of points: 5/0", "less of points: 9/8",
                                           "made of points: 0/7"));
  EXPECT_EQ(NewReader()->FindUnevenTransfers(2)->size(), 2u);
}

}  // namespace
}  // namespace dangol::storage
