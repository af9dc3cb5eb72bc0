// Points that pay, whatever became of the hold and in whatever order tills say so; and mistakes
// that are undone.

#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "dangol/error.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {
namespace {

class PaymentCornersTest : public DangoldTest {
 protected:
  // A point for ten pence, available at once. `wallet` is said of the wallet, `more` of the
  // program.
  void StartWith(const std::string& more = "", const std::string& wallet = "expiry { never {} }") {
    const std::string program =
        absl::StrReplaceAll(ProgramText("corners", 10), {{"expiry { never {} }", wallet}});
    std::ofstream(File("program.txtpb"))
        << program << more << "adjustment_reasons { code: \"goodwill\" max_points: 100000 }\n";
    ASSERT_NO_FATAL_FAILURE(Start({"--program=" + File("program.txtpb")}));
    Enroll("4005");
  }

  void Earn(int64_t points) {
    ASSERT_TRUE(MakeClient().RecordPurchase(SmallPurchase("earn", points * 10)).ok());
  }

  void Reserve(const std::string& id, int64_t points) {
    v1::ReservePointsRequest request;
    request.set_request_id(id);
    *request.mutable_member() = Card("4005");
    request.set_points(points);
    ASSERT_TRUE(MakeClient().ReservePoints(request).ok());
  }

  void Capture(const std::string& id) {
    v1::CapturePointsRequest request;
    request.set_request_id("capture-" + id);
    request.set_reservation_id(id);
    const auto captured = MakeClient().CapturePoints(request);
    ASSERT_TRUE(captured.ok()) << captured.status();
  }

  void Void(const std::string& id) {
    v1::VoidReservationRequest request;
    request.set_request_id("void-" + id);
    request.set_reservation_id(id);
    ASSERT_TRUE(MakeClient().VoidReservation(request).ok());
  }

  // A purchase of 10 pounds that says that points paid so much of it.
  absl::StatusOr<v1::PointsPayment> Pay(const std::string& id, const std::string& reservation,
                                        int64_t paid_minor) {
    v1::Purchase purchase = SmallPurchase(id, 1'000);
    purchase.set_reservation_id(reservation);
    purchase.set_paid_with_points_minor(paid_minor);
    const auto response = MakeClient().RecordPurchase(purchase);
    if (!response.ok()) return response.status();
    return response->outcome().payment();
  }

  absl::Status Return(const std::string& id, const std::string& purchase_id) {
    return MakeClient()
        .RecordReturn(ReturnBuilder::OfPurchase(id, purchase_id).EverythingLeft().Build())
        .status();
  }

  absl::StatusOr<v1::UndoReturnResponse> Undo(const std::string& return_id) {
    v1::UndoReturnRequest request;
    request.set_return_id(return_id);
    return MakeClient().UndoReturn(request);
  }

  absl::StatusOr<v1::AdjustPointsResponse> Adjust(const std::string& id, int64_t points,
                                                  const std::string& undoes = "",
                                                  const v1::MemberRef& member = Card("4005")) {
    v1::AdjustPointsRequest request;
    request.set_request_id(id);
    *request.mutable_member() = member;
    request.set_points(points);
    request.set_reason("goodwill");
    request.set_undoes(undoes);
    return MakeClient().AdjustPoints(request);
  }

  int64_t Available(const v1::MemberRef& member = Card("4005")) {
    EXPECT_EQ(TotalsOf(MakeClient()).trial_balance(), 0);
    return MakeClient().GetBalance(member).value().wallets(0).available();
  }

  v1::Reservation ReservationOf(const std::string& id) {
    v1::GetReservationRequest request;
    request.set_reservation_id(id);
    const auto response = MakeClient().GetReservation(request);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? response->reservation() : v1::Reservation();
  }
};

// Whatever comes first: the goods came back, and so did the points.
TEST_F(PaymentCornersTest, PurchaseCaptureAndReturnEndAlikeInAnyOrder) {
  StartWith();
  Earn(400);
  for (const bool capture_first : {true, false}) {
    const std::string id = capture_first ? "capture-first" : "return-first";
    Reserve(id, 100);
    const auto paid = Pay("p-" + id, id, 100);
    ASSERT_TRUE(paid.ok()) << paid.status();
    EXPECT_EQ(paid->status(), v1::PAYMENT_STATUS_HELD);
    if (capture_first) Capture(id);
    ASSERT_TRUE(Return("r-" + id, "p-" + id).ok());
    if (!capture_first) Capture(id);
    EXPECT_EQ(Available(), 400) << id;
    EXPECT_EQ(ReservationOf(id).captured(), 100);
    EXPECT_EQ(ReservationOf(id).restored(), 100);
    EXPECT_EQ(ReservationOf(id).purchase_id(), "p-" + id);
  }
  Reserve("before", 100);
  Capture("before");
  EXPECT_EQ(Pay("p-before", "before", 100)->status(), v1::PAYMENT_STATUS_PAID);
  ASSERT_TRUE(Return("r-before", "p-before").ok());
  EXPECT_EQ(Available(), 400);
  ExpectSoundBooks(MakeClient());
}

TEST_F(PaymentCornersTest, AnEndedHoldIsTakenAgainAsFarAsThereArePoints) {
  StartWith();
  Earn(100);
  Reserve("order", 100);
  Void("order");
  const auto taken = Pay("p-1", "order", 100);
  ASSERT_TRUE(taken.ok()) << taken.status();
  EXPECT_EQ(taken->status(), v1::PAYMENT_STATUS_PAID);
  EXPECT_EQ(taken->taken_now_points(), 100);
  EXPECT_EQ(ReservationOf("order").status(), v1::RESERVATION_STATUS_CAPTURED);
  ASSERT_TRUE(Return("r-1", "p-1").ok());
  EXPECT_EQ(Available(), 100);
  ExpectSoundBooks(MakeClient());
}

TEST_F(PaymentCornersTest, WhatIsMissingOfAnEndedHoldIsOwed) {
  StartWith();
  Earn(100);
  Reserve("order", 100);
  Void("order");
  Reserve("other", 70);
  const auto owed = Pay("p-1", "order", 100);
  ASSERT_TRUE(owed.ok()) << owed.status();
  EXPECT_EQ(owed->points(), 100);
  EXPECT_EQ(owed->taken_now_points(), 30);
  EXPECT_EQ(owed->owed_points(), 70);
  // The purchase earns 90, which repay what is owed.
  EXPECT_EQ(Available(), 20);
  ASSERT_TRUE(Return("r-1", "p-1").ok());
  EXPECT_EQ(Available(), 30) << "what paid is back, and what was earned is gone";
  ExpectSoundBooks(MakeClient());
}

TEST_F(PaymentCornersTest, WhatIsMissingIsToldWhereNothingMayBeOwed) {
  StartWith("debt_policy: DEBT_POLICY_REJECT\n");
  Earn(100);
  Reserve("order", 100);
  Void("order");
  Reserve("other", 70);
  const auto paid = Pay("p-1", "order", 100);
  ASSERT_TRUE(paid.ok()) << paid.status();
  EXPECT_EQ(paid->points(), 30);
  EXPECT_EQ(paid->missing_points(), 70);
  ExpectSoundBooks(MakeClient());
}

TEST_F(PaymentCornersTest, WhatIsWrittenOffPaysForOneReceipt) {
  StartWith("debt_policy: DEBT_POLICY_WRITE_OFF\n");
  Earn(100);
  Reserve("order", 100);
  Void("order");
  Reserve("other", 100);
  Capture("other");
  const auto paid = Pay("p-1", "order", 1'000);
  ASSERT_TRUE(paid.ok()) << paid.status();
  EXPECT_EQ(paid->written_off_points(), 100);
  EXPECT_EQ(paid->points(), 0);
  const auto again = Pay("p-2", "order", 1'000);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->written_off_points(), 0);
  EXPECT_EQ(again->other_purchase_id(), "p-1");
  ASSERT_TRUE(Return("r-1", "p-1").ok());
  EXPECT_EQ(Available(), 0) << "nothing was paid that could come back";
  ExpectSoundBooks(MakeClient());
}

TEST_F(PaymentCornersTest, AHoldPaysOneReceipt) {
  StartWith();
  Earn(100);
  Reserve("order", 100);
  EXPECT_EQ(Pay("p-1", "order", 100)->status(), v1::PAYMENT_STATUS_HELD);
  const auto second = Pay("p-2", "order", 100);
  ASSERT_TRUE(second.ok()) << "the sale has happened: " << second.status();
  EXPECT_EQ(second->status(), v1::PAYMENT_STATUS_UNPAID);
  EXPECT_EQ(second->other_purchase_id(), "p-1");
  EXPECT_EQ(second->unpaid_minor(), 100);
  Capture("order");
  ASSERT_TRUE(Return("r-2", "p-2").ok());
  EXPECT_EQ(ReservationOf("order").restored(), 0);
  EXPECT_EQ(Available(), 90) << "of p-1";
  ExpectSoundBooks(MakeClient());
}

TEST_F(PaymentCornersTest, AHoldPaysNoMoreThanItIsWorth) {
  StartWith("", "expiry { never {} } value { currency: \"GBP\" minor: 1 per_points: 1 }");
  Earn(100);
  Reserve("order", 1);
  const auto paid = Pay("p-1", "order", 1'000);
  ASSERT_TRUE(paid.ok()) << paid.status();
  EXPECT_EQ(paid->points(), 1);
  EXPECT_EQ(paid->unpaid_minor(), 999);
  ExpectSoundBooks(MakeClient());
}

TEST_F(PaymentCornersTest, AHoldThatEndsAfterAPurchaseNamedItIsFound) {
  StartWith();
  Earn(100);
  Reserve("order", 100);
  ASSERT_TRUE(Pay("p-1", "order", 100).ok());
  Void("order");
  v1::ListReservationsRequest list;
  *list.mutable_member() = Card("4005");
  list.set_status(v1::RESERVATION_STATUS_VOIDED);
  std::vector<std::string> unpaid;
  for (auto& reservation : MakeClient().ListReservations(list)) {
    ASSERT_TRUE(reservation.ok()) << reservation.status();
    unpaid.push_back(reservation->purchase_id());
  }
  EXPECT_THAT(unpaid, ::testing::ElementsAre("p-1"));
}

TEST_F(PaymentCornersTest, AnUndoneReturnNeverWas) {
  StartWith();
  Earn(100);
  Reserve("order", 100);
  Capture("order");
  ASSERT_TRUE(Pay("p-1", "order", 100).ok());
  EXPECT_EQ(Available(), 90);
  ASSERT_TRUE(Return("r-1", "p-1").ok());
  EXPECT_EQ(Available(), 100);
  const auto undone = Undo("r-1");
  ASSERT_TRUE(undone.ok()) << undone.status();
  EXPECT_EQ(Available(), 90);
  EXPECT_EQ(MakeClient().GetPurchase("p-1")->returned_minor(), 0);
  EXPECT_EQ(TotalsOf(MakeClient()).returns(), 0);
  const auto again = Undo("r-1");
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->replayed());
  EXPECT_EQ(ErrorReason(Undo("r-9").status()), "RETURN_NOT_FOUND");
  v1::GetReturnRequest get;
  get.set_return_id("r-1");
  EXPECT_TRUE(MakeClient().GetReturn(get)->return_().has_undone_at());
  // It may come back once more.
  ASSERT_TRUE(Return("r-2", "p-1").ok());
  EXPECT_EQ(Available(), 100);
  ExpectSoundBooks(MakeClient());
}

TEST_F(PaymentCornersTest, AMistakenGrantGoesByItsOwnPoints) {
  StartWith("", "expiry { after { months: 24 } }");
  Earn(100);
  ASSERT_TRUE(Adjust("grant", 500).ok());
  Reserve("order", 250);  // 100 older points, and 150 of the grant.
  Capture("order");
  EXPECT_EQ(Available(), 350);
  const auto undone = Adjust("undo", 0, "grant");
  ASSERT_TRUE(undone.ok()) << undone.status();
  EXPECT_EQ(Available(), -150) << "what was spent of it is owed";
  EXPECT_EQ(ErrorReason(Adjust("undo-2", 0, "grant").status()), "ADJUSTMENT_UNDONE");
  EXPECT_EQ(ErrorReason(Adjust("undo-3", 0, "nothing").status()), "ADJUSTMENT_NOT_FOUND");
  ExpectSoundBooks(MakeClient());
}

// Two who undo the same at the same moment, under names of their own.
TEST_F(PaymentCornersTest, AnAdjustmentIsUndoneOnceWhoeverAsks) {
  StartWith();
  ASSERT_TRUE(Adjust("grant", 100).ok());
  Reserve("order", 100);
  Capture("order");
  std::atomic<int> undone = 0;
  std::vector<std::thread> clerks;
  for (int i = 0; i < 8; ++i) {
    clerks.emplace_back([&, i] {
      const auto done = Adjust(absl::StrCat("undo-", i), 0, "grant");
      if (done.ok()) ++undone;
      EXPECT_TRUE(done.ok() || ErrorReason(done.status()) == "ADJUSTMENT_UNDONE") << done.status();
    });
  }
  for (std::thread& clerk : clerks) clerk.join();
  EXPECT_EQ(undone, 1);
  EXPECT_EQ(Available(), -100);
  ExpectSoundBooks(MakeClient());
}

TEST_F(PaymentCornersTest, AnAdjustmentThatWasWrittenOffIsUndone) {
  StartWith("debt_policy: DEBT_POLICY_WRITE_OFF\n");
  ASSERT_TRUE(Adjust("grant", 100).ok());
  Reserve("order", 100);
  ASSERT_TRUE(Pay("p-1", "order", 1'000).ok());
  Capture("order");
  ASSERT_TRUE(Adjust("undo", 0, "grant").ok());
  ASSERT_TRUE(Return("r-1", "p-1").ok());
  EXPECT_EQ(Available(), 100);
  EXPECT_EQ(ErrorReason(Adjust("undo-2", 0, "grant").status()), "ADJUSTMENT_UNDONE");
  ExpectSoundBooks(MakeClient());
}

// Two cards turn out to be one person's, and then not to be. Whoever has the points has the
// mistakes that gave them.
TEST_F(PaymentCornersTest, AMistakeGoesWithWhomItWasMadeFor) {
  StartWith();
  const std::string merged = Enroll("2").member_id();
  const std::string survivor = MakeClient().GetMember(Card("4005")).value().member_id();
  Earn(30);
  ASSERT_TRUE(Adjust("early", 100, "", Card("2")).ok());
  ASSERT_TRUE(Adjust("late", 200, "", Card("2")).ok());
  ASSERT_TRUE(Adjust("theirs", 7).ok());

  v1::MergeMembersRequest merge;
  *merge.mutable_member() = Card("2");
  *merge.mutable_into() = Card("4005");
  ASSERT_TRUE(MakeClient().MergeMembers(merge).ok());
  EXPECT_EQ(Available(), 337);
  Reserve("order", 40);  // Of the older points, 30 and 10 of "early".
  Capture("order");
  const auto undone = Adjust("undo", 0, "early", MemberById(survivor));
  ASSERT_TRUE(undone.ok()) << undone.status();
  EXPECT_EQ(Available(), 197) << "90 that were left of it are gone, and 10 are owed";
  EXPECT_EQ(ErrorReason(Adjust("undo-2", 0, "early", Card("2")).status()), "ADJUSTMENT_UNDONE");
  EXPECT_EQ(ErrorReason(Adjust("undo-3", 0, "early", MemberById(merged)).status()),
            "ADJUSTMENT_UNDONE");

  v1::UnmergeMemberRequest unmerge;
  unmerge.set_merged_member_id(merged);
  ASSERT_TRUE(MakeClient().UnmergeMember(unmerge).ok());
  EXPECT_EQ(Available(), 7);
  EXPECT_EQ(Available(Card("2")), 190);
  EXPECT_EQ(ErrorReason(Adjust("undo-4", 0, "early", Card("2")).status()), "ADJUSTMENT_UNDONE");
  EXPECT_EQ(ErrorReason(Adjust("undo-5", 0, "late").status()), "ADJUSTMENT_NOT_FOUND");
  ASSERT_TRUE(Adjust("undo-6", 0, "late", Card("2")).ok());
  EXPECT_EQ(Available(Card("2")), -10);
  ASSERT_TRUE(Adjust("undo-7", 0, "theirs").ok());
  EXPECT_EQ(Available(), 0);
  ExpectSoundBooks(MakeClient());
}

// What one brought into a household, named by its head; and what they were given there, after
// they have left.
TEST_F(PaymentCornersTest, AMistakeGoesIntoAHouseholdAndOutOfIt) {
  StartWith();
  Enroll("2");
  ASSERT_TRUE(Adjust("brought", 100, "", Card("2")).ok());
  v1::JoinHouseholdRequest join;
  *join.mutable_member() = Card("2");
  *join.mutable_household() = Card("4005");
  ASSERT_TRUE(MakeClient().JoinHousehold(join).ok());
  ASSERT_TRUE(Adjust("given", 20, "", Card("2")).ok());
  EXPECT_EQ(Available(), 120);
  ASSERT_TRUE(Adjust("undo", 0, "brought").ok());
  EXPECT_EQ(Available(), 20);
  v1::LeaveHouseholdRequest leave;
  *leave.mutable_member() = Card("2");
  ASSERT_TRUE(MakeClient().LeaveHousehold(leave).ok());
  EXPECT_EQ(ErrorReason(Adjust("undo-2", 0, "brought", Card("2")).status()), "ADJUSTMENT_UNDONE");
  EXPECT_EQ(ErrorReason(Adjust("undo-3", 0, "given").status()), "ADJUSTMENT_NOT_FOUND");
  ASSERT_TRUE(Adjust("undo-4", 0, "given", Card("2")).ok());
  EXPECT_EQ(Available(Card("2")), 0);
  ExpectSoundBooks(MakeClient());
}

TEST_F(PaymentCornersTest, PointsTakenByMistakeComeBackAsTheyWere) {
  StartWith("", "expiry { after { months: 24 } }");
  Earn(100);
  const std::string before =
      MakeClient().GetBalance(Card("4005")).value().wallets(0).ShortDebugString();
  ASSERT_TRUE(Adjust("taken", -100).ok());
  EXPECT_EQ(Available(), 0);
  ASSERT_TRUE(Adjust("undo", 0, "taken").ok());
  EXPECT_EQ(MakeClient().GetBalance(Card("4005")).value().wallets(0).ShortDebugString(), before)
      << "no expiry is prolonged";
  ExpectSoundBooks(MakeClient());
}

// A till pays back more for goods without a receipt than they had cost.
TEST_F(PaymentCornersTest, AReturnWithoutReceiptIsWorthWhatTheGoodsHadCost) {
  StartWith();
  ASSERT_TRUE(MakeClient().RecordPurchase(SmallPurchase("p-1", 1'000)).ok());
  const auto goods = SmallPurchase("p-1", 1'000).lines(0);
  v1::RecordReturnRequest request;
  request.mutable_return_()->set_return_id("r-1");
  *request.mutable_return_()->mutable_member() = Card("4005");
  request.mutable_return_()->set_currency("GBP");
  v1::ReturnLine& line = *request.mutable_return_()->add_lines();
  line.set_sku(goods.sku());
  line.set_quantity(goods.quantity());
  line.set_amount_minor(3'000);
  const auto back = MakeClient().RecordReturn(request);
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(back->return_().amount_minor(), 3'000);
  EXPECT_EQ(back->return_().unmatched_minor(), 2'000);
  EXPECT_EQ(MakeClient().GetPurchase("p-1")->returned_minor(), 1'000);
  ExpectSoundBooks(MakeClient());
}

TEST_F(PaymentCornersTest, AttributesAreChangedOneByOneOrAll) {
  StartWith();
  v1::UpdateMemberRequest request;
  request.set_request_id("u-1");
  *request.mutable_member() = Card("4005");
  (*request.mutable_attributes())["city"] = "Busan";
  (*request.mutable_attributes())["vip"] = "yes";
  request.mutable_update_mask()->add_paths("attributes");
  ASSERT_TRUE(MakeClient().UpdateMember(request).ok());
  request.set_request_id("u-2");
  request.mutable_attributes()->erase("vip");
  (*request.mutable_attributes())["city"] = "Seoul";
  EXPECT_TRUE(MakeClient().UpdateMember(request).ok());
  EXPECT_EQ(MakeClient().GetMember(Card("4005"))->attributes().size(), 1);
  request.set_request_id("u-3");
  request.mutable_attributes()->clear();
  request.mutable_update_mask()->set_paths(0, "attributes.city");
  const auto removed = MakeClient().UpdateMember(request);
  ASSERT_TRUE(removed.ok()) << removed.status();
  EXPECT_TRUE(MakeClient().GetMember(Card("4005"))->attributes().empty());
  request.set_request_id("u-4");
  request.mutable_update_mask()->set_paths(0, "status");
  EXPECT_TRUE(absl::IsInvalidArgument(MakeClient().UpdateMember(request).status()));
  ExpectSoundBooks(MakeClient());
}

}  // namespace
}  // namespace dangol::e2e
