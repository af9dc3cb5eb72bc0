// The embedded store is copied while the server writes to it, and served from the copy: what
// docs/operations/backup.md says, done.

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "tests/e2e/dangold.h"
#include "tests/e2e/tills.h"
#include "tests/support/test_store.h"

namespace dangol::e2e {
namespace {

class SqliteBackupTest : public DangoldTest {
 protected:
  void SetUp() override {
    if (testing::OnMysql()) GTEST_SKIP() << "is about the file of SQLite";
    DangoldTest::SetUp();
  }
};

TEST_F(SqliteBackupTest, ACopyIsOfOneMoment) {
  for (int i = 0; i < 5; ++i) Enroll(absl::StrCat(i));
  std::vector<std::string> before;
  for (int i = 0; i < 20; ++i) {
    before.push_back(absl::StrCat("before-", i));
    const auto sold = MakeClient().RecordPurchase(
        PurchaseBuilder(before.back(), Card("1")).Currency("GBP").Goods("tea", 1, 100).Build());
    ASSERT_TRUE(sold.ok()) << sold.status();
  }
  Journal journal;
  {
    Tills tills({.tills = 2}, [&](int) -> Tills::Send {
      return [&, client = MakeClient()](const v1::Purchase& sold) mutable {
        journal.Note(sold, client.RecordPurchase(sold));
        return true;
      };
    });
    EXPECT_TRUE(journal.Await(50));
    const std::string path(absl::StripPrefix(store_url(), "sqlite:"));
    const Ended copied =
        RunToEnd({"sqlite3", path, absl::StrCat(".backup ", File("copy.db"))}, File("copy.log"));
    ASSERT_EQ(copied.code, 0) << copied.output;
    EXPECT_TRUE(journal.Await(journal.answered() + 50)) << "nobody waits for it";
  }
  auto served =
      testing::ServerProcess::Start({.store = "sqlite:" + File("copy.db"), .directory = File("")});
  ASSERT_TRUE(served.ok()) << served.status();
  Client there = PatientClient(served->address());
  for (const std::string& id : before) EXPECT_TRUE(there.GetPurchase(id).ok()) << id;
  const int64_t purchases = TotalsOf(there).purchases();
  EXPECT_GE(purchases, 70);
  EXPECT_LT(purchases, TotalsOf(MakeClient()).purchases());
  ExpectSoundBooks(there);
}

}  // namespace
}  // namespace dangol::e2e
