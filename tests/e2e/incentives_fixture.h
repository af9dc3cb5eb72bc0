#ifndef DANGOL_TESTS_E2E_INCENTIVES_FIXTURE_H_
#define DANGOL_TESTS_E2E_INCENTIVES_FIXTURE_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {

// Purchases earn nothing in it: all points are awards, of 1,000 each.
inline std::string Incentive(const std::string& id, const std::string& kind,
                             const std::string& more = "") {
  return absl::StrCat("incentives { id: \"", id, "\" name: \"", id, "\" ", kind,
                      " reward { wallet: \"stars\" points: 1000 } ", more, " }\n");
}

inline constexpr char kStars[] = "wallets { id: \"stars\" expiry { never {} } }\n";

inline std::string DayBefore(int days) {
  return absl::FormatCivilTime(absl::ToCivilDay(absl::Now(), absl::UTCTimeZone()) - days);
}

class IncentivesTest : public DangoldTest {
 protected:
  void SetUp() override {}

  void StartWith(const std::string& more) {
    const std::string file = File("program.txtpb");
    std::ofstream(file) << ProgramText("incentives", 10) << kStars << more;
    ASSERT_NO_FATAL_FAILURE(Start({"--program=" + file}));
    Enroll("4005");
  }

  v1::Purchase PurchaseOf(const std::string& id, int days_ago, int64_t pence = 1'000,
                          const std::string& card = "4005") {
    v1::Purchase purchase = SmallPurchase(id, pence);
    *purchase.mutable_member() = Card(card);
    *purchase.mutable_occurred_at() = ToTimestamp(absl::Now() - absl::Hours(24 * days_ago));
    return purchase;
  }

  v1::PurchaseOutcome Buy(const std::string& id, int days_ago, int64_t pence = 1'000,
                          const std::string& card = "4005") {
    const v1::Purchase purchase = PurchaseOf(id, days_ago, pence, card);
    const auto preview = MakeClient().PreviewPurchase(purchase);
    const auto response = MakeClient().RecordPurchase(purchase);
    EXPECT_TRUE(response.ok() && preview.ok()) << response.status() << preview.status();
    if (!response.ok() || !preview.ok()) return {};
    // A preview says what the purchase would earn, complete or break.
    EXPECT_EQ(preview->incentives_size(), response->outcome().incentives_size());
    EXPECT_EQ(preview->awards_size(), response->outcome().awards_size());
    return response->outcome();
  }

  void BringBack(const std::string& return_id, const std::string& purchase_id) {
    const auto back = MakeClient().RecordReturn(
        ReturnBuilder::OfPurchase(return_id, purchase_id).EverythingLeft().Build());
    ASSERT_TRUE(back.ok()) << back.status();
  }

  int64_t Stars(const std::string& card = "4005") {
    const auto balance = MakeClient().GetBalance(Card(card));
    EXPECT_TRUE(balance.ok()) << balance.status();
    if (!balance.ok()) return -1;
    for (const v1::WalletBalance& wallet : balance->wallets()) {
      if (wallet.wallet() == "stars") return wallet.available();
    }
    return 0;
  }

  // "2026-01-31 incentive:card", the newest first, with "!" where it has fallen.
  std::vector<std::string> Awards(const std::string& card = "4005") {
    v1::ListAwardsRequest request;
    *request.mutable_member() = Card(card);
    request.set_page_size(1);
    std::vector<std::string> told;
    for (const auto& award : MakeClient().ListAwards(request)) {
      EXPECT_TRUE(award.ok()) << award.status();
      if (!award.ok()) break;
      told.push_back(absl::StrCat(award->day(), " ", award->cause(), award->fallen() ? "!" : ""));
    }
    return told;
  }

  v1::ListProgressResponse Progress(const std::string& card = "4005") {
    v1::ListProgressRequest request;
    *request.mutable_member() = Card(card);
    const auto response = MakeClient().ListProgress(request);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.value_or(v1::ListProgressResponse());
  }
};

}  // namespace dangol::e2e

#endif  // DANGOL_TESTS_E2E_INCENTIVES_FIXTURE_H_
