// Points that expire when their member does nothing for thirty days.

#include <gmock/gmock.h>

#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {
namespace {

const absl::TimeZone kSeoul = absl::FixedTimeZone(9 * 3'600);

// The end of the thirtieth day after that of `time`.
absl::Time EndAfter(absl::Time time) {
  return absl::FromCivil(absl::ToCivilDay(time, kSeoul) + 31, kSeoul);
}

class InactivityTest : public DangoldTest {
 protected:
  void SetUp() override {
    std::ofstream(File("program.txtpb")) << R"(
name: "inactivity"
time_zone: "Asia/Seoul"
currencies { code: "GBP" minor_digits: 2 }
wallets { id: "points" expiry { inactivity { days: 30 } } }
earning_rules { id: "base" wallet: "points" rates { currency: "GBP" points: 1 per_minor: 1 } }
adjustment_reasons { code: "goodwill" max_points: 1000 }
)";
    ASSERT_NO_FATAL_FAILURE(Start({"--program=" + File("program.txtpb")}));
    Enroll("4005");
  }

  v1::PurchaseOutcome Buy(const std::string& id, int64_t points, absl::Time occurred_at) {
    v1::Purchase purchase = SmallPurchase(id, points);
    *purchase.mutable_occurred_at() = ToTimestamp(occurred_at);
    const auto response = MakeClient().RecordPurchase(purchase);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? response->outcome() : v1::PurchaseOutcome();
  }

  void Adjust(int64_t points) {
    v1::AdjustPointsRequest request;
    *request.mutable_member() = Card("4005");
    request.set_points(points);
    request.set_reason("goodwill");
    const auto response = MakeClient().AdjustPoints(request);
    ASSERT_TRUE(response.ok()) << response.status();
  }

  void Redeem(int64_t points) {
    v1::RedeemPointsRequest request;
    *request.mutable_member() = Card("4005");
    request.set_points(points);
    const auto response = MakeClient().RedeemPoints(request);
    ASSERT_TRUE(response.ok()) << response.status();
  }

  // Expects that so many points are available, and that all of them expire then.
  void ExpectExpiry(int64_t points, absl::Time at) {
    const v1::WalletBalance balance = MakeClient().GetBalance(Card("4005")).value().wallets(0);
    EXPECT_EQ(balance.available(), points);
    ASSERT_EQ(balance.expiring_size(), 1);
    EXPECT_EQ(ToTime(balance.expiring(0).at()), at);
    EXPECT_EQ(balance.expiring(0).points(), points);
    EXPECT_EQ(AvailableAt(at - absl::Seconds(1)), points);
    EXPECT_EQ(AvailableAt(at), 0);
    // And the whole program says so, too.
    const v1::WalletLiability liability = MakeClient().GetLiability().value().wallets(0);
    ASSERT_EQ(liability.expiring_size(), 1);
    EXPECT_EQ(
        liability.expiring(0).month(),
        absl::FormatCivilTime(absl::CivilMonth(absl::ToCivilDay(at - absl::Seconds(1), kSeoul))));
    EXPECT_EQ(liability.expiring(0).points(), points);
  }

  int64_t AvailableAt(absl::Time time) {
    return MakeClient().GetBalance(Card("4005"), time).value().wallets(0).available();
  }

  void ExpectCleanBooks() {
    const auto verified = MakeClient().VerifyLedger({});
    ASSERT_TRUE(verified.ok()) << verified.status();
    EXPECT_EQ(verified->findings_size(), 0) << verified->ShortDebugString();
    EXPECT_EQ(verified->members(), 1);
  }

  const absl::Time now_ = absl::Now();
  const absl::Time ten_days_ago_ = now_ - absl::Hours(24 * 10);
};

TEST_F(InactivityTest, WhatAMemberDoesBeginsThePeriodAnew) {
  const v1::PurchaseOutcome outcome = Buy("p-1", 100, ten_days_ago_);
  EXPECT_EQ(ToTime(outcome.earned(0).expires_at()), EndAfter(ten_days_ago_));
  ASSERT_NO_FATAL_FAILURE(ExpectExpiry(100, EndAfter(ten_days_ago_)));

  // Five days ago; and one of a week before that says nothing new.
  const absl::Time later = now_ - absl::Hours(24 * 5);
  Buy("p-2", 10, later);
  ASSERT_NO_FATAL_FAILURE(ExpectExpiry(110, EndAfter(later)));
  EXPECT_EQ(ToTime(Buy("p-3", 1, now_ - absl::Hours(24 * 12)).earned(0).expires_at()),
            EndAfter(later));
  ASSERT_NO_FATAL_FAILURE(ExpectExpiry(111, EndAfter(later)));

  Redeem(11);
  ASSERT_NO_FATAL_FAILURE(ExpectExpiry(100, EndAfter(absl::Now())));
  ExpectCleanBooks();
}

TEST_F(InactivityTest, WhatWasEarnedLongAgoAndNotFollowedByAnythingIsGone) {
  Buy("p-1", 100, now_ - absl::Hours(24 * 40));
  EXPECT_EQ(AvailableAt(absl::Now()), 0);
  Adjust(50);  // Lives from now on.
  ASSERT_NO_FATAL_FAILURE(ExpectExpiry(50, EndAfter(absl::Now())));
  const v1::WalletTotals totals = Points(TotalsOf(MakeClient()));
  EXPECT_EQ(totals.expired(), 100);
  ExpectCleanBooks();
}

TEST_F(InactivityTest, HeldPointsComeBackToWhereTheyWere) {
  Buy("p-1", 100, ten_days_ago_);
  v1::ReservePointsRequest reserve;
  reserve.set_request_id("r-1");
  *reserve.mutable_member() = Card("4005");
  reserve.set_points(40);
  ASSERT_TRUE(MakeClient().ReservePoints(reserve).ok());
  v1::VoidReservationRequest release;
  release.set_reservation_id("r-1");
  ASSERT_TRUE(MakeClient().VoidReservation(release).ok());
  ASSERT_NO_FATAL_FAILURE(ExpectExpiry(100, EndAfter(absl::Now())));
  ExpectCleanBooks();
}

// After a restart everything is as it was stored.
TEST_F(InactivityTest, SurvivesARestart) {
  Buy("p-1", 100, ten_days_ago_);
  Kill();
  ASSERT_NO_FATAL_FAILURE(Start());
  ASSERT_NO_FATAL_FAILURE(ExpectExpiry(100, EndAfter(ten_days_ago_)));
}

}  // namespace
}  // namespace dangol::e2e
