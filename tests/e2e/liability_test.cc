// What the program owes its members, held against what each of them is told.

#include <gmock/gmock.h>

#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "tests/e2e/dangold.h"
#include "tests/e2e/online_retail.h"

namespace dangol::e2e {
namespace {

using Months = std::map<std::string, int64_t>;

const absl::TimeZone kSeoul = absl::FixedTimeZone(9 * 3'600);

std::string MonthOf(absl::Time time) {
  return absl::FormatCivilTime(absl::CivilMonth(absl::ToCivilDay(time, kSeoul)));
}

template <typename Field>
Months ToMap(const Field& months) {
  Months map;
  for (const v1::MonthPoints& month : months) map[month.month()] = month.points();
  return map;
}

int64_t SumOf(const Months& months) {
  int64_t sum = 0;
  for (const auto& [month, points] : months) sum += points;
  return sum;
}

class LiabilityTest : public DangoldTest {
 protected:
  // Points are worth a tenth of a penny, and live for three months.
  void SetUp() override {
    std::ofstream(File("program.txtpb")) << R"(
name: "liability"
time_zone: "Asia/Seoul"
currencies { code: "GBP" minor_digits: 2 }
wallets {
  id: "points"
  expiry { after { months: 3 } }
  value { currency: "GBP" minor: 1 per_points: 10 }
}
earning_rules { id: "base" wallet: "points" rates { currency: "GBP" points: 1 per_minor: 1 } }
adjustment_reasons { code: "goodwill" max_points: 1000 }
)";
    ASSERT_NO_FATAL_FAILURE(Start({"--program=" + File("program.txtpb")}));
  }

  void Buy(const std::string& card, const std::string& id, int64_t minor, absl::Time occurred_at) {
    v1::Purchase purchase = SmallPurchase(id, minor);
    *purchase.mutable_member() = Card(card);
    *purchase.mutable_occurred_at() = ToTimestamp(occurred_at);
    const auto response = MakeClient().RecordPurchase(purchase);
    ASSERT_TRUE(response.ok()) << response.status();
  }

  v1::WalletLiability Liability() {
    const auto liability = MakeClient().GetLiability();
    EXPECT_TRUE(liability.ok()) << liability.status();
    if (!liability.ok() || liability->wallets_size() != 1) return {};
    return liability->wallets(0);
  }

  // Asks every member for their balance, and expects the same in all. What is held is in
  // no member's schedule: `held` has it by month of expiry.
  void ExpectSumOfMembers(const v1::WalletLiability& liability, Months held = {}) {
    int64_t pending = 0;
    int64_t available = 0;
    int64_t held_points = 0;
    Months expiring = std::move(held);
    for (const absl::StatusOr<v1::Member>& member : MakeClient().ListMembers()) {
      ASSERT_TRUE(member.ok()) << member.status();
      const auto balance = MakeClient().GetBalance(MemberById(member->member_id()));
      ASSERT_TRUE(balance.ok()) << balance.status();
      const v1::WalletBalance& wallet = balance->wallets(0);
      pending += wallet.pending();
      available += wallet.available();
      held_points += wallet.held();
      for (const v1::PointsDue& due : wallet.expiring()) {
        expiring[MonthOf(ToTime(due.at()) - absl::Microseconds(1))] += due.points();
      }
    }
    EXPECT_EQ(liability.pending(), pending);
    EXPECT_EQ(liability.available() - liability.owed(), available);
    EXPECT_EQ(liability.held(), held_points);
    EXPECT_EQ(liability.outstanding(),
              liability.pending() + liability.available() + liability.held());
    EXPECT_EQ(ToMap(liability.expiring()), expiring);
    EXPECT_EQ(SumOf(ToMap(liability.earned())), liability.outstanding());
    const v1::WalletTotals totals = Points(TotalsOf(MakeClient()));
    EXPECT_EQ(totals.pending(), pending);
    EXPECT_EQ(totals.available(), available);
    EXPECT_EQ(totals.held(), held_points);
  }
};

TEST_F(LiabilityTest, NobodyIsOwedAnythingAtFirst) {
  const v1::WalletLiability liability = Liability();
  EXPECT_EQ(liability.wallet(), "points");
  EXPECT_EQ(liability.outstanding(), 0);
  EXPECT_EQ(liability.cost().currency(), "GBP");
  EXPECT_EQ(liability.cost().minor(), 0);
}

TEST_F(LiabilityTest, IsTheSumOfWhatMembersAreTold) {
  const absl::Time now = absl::Now();
  const auto ago = [&](int days) { return now - absl::Hours(24 * days); };
  for (const char* card : {"1", "2", "3"}) Enroll(card);
  Buy("1", "p-1", 100, ago(0));
  Buy("1", "p-2", 200, ago(40));
  Buy("2", "p-3", 400, ago(40));
  Buy("2", "p-4", 800, ago(200));  // Has expired.
  Buy("3", "p-5", 50, ago(10));

  v1::ReservePointsRequest reserve;
  *reserve.mutable_member() = Card("2");
  reserve.set_points(150);
  ASSERT_TRUE(MakeClient().ReservePoints(reserve).ok());
  v1::RedeemPointsRequest redeem;
  *redeem.mutable_member() = Card("3");
  redeem.set_points(50);
  ASSERT_TRUE(MakeClient().RedeemPoints(redeem).ok());
  v1::Return goods;
  goods.set_return_id("r-1");
  goods.set_purchase_id("p-5");
  goods.set_amount_minor(30);
  ASSERT_TRUE(MakeClient().RecordReturn(goods).ok());

  const v1::WalletLiability liability = Liability();
  EXPECT_EQ(liability.outstanding(), 700);
  EXPECT_EQ(liability.held(), 150);
  EXPECT_EQ(liability.owed(), 30);
  EXPECT_EQ(liability.cost().minor(), 70);
  Months earned;
  earned[MonthOf(ago(0))] += 100;
  earned[MonthOf(ago(40))] += 600;
  EXPECT_EQ(ToMap(liability.earned()), earned);
  const absl::CivilDay day = absl::ToCivilDay(ago(40), kSeoul);
  const absl::CivilMonth expires = absl::CivilMonth(day) + 3;
  ExpectSumOfMembers(liability, {{absl::FormatCivilTime(expires), 150}});
}

// Early on the first of a month in Seoul it is the month before in London.
TEST_F(LiabilityTest, AChangeOfTheZoneLeavesClosedMonthsAsTheyWere) {
  Enroll("1");
  const absl::CivilMonth last_month = absl::CivilMonth(absl::ToCivilDay(absl::Now(), kSeoul)) - 1;
  Buy("1", "p-1", 100, absl::FromCivil(absl::CivilDay(last_month), kSeoul) + absl::Hours(1));
  const Months earned = {{absl::FormatCivilTime(last_month), 100}};
  EXPECT_EQ(ToMap(Liability().earned()), earned);
  for (const char* zone : {"Europe/London", "America/New_York"}) {
    v1::ActivateProgramRequest request;
    request.set_program_text(absl::StrReplaceAll(MakeClient().GetProgram(1).value().program_text(),
                                                 {{"Asia/Seoul", zone}}));
    ASSERT_TRUE(MakeClient().ActivateProgram(request).ok());
    EXPECT_EQ(ToMap(Liability().earned()), earned);
  }
}

// All points of whole months have expired, so it is expected of others.
TEST_F(LiabilityTest, ExpectsOfPointsWhatBecameOfOthers) {
  Enroll("1");
  const absl::CivilMonth month(absl::ToCivilDay(absl::Now(), kSeoul));
  const auto day_of = [&](int months_ago) {
    return absl::FromCivil(absl::CivilDay(month - months_ago), kSeoul) + absl::Hours(12);
  };
  for (int ago = 12; ago >= 5; --ago) Buy("1", absl::StrCat("old-", ago), 1'000, day_of(ago));
  v1::WalletLiability liability = Liability();
  EXPECT_EQ(liability.outstanding(), 0);
  EXPECT_EQ(liability.history_months(), 12);
  Buy("1", "new", 600, absl::Now());
  liability = Liability();
  EXPECT_EQ(liability.outstanding(), 600);
  EXPECT_EQ(liability.beyond_history(), 0);
  EXPECT_EQ(liability.expected_to_expire(), 600);
  EXPECT_EQ(liability.cost().minor(), 60);
  EXPECT_EQ(liability.cost().expected_minor(), 0);
  // Who is new spends nearly all of theirs at once; those are of no whole month yet.
  v1::RedeemPointsRequest redeem;
  *redeem.mutable_member() = Card("1");
  redeem.set_points(400);
  ASSERT_TRUE(MakeClient().RedeemPoints(redeem).ok());
  EXPECT_EQ(Liability().expected_to_expire(), 200);
}

// The purchases alone: what returns take depends on what there is to take it from.
class HistoryLiabilityTest : public DangoldTest, public ::testing::WithParamInterface<History> {
 protected:
  void SetUp() override {
    std::ofstream(File("program.txtpb")) << R"(
name: "history"
time_zone: "Europe/London"
currencies { code: "GBP" minor_digits: 2 }
wallets {
  id: "points"
  expiry { year_end { years: 40 } }
  value { currency: "GBP" minor: 1 per_points: 100 }
}
earning_rules { id: "base" wallet: "points" rates { currency: "GBP" points: 1 per_minor: 10 } }
)";
    ASSERT_NO_FATAL_FAILURE(Start({"--program=" + File("program.txtpb")}));
  }
};

INSTANTIATE_TEST_SUITE_P(, HistoryLiabilityTest, ::testing::ValuesIn(Histories()), NameOf);

TEST_P(HistoryLiabilityTest, IsWhatTheFileSays) {
  const auto path = HistoryPath(GetParam(), File(""), 200);
  ASSERT_TRUE(path.ok()) << path.status();
  const absl::StatusOr<HistoryFigures> figures = ReadHistory(*path);
  ASSERT_TRUE(figures.ok()) << figures.status();
  const absl::StatusOr<std::vector<std::string>> parts = SplitHistory(*path, File(""), 1);
  ASSERT_TRUE(parts.ok()) << parts.status();
  const Ended import = RunToEnd(ImportCommand(address(), parts->at(0)), File("import"));
  ASSERT_EQ(import.code, 0) << import.output;

  const v1::WalletLiability liability = MakeClient().GetLiability().value().wallets(0);
  EXPECT_EQ(ToMap(liability.earned()), figures->base_points_by_month);
  Months expiring;
  for (const auto& [month, points] : figures->base_points_by_month) {
    expiring[month < "2011" ? "2049-12" : "2050-12"] += points;
  }
  EXPECT_EQ(ToMap(liability.expiring()), expiring);
  const int64_t all = SumOf(expiring);
  EXPECT_EQ(liability.outstanding(), all);
  EXPECT_EQ(liability.cost().minor(), (all + 99) / 100);
  // Nobody has seen what becomes of any of them: they have lived for 15 years of 40.
  EXPECT_EQ(liability.expected_to_expire(), 0);
  EXPECT_EQ(liability.beyond_history(), all);
}

}  // namespace
}  // namespace dangol::e2e
