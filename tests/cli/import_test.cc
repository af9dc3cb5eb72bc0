#include "cli/import/import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dangol/client.h"
#include "fake_server.h"

namespace dangol::cli {
namespace {

using testing::ElementsAre;
using testing::Pair;

// Purchases that are simply there.
// Those with an id that begins with C are returns.
class GivenPurchases : public PurchaseSource {
 public:
  explicit GivenPurchases(std::vector<v1::Purchase> purchases, absl::Status end = absl::OkStatus())
      : purchases_(std::move(purchases)), end_(std::move(end)) {}

  absl::StatusOr<bool> Next(ReadPurchase& purchase) override {
    if (next_ == purchases_.size()) {
      if (!end_.ok()) return end_;
      return false;
    }
    purchase.purchase = purchases_[next_++];
    purchase.rows = {{.line = static_cast<int64_t>(next_) + 1, .text = "a \"row\""}};
    purchase.is_return = purchase.purchase.purchase_id().starts_with("C");
    return true;
  }
  int64_t rows_read() const override { return static_cast<int64_t>(next_); }

 private:
  const std::vector<v1::Purchase> purchases_;
  const absl::Status end_;
  size_t next_ = 0;
};

class ImportTest : public testing::Test {
 protected:
  ImportTest() {
    options_.sleep = [](absl::Duration) {};
    options_.batch_purchases = 7;
  }

  absl::StatusOr<ImportTotals> Import(std::vector<v1::Purchase> purchases,
                                      absl::Status end = absl::OkStatus()) {
    GivenPurchases source(std::move(purchases), std::move(end));
    ImportReport report;
    return ImportPurchases(source, "KRW", Client(server_), options_, report, [](int64_t) {});
  }

  // 40 customers who take turns.
  static std::vector<v1::Purchase> ManyPurchases() {
    std::vector<v1::Purchase> purchases;
    for (int i = 0; i < 1000; ++i) {
      purchases.push_back(MakePurchase(absl::StrCat("p", i), absl::StrCat("c", i % 40), i));
    }
    return purchases;
  }

  std::shared_ptr<testing::NiceMock<FakeServer>> server_ = MakeFakeServer();
  SenderOptions options_;
};

TEST_F(ImportTest, RecordsEverythingInTheOrderOfEachMember) {
  const auto totals = Import(ManyPurchases());
  ASSERT_TRUE(totals.ok()) << totals.status();
  EXPECT_EQ(totals->rows_read, 1000);
  EXPECT_EQ(totals->purchases_recorded, 1000);
  EXPECT_EQ(totals->purchases_replayed, 0);
  EXPECT_EQ(totals->members_enrolled, 40);
  EXPECT_THAT(totals->amount_minor, ElementsAre(Pair("GBP", 999 * 1000 / 2)));

  const auto recorded = server_->purchases();
  ASSERT_EQ(recorded.size(), 40);
  for (const auto& [customer, purchases] : recorded) {
    ASSERT_EQ(purchases.size(), 25) << customer;
    for (size_t i = 1; i < purchases.size(); ++i) {
      EXPECT_LT(purchases[i - 1].lines(0).amount_minor(), purchases[i].lines(0).amount_minor());
    }
  }
  for (const int size : server_->batch_sizes()) EXPECT_LE(size, 7);
}

TEST_F(ImportTest, ChangesNothingTheSecondTime) {
  ASSERT_TRUE(Import(ManyPurchases()).ok());
  const auto totals = Import(ManyPurchases());
  ASSERT_TRUE(totals.ok());
  EXPECT_EQ(totals->purchases_recorded, 0);
  EXPECT_EQ(totals->purchases_replayed, 1000);
  EXPECT_EQ(totals->members_enrolled, 0);
}

TEST_F(ImportTest, StopsWhenTheServerIsGoneAndGoesOnLater) {
  std::vector<absl::Status> failures(20, absl::OkStatus());
  failures.push_back(absl::UnavailableError("gone"));
  server_->FailBatches(failures);
  EXPECT_EQ(Import(ManyPurchases()).status(), absl::UnavailableError("gone"));
  server_->FailBatches({});
  const auto totals = Import(ManyPurchases());
  ASSERT_TRUE(totals.ok()) << totals.status();
  EXPECT_GT(totals->purchases_replayed, 0);
  EXPECT_GT(totals->purchases_recorded, 0);
  EXPECT_EQ(totals->purchases_replayed + totals->purchases_recorded, 1000);
  size_t recorded = 0;
  for (const auto& [customer, purchases] : server_->purchases()) recorded += purchases.size();
  EXPECT_EQ(recorded, 1000);
}

TEST_F(ImportTest, ReturnsKeepTheirPlaceInTheOrderOfEachMember) {
  // Every third is a return.
  std::vector<v1::Purchase> purchases;
  for (int i = 0; i < 900; ++i) {
    purchases.push_back(
        MakePurchase(absl::StrCat(i % 3 == 2 ? "C" : "p", 1'000 + i), absl::StrCat("c", i % 20)));
  }
  for (int run = 0; run < 2; ++run) {
    const auto totals = Import(purchases);
    ASSERT_TRUE(totals.ok()) << totals.status();
    EXPECT_EQ(totals->purchases_recorded, run == 0 ? 600 : 0);
    EXPECT_EQ(totals->purchases_replayed, run == 0 ? 0 : 600);
    EXPECT_EQ(totals->returns_recorded, run == 0 ? 300 : 0);
    EXPECT_EQ(totals->returns_replayed, run == 0 ? 0 : 300);
    EXPECT_EQ(totals->returned_lines, 300);
  }
  for (const auto& [customer, ids] : server_->history()) {
    ASSERT_EQ(ids.size(), 45) << customer;
    for (size_t i = 1; i < ids.size(); ++i) EXPECT_LT(ids[i - 1].substr(1), ids[i].substr(1));
  }
}

TEST_F(ImportTest, StopsWhenTheFileCannotBeRead) {
  EXPECT_EQ(Import(ManyPurchases(), absl::DataLossError("bad disk")).status(),
            absl::DataLossError("bad disk"));
}

TEST_F(ImportTest, KeepsBatchesBelowTheLimitOfBytes) {
  options_.batch_purchases = 1000;
  options_.batch_bytes = 20'000;
  options_.parallel_calls = 1;
  std::vector<v1::Purchase> purchases;
  for (int i = 0; i < 200; ++i) {
    v1::Purchase purchase = MakePurchase(absl::StrCat("p", i), "m");
    purchase.mutable_lines(0)->set_sku(std::string(900, 'x'));
    purchases.push_back(purchase);
  }
  ASSERT_TRUE(Import(purchases).ok());
  EXPECT_GT(server_->largest_batch_bytes(), 15'000);
  // The frame around each purchase takes a few bytes more.
  EXPECT_LT(server_->largest_batch_bytes(), 21'000);
}

TEST_F(ImportTest, PutsTheCurrencyWhereThereIsNone) {
  v1::Purchase bare = MakePurchase("a", "m", 500);
  bare.clear_currency();
  const auto totals = Import({bare, MakePurchase("b", "m", 7)});
  ASSERT_TRUE(totals.ok());
  EXPECT_THAT(totals->amount_minor, ElementsAre(Pair("GBP", 7), Pair("KRW", 500)));
}

TEST(ImportReport, WritesRejectedRows) {
  const std::string path =
      std::filesystem::path(testing::TempDir()) / absl::StrCat("rejects_", getpid(), ".csv");
  ImportReport report;
  ASSERT_TRUE(report.OpenRejects(path).ok());
  report.Reject({.line = 7, .text = "a,\"b\"\nc"}, {.reason = "BAD", .detail = "no, \"really\""});
  ASSERT_TRUE(report.Close().ok());
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  EXPECT_EQ(text.str(),
            "line,reason,row,detail\n7,BAD,\"a,\"\"b\"\"\nc\",\"no, \"\"really\"\"\"\n");
  std::filesystem::remove(path);
  EXPECT_EQ(report.totals().rows_rejected(), 1);
}

TEST(ImportReport, SaysWhenRejectedRowsCannotBeWritten) {
  ImportReport unopened;
  EXPECT_FALSE(unopened.OpenRejects("/no/such/folder/rejects.csv").ok());
  ImportReport full;
  ASSERT_TRUE(full.OpenRejects("/dev/full").ok());
  full.Reject({.line = 1, .text = "x"}, {.reason = "BAD", .detail = ""});
  EXPECT_EQ(full.Close().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace dangol::cli
