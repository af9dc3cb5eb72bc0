// A budget that many draw on at once: what the members are told, what a preview says,
// and what the books say afterwards.

#include <gmock/gmock.h>

#include <atomic>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {
namespace {

constexpr int64_t kBudget = 1'003;

std::string BudgetedProgram(int64_t budget) {
  return absl::StrReplaceAll(ProgramText("budgeted", 10),
                             {{"rates", absl::StrCat("budget: ", budget, " rates")}});
}

class BudgetsTest : public DangoldTest {
 protected:
  void SetUp() override {
    std::ofstream(File("program.txtpb")) << BudgetedProgram(kBudget);
    ASSERT_NO_FATAL_FAILURE(Start({"--program=" + File("program.txtpb")}));
  }

  static v1::Purchase PurchaseOf(const std::string& id, const std::string& card,
                                 int64_t amount_minor) {
    v1::Purchase purchase = SmallPurchase(id, amount_minor);
    *purchase.mutable_member() = Card(card);
    return purchase;
  }

  // Records one; what it earned.
  v1::EarnedPoints Buy(const std::string& id, const std::string& card, int64_t amount_minor) {
    const auto response = MakeClient().RecordPurchase(PurchaseOf(id, card, amount_minor));
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? response->outcome().earned(0) : v1::EarnedPoints();
  }

  void ExpectBooksInOrder() {
    v1::VerifyLedgerRequest request;
    request.set_page_size(1'000);
    const auto verified = MakeClient().VerifyLedger(request);
    ASSERT_TRUE(verified.ok()) << verified.status();
    EXPECT_EQ(verified->findings_size(), 0) << verified->findings(0).message();
    EXPECT_EQ(TotalsOf(MakeClient()).trial_balance(), 0);
  }
};

TEST_F(BudgetsTest, IsGivenToTheLastPointAndNoFurther) {
  constexpr int kCallers = 16;
  constexpr int kPurchases = 20;  // Of 10 points each: three times the budget.
  for (int i = 0; i < kCallers; ++i) Enroll(absl::StrCat(i));
  std::atomic<int64_t> given = 0;
  std::vector<std::thread> callers;
  for (int caller = 0; caller < kCallers; ++caller) {
    callers.emplace_back([&, caller] {
      for (int i = 0; i < kPurchases; ++i) {
        given += Buy(absl::StrCat(caller, "-", i), absl::StrCat(caller), 100).points();
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(given, kBudget);
  EXPECT_EQ(Points(TotalsOf(MakeClient())).issued(), kBudget);
  ExpectBooksInOrder();
}

TEST_F(BudgetsTest, APreviewTellsWhatIsLeft) {
  Enroll("4005");
  EXPECT_FALSE(Buy("p-1", "4005", 10'000).parts(0).budget_exhausted());
  const auto preview = MakeClient().PreviewPurchase(PurchaseOf("p-2", "4005", 100));
  ASSERT_TRUE(preview.ok()) << preview.status();
  EXPECT_EQ(preview->earned(0).points(), 3);
  EXPECT_TRUE(preview->earned(0).parts(0).budget_exhausted());
  EXPECT_FALSE(preview->earned(0).parts(0).capped());
  // A preview takes nothing.
  EXPECT_EQ(Buy("p-2", "4005", 100).points(), 3);
  EXPECT_EQ(Buy("p-3", "4005", 100).points(), 0);
  ExpectBooksInOrder();
}

TEST_F(BudgetsTest, ALaterVersionMayRaiseIt) {
  Enroll("4005");
  EXPECT_EQ(Buy("p-1", "4005", 99'000).points(), kBudget);
  v1::ActivateProgramRequest activate;
  activate.set_program_text(BudgetedProgram(kBudget + 7));
  ASSERT_TRUE(MakeClient().ActivateProgram(activate).ok());
  EXPECT_EQ(Buy("p-2", "4005", 1'000).points(), 7);
  v1::Return goods;
  goods.set_return_id("t-1");
  goods.set_purchase_id("p-1");
  goods.set_amount_minor(99'000);
  ASSERT_TRUE(MakeClient().RecordReturn(goods).ok());
  // What came back to the member's debit does not come back to the budget.
  EXPECT_EQ(Buy("p-3", "4005", 1'000).points(), 0);
  ExpectBooksInOrder();
}

}  // namespace
}  // namespace dangol::e2e
