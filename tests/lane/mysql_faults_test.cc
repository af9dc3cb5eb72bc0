// Every error that a database may answer with, and every way in which it may not
// answer, at every statement of a batch: the batch takes effect once, and its
// callers are told so.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/lane/proxied_fixture.h"

namespace dangol::lane {
namespace {

using ::testing::Each;
using ::testing::EndsWith;
using testing::Fault;
using testing::MySqlProxy;
using ::testing::StartsWith;

struct NamedFault {
  std::string name;
  Fault fault;
};

// For gtest, which would print the bytes.
void PrintTo(const NamedFault& named, std::ostream* out) { *out << named.name; }

class MysqlFaultsTest : public ProxiedLaneFixture,
                        public ::testing::WithParamInterface<NamedFault> {
 protected:
  void SetUp() override {
    // Who gives points in every batch, and who gets them.
    RunOne(Enroll("enroll-2", 2));
    for (const char* id : {"a", "b", "c", "d", "e"}) RunOne(Buy(id));
    // Points are due at once, so that lots are loaded too.
    StoreProgram(2, clock_.Now(), "patient");
  }

  // A batch with every kind of statement: a new member, a known one by id and by
  // alias, things that are due, and two members at once.
  std::vector<Request> Batch(int64_t number) {
    std::vector<Request> batch;
    batch.push_back(Enroll(absl::StrCat("enroll ", number), 100 + static_cast<uint64_t>(number)));
    batch.push_back(Buy(absl::StrCat("by id ", number)));
    batch.push_back(BuyByCard(absl::StrCat("by card ", number)));
    batch.push_back(Transfer(absl::StrCat("give ", number), 1, 2));
    return batch;
  }

  // Only a known member, by id: what the store recalls is enough.
  std::vector<Request> SmallBatch(int64_t number) {
    std::vector<Request> batch;
    batch.push_back(Buy(absl::StrCat("by id ", number)));
    return batch;
  }

  // The second member into the first, and back: a transaction for each.
  static std::vector<Request> ThereAndBack(int64_t number) {
    domain::MergeMembers merge;
    merge.member.id = testing::MemberNumber(2);
    merge.member.resolve = domain::Resolve::kToItself;
    merge.into.alias = {"card", "1"};
    merge.into.resolve = domain::Resolve::kToPerson;
    merge.merge_id = absl::StrCat("merge ", number);
    domain::UnmergeMember unmerge;
    unmerge.member.id = merge.member.id;
    unmerge.unmerge_id = absl::StrCat("unmerge ", number);
    std::vector<Request> batch;
    batch.push_back(NewRequest(storage::RequestScope::kRequest, merge.merge_id, merge));
    batch.push_back(NewRequest(storage::RequestScope::kRequest, unmerge.unmerge_id, unmerge));
    return batch;
  }

  // Runs a batch with `fault` at a statement; whether there is such a statement.
  bool RunWithFaultAt(int64_t statement, const Fault& fault,
                      const std::function<std::vector<Request>(int64_t)>& batch) {
    const int64_t before = StoredPurchases();
    bool met = false;
    proxy_->OnStatement([&, statement](const MySqlProxy::Statement& sent) {
      if (sent.number != statement) return Fault::None();
      met = true;
      return fault;
    });
    const std::vector<std::string> first = Run(batch(statement));
    proxy_->OnStatement(nullptr);
    SCOPED_TRACE(absl::StrCat(GetParam().name, " at statement ", statement));
    for (const std::string& answer : first) {
      // Not "again": nobody has asked for it before.
      EXPECT_THAT(answer, ::testing::AnyOf("done", ::testing::ContainsRegex("^by .* [0-9]+$"),
                                           ::testing::ContainsRegex("^given, [0-9]+ left$")));
    }
    const auto purchases = std::count_if(first.begin(), first.end(), [](const std::string& answer) {
      return absl::StartsWith(answer, "by ");
    });
    EXPECT_EQ(StoredPurchases(), before + purchases);
    EXPECT_THAT(Run(batch(statement)), Each(EndsWith(" again")));
    EXPECT_EQ(StoredPurchases(), before + purchases);
    return met;
  }

  void ExpectBooksToBalance() {
    const auto totals = (*real_store_->NewReader())->Totals(absl::InfinitePast(), [](auto&) {});
    ASSERT_TRUE(totals.ok()) << totals.status();
    for (const auto& [wallet, sums] : totals->wallets) {
      int64_t trial_balance = 0;
      absl::flat_hash_map<domain::LedgerAccount, int64_t> ledger = sums.ledger;
      for (const auto& [account, points] : ledger) trial_balance += points;
      EXPECT_EQ(trial_balance, 0) << wallet;
      EXPECT_EQ(ledger[domain::LedgerAccount::kAvailable], sums.available) << wallet;
      EXPECT_EQ(ledger[domain::LedgerAccount::kPending], sums.pending) << wallet;
      EXPECT_EQ(ledger[domain::LedgerAccount::kTransferred], 0) << wallet;
    }
  }
};

TEST_P(MysqlFaultsTest, AtEveryStatementOfABatch) {
  int64_t statement = 0;
  bool met = true;
  while (met && !HasFailure()) {
    clock_.Set(clock_.Now() + absl::Hours(36));
    met = RunWithFaultAt(++statement, GetParam().fault,
                         [this](int64_t number) { return Batch(number); });
  }
  // Fewer, and the batch has not gone through what it is meant to go through.
  EXPECT_GT(statement, 15);
  ExpectBooksToBalance();
}

TEST_P(MysqlFaultsTest, AtEveryStatementOfABatchThatIsNotLoaded) {
  int64_t statement = 0;
  bool met = true;
  while (met && !HasFailure()) {
    RunUntilRecalled();
    met = RunWithFaultAt(++statement, GetParam().fault,
                         [this](int64_t number) { return SmallBatch(number); });
  }
  // The tables that a purchase goes into, and COMMIT.
  EXPECT_GT(statement, 7);
  ExpectBooksToBalance();
}

TEST_P(MysqlFaultsTest, AtEveryStatementOfAMergeAndOfWhatUndoesIt) {
  for (const char* id : {"f", "g"}) RunOne(Buy(id, 2));
  clock_.Set(clock_.Now() + absl::Hours(36));
  ASSERT_EQ(RunOne(Redeem("before", 1, 2)), "spent, 19 left");
  int64_t statement = 0;
  bool met = true;
  while (met && !HasFailure()) {
    met = RunWithFaultAt(++statement, GetParam().fault, ThereAndBack);
  }
  EXPECT_GT(statement, 40);
  EXPECT_EQ(RunOne(Redeem("after", 1, 2)), "spent, 18 left");
  EXPECT_EQ(RunOne(Redeem("after too", 1, 1)), "spent, 49 left");
  ExpectBooksToBalance();
}

INSTANTIATE_TEST_SUITE_P(
    Faults, MysqlFaultsTest,
    ::testing::Values(
        NamedFault{"LockWaitTimeout1205", Fault::Error(1205, "HY000", "lock wait timeout")},
        NamedFault{"Deadlock1213", Fault::ErrorAfterRollback(1213, "40001", "deadlock")},
        NamedFault{"CertificationFailed1213", Fault::Error(1213, "40001", "conflict")},
        NamedFault{"SerializationFailure40001", Fault::Error(3101, "40001", "conflict")},
        NamedFault{"GaleraNotReady1047", Fault::Error(1047, "08S01", "not prepared")},
        NamedFault{"CommitConflict8022", Fault::Error(8022, "HY000", "can be retried")},
        NamedFault{"SchemaChanged8028", Fault::Error(8028, "HY000", "schema changed")},
        NamedFault{"WriteConflict9007", Fault::Error(9007, "HY000", "write conflict")},
        NamedFault{"Shutdown1053", Fault::Error(1053, "08S01", "shutdown in progress")},
        NamedFault{"ReadOnly1290", Fault::Error(1290, "HY000", "read-only")},
        NamedFault{"GoneBefore2006", Fault::CutBefore()},
        NamedFault{"AnswerLost2013", Fault::CutAfter()},
        NamedFault{"CutWhileItRuns2013", Fault::CutAtOnce()}),
    [](const ::testing::TestParamInfo<NamedFault>& test) { return test.param.name; });

}  // namespace
}  // namespace dangol::lane
