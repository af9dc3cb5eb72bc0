// Rewards and coupons as an app and a till see them.

#include <gmock/gmock.h>

#include <barrier>
#include <fstream>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "dangol/error.h"
#include "tests/e2e/calls.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {
namespace {

using ::testing::ElementsAre;

constexpr absl::string_view kReplayed("\x78\x01", 2);  // Field 15, true.
constexpr char kIssue[] = "/dangol.v1.RewardService/IssueCoupon";
constexpr char kUse[] = "/dangol.v1.RewardService/UseCoupon";
constexpr int kRacers = 20;

constexpr char kRewards[] = R"(
adjustment_reasons { code: "goodwill" max_points: 100000 }
rewards { id: "latte" name: "A latte" wallet: "points" points: 40 gift { sku: "latte" } }
rewards { id: "mug" name: "A mug" wallet: "points" points: 10 stock: 3 gift { sku: "mug" }
          limits { per: CAP_PERIOD_EVER pieces: 2 } }
rewards { id: "fiver" name: "Five pounds" wallet: "points" points: 10 validity_days: 30
          cashback { amounts { currency: "GBP" minor: 500 } } }
rewards { id: "past" name: "Past" wallet: "points" points: 10 dates { last: "2020-01-01" }
          percent_off { percent: 10 } }
rewards { id: "scratch" name: "Scratch" wallet: "points" points: 1 scratch {
          prizes { id: "blank" name: "Nothing" odds_ppm: 500000 nothing {} }
          prizes { id: "tenth" name: "A tenth" odds_ppm: 500000 percent_off { percent: 10 } } } }
)";

class RewardsTest : public DangoldTest {
 protected:
  void SetUp() override {
    std::ofstream(File("program.txtpb")) << ProgramText("rewards", 10) << kRewards;
    ASSERT_NO_FATAL_FAILURE(Start(flags_));
    Enroll("4005");
  }

  void TearDown() override {
    v1::VerifyLedgerRequest request;
    request.set_page_size(1'000);
    const auto verified = MakeClient().VerifyLedger(request);
    ASSERT_TRUE(verified.ok()) << verified.status();
    EXPECT_EQ(verified->findings_size(), 0) << verified->findings(0).message();
    EXPECT_EQ(TotalsOf(MakeClient()).trial_balance(), 0);
  }

  void Give(int64_t points, const std::string& card = "4005") {
    v1::AdjustPointsRequest request;
    *request.mutable_member() = Card(card);
    request.set_points(points);
    request.set_reason("goodwill");
    ASSERT_TRUE(MakeClient().AdjustPoints(request).ok());
  }

  static v1::IssueCouponRequest IssueOf(const std::string& id, const std::string& reward,
                                        const std::string& card = "4005") {
    v1::IssueCouponRequest request;
    request.set_request_id(id);
    *request.mutable_member() = Card(card);
    request.set_reward_id(reward);
    return request;
  }

  absl::StatusOr<v1::IssueCouponResponse> Issue(const std::string& id, const std::string& reward,
                                                const std::string& card = "4005") {
    return MakeClient().IssueCoupon(IssueOf(id, reward, card));
  }

  static v1::UseCouponRequest UseOf(const std::string& id, const std::string& code) {
    v1::UseCouponRequest request;
    request.set_request_id(id);
    request.set_code(code);
    request.set_reference("receipt 7");
    return request;
  }

  absl::StatusOr<v1::CancelCouponResponse> Cancel(const std::string& id, const std::string& code) {
    v1::CancelCouponRequest request;
    request.set_request_id(id);
    request.set_code(code);
    return MakeClient().CancelCoupon(request);
  }

  int64_t Available(const std::string& card = "4005") {
    return MakeClient().GetBalance(Card(card)).value().wallets(0).available();
  }

  std::map<std::string, v1::RewardOffer> Offers(const std::string& card = "4005") {
    std::map<std::string, v1::RewardOffer> offers;
    const auto listed = MakeClient().ListRewards(Card(card));
    EXPECT_TRUE(listed.ok()) << listed.status();
    for (const v1::RewardOffer& offer : listed->offers()) offers[offer.reward().id()] = offer;
    return offers;
  }

  static void ExpectReason(const absl::Status& status, absl::string_view reason) {
    EXPECT_EQ(ErrorReason(status), std::string(reason)) << status;
  }

  // All at the same moment, each over a connection of its own.
  std::vector<Answer> Race(
      const std::function<Answer(const std::shared_ptr<grpc::Channel>&, int)>& act) {
    std::vector<Answer> answers(kRacers);
    std::barrier together(kRacers);
    std::vector<std::thread> racers;
    for (int racer = 0; racer < kRacers; ++racer) {
      racers.emplace_back([&, racer] {
        const auto channel = MakeChannel();
        together.arrive_and_wait();
        answers[static_cast<size_t>(racer)] = act(channel, racer);
      });
    }
    for (std::thread& racer : racers) racer.join();
    return answers;
  }

  // How many were served; the others must have been refused for this reason.
  static int Served(const std::vector<Answer>& answers, absl::string_view reason) {
    int served = 0;
    for (const Answer& answer : answers) {
      served += answer.status.ok() ? 1 : 0;
      if (!answer.status.ok()) ExpectReason(answer.status, reason);
    }
    return served;
  }

  const std::vector<std::string> flags_ = {"--program=" + File("program.txtpb")};
};

TEST_F(RewardsTest, ACouponLivesFromIssueToUse) {
  Give(100);
  const auto issued = Issue("c-1", "fiver");
  ASSERT_TRUE(issued.ok()) << issued.status();
  const v1::Coupon& coupon = issued->coupon();
  EXPECT_EQ(coupon.coupon_id(), "c-1");
  EXPECT_EQ(coupon.code().size(), 26u);
  EXPECT_EQ(coupon.status(), v1::COUPON_STATUS_ISSUED);
  EXPECT_EQ(coupon.reward_name(), "Five pounds");
  EXPECT_EQ(coupon.benefit().cashback().amounts(0).minor(), 500);
  EXPECT_EQ(coupon.points(), 10);
  EXPECT_GT(ToTime(coupon.expires_at()) - ToTime(coupon.issued_at()), absl::Hours(24 * 29));
  EXPECT_EQ(issued->balances(0).available(), 90);
  EXPECT_EQ(BytesOf(MakeClient().GetCoupon(coupon.code()).value()), BytesOf(coupon));

  // As people type it.
  const std::string typed = absl::StrCat(absl::AsciiStrToLower(coupon.code().substr(0, 13)), "-",
                                         coupon.code().substr(13));
  const auto used = MakeClient().UseCoupon(UseOf("u-1", typed));
  ASSERT_TRUE(used.ok()) << used.status();
  EXPECT_EQ(used->coupon().status(), v1::COUPON_STATUS_USED);
  EXPECT_EQ(used->coupon().reference(), "receipt 7");
  EXPECT_TRUE(used->coupon().has_ended_at());
  EXPECT_EQ(Available(), 90);
  ExpectReason(MakeClient().UseCoupon(UseOf("u-2", coupon.code())).status(), "COUPON_ENDED");
  ExpectReason(Cancel("x-1", coupon.code()).status(), "COUPON_ENDED");
  ExpectReason(MakeClient().GetCoupon("00000000000000000000000000").status(), "COUPON_NOT_FOUND");
  ExpectReason(MakeClient().UseCoupon(UseOf("u-3", "00000000000000000000000000")).status(),
               "COUPON_NOT_FOUND");

  bool found = false;
  for (absl::StatusOr<v1::LedgerEntry>& entry : MakeClient().ListLedgerEntries(Card("4005"))) {
    if (entry->kind() != v1::ENTRY_KIND_REDEEM) continue;
    found = true;
    EXPECT_EQ(entry->reference(), "c-1");
    EXPECT_EQ(entry->points(), 10);
  }
  EXPECT_TRUE(found);
}

TEST_F(RewardsTest, ARepeatedRequestGetsTheFirstCoupon) {
  Give(100);
  const auto channel = MakeChannel();
  const Answer first = Call(channel, kIssue, IssueOf("c-1", "latte"));
  ASSERT_TRUE(first.status.ok()) << first.status;
  EXPECT_EQ(Call(channel, kIssue, IssueOf("c-1", "latte")).bytes,
            absl::StrCat(first.bytes, kReplayed));
  ExpectReason(Call(channel, kIssue, IssueOf("c-1", "mug")).status, "REQUEST_ID_REUSED");
  EXPECT_EQ(Available(), 60);

  v1::IssueCouponResponse issued;
  ASSERT_TRUE(issued.ParseFromString(first.bytes));
  const Answer used = Call(channel, kUse, UseOf("u-1", issued.coupon().code()));
  ASSERT_TRUE(used.status.ok()) << used.status;
  EXPECT_EQ(Call(channel, kUse, UseOf("u-1", issued.coupon().code())).bytes,
            absl::StrCat(used.bytes, kReplayed));
}

TEST_F(RewardsTest, CancellingGivesBackPointsPieceAndTurn) {
  Give(25);
  const std::string first = Issue("c-1", "mug").value().coupon().code();
  ASSERT_TRUE(Issue("c-2", "mug").ok());
  ExpectReason(Issue("c-3", "mug").status(), "REWARD_LIMIT_REACHED");
  EXPECT_EQ(Available(), 5);
  EXPECT_EQ(Offers()["mug"].stock_left(), 1);
  EXPECT_EQ(Offers()["mug"].member_left(), 0);

  const auto cancelled = Cancel("x-1", first);
  ASSERT_TRUE(cancelled.ok()) << cancelled.status();
  EXPECT_EQ(cancelled->coupon().status(), v1::COUPON_STATUS_CANCELLED);
  EXPECT_EQ(cancelled->balances(0).available(), 15);
  EXPECT_TRUE(Cancel("x-1", first)->replayed());
  ExpectReason(Cancel("x-2", first).status(), "COUPON_ENDED");
  ExpectReason(MakeClient().UseCoupon(UseOf("u-1", first)).status(), "COUPON_ENDED");
  EXPECT_EQ(Available(), 15);
  EXPECT_EQ(Offers()["mug"].stock_left(), 2);
  EXPECT_EQ(Offers()["mug"].member_left(), 1);
  EXPECT_TRUE(Issue("c-3", "mug").ok());
}

TEST_F(RewardsTest, OffersTellWhatIsInTheWay) {
  Give(15);
  auto offers = Offers();
  ASSERT_EQ(offers.size(), 5u);
  EXPECT_THAT(offers["latte"].obstacles(), ElementsAre(v1::REWARD_OBSTACLE_INSUFFICIENT_POINTS));
  EXPECT_EQ(offers["latte"].points_missing(), 25);
  EXPECT_FALSE(offers["latte"].has_stock_left());
  EXPECT_THAT(offers["mug"].obstacles(), ElementsAre());
  EXPECT_EQ(offers["mug"].stock_left(), 3);
  EXPECT_THAT(offers["past"].obstacles(), ElementsAre(v1::REWARD_OBSTACLE_OVER));
  EXPECT_EQ(offers["scratch"].reward().scratch().prizes_size(), 2);
  ExpectReason(Issue("c-1", "latte").status(), "INSUFFICIENT_POINTS");
  ExpectReason(Issue("c-2", "past").status(), "REWARD_OVER");
  ExpectReason(Issue("c-3", "tea").status(), "REWARD_NOT_FOUND");
  ExpectReason(Issue("c-4", "latte", "nobody").status(), "MEMBER_NOT_FOUND");
  ExpectReason(MakeClient().ListRewards(Card("nobody")).status(), "MEMBER_NOT_FOUND");
}

TEST_F(RewardsTest, NoPointPaysForTwoCoupons) {
  Give(40);
  const auto answers = Race([](const auto& channel, int racer) {
    return Call(channel, kIssue, IssueOf(absl::StrCat("c-", racer), "latte"));
  });
  EXPECT_EQ(Served(answers, "INSUFFICIENT_POINTS"), 1);
  EXPECT_EQ(Available(), 0);
}

TEST_F(RewardsTest, TheLastPieceGoesToOne) {
  for (int i = 0; i < kRacers; ++i) {
    Enroll(absl::StrCat(i));
    Give(100, absl::StrCat(i));
  }
  const auto answers = Race([](const auto& channel, int racer) {
    return Call(channel, kIssue, IssueOf(absl::StrCat("c-", racer), "mug", absl::StrCat(racer)));
  });
  EXPECT_EQ(Served(answers, "REWARD_OUT_OF_STOCK"), 3);
  EXPECT_EQ(Offers()["mug"].stock_left(), 0);
}

TEST_F(RewardsTest, ACouponIsUsedOnceInARace) {
  Give(40);
  const std::string code = Issue("c-1", "latte").value().coupon().code();
  const auto answers = Race([&](const auto& channel, int racer) {
    return Call(channel, kUse, UseOf(absl::StrCat("u-", racer), code));
  });
  EXPECT_EQ(Served(answers, "COUPON_ENDED"), 1);
}

TEST_F(RewardsTest, AScratchCouponIsDrawnWhenItIsIssued) {
  Give(64);
  std::map<std::string, int> drawn;
  for (int i = 0; i < 64; ++i) {
    const v1::Coupon coupon = Issue(absl::StrCat("c-", i), "scratch").value().coupon();
    ++drawn[coupon.prize_id()];
    EXPECT_EQ(coupon.benefit().has_percent_off(), coupon.prize_id() == "tenth");
    EXPECT_EQ(MakeClient().GetCoupon(coupon.code()).value().prize_id(), coupon.prize_id());
  }
  // That all of them are the same would take 2^63 runs.
  EXPECT_EQ(drawn.size(), 2u);
}

// A later version changes what can be taken, and not what was.
TEST_F(RewardsTest, ACouponKeepsTheTermsThatItWasIssuedOn) {
  Give(100);
  const std::string code = Issue("c-1", "fiver").value().coupon().code();
  const std::string mug = Issue("c-2", "mug").value().coupon().code();
  v1::ActivateProgramRequest activate;
  activate.set_program_text(ProgramText("without rewards", 10) +
                            "retired_rewards: \"fiver\" retired_rewards: \"mug\"");
  ASSERT_TRUE(MakeClient().ActivateProgram(activate).ok());
  EXPECT_EQ(Offers().size(), 0u);
  ExpectReason(Issue("c-3", "fiver").status(), "REWARD_NOT_FOUND");
  const auto used = MakeClient().UseCoupon(UseOf("u-1", code));
  ASSERT_TRUE(used.ok()) << used.status();
  EXPECT_EQ(used->coupon().benefit().cashback().amounts(0).minor(), 500);
  EXPECT_EQ(used->coupon().program_version(), 1);
  EXPECT_TRUE(Cancel("x-1", mug).ok());
}

TEST_F(RewardsTest, AClosedMembersCouponsEnd) {
  Give(100);
  const std::string code = Issue("c-1", "latte").value().coupon().code();
  v1::SuspendMemberRequest suspend;
  *suspend.mutable_member() = Card("4005");
  ASSERT_TRUE(MakeClient().SuspendMember(suspend).ok());
  ExpectReason(MakeClient().UseCoupon(UseOf("u-1", code)).status(), "MEMBER_SUSPENDED");
  EXPECT_THAT(Offers()["mug"].obstacles(), ElementsAre(v1::REWARD_OBSTACLE_SUSPENDED));
  v1::CloseMemberRequest close;
  *close.mutable_member() = Card("4005");
  ASSERT_TRUE(MakeClient().CloseMember(close).ok());
  ExpectReason(MakeClient().UseCoupon(UseOf("u-2", code)).status(), "COUPON_ENDED");
  EXPECT_EQ(MakeClient().GetCoupon(code).value().status(), v1::COUPON_STATUS_EXPIRED);
}

}  // namespace
}  // namespace dangol::e2e
