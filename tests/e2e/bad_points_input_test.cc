// Fields that are wrong in what is done with points, goods that come back, and members'
// standing: each is named, nothing is stored, the server goes on.

#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dangol/v1/audit_service.pb.h"
#include "dangol/v1/member_service.pb.h"
#include "dangol/v1/points_service.pb.h"
#include "dangol/v1/purchase_service.pb.h"
#include "tests/e2e/calls.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {
namespace {

using Fields = std::vector<std::string>;

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
constexpr int64_t kTooMany = 1'000'000'000'000'001;
const std::string kNul("a\0b", 3);
const std::string kNotUtf8("a\xff\xfe");
const std::string kLong(10'000, 'x');

class BadPointsInputTest : public DangoldTest {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(Start());
    Enroll("4005");
    ASSERT_TRUE(MakeClient().RecordPurchase(SmallPurchase("p-1", 10'000)).ok());
    channel_ = MakeChannel();
    before_ = BytesOf(TotalsOf(MakeClient()));
  }

  void TearDown() override {
    if (HasFatalFailure()) return;
    EXPECT_EQ(BytesOf(TotalsOf(MakeClient())), before_) << "something was stored";
    EXPECT_TRUE(process().IsRunning());
    EXPECT_TRUE(MakeClient().RecordPurchase(SmallPurchase("afterwards", 100)).ok());
  }

  // Expects that `good`, spoilt in this way, is refused with these fields and no others.
  template <typename Message>
  void ExpectNamed(const std::string& method, const Message& good, const Fields& fields,
                   const std::function<void(Message&)>& spoil) {
    Message message = good;
    spoil(message);
    SCOPED_TRACE(absl::StrCat(method, " ", message.ShortDebugString().substr(0, 200)));
    const Answer answer = Call(channel_, "/dangol.v1." + method, message);
    ExpectRefused(answer.status, absl::StatusCode::kInvalidArgument, fields);
    EXPECT_LT(answer.trailer_bytes, 8u << 10) << "more than clients accept";
  }

  // The ids that no request may have.
  template <typename Message>
  void ExpectIdsChecked(const std::string& method, const Message& good) {
    for (const std::string& id : {std::string(), std::string(129, 'x'), kLong, kNul,
                                  std::string("with space"), std::string("영수증")}) {
      ExpectNamed<Message>(method, good, {"request_id"},
                           [&](Message& message) { message.set_request_id(id); });
    }
  }

  // And the members.
  template <typename Message>
  void ExpectMembersChecked(const std::string& method, const Message& good) {
    ExpectNamed<Message>(method, good, {"member"},
                         [](Message& message) { message.clear_member(); });
    ExpectNamed<Message>(method, good, {"member.member_id"}, [](Message& message) {
      message.mutable_member()->set_member_id("nonsense");
    });
    ExpectNamed<Message>(
        method, good, {"member.alias.kind", "member.alias.value"},
        [](Message& message) { *message.mutable_member() = MemberByAlias("", ""); });
  }

  template <typename Message>
  void ExpectPointsChecked(const std::string& method, const Message& good,
                           const std::vector<int64_t>& wrong) {
    for (const int64_t points : wrong) {
      ExpectNamed<Message>(method, good, {"points"},
                           [=](Message& message) { message.set_points(points); });
    }
  }

  template <typename Message>
  void ExpectWalletsChecked(const std::string& method, const Message& good) {
    for (const std::string& wallet : {std::string(65, 'w'), kLong, kNul}) {
      ExpectNamed<Message>(method, good, {"wallet"},
                           [&](Message& message) { message.set_wallet(wallet); });
    }
  }

  std::shared_ptr<grpc::Channel> channel_;
  std::string before_;
};

template <typename Message>
Message Good() {
  Message message;
  message.set_request_id("r-1");
  *message.mutable_member() = Card("4005");
  return message;
}

TEST_F(BadPointsInputTest, OfReserveAndRedeem) {
  auto reserve = Good<v1::ReservePointsRequest>();
  reserve.set_points(1);
  ExpectIdsChecked("PointsService/ReservePoints", reserve);
  ExpectMembersChecked("PointsService/ReservePoints", reserve);
  ExpectWalletsChecked("PointsService/ReservePoints", reserve);
  ExpectPointsChecked("PointsService/ReservePoints", reserve, {0, -1, kTooMany, kMax, kMin});
  using Reserve = v1::ReservePointsRequest;
  for (const int64_t seconds : {int64_t{0}, int64_t{-1}, int64_t{2'678'401}, kMax, kMin}) {
    ExpectNamed<Reserve>(
        "PointsService/ReservePoints", reserve, {"time_to_live"},
        [=](Reserve& message) { message.mutable_time_to_live()->set_seconds(seconds); });
  }
  ExpectNamed<Reserve>("PointsService/ReservePoints", Reserve(), {"request_id", "member", "points"},
                       [](Reserve&) {});

  auto redeem = Good<v1::RedeemPointsRequest>();
  redeem.set_points(1);
  ExpectIdsChecked("PointsService/RedeemPoints", redeem);
  ExpectMembersChecked("PointsService/RedeemPoints", redeem);
  ExpectWalletsChecked("PointsService/RedeemPoints", redeem);
  ExpectPointsChecked("PointsService/RedeemPoints", redeem, {0, -1, kTooMany, kMax, kMin});
}

TEST_F(BadPointsInputTest, OfCaptureAndVoid) {
  using Capture = v1::CapturePointsRequest;
  Capture capture;
  capture.set_request_id("c-1");
  capture.set_reservation_id("r-1");
  ExpectIdsChecked("PointsService/CapturePoints", capture);
  ExpectPointsChecked("PointsService/CapturePoints", capture, {-1, kTooMany, kMax, kMin});
  using Void = v1::VoidReservationRequest;
  Void release;
  release.set_request_id("v-1");
  release.set_reservation_id("r-1");
  ExpectIdsChecked("PointsService/VoidReservation", release);
  for (const std::string& id : {std::string(), kLong, kNul}) {
    ExpectNamed<Capture>("PointsService/CapturePoints", capture, {"reservation_id"},
                         [&](Capture& message) { message.set_reservation_id(id); });
    ExpectNamed<Void>("PointsService/VoidReservation", release, {"reservation_id"},
                      [&](Void& message) { message.set_reservation_id(id); });
  }
}

TEST_F(BadPointsInputTest, OfAdjust) {
  using Adjust = v1::AdjustPointsRequest;
  auto adjust = Good<Adjust>();
  adjust.set_points(1);
  adjust.set_reason("goodwill");
  ExpectIdsChecked("PointsService/AdjustPoints", adjust);
  ExpectMembersChecked("PointsService/AdjustPoints", adjust);
  ExpectWalletsChecked("PointsService/AdjustPoints", adjust);
  ExpectPointsChecked("PointsService/AdjustPoints", adjust, {0, kTooMany, -kTooMany, kMax, kMin});
  for (const std::string& reason : {std::string(), std::string(65, 'r'), kLong, kNul}) {
    ExpectNamed<Adjust>("PointsService/AdjustPoints", adjust, {"reason"},
                        [&](Adjust& message) { message.set_reason(reason); });
  }
}

TEST_F(BadPointsInputTest, OfAConfirmation) {
  using Confirm = v1::ConfirmPurchaseRequest;
  Confirm confirm;
  confirm.set_request_id("c-1");
  confirm.set_purchase_id("p-1");
  ExpectIdsChecked("PurchaseService/ConfirmPurchase", confirm);
  for (const std::string& id : {std::string(), kLong, kNul}) {
    ExpectNamed<Confirm>("PurchaseService/ConfirmPurchase", confirm, {"purchase_id"},
                         [&](Confirm& message) { message.set_purchase_id(id); });
  }
}

using Return = v1::RecordReturnRequest;
constexpr char kRecordReturn[] = "PurchaseService/RecordReturn";

TEST_F(BadPointsInputTest, OfAReturnWithItsReceipt) {
  Return good;
  good.mutable_return_()->set_return_id("back");
  good.mutable_return_()->set_purchase_id("p-1");
  good.mutable_return_()->add_lines()->set_quantity(1);
  const auto expect = [&](const Fields& fields, const std::function<void(v1::Return&)>& spoil) {
    ExpectNamed<Return>(kRecordReturn, good, fields,
                        [&](Return& message) { spoil(*message.mutable_return_()); });
  };
  for (const std::string& id : {std::string(), kLong, kNul, std::string("with space")}) {
    expect({"return.return_id"}, [&](v1::Return& goods) { goods.set_return_id(id); });
  }
  expect({"return.purchase_id"}, [&](v1::Return& goods) { goods.set_purchase_id(kLong); });
  expect({"return.member"}, [](v1::Return& goods) { *goods.mutable_member() = Card("4005"); });
  expect({"return.currency"}, [](v1::Return& goods) { goods.set_currency("GBP"); });
  expect({"return.lines"}, [](v1::Return& goods) { goods.clear_lines(); });
  expect({"return.amount_minor"}, [](v1::Return& goods) { goods.set_amount_minor(1); });
  for (const int64_t amount : {int64_t{-1}, int64_t{1'000'000'000'001}, kMax, kMin}) {
    expect({"return.amount_minor"}, [=](v1::Return& goods) {
      goods.clear_lines();
      goods.set_amount_minor(amount);
    });
  }
  for (const int64_t quantity : {int64_t{0}, int64_t{-1}, int64_t{1'000'000'001}, kMax, kMin}) {
    expect({"return.lines[0].quantity"},
           [=](v1::Return& goods) { goods.mutable_lines(0)->set_quantity(quantity); });
  }
  expect({"return.lines[0].line"}, [](v1::Return& goods) { goods.mutable_lines(0)->set_line(-1); });
  expect({"return.lines[0].line"}, [](v1::Return& goods) { goods.mutable_lines(0)->set_line(1); });
  expect({"return.lines[0].sku", "return.lines[0].amount_minor"}, [](v1::Return& goods) {
    goods.mutable_lines(0)->set_sku("latte");
    goods.mutable_lines(0)->set_amount_minor(1);
  });
  expect({"return.lines"}, [](v1::Return& goods) {
    for (int i = 0; i < 2'001; ++i) goods.add_lines()->set_quantity(1);
  });
  expect({"return.reason"}, [](v1::Return& goods) { goods.set_reason(kLong); });
  expect({"return.occurred_at"},
         [](v1::Return& goods) { goods.mutable_occurred_at()->set_seconds(kMax); });
  expect({"return.occurred_at"},
         [](v1::Return& goods) { goods.mutable_occurred_at()->set_nanos(-1); });
}

TEST_F(BadPointsInputTest, OfAReturnWithoutAReceipt) {
  Return good;
  good.mutable_return_()->set_return_id("back");
  *good.mutable_return_()->mutable_member() = Card("4005");
  good.mutable_return_()->set_currency("GBP");
  v1::ReturnLine& line = *good.mutable_return_()->add_lines();
  line.set_sku("latte");
  line.set_quantity(1);
  const auto expect = [&](const Fields& fields, const std::function<void(v1::Return&)>& spoil) {
    ExpectNamed<Return>(kRecordReturn, good, fields,
                        [&](Return& message) { spoil(*message.mutable_return_()); });
  };
  expect({"return.member"}, [](v1::Return& goods) { goods.clear_member(); });
  for (const char* code : {"", "gbp", "GB", "GBPS"}) {
    expect({"return.currency"}, [=](v1::Return& goods) { goods.set_currency(code); });
  }
  expect({"return.amount_minor"}, [](v1::Return& goods) { goods.set_amount_minor(1); });
  expect({"return.lines"}, [](v1::Return& goods) { goods.clear_lines(); });
  expect({"return.lines[0].line"}, [](v1::Return& goods) { goods.mutable_lines(0)->set_line(1); });
  for (const std::string& sku : {std::string(), std::string(65, 's'), kLong, kNul}) {
    expect({"return.lines[0].sku"},
           [&](v1::Return& goods) { goods.mutable_lines(0)->set_sku(sku); });
  }
  for (const int64_t amount : {int64_t{-1}, int64_t{1'000'000'000'001}, kMax, kMin}) {
    expect({"return.lines[0].amount_minor"},
           [=](v1::Return& goods) { goods.mutable_lines(0)->set_amount_minor(amount); });
  }
  expect({"return.lines"}, [](v1::Return& goods) {
    *goods.add_lines() = goods.lines(0);
    for (auto& each : *goods.mutable_lines()) each.set_amount_minor(1'000'000'000'000);
  });
}

TEST_F(BadPointsInputTest, OfAMembersStanding) {
  ExpectIdsChecked("MemberService/SuspendMember", Good<v1::SuspendMemberRequest>());
  ExpectMembersChecked("MemberService/SuspendMember", Good<v1::SuspendMemberRequest>());
  ExpectIdsChecked("MemberService/ReinstateMember", Good<v1::ReinstateMemberRequest>());
  ExpectMembersChecked("MemberService/ReinstateMember", Good<v1::ReinstateMemberRequest>());
  ExpectIdsChecked("MemberService/CloseMember", Good<v1::CloseMemberRequest>());
  ExpectMembersChecked("MemberService/CloseMember", Good<v1::CloseMemberRequest>());
}

TEST_F(BadPointsInputTest, OfAnAudit) {
  using Verify = v1::VerifyLedgerRequest;
  for (const int page_size : {-1, 1'001, std::numeric_limits<int>::min()}) {
    ExpectNamed<Verify>("AuditService/VerifyLedger", Verify(), {"page_size"},
                        [=](Verify& message) { message.set_page_size(page_size); });
  }
  for (const std::string& token : {std::string("garbage"), std::string(100'000, 'A'), kNul}) {
    ExpectNamed<Verify>("AuditService/VerifyLedger", Verify(), {"page_token"},
                        [&](Verify& message) { message.set_page_token(token); });
  }
}

}  // namespace
}  // namespace dangol::e2e
