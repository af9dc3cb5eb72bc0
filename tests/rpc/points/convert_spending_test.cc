#include "server/rpc/points/convert_spending.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <string>
#include <variant>
#include <vector>

#include "server/common/error.h"
#include "server/rpc/member/convert_member.h"
#include "server/rpc/points/convert_transfer.h"
#include "tests/support/programs.h"

namespace dangol::rpc {
namespace {

using ::testing::UnorderedElementsAreArray;

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
constexpr int64_t kMost = 1'000'000'000'000'000;

template <typename Message>
void ExpectRefused(const Message& message, const std::vector<std::string>& expected) {
  const absl::Status status = ToRequest(message).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  std::vector<std::string> fields;
  for (const FieldViolation& violation : DetailsOf(status).violations)
    fields.push_back(violation.field);
  EXPECT_THAT(fields, UnorderedElementsAreArray(expected)) << message.ShortDebugString();
}

template <typename Action, typename Message>
Action ActionOf(const Message& message) {
  const absl::StatusOr<lane::Request> request = ToRequest(message);
  EXPECT_TRUE(request.ok()) << request.status();
  EXPECT_TRUE(request->key ==
              (storage::RequestKey{storage::RequestScope::kRequest, message.request_id()}));
  return std::get<Action>(request->command.action);
}

// A good request about card:4005.
template <typename Message>
Message AboutMember() {
  Message message;
  message.set_request_id("order-1");
  message.mutable_member()->mutable_alias()->set_kind("card");
  message.mutable_member()->mutable_alias()->set_value("4005");
  return message;
}

template <typename Message>
Message ForPoints(int64_t points) {
  auto message = AboutMember<Message>();
  message.set_points(points);
  return message;
}

v1::ReservePointsRequest ReserveFor(int64_t seconds, int32_t nanos = 0) {
  auto message = ForPoints<v1::ReservePointsRequest>(5);
  message.mutable_time_to_live()->set_seconds(seconds);
  message.mutable_time_to_live()->set_nanos(nanos);
  return message;
}

TEST(ConvertSpendingTest, AReservationIsNamedByItsRequest) {
  auto message = ForPoints<v1::ReservePointsRequest>(kMost);
  message.set_wallet("miles");
  const auto reserve = ActionOf<domain::ReservePoints>(message);
  EXPECT_EQ(reserve.reservation_id, "order-1");
  EXPECT_EQ(reserve.member.alias.value, "4005");
  EXPECT_EQ(reserve.wallet, "miles");
  EXPECT_EQ(reserve.points, kMost);
  EXPECT_EQ(reserve.time_to_live, absl::Minutes(15));
  EXPECT_FALSE(reserve.capture);

  const auto redeem = ActionOf<domain::ReservePoints>(ForPoints<v1::RedeemPointsRequest>(1));
  EXPECT_EQ(redeem.reservation_id, "order-1");
  EXPECT_EQ(redeem.wallet, "");
  EXPECT_TRUE(redeem.capture);
}

TEST(ConvertSpendingTest, ATimeToLiveHasLimits) {
  constexpr int64_t kMonth = 31 * 24 * 3'600;
  const auto length = [](const v1::ReservePointsRequest& message) {
    return ActionOf<domain::ReservePoints>(message).time_to_live;
  };
  EXPECT_EQ(length(ReserveFor(1)), absl::Seconds(1));
  EXPECT_EQ(length(ReserveFor(1, 500'000'999)), absl::Microseconds(1'500'000));
  EXPECT_EQ(length(ReserveFor(kMonth)), absl::Seconds(kMonth));
  for (const auto& message : {ReserveFor(0), ReserveFor(0, 999'999'999), ReserveFor(kMonth, 1'000),
                              ReserveFor(-1), ReserveFor(kMax), ReserveFor(kMin)}) {
    ExpectRefused(message, {"time_to_live"});
  }
}

TEST(ConvertSpendingTest, NamesWhatIsWrong) {
  ExpectRefused(v1::ReservePointsRequest(), {"request_id", "member", "points"});
  ExpectRefused(v1::RedeemPointsRequest(), {"request_id", "member", "points"});
  ExpectRefused(v1::CapturePointsRequest(), {"request_id", "reservation_id"});
  ExpectRefused(v1::VoidReservationRequest(), {"request_id", "reservation_id"});
  ExpectRefused(v1::AdjustPointsRequest(), {"request_id", "member", "points", "reason"});
  for (const int64_t points : {int64_t{0}, int64_t{-1}, kMost + 1, kMax, kMin}) {
    ExpectRefused(ForPoints<v1::ReservePointsRequest>(points), {"points"});
    ExpectRefused(ForPoints<v1::RedeemPointsRequest>(points), {"points"});
  }
  auto wallet = ForPoints<v1::RedeemPointsRequest>(1);
  wallet.set_wallet(std::string(65, 'w'));
  ExpectRefused(wallet, {"wallet"});
}

TEST(ConvertSpendingTest, ACaptureTakesAllOrAPart) {
  v1::CapturePointsRequest message;
  message.set_request_id("capture-1");
  message.set_reservation_id("order-1");
  const auto all = ActionOf<domain::CapturePoints>(message);
  EXPECT_EQ(all.reservation_id, "order-1");
  EXPECT_EQ(all.member.reservation_id, "order-1");
  EXPECT_FALSE(all.points.has_value());
  message.set_points(7);
  EXPECT_EQ(ActionOf<domain::CapturePoints>(message).points, 7);
  for (const int64_t points : {int64_t{-1}, kMost + 1, kMax, kMin}) {
    message.set_points(points);
    ExpectRefused(message, {"points"});
  }
}

TEST(ConvertSpendingTest, AVoidNamesTheReservationAndItsMember) {
  v1::VoidReservationRequest message;
  message.set_request_id("void-1");
  message.set_reservation_id("order-1");
  const auto release = ActionOf<domain::VoidReservation>(message);
  EXPECT_EQ(release.reservation_id, "order-1");
  EXPECT_EQ(release.member.reservation_id, "order-1");
}

TEST(ConvertSpendingTest, AnAdjustmentGivesOrTakes) {
  auto message = ForPoints<v1::AdjustPointsRequest>(kMost);
  message.set_reason("goodwill");
  EXPECT_EQ(ActionOf<domain::AdjustPoints>(message).points, kMost);
  EXPECT_EQ(ActionOf<domain::AdjustPoints>(message).reason, "goodwill");
  message.set_points(-kMost);
  EXPECT_EQ(ActionOf<domain::AdjustPoints>(message).points, -kMost);
  for (const int64_t points : {int64_t{0}, kMost + 1, -kMost - 1, kMax, kMin}) {
    message.set_points(points);
    ExpectRefused(message, {"points"});
  }
}

TEST(ConvertTransferTest, ATransferNamesBothMembers) {
  auto message = ForPoints<v1::TransferPointsRequest>(kMost);
  message.mutable_to()->mutable_alias()->set_kind("phone");
  message.mutable_to()->mutable_alias()->set_value("2");
  const auto transfer = ActionOf<domain::TransferPoints>(message);
  EXPECT_EQ(transfer.member.alias.value, "4005");
  EXPECT_EQ(transfer.to.alias, (domain::Alias{"phone", "2"}));
  EXPECT_EQ(transfer.points, kMost);
  EXPECT_EQ(transfer.transfer_id, "order-1");
  ExpectRefused(v1::TransferPointsRequest(), {"request_id", "member", "points", "to"});
  for (const int64_t points : {int64_t{0}, int64_t{-1}, kMost + 1, kMax, kMin}) {
    message.set_points(points);
    ExpectRefused(message, {"points"});
  }
  message.set_points(1);
  message.mutable_to()->set_member_id("2");
  ExpectRefused(message, {"to.member_id"});
}

template <typename Message>
void ExpectChangesTo(domain::MemberStatus status) {
  const auto change = ActionOf<domain::ChangeStatus>(AboutMember<Message>());
  EXPECT_EQ(change.status, status);
  EXPECT_EQ(change.member.alias.value, "4005");
  ExpectRefused(Message(), {"request_id", "member"});
}

TEST(ConvertMemberTest, StatusesChange) {
  ExpectChangesTo<v1::SuspendMemberRequest>(domain::MemberStatus::kSuspended);
  ExpectChangesTo<v1::ReinstateMemberRequest>(domain::MemberStatus::kActive);
  ExpectChangesTo<v1::CloseMemberRequest>(domain::MemberStatus::kClosed);
}

TEST(ConvertMemberTest, AnIdForOneCallIsOfNoUseForAnother) {
  EXPECT_NE(ToRequest(AboutMember<v1::SuspendMemberRequest>())->request_hash,
            ToRequest(AboutMember<v1::CloseMemberRequest>())->request_hash);
}

}  // namespace
}  // namespace dangol::rpc
