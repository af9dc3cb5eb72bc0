// What a program may say beside the usual, told through the API.

#include <gmock/gmock.h>

#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/substitute.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "dangol/error.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {
namespace {

using ::testing::ElementsAre;

const absl::TimeZone kSeoul = absl::FixedTimeZone(9 * 3'600);

// The end of the day that lies so many days after that of `time`.
absl::Time EndAfter(absl::Time time, int days) {
  return absl::FromCivil(absl::ToCivilDay(time, kSeoul) + days + 1, kSeoul);
}

class ProgramCornersTest : public DangoldTest {
 protected:
  void SetUp() override {}

  // A point for ten pence. `expiry` is said of the wallet, `base` of the rule, and `more` of the
  // program.
  void StartWith(const std::string& expiry, const std::string& base = "",
                 const std::string& more = "") {
    const std::string program = absl::StrReplaceAll(
        ProgramText("corners", 10), {{"UTC", "Asia/Seoul"},
                                     {"expiry { never {} }", expiry},
                                     {"id: \"base\"", absl::StrCat("id: \"base\" ", base)}});
    std::ofstream(File("program.txtpb")) << program << more;
    ASSERT_NO_FATAL_FAILURE(Start({"--program=" + File("program.txtpb")}));
    Enroll("4005");
  }

  // For so many pence, at this time.
  v1::PurchaseOutcome Buy(const std::string& id, int64_t pence, absl::Time occurred_at) {
    v1::Purchase purchase = SmallPurchase(id, pence);
    *purchase.mutable_occurred_at() = ToTimestamp(occurred_at);
    const auto response = MakeClient().RecordPurchase(purchase);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? response->outcome() : v1::PurchaseOutcome();
  }

  Ended Dangolctl(const std::vector<std::string>& arguments) {
    std::vector<std::string> argv = {testing::ProgramPath("dangolctl"), "--server=" + address()};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    return RunToEnd(argv, File(absl::StrCat("output-", ++runs_)));
  }

  v1::WalletBalance Balance() { return MakeClient().GetBalance(Card("4005")).value().wallets(0); }

 private:
  int runs_ = 0;
};

TEST_F(ProgramCornersTest, PointsExpireIdleOrOldWhicheverComesFirst) {
  StartWith("expiry { inactivity { days: 30 } } expiry { after { days: 45 } }");
  const absl::Time now = absl::Now();
  const absl::Time young = now - absl::Hours(24 * 10);
  const absl::Time old = now - absl::Hours(24 * 35);
  // The newest first, as a history is brought over where inactivity counts.
  EXPECT_EQ(ToTime(Buy("p-2", 1'000, young).earned(0).expires_at()), EndAfter(young, 30));
  EXPECT_EQ(ToTime(Buy("p-1", 500, old).earned(0).expires_at()), EndAfter(old, 45));

  v1::WalletBalance balance = Balance();
  ASSERT_EQ(balance.expiring_size(), 2);
  EXPECT_EQ(ToTime(balance.expiring(0).at()), EndAfter(old, 45)) << "its date comes first";
  EXPECT_EQ(balance.expiring(0).points(), 50);
  EXPECT_EQ(ToTime(balance.expiring(1).at()), EndAfter(young, 30)) << "inactivity comes first";
  EXPECT_EQ(balance.expiring(1).points(), 100);

  v1::RedeemPointsRequest redeem;
  *redeem.mutable_member() = Card("4005");
  redeem.set_points(20);
  ASSERT_TRUE(MakeClient().RedeemPoints(redeem).ok());
  balance = Balance();
  ASSERT_EQ(balance.expiring_size(), 2);
  EXPECT_EQ(balance.expiring(0).points(), 30) << "what expires first was spent first";
  EXPECT_EQ(ToTime(balance.expiring(1).at()), EndAfter(absl::Now(), 30));
  const auto later = MakeClient().GetBalance(Card("4005"), EndAfter(old, 45)).value();
  EXPECT_EQ(later.wallets(0).available(), 100);
  ExpectSoundBooks(MakeClient());
}

TEST_F(ProgramCornersTest, PointsLiveOnToTheEndOfTheHalfYear) {
  StartWith("expiry { after { months: 24 round_up_to: ROUND_UP_TO_HALF_YEAR } }");
  const auto bought = [&](const std::string& id, absl::CivilSecond when) {
    return ToTime(Buy(id, 1'000, absl::FromCivil(when, kSeoul)).earned(0).expires_at());
  };
  EXPECT_EQ(bought("p-1", absl::CivilSecond(2025, 6, 30, 23, 59, 59)),
            absl::FromCivil(absl::CivilDay(2027, 7, 1), kSeoul));
  EXPECT_EQ(bought("p-2", absl::CivilSecond(2025, 7, 1)),
            absl::FromCivil(absl::CivilDay(2028, 1, 1), kSeoul));
  EXPECT_EQ(Balance().expiring_size(), 2);
  ExpectSoundBooks(MakeClient());
}

TEST_F(ProgramCornersTest, ACurrencyInLowerCaseIsToldHowToWriteIt) {
  StartWith("expiry { never {} }");
  const auto told = [](const absl::Status& status) {
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    std::vector<std::string> descriptions;
    for (const auto& violation : FieldViolations(status)) {
      descriptions.push_back(absl::StrCat(violation.field(), " ", violation.description()));
    }
    return descriptions;
  };
  v1::Purchase purchase = SmallPurchase("p-1", 1'000);
  purchase.set_currency("gbp");
  EXPECT_THAT(told(MakeClient().RecordPurchase(purchase).status()),
              ElementsAre("purchase.currency must be upper case: GBP"));
  const v1::Return back = ReturnBuilder::WithoutReceipt("r-1", Card("4005"))
                              .Currency("gbp")
                              .Goods("tea", 1, 100)
                              .Build();
  EXPECT_THAT(told(MakeClient().RecordReturn(back).status()),
              ElementsAre("return.currency must be upper case: GBP"));
}

// Both outputs of dangolctl have this and nothing else.
TEST_F(ProgramCornersTest, AMistakeIsToldAndNothingElseIsWritten) {
  StartWith("expiry { never {} }");
  const auto validate = [&](const std::string& text) {
    std::ofstream(File("next.txtpb"), std::ios::binary) << text;
    const Ended ended = Dangolctl({"program", "validate", File("next.txtpb")});
    EXPECT_EQ(ended.code, 3) << ended.output;
    return absl::StrReplaceAll(ended.output, {{File("next.txtpb"), "FILE"}});
  };
  const std::string program = ProgramText("next", 10);
  EXPECT_EQ(validate(absl::StrReplaceAll(program, {{"UTC", "KST"}})),
            "FILE:2:1: time_zone: is not an IANA zone but an abbreviation; give the name of a "
            "place: Asia/Seoul\ndangolctl: the program has 1 mistake\n");
  EXPECT_EQ(validate(absl::StrReplaceAll(program, {{"next", "bad\\377"}})),
            "FILE:1:1: name: is not valid UTF-8\ndangolctl: the program has 1 mistake\n");
  EXPECT_EQ(validate(absl::StrReplaceAll(program, {{"next", "bad\377"}})),
            "dangolctl: FILE: the text is not valid UTF-8 in line 1; save it as UTF-8\n");
  EXPECT_EQ(validate(std::string("\xff\xfen\0a\0", 6)),
            "dangolctl: FILE: the text looks like UTF-16; save it as UTF-8\n");
}

TEST_F(ProgramCornersTest, AHappyHourBeginsAtHalfPastTwo) {
  StartWith("expiry { never {} }", "",
            "multipliers { id: \"happy\" wallet: \"points\" factor { numerator: 2"
            " denominator: 1 } when { hours { from: \"14:30\" until: \"17:45\" } } }\n");
  const auto earned = [&](const std::string& id, int hour, int minute, int second) {
    const absl::CivilSecond when(2026, 1, 15, hour, minute, second);
    return Buy(id, 1'000, absl::FromCivil(when, kSeoul)).earned(0).points();
  };
  EXPECT_EQ(earned("p-1", 14, 29, 59), 100);
  EXPECT_EQ(earned("p-2", 14, 30, 0), 200);
  EXPECT_EQ(earned("p-3", 17, 44, 59), 200);
  EXPECT_EQ(earned("p-4", 17, 45, 0), 100);
  ExpectSoundBooks(MakeClient());
}

// Two pairs of shoes, of which points pay 40.00: a bonus from 60.00 on counts what is paid with
// money, and one from 100.00 on the whole basket. Each falls with half of the goods.
TEST_F(ProgramCornersTest, ABasketCountsWithOrWithoutWhatPointsPaid) {
  constexpr char kBonus[] =
      "multipliers { id: \"$0\" wallet: \"points\" factor { numerator: 2 denominator: 1 }"
      " when { min_basket { currency: \"GBP\" minor: $1 } $2 } }\n";
  StartWith("expiry { never {} }", "",
            absl::StrCat(absl::Substitute(kBonus, "money", 6'000, "basket_without_points: true"),
                         absl::Substitute(kBonus, "whole", 10'000, "")));
  const auto buy = [&](const std::string& id, int64_t paid_minor) {
    v1::Purchase shoes =
        PurchaseBuilder(id, Card("4005")).Currency("GBP").Goods("shoes", 2, 10'000).Build();
    shoes.set_paid_with_points_minor(paid_minor);
    return MakeClient().RecordPurchase(shoes).value().outcome().earned(0).points();
  };
  EXPECT_EQ(buy("p-1", 4'000), 3 * 600) << "both";
  EXPECT_EQ(buy("p-2", 4'001), 2 * 599) << "the whole basket alone";
  ASSERT_TRUE(
      MakeClient().RecordReturn(ReturnBuilder::OfPurchase("r-1", "p-1").Line(0, 1).Build()).ok());
  const v1::RecordedPurchase rest = MakeClient().GetPurchase("p-1").value();
  EXPECT_EQ(rest.earned(0).standing_points(), 300) << "30.00 in money are left, and no bonus";
  ExpectSoundBooks(MakeClient());
}

// The server takes what dangolctl writes, and both tell it from what is in force.
TEST_F(ProgramCornersTest, AProgramIsBegunComparedAndActivated) {
  StartWith("expiry { never {} }");
  const std::string file = File("mine.txtpb");
  EXPECT_EQ(Dangolctl({"program", "new", file}).code, 0);
  EXPECT_EQ(Dangolctl({"program", "new", file}).code, 5) << "it is there already";
  const Ended valid = Dangolctl({"program", "validate", file});
  EXPECT_EQ(valid.output, "The program is valid.\n");
  EXPECT_EQ(Dangolctl({"program", "activate", file}).code, 0);
  EXPECT_EQ(Dangolctl({"program", "diff", "2", file}).output, "Both say the same.\n");
  const std::string diff = Dangolctl({"program", "diff", "1", "2"}).output;
  EXPECT_THAT(diff, ::testing::HasSubstr("program: name corners -> My program\n"));
  EXPECT_THAT(diff, ::testing::HasSubstr("wallet points: expiry never -> not said\n"));
  EXPECT_THAT(diff, ::testing::HasSubstr("rule base: rate 1 per 0.10 GBP -> not said\n"));
  EXPECT_EQ(Dangolctl({"program", "diff", "1", "7"}).code, 4);
}

}  // namespace
}  // namespace dangol::e2e
