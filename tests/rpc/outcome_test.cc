#include <gtest/gtest.h>

#include "dangol/v1/points_service.pb.h"
#include "dangol/v1/purchase_service.pb.h"
#include "server/rpc/method.h"
#include "server/rpc/points/convert_spending.h"
#include "server/rpc/purchase/convert_return.h"
#include "tests/support/programs.h"

namespace dangol::rpc {
namespace {

// The stored bytes as the message that a caller takes them for.
template <typename Message, typename Outcome>
Message Read(const Outcome& outcome) {
  Message message;
  const lane::Encode encode = EncodeBy<Outcome, Message>(ToProto);
  EXPECT_TRUE(message.ParseFromString(encode(outcome)));
  return message;
}

domain::ReservationOutcome OfReservation() {
  domain::ReservationOutcome outcome;
  outcome.member_id = testing::MemberNumber(1);
  outcome.reservation.reservation_id = "order-1";
  outcome.reservation.wallet = "points";
  outcome.reservation.points = 100;
  outcome.reservation.captured = 60;
  outcome.reservation.restored = 5;
  outcome.reservation.status = domain::ReservationStatus::kCaptured;
  outcome.reservation.reserved_at = testing::Utc("2026-01-15 12:00:00");
  outcome.reservation.lapses_at = testing::Utc("2026-01-15 12:15:00");
  outcome.balances = {{"points", 1, -2, 3}};
  return outcome;
}

template <typename Message>
void ExpectTellsReservation() {
  const auto message = Read<Message>(OfReservation());
  const v1::Reservation& reservation = message.reservation();
  EXPECT_EQ(reservation.reservation_id(), "order-1");
  EXPECT_EQ(reservation.member_id(), testing::MemberNumber(1).ToString());
  EXPECT_EQ(reservation.wallet(), "points");
  EXPECT_EQ(reservation.points(), 100);
  EXPECT_EQ(reservation.captured(), 60);
  EXPECT_EQ(reservation.restored(), 5);
  EXPECT_EQ(reservation.status(), v1::RESERVATION_STATUS_CAPTURED);
  EXPECT_EQ(reservation.lapses_at().seconds() - reservation.reserved_at().seconds(), 900);
  ASSERT_EQ(message.balances_size(), 1);
  EXPECT_EQ(message.balances(0).available(), -2);
  EXPECT_FALSE(message.replayed());
}

TEST(OutcomeTest, EveryReplyAboutAReservationReadsTheSame) {
  ExpectTellsReservation<v1::ReservePointsResponse>();
  ExpectTellsReservation<v1::CapturePointsResponse>();
  ExpectTellsReservation<v1::VoidReservationResponse>();
  ExpectTellsReservation<v1::RedeemPointsResponse>();
}

template <typename Message>
void ExpectTellsBalance() {
  const auto message =
      Read<Message>(domain::BalanceOutcome{testing::MemberNumber(1), {{"points", 1, 2, 3}}});
  EXPECT_EQ(message.member_id(), testing::MemberNumber(1).ToString());
  ASSERT_EQ(message.balances_size(), 1);
  EXPECT_EQ(message.balances(0).wallet(), "points");
  EXPECT_EQ(message.balances(0).pending(), 1);
  EXPECT_EQ(message.balances(0).available(), 2);
  EXPECT_EQ(message.balances(0).held(), 3);
}

TEST(OutcomeTest, SoDoTheOnesAboutABalance) {
  ExpectTellsBalance<v1::AdjustPointsResponse>();
  ExpectTellsBalance<v1::ConfirmPurchaseResponse>();
}

TEST(OutcomeTest, AReturnTellsWhatItDid) {
  domain::ReturnOutcome outcome;
  outcome.recorded.return_id = "return-1";
  outcome.recorded.member_id = testing::MemberNumber(1);
  outcome.recorded.currency = "EUR";
  outcome.recorded.reason = "cold";
  outcome.recorded.amount_minor = 300;
  outcome.recorded.unmatched_minor = 100;
  outcome.recorded.lines = {{"receipt-1", 0, "tea", 2, 200}, {"", -1, "mug", 1, 100}};
  outcome.points = {{"points", 6, 5, 1, 4, 3, 2}};
  outcome.balances = {{"points", 0, -4, 0}};
  const auto message = Read<v1::RecordReturnResponse>(outcome);
  const v1::RecordedReturn& recorded = message.return_();
  EXPECT_EQ(recorded.return_id(), "return-1");
  EXPECT_EQ(recorded.purchase_id(), "");
  EXPECT_EQ(recorded.reason(), "cold");
  EXPECT_EQ(recorded.amount_minor(), 300);
  EXPECT_EQ(recorded.unmatched_minor(), 100);
  ASSERT_EQ(recorded.lines_size(), 2);
  EXPECT_EQ(recorded.lines(0).purchase_id(), "receipt-1");
  EXPECT_EQ(recorded.lines(0).quantity(), 2);
  EXPECT_EQ(recorded.lines(1).line(), -1);
  ASSERT_EQ(message.points_size(), 1);
  EXPECT_EQ(message.points(0).points(), 6);
  EXPECT_EQ(message.points(0).qualifying_points(), 5);
  EXPECT_EQ(message.points(0).expired(), 1);
  EXPECT_EQ(message.points(0).owed(), 4);
  EXPECT_EQ(message.points(0).written_off(), 3);
  EXPECT_EQ(message.points(0).restored(), 2);
  EXPECT_EQ(message.balances(0).available(), -4);
}

}  // namespace
}  // namespace dangol::rpc
