// dangolctl points, reward and coupon.

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "app_fixture.h"

namespace dangol::cli {
namespace {

using testing::_;
using testing::HasSubstr;
using testing::Return;

v1::Reservation HeldReservation() {
  v1::Reservation reservation;
  reservation.set_reservation_id("order-1");
  reservation.set_wallet("points");
  reservation.set_points(500);
  reservation.set_status(v1::RESERVATION_STATUS_HELD);
  reservation.mutable_lapses_at()->set_seconds(1717180200);
  return reservation;
}

TEST_F(AppTest, ReservesAndCapturesAndVoids) {
  v1::ReservePointsRequest reserve;
  v1::ReservePointsResponse reserved;
  *reserved.mutable_reservation() = HeldReservation();
  EXPECT_CALL(*server_, ReservePoints(_)).WillRepeatedly(Answer(reserve, reserved));
  const Outcome held = Dangolctl({"points", "reserve", "card:1", "500", "--id", "order-1", "--for",
                                  "1m30.5s", "--wallet", "points"});
  ASSERT_EQ(held.code, ExitCode::kOk) << held.error;
  EXPECT_EQ(reserve.request_id(), "order-1");
  EXPECT_EQ(reserve.points(), 500);
  EXPECT_EQ(reserve.wallet(), "points");
  EXPECT_EQ(reserve.time_to_live().seconds(), 90);
  EXPECT_EQ(reserve.time_to_live().nanos(), 500'000'000);
  EXPECT_THAT(held.out, HasSubstr("HELD"));
  EXPECT_THAT(held.out, HasSubstr("2024-05-31 18:30"));
  ExpectFits(held.out);
  EXPECT_EQ(Dangolctl({"points", "reserve", "card:1", "500", "--for", "soon"}).code,
            ExitCode::kInvalidArgument);
  EXPECT_EQ(Dangolctl({"points", "reserve", "card:1", "500", "--for", "inf"}).code,
            ExitCode::kInvalidArgument);
  EXPECT_EQ(Dangolctl({"points", "reserve", "card:1", "many"}).code, ExitCode::kUsage);

  v1::CapturePointsRequest capture;
  EXPECT_CALL(*server_, CapturePoints(_))
      .WillRepeatedly(Answer(capture, v1::CapturePointsResponse()));
  EXPECT_EQ(Dangolctl({"points", "capture", "order-1", "--points", "450"}).code, ExitCode::kOk);
  EXPECT_EQ(capture.reservation_id(), "order-1");
  EXPECT_EQ(capture.points(), 450);
  EXPECT_EQ(capture.request_id().size(), 36);

  EXPECT_CALL(*server_, VoidReservation(_))
      .WillOnce(Return(
          MakeError(absl::StatusCode::kFailedPrecondition, "RESERVATION_ENDED", "captured")));
  const Outcome refused = Dangolctl({"points", "void", "order-1"});
  EXPECT_EQ(refused.code, ExitCode::kConflict);
  EXPECT_THAT(refused.error, HasSubstr("RESERVATION_ENDED"));
}

TEST_F(AppTest, RedeemsAndAdjusts) {
  v1::RedeemPointsRequest redeem;
  v1::RedeemPointsResponse redeemed;
  redeemed.mutable_reservation()->set_captured(500);
  EXPECT_CALL(*server_, RedeemPoints(_)).WillRepeatedly(Answer(redeem, redeemed));
  const Outcome json = Dangolctl({"points", "redeem", "card:1", "500", "--output", "json"});
  ASSERT_EQ(json.code, ExitCode::kOk) << json.error;
  EXPECT_EQ(redeem.points(), 500);
  EXPECT_EQ(Json::parse(json.out)["reservation"]["captured"], 500);

  v1::AdjustPointsRequest adjust;
  v1::AdjustPointsResponse adjusted;
  adjusted.set_member_id("m-1");
  EXPECT_CALL(*server_, AdjustPoints(_)).WillRepeatedly(Answer(adjust, adjusted));
  const Outcome taken = Dangolctl({"points", "adjust", "card:1", "-100", "--reason", "mistake"});
  ASSERT_EQ(taken.code, ExitCode::kOk) << taken.error;
  EXPECT_EQ(adjust.points(), -100);
  EXPECT_EQ(adjust.reason(), "mistake");
  EXPECT_EQ(Dangolctl({"points", "adjust", "card:1", "100"}).code, ExitCode::kUsage);
}

TEST_F(AppTest, Transfers) {
  v1::TransferPointsRequest sent;
  v1::TransferPointsResponse moved;
  moved.set_to_member_id("m-2");
  EXPECT_CALL(*server_, TransferPoints(_)).WillRepeatedly(Answer(sent, moved));
  const Outcome outcome = Dangolctl({"points", "transfer", "card:1", "500", "--to", "card:2"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(sent.member().alias().value(), "1");
  EXPECT_EQ(sent.to().alias().value(), "2");
  EXPECT_EQ(sent.points(), 500);
  EXPECT_EQ(sent.request_id().size(), 36);
  EXPECT_THAT(outcome.out, HasSubstr("m-2"));
  EXPECT_EQ(Dangolctl({"points", "transfer", "card:1", "500"}).code, ExitCode::kUsage);
}

v1::Coupon NewCoupon() {
  v1::Coupon coupon;
  coupon.set_coupon_id("c-1");
  coupon.set_code("0123456789ABCDEFGHJKMNPQRS");
  coupon.set_reward_id("scratch");
  coupon.set_reward_name("Scratch");
  coupon.set_prize_id("five");
  coupon.set_prize_name("Five pounds");
  v1::MinorAmount& amount = *coupon.mutable_benefit()->mutable_cashback()->add_amounts();
  amount.set_currency("GBP");
  amount.set_minor(500);
  coupon.set_points(40);
  coupon.set_status(v1::COUPON_STATUS_ISSUED);
  return coupon;
}

TEST_F(AppTest, ListsRewards) {
  v1::ListRewardsRequest sent;
  v1::ListRewardsResponse response;
  v1::RewardOffer& latte = *response.add_offers();
  latte.mutable_reward()->set_id("latte");
  latte.mutable_reward()->set_name("A free latte");
  latte.mutable_reward()->set_points(4000);
  latte.mutable_reward()->mutable_gift()->set_sku("latte");
  latte.set_stock_left(3);
  v1::RewardOffer& tenth = *response.add_offers();
  tenth.mutable_reward()->mutable_percent_off()->set_percent(10);
  tenth.add_obstacles(v1::REWARD_OBSTACLE_OUT_OF_STOCK);
  tenth.add_obstacles(v1::REWARD_OBSTACLE_INSUFFICIENT_POINTS);
  tenth.set_points_missing(1500);
  EXPECT_CALL(*server_, ListRewards(_)).WillRepeatedly(Answer(sent, response));
  const Outcome outcome = Dangolctl({"reward", "list", "card:1"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(sent.member().alias().value(), "1");
  EXPECT_THAT(outcome.out, HasSubstr("a latte"));
  EXPECT_THAT(outcome.out, HasSubstr("yes"));
  EXPECT_THAT(outcome.out, HasSubstr("10 % off"));
  EXPECT_THAT(outcome.out, HasSubstr("out of stock, 1,500 points short"));
}

TEST_F(AppTest, IssuesShowsUsesAndCancelsCoupons) {
  v1::IssueCouponRequest issue;
  v1::IssueCouponResponse issued;
  *issued.mutable_coupon() = NewCoupon();
  EXPECT_CALL(*server_, IssueCoupon(_)).WillRepeatedly(Answer(issue, issued));
  const Outcome outcome = Dangolctl({"coupon", "issue", "card:1", "scratch", "--id", "c-1"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(issue.request_id(), "c-1");
  EXPECT_EQ(issue.reward_id(), "scratch");
  EXPECT_THAT(outcome.out, HasSubstr("0123456789ABCDEFGHJKMNPQRS"));
  EXPECT_THAT(outcome.out, HasSubstr("five (Five pounds)"));
  EXPECT_THAT(outcome.out, HasSubstr("500 GBP (minor units) back"));
  EXPECT_THAT(outcome.out, HasSubstr("never"));

  v1::GetCouponRequest get;
  v1::GetCouponResponse got;
  *got.mutable_coupon() = NewCoupon();
  EXPECT_CALL(*server_, GetCoupon(_)).WillRepeatedly(Answer(get, got));
  const Outcome json = Dangolctl({"coupon", "show", "0123", "--output", "json"});
  EXPECT_EQ(get.code(), "0123");
  EXPECT_EQ(Json::parse(json.out)["status"], "ISSUED");

  v1::UseCouponRequest use;
  EXPECT_CALL(*server_, UseCoupon(_)).WillRepeatedly(Answer(use, v1::UseCouponResponse()));
  EXPECT_EQ(Dangolctl({"coupon", "use", "0123", "--for", "receipt 7"}).code, ExitCode::kOk);
  EXPECT_EQ(use.code(), "0123");
  EXPECT_EQ(use.reference(), "receipt 7");
  EXPECT_EQ(use.request_id().size(), 36);

  EXPECT_CALL(*server_, CancelCoupon(_))
      .WillOnce(Return(MakeError(absl::StatusCode::kFailedPrecondition, "COUPON_ENDED", "used")));
  EXPECT_EQ(Dangolctl({"coupon", "cancel", "0123"}).code, ExitCode::kConflict);
}

TEST_F(AppTest, ShowsABalanceOfAnotherMoment) {
  v1::GetBalanceRequest sent;
  v1::GetBalanceResponse balance;
  balance.add_wallets()->set_available(-30);
  EXPECT_CALL(*server_, GetBalance(_)).WillRepeatedly(Answer(sent, balance));
  const Outcome outcome =
      Dangolctl({"points", "balance", "card:1", "--as-of=2024-05-31T18:30:00Z"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(sent.as_of().seconds(), 1717180200);
  EXPECT_THAT(outcome.out, HasSubstr("-30"));
  EXPECT_EQ(Dangolctl({"points", "balance", "card:1"}).code, ExitCode::kOk);
  EXPECT_FALSE(sent.has_as_of());
  EXPECT_EQ(Dangolctl({"points", "balance", "card:1", "--as-of", "yesterday"}).code,
            ExitCode::kInvalidArgument);
}

}  // namespace
}  // namespace dangol::cli
