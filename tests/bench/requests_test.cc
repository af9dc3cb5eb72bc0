#include "tests/bench/requests.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "dangol/v1/points_service.pb.h"
#include "dangol/v1/purchase_service.pb.h"

namespace dangol::bench {
namespace {

constexpr int kMembers = 10;

Requests MakeRequests() {
  std::vector<std::string> members;
  for (int i = 0; i < kMembers; ++i) {
    members.push_back(absl::StrFormat("%08d-1111-7111-8111-111111111111", i));
  }
  return {members, absl::FromUnixSeconds(1'700'000'000)};
}

v1::Purchase PurchaseOf(const std::string& body) {
  v1::RecordPurchaseRequest request;
  EXPECT_TRUE(request.ParseFromString(body));
  return request.purchase();
}

TEST(RequestsTest, PurchasesDifferInIdAndMemberAndAreWhole) {
  const Requests requests = MakeRequests();
  std::set<std::string> ids;
  std::set<std::string> members;
  for (uint64_t number = 0; number < 1'000; ++number) {
    std::string body;
    requests.AppendPurchase(number, &body);
    const v1::Purchase purchase = PurchaseOf(body);
    EXPECT_EQ(purchase.purchase_id(), Requests::PurchaseId(number));
    EXPECT_EQ(purchase.member().member_id(), requests.members()[requests.MemberOf(number)]);
    EXPECT_EQ(purchase.occurred_at().seconds(), 1'700'000'000);
    EXPECT_EQ(purchase.lines_size(), 3);
    ids.insert(purchase.purchase_id());
    members.insert(purchase.member().member_id());
  }
  EXPECT_EQ(ids.size(), 1'000u);
  EXPECT_EQ(members.size(), static_cast<size_t>(kMembers));
}

TEST(RequestsTest, PurchaseOfANumberIsAlwaysTheSame) {
  const Requests requests = MakeRequests();
  std::string first;
  std::string second;
  requests.AppendPurchase(77, &first);
  requests.AppendPurchase(77, &second);
  EXPECT_EQ(first, second);
}

TEST(RequestsTest, BatchIsItsPurchases) {
  const Requests requests = MakeRequests();
  std::string body;
  requests.AppendBatch(200, 100, &body);
  v1::BatchRecordPurchasesRequest batch;
  ASSERT_TRUE(batch.ParseFromString(body));
  ASSERT_EQ(batch.purchases_size(), 100);
  EXPECT_EQ(batch.purchases(0).purchase_id(), Requests::PurchaseId(200));
  EXPECT_EQ(batch.purchases(99).purchase_id(), Requests::PurchaseId(299));
}

TEST(RequestsTest, PurchasesOfOneAreAllThatMembers) {
  const Requests requests = MakeRequests();
  for (uint64_t number = 0; number < 50; ++number) {
    std::string body;
    requests.AppendPurchaseOf(3, number, &body);
    EXPECT_EQ(PurchaseOf(body).purchase_id(), Requests::PurchaseId(number));
    EXPECT_EQ(PurchaseOf(body).member().member_id(), requests.members()[3]);
  }
}

TEST(RequestsTest, BalanceNamesTheMember) {
  const Requests requests = MakeRequests();
  std::string body;
  requests.AppendGetBalance(5, &body);
  v1::GetBalanceRequest request;
  ASSERT_TRUE(request.ParseFromString(body));
  EXPECT_EQ(request.member().member_id(), requests.members()[requests.MemberOf(5)]);
}

template <typename Message>
Message Parsed(const std::string& body) {
  Message message;
  EXPECT_TRUE(message.ParseFromString(body));
  return message;
}

TEST(RequestsTest, AReturnIsOfAPieceOfThePurchaseOfItsNumber) {
  const Requests requests = MakeRequests();
  std::set<std::string> ids;
  for (uint64_t number = 0; number < 100; ++number) {
    std::string body;
    requests.AppendReturn(number, &body);
    const v1::Return goods = Parsed<v1::RecordReturnRequest>(body).return_();
    ids.insert(goods.return_id());
    EXPECT_EQ(goods.purchase_id(), Requests::PurchaseId(number));
    ASSERT_EQ(goods.lines_size(), 1);
    EXPECT_EQ(goods.lines(0).line(), 0);
    EXPECT_EQ(goods.lines(0).quantity(), 1);
  }
  EXPECT_EQ(ids.size(), 100u);
}

TEST(RequestsTest, ACaptureIsOfTheReservationOfItsNumber) {
  const Requests requests = MakeRequests();
  std::set<std::string> ids;
  for (uint64_t number = 0; number < 100; ++number) {
    std::string body;
    requests.AppendReserve(number, &body);
    const auto reserve = Parsed<v1::ReservePointsRequest>(body);
    EXPECT_EQ(reserve.member().member_id(), requests.members()[requests.MemberOf(number)]);
    EXPECT_EQ(reserve.points(), 1);
    body.clear();
    requests.AppendCapture(number, &body);
    const auto capture = Parsed<v1::CapturePointsRequest>(body);
    EXPECT_EQ(capture.reservation_id(), reserve.request_id());
    ids.insert(reserve.request_id());
    ids.insert(capture.request_id());
  }
  EXPECT_EQ(ids.size(), 200u);
}

TEST(RequestsTest, EveryMemberIsGivenPoints) {
  const Requests requests = MakeRequests();
  for (uint64_t number = 0; number < kMembers; ++number) {
    std::string body;
    requests.AppendAdjust(number, &body);
    const auto adjust = Parsed<v1::AdjustPointsRequest>(body);
    EXPECT_EQ(adjust.member().member_id(), requests.members()[number]);
    EXPECT_EQ(adjust.points(), 5'000);
    EXPECT_EQ(adjust.reason(), "goodwill");
  }
}

}  // namespace
}  // namespace dangol::bench
