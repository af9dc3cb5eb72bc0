// Every error that a database may answer with, and every way in which it may not
// answer, at every statement of a batch: the batch takes effect once, and its
// callers are told so.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/lane/fixture.h"
#include "tests/support/mariadb.h"
#include "tests/support/mysql_proxy.h"

namespace dangol::lane {
namespace {

using ::testing::Each;
using ::testing::EndsWith;
using testing::Fault;
using testing::MySqlProxy;

struct NamedFault {
  std::string name;
  Fault fault;
};

// For gtest, which would print the bytes.
void PrintTo(const NamedFault& named, std::ostream* out) { *out << named.name; }

// The proxy outlives the store that goes through it.
class ProxyHolder {
 protected:
  std::string Via(const std::string& url) {
    const int port = testing::SharedMariaDb().port();
    proxy_ = *MySqlProxy::Start(port);
    return absl::StrReplaceAll(url, {{absl::StrCat(":", port), absl::StrCat(":", proxy_->port())}});
  }

  std::unique_ptr<MySqlProxy> proxy_;
};

class MysqlFaultsTest : private ProxyHolder,
                        public LaneFixture,
                        public ::testing::WithParamInterface<NamedFault> {
 protected:
  MysqlFaultsTest() : LaneFixture([this](const std::string& url) { return Via(url); }) {}

  void SetUp() override {
    // Points are due at once, so that lots are loaded too.
    StoreProgram(2, clock_.Now(), "patient");
  }

  // A batch with every kind of statement: a new member, a known one by id and by
  // alias, and things that are due.
  std::vector<Request> Batch(int64_t number) {
    std::vector<Request> batch;
    batch.push_back(Enroll(absl::StrCat("enroll ", number), 100 + static_cast<uint64_t>(number)));
    batch.push_back(Buy(absl::StrCat("by id ", number)));
    batch.push_back(BuyByCard(absl::StrCat("by card ", number)));
    return batch;
  }

  // Runs a batch with `fault` at a statement; whether there is such a statement.
  bool RunWithFaultAt(int64_t statement, const Fault& fault) {
    clock_.Set(clock_.Now() + absl::Hours(36));
    const int64_t before = StoredPurchases();
    bool met = false;
    proxy_->OnStatement([&, statement](const MySqlProxy::Statement& sent) {
      if (sent.number != statement) return Fault::None();
      met = true;
      return fault;
    });
    const std::vector<std::string> first = Run(Batch(statement));
    proxy_->OnStatement(nullptr);
    SCOPED_TRACE(absl::StrCat(GetParam().name, " at statement ", statement));
    EXPECT_EQ(first.size(), 3u);
    for (const std::string& answer : first) {
      // Not "again": nobody has asked for it before.
      EXPECT_THAT(answer, ::testing::AnyOf("done", ::testing::ContainsRegex("^by .* [0-9]+$")));
    }
    EXPECT_EQ(StoredPurchases(), before + 2);
    EXPECT_THAT(Run(Batch(statement)), Each(EndsWith(" again")));
    EXPECT_EQ(StoredPurchases(), before + 2);
    return met;
  }

  void ExpectBooksToBalance() {
    const auto totals = (*real_store_->NewReader())->Totals(absl::InfinitePast(), [](auto&) {});
    ASSERT_TRUE(totals.ok()) << totals.status();
    for (const auto& [wallet, sums] : totals->wallets) {
      int64_t trial_balance = 0;
      for (const auto& [account, points] : sums.ledger) trial_balance += points;
      EXPECT_EQ(trial_balance, 0) << wallet;
      EXPECT_EQ(sums.ledger.at(domain::LedgerAccount::kAvailable), sums.available) << wallet;
      EXPECT_EQ(sums.ledger.at(domain::LedgerAccount::kPending), sums.pending) << wallet;
    }
  }
};

TEST_P(MysqlFaultsTest, AtEveryStatementOfABatch) {
  int64_t statement = 1;
  while (RunWithFaultAt(statement, GetParam().fault) && !HasFailure()) ++statement;
  // Fewer, and the batch has not gone through what it is meant to go through.
  EXPECT_GT(statement, 15);
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
