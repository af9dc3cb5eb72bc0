// Points that are given, set aside, spent and told of, as a shop does it.

#include <gmock/gmock.h>

#include <barrier>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "dangol/error.h"
#include "tests/e2e/calls.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {
namespace {

using ::testing::ElementsAre;

constexpr absl::string_view kReplayed("\x78\x01", 2);  // Field 15, true.

// Points are available at once and live for ever.
class PointsTest : public DangoldTest {
 protected:
  void SetUp() override {
    std::ofstream(File("program.txtpb"))
        << ProgramText("points", 10)
        << "adjustment_reasons { code: \"goodwill\" max_points: 1000 }\n";
    ASSERT_NO_FATAL_FAILURE(Start(flags_));
    member_id_ = Enroll("4005").member_id();
  }

  absl::StatusOr<v1::AdjustPointsResponse> Adjust(int64_t points, const std::string& reason) {
    v1::AdjustPointsRequest request;
    *request.mutable_member() = Card("4005");
    request.set_points(points);
    request.set_reason(reason);
    return MakeClient().AdjustPoints(request);
  }

  void Give(int64_t points) { ASSERT_TRUE(Adjust(points, "goodwill").ok()); }

  v1::ReservePointsRequest ReserveOf(const std::string& id, int64_t points) {
    v1::ReservePointsRequest request;
    request.set_request_id(id);
    *request.mutable_member() = Card("4005");
    request.set_points(points);
    return request;
  }

  absl::StatusOr<v1::ReservePointsResponse> Reserve(const std::string& id, int64_t points) {
    return MakeClient().ReservePoints(ReserveOf(id, points));
  }

  absl::StatusOr<v1::CapturePointsResponse> Capture(const std::string& reservation,
                                                    std::optional<int64_t> points = {}) {
    v1::CapturePointsRequest request;
    request.set_reservation_id(reservation);
    if (points.has_value()) request.set_points(*points);
    return MakeClient().CapturePoints(request);
  }

  absl::StatusOr<v1::VoidReservationResponse> Void(const std::string& reservation) {
    v1::VoidReservationRequest request;
    request.set_reservation_id(reservation);
    return MakeClient().VoidReservation(request);
  }

  absl::StatusOr<v1::RedeemPointsResponse> Redeem(int64_t points) {
    v1::RedeemPointsRequest request;
    *request.mutable_member() = Card("4005");
    request.set_points(points);
    return MakeClient().RedeemPoints(request);
  }

  v1::WalletBalance BalanceAt(absl::Time time) {
    const auto balance = MakeClient().GetBalance(Card("4005"), time);
    EXPECT_TRUE(balance.ok()) << balance.status();
    if (!balance.ok() || balance->wallets_size() != 1) return {};
    EXPECT_EQ(ToTime(balance->as_of()), time);
    EXPECT_EQ(balance->member_id(), member_id_);
    return balance->wallets(0);
  }

  void ExpectBalance(int64_t available, int64_t held) {
    const v1::WalletBalance balance = MakeClient().GetBalance(Card("4005")).value().wallets(0);
    EXPECT_EQ(balance.available(), available);
    EXPECT_EQ(balance.held(), held);
    EXPECT_EQ(balance.pending(), 0);
    EXPECT_EQ(TotalsOf(MakeClient()).trial_balance(), 0);
  }

  // The member's ledger, first entry first.
  std::vector<v1::LedgerEntry> Ledger() {
    std::vector<v1::LedgerEntry> entries;
    for (absl::StatusOr<v1::LedgerEntry>& entry : MakeClient().ListLedgerEntries(Card("4005")))
      entries.insert(entries.begin(), entry.value());
    return entries;
  }

  std::vector<v1::EntryKind> Kinds() {
    std::vector<v1::EntryKind> kinds;
    for (const v1::LedgerEntry& entry : Ledger()) kinds.push_back(entry.kind());
    return kinds;
  }

  const std::vector<std::string> flags_ = {"--program=" + File("program.txtpb")};
  std::string member_id_;
};

TEST_F(PointsTest, AReservationLivesFromHoldToCapture) {
  Give(100);
  const v1::ReservePointsResponse reserved = Reserve("order-1", 80).value();
  EXPECT_EQ(reserved.reservation().reservation_id(), "order-1");
  EXPECT_EQ(reserved.reservation().member_id(), member_id_);
  EXPECT_EQ(reserved.reservation().wallet(), "points");
  EXPECT_EQ(reserved.reservation().points(), 80);
  EXPECT_EQ(reserved.reservation().captured(), 0);
  EXPECT_EQ(reserved.reservation().status(), v1::RESERVATION_STATUS_HELD);
  EXPECT_EQ(
      ToTime(reserved.reservation().lapses_at()) - ToTime(reserved.reservation().reserved_at()),
      absl::Minutes(15));
  ASSERT_EQ(reserved.balances_size(), 1);
  EXPECT_EQ(reserved.balances(0).available(), 20);
  EXPECT_EQ(reserved.balances(0).held(), 80);
  ExpectBalance(20, 80);
  ExpectRefused(Capture("order-1", 81).status(), absl::StatusCode::kFailedPrecondition, {},
                "RESERVATION_TOO_SMALL");

  const v1::CapturePointsResponse captured = Capture("order-1", 50).value();
  EXPECT_EQ(captured.reservation().status(), v1::RESERVATION_STATUS_CAPTURED);
  EXPECT_EQ(captured.reservation().points(), 80);
  EXPECT_EQ(captured.reservation().captured(), 50);
  EXPECT_EQ(captured.balances(0).available(), 50);
  ExpectBalance(50, 0);
  ExpectRefused(Void("order-1").status(), absl::StatusCode::kFailedPrecondition, {},
                "RESERVATION_ENDED");
  ExpectRefused(Capture("order-1").status(), absl::StatusCode::kFailedPrecondition, {},
                "RESERVATION_ENDED");

  EXPECT_THAT(Kinds(), ElementsAre(v1::ENTRY_KIND_ADJUST, v1::ENTRY_KIND_HOLD,
                                   v1::ENTRY_KIND_CAPTURE, v1::ENTRY_KIND_RELEASE));
  EXPECT_EQ(Ledger().at(1).reference(), "order-1");
  const v1::WalletTotals totals = Points(TotalsOf(MakeClient()));
  EXPECT_EQ(totals.issued(), 0);
  EXPECT_EQ(totals.adjusted(), 100);
  EXPECT_EQ(totals.redeemed(), 50);
}

TEST_F(PointsTest, AVoidGivesEverythingBack) {
  Give(100);
  ASSERT_TRUE(Reserve("order-1", 100).ok());
  EXPECT_EQ(Void("order-1").value().reservation().status(), v1::RESERVATION_STATUS_VOIDED);
  ExpectBalance(100, 0);
  ExpectRefused(Void("order-1").status(), absl::StatusCode::kFailedPrecondition, {},
                "RESERVATION_ENDED");
}

TEST_F(PointsTest, NobodySpendsWhatIsNotThere) {
  Give(100);
  ASSERT_TRUE(Reserve("order-1", 60).ok());
  ExpectRefused(Reserve("order-2", 41).status(), absl::StatusCode::kFailedPrecondition, {},
                "INSUFFICIENT_POINTS");
  ExpectRefused(Redeem(41).status(), absl::StatusCode::kFailedPrecondition, {},
                "INSUFFICIENT_POINTS");
  ExpectRefused(Capture("order-2").status(), absl::StatusCode::kNotFound, {},
                "RESERVATION_NOT_FOUND");
  ExpectRefused(Void("order-2").status(), absl::StatusCode::kNotFound, {}, "RESERVATION_NOT_FOUND");
  v1::ReservePointsRequest elsewhere = ReserveOf("order-3", 1);
  elsewhere.set_wallet("miles");
  ExpectRefused(MakeClient().ReservePoints(elsewhere).status(), absl::StatusCode::kInvalidArgument,
                {"wallet"}, "WALLET_NOT_DECLARED");
  v1::ReservePointsRequest nobody = ReserveOf("order-4", 1);
  *nobody.mutable_member() = Card("nobody");
  ExpectRefused(MakeClient().ReservePoints(nobody).status(), absl::StatusCode::kNotFound, {},
                "MEMBER_NOT_FOUND");
  // What was refused was not remembered.
  EXPECT_TRUE(Reserve("order-2", 40).ok());
  ExpectBalance(0, 100);
}

TEST_F(PointsTest, EachReplayIsTheFirstReplyByteForByte) {
  Give(1'000);
  struct Step {
    std::string method;
    std::string request;
  };
  std::vector<Step> steps;
  const auto add = [&](const std::string& method, const google::protobuf::MessageLite& request) {
    steps.push_back({absl::StrCat("/dangol.v1.", method), request.SerializeAsString()});
  };
  const auto with_id = [](auto request, const std::string& id) {
    request.set_request_id(id);
    return request;
  };
  const auto about_member = [&](auto request, const std::string& id) {
    *request.mutable_member() = Card("4005");
    return with_id(request, id);
  };
  add("PointsService/ReservePoints", ReserveOf("order-1", 80));
  v1::CapturePointsRequest capture;
  capture.set_reservation_id("order-1");
  add("PointsService/CapturePoints", with_id(capture, "capture-1"));
  add("PointsService/ReservePoints", ReserveOf("order-2", 80));
  v1::VoidReservationRequest release;
  release.set_reservation_id("order-2");
  add("PointsService/VoidReservation", with_id(release, "void-2"));
  v1::RedeemPointsRequest redeem;
  redeem.set_points(30);
  add("PointsService/RedeemPoints", about_member(redeem, "order-3"));
  v1::AdjustPointsRequest adjust;
  adjust.set_points(-10);
  adjust.set_reason("goodwill");
  add("PointsService/AdjustPoints", about_member(adjust, "adjust-1"));
  add("MemberService/SuspendMember", about_member(v1::SuspendMemberRequest(), "suspend-1"));
  add("MemberService/ReinstateMember", about_member(v1::ReinstateMemberRequest(), "reinstate-1"));
  add("MemberService/CloseMember", about_member(v1::CloseMemberRequest(), "close-1"));

  auto channel = MakeChannel();
  std::vector<std::string> first;
  for (const Step& step : steps) {
    const Answer answer = Call(channel, step.method, step.request);
    ASSERT_TRUE(answer.status.ok()) << step.method << ": " << answer.status;
    first.push_back(answer.bytes);
  }
  const v1::GetTotalsResponse before = TotalsOf(MakeClient());
  for (const bool restarted : {false, true}) {
    if (restarted) {
      Kill();
      ASSERT_NO_FATAL_FAILURE(Start(flags_));
      channel = MakeChannel();
    }
    for (size_t i = 0; i < steps.size(); ++i) {
      const Answer again = Call(channel, steps[i].method, steps[i].request);
      EXPECT_EQ(again.bytes, absl::StrCat(first[i], kReplayed)) << steps[i].method << again.status;
    }
  }
  EXPECT_EQ(BytesOf(TotalsOf(MakeClient())), BytesOf(before));
  ExpectRefused(Reserve("order-1", 81).status(), absl::StatusCode::kAlreadyExists, {"request_id"},
                "REQUEST_ID_REUSED");
  // Nor is an id of use for another call.
  ExpectRefused(Reserve("adjust-1", 1).status(), absl::StatusCode::kAlreadyExists, {"request_id"},
                "REQUEST_ID_REUSED");
}

TEST_F(PointsTest, TwentyTillsShareAHundredPoints) {
  constexpr int kTills = 20;
  constexpr int64_t kEach = 7;
  Give(100);
  std::vector<absl::Status> answers(kTills);
  std::barrier together(kTills);
  std::vector<std::thread> tills;
  for (int till = 0; till < kTills; ++till) {
    tills.emplace_back([&, till] {
      v1::RedeemPointsRequest request;
      request.set_request_id(absl::StrCat("till-", till));
      *request.mutable_member() = Card("4005");
      request.set_points(kEach);
      Client client = MakeClient();
      together.arrive_and_wait();
      answers[till] = client.RedeemPoints(request).status();
    });
  }
  for (std::thread& till : tills) till.join();
  int served = 0;
  for (const absl::Status& answer : answers) {
    served += answer.ok() ? 1 : 0;
    if (!answer.ok()) {
      ExpectRefused(answer, absl::StatusCode::kFailedPrecondition, {}, "INSUFFICIENT_POINTS");
    }
  }
  EXPECT_EQ(served, 100 / kEach);
  ExpectBalance(100 % kEach, 0);
  EXPECT_EQ(Points(TotalsOf(MakeClient())).redeemed(), served * kEach);
}

TEST_F(PointsTest, ThePastIsToldAsItWas) {
  Give(100);
  ASSERT_TRUE(Redeem(60).ok());
  ASSERT_TRUE(Reserve("order-1", 10).ok());
  const std::vector<v1::LedgerEntry> entries = Ledger();
  ASSERT_EQ(entries.size(), 3u);
  const auto recorded = [&](size_t i) { return ToTime(entries[i].recorded_at()); };
  EXPECT_EQ(BalanceAt(recorded(0) - absl::Microseconds(1)).available(), 0);
  EXPECT_EQ(BalanceAt(recorded(0)).available(), 100);
  EXPECT_EQ(BalanceAt(recorded(1)).available(), 40);
  const v1::WalletBalance now = BalanceAt(recorded(2));
  EXPECT_EQ(now.available(), 30);
  EXPECT_EQ(now.held(), 10);
  EXPECT_EQ(BalanceAt(absl::UnixEpoch()).available(), 0);
}

TEST_F(PointsTest, ReservationsLapseInTheFuture) {
  Give(100);
  const v1::Reservation held = Reserve("order-1", 40).value().reservation();
  const absl::Time lapses_at = ToTime(held.lapses_at());
  EXPECT_EQ(BalanceAt(lapses_at - absl::Microseconds(1)).held(), 40);
  const v1::WalletBalance after = BalanceAt(lapses_at);
  EXPECT_EQ(after.held(), 0);
  EXPECT_EQ(after.available(), 100);
  ExpectBalance(60, 40);
}

TEST_F(PointsTest, AMomentHasLimits) {
  const absl::Time now = absl::Now();
  for (const absl::Time time : {absl::UnixEpoch() - absl::Microseconds(1),
                                now + absl::Hours(24 * 365 * 101), absl::FromUnixSeconds(-1'000)}) {
    ExpectRefused(MakeClient().GetBalance(Card("4005"), time).status(),
                  absl::StatusCode::kInvalidArgument, {"as_of"});
  }
  for (const absl::Time time : {now, now + absl::Hours(24 * 365 * 99)}) {
    ExpectRefused(MakeClient().GetBalance(Card("nobody"), time).status(),
                  absl::StatusCode::kNotFound, {}, "MEMBER_NOT_FOUND");
  }
}

TEST_F(PointsTest, WhoIsSuspendedNeitherEarnsNorSpends) {
  Give(100);
  ASSERT_TRUE(Reserve("order-1", 10).ok());
  ASSERT_TRUE(Reserve("order-2", 10).ok());
  v1::SuspendMemberRequest suspend;
  *suspend.mutable_member() = Card("4005");
  EXPECT_EQ(MakeClient().SuspendMember(suspend).value().member().status(),
            v1::MEMBER_STATUS_SUSPENDED);
  EXPECT_EQ(
      MakeClient().RecordPurchase(SmallPurchase("p-1", 1'000)).value().outcome().earned_size(), 0);
  ExpectRefused(Redeem(1).status(), absl::StatusCode::kFailedPrecondition, {}, "MEMBER_SUSPENDED");
  ExpectRefused(Capture("order-1").status(), absl::StatusCode::kFailedPrecondition, {},
                "MEMBER_SUSPENDED");
  EXPECT_TRUE(Void("order-1").ok());
  ExpectBalance(90, 10);

  v1::ReinstateMemberRequest reinstate;
  *reinstate.mutable_member() = Card("4005");
  EXPECT_EQ(MakeClient().ReinstateMember(reinstate).value().member().status(),
            v1::MEMBER_STATUS_ACTIVE);
  EXPECT_TRUE(Capture("order-2").ok());
  EXPECT_TRUE(Redeem(1).ok());
  const v1::PurchaseOutcome outcome =
      MakeClient().RecordPurchase(SmallPurchase("p-2", 1'000)).value().outcome();
  ASSERT_EQ(outcome.earned_size(), 1);
  EXPECT_EQ(outcome.earned(0).points(), 100);
  ExpectBalance(189, 0);
}

TEST_F(PointsTest, AClosedMembershipEnds) {
  Give(100);
  ASSERT_TRUE(Reserve("order-1", 40).ok());
  v1::CloseMemberRequest close;
  *close.mutable_member() = Card("4005");
  EXPECT_EQ(MakeClient().CloseMember(close).value().member().status(), v1::MEMBER_STATUS_CLOSED);
  ExpectBalance(0, 0);
  EXPECT_EQ(Points(TotalsOf(MakeClient())).expired(), 100);
  const auto is_closed = [](const absl::Status& status) {
    ExpectRefused(status, absl::StatusCode::kFailedPrecondition, {}, "MEMBER_CLOSED");
  };
  is_closed(Redeem(1).status());
  is_closed(Adjust(1, "goodwill").status());
  is_closed(MakeClient().RecordPurchase(SmallPurchase("p-1", 1'000)).status());
  v1::ReinstateMemberRequest reinstate;
  *reinstate.mutable_member() = Card("4005");
  is_closed(MakeClient().ReinstateMember(reinstate).status());
}

TEST_F(PointsTest, AnAdjustmentNeedsADeclaredReason) {
  const v1::AdjustPointsResponse given = Adjust(100, "goodwill").value();
  EXPECT_EQ(given.member_id(), member_id_);
  EXPECT_EQ(given.balances(0).available(), 100);
  EXPECT_EQ(Adjust(-30, "goodwill").value().balances(0).available(), 70);
  ExpectRefused(Adjust(1, "because").status(), absl::StatusCode::kInvalidArgument, {"reason"},
                "REASON_NOT_DECLARED");
  ExpectRefused(Adjust(1'001, "goodwill").status(), absl::StatusCode::kFailedPrecondition, {},
                "ADJUSTMENT_TOO_LARGE");
  ExpectRefused(Adjust(-71, "goodwill").status(), absl::StatusCode::kFailedPrecondition, {},
                "INSUFFICIENT_POINTS");
  ExpectBalance(70, 0);
  EXPECT_EQ(Points(TotalsOf(MakeClient())).adjusted(), 70);
  for (const v1::LedgerEntry& entry : Ledger()) {
    EXPECT_EQ(entry.kind(), v1::ENTRY_KIND_ADJUST);
    EXPECT_EQ(entry.reason(), "goodwill");
  }
}

TEST_F(PointsTest, AReservationOutlivesTheServer) {
  Give(100);
  ASSERT_TRUE(Reserve("order-1", 80).ok());
  Kill();
  ASSERT_NO_FATAL_FAILURE(Start(flags_));
  ExpectBalance(20, 80);
  EXPECT_EQ(Capture("order-1").value().reservation().captured(), 80);
  ExpectBalance(20, 0);
}

// With the sample program: pending for 14 days, gone after 24 months.
class FutureTest : public DangoldTest {};

TEST_F(FutureTest, TellsWhatTimeWillHaveDone) {
  Enroll("4005");
  Client client = MakeClient();
  ASSERT_TRUE(client.RecordPurchase(SmallPurchase("p-1", 1'000)).ok());
  const v1::WalletBalance now = client.GetBalance(Card("4005")).value().wallets(0);
  EXPECT_EQ(now.pending(), 200);
  ASSERT_EQ(now.maturing_size(), 1);
  ASSERT_EQ(now.expiring_size(), 1);

  const auto at = [&](const google::protobuf::Timestamp& time, absl::Duration later) {
    return client.GetBalance(Card("4005"), ToTime(time) + later).value().wallets(0);
  };
  EXPECT_EQ(at(now.maturing(0).at(), -absl::Microseconds(1)).pending(), 200);
  const v1::WalletBalance matured = at(now.maturing(0).at(), absl::ZeroDuration());
  EXPECT_EQ(matured.pending(), 0);
  EXPECT_EQ(matured.available(), 200);
  EXPECT_EQ(matured.qualifying_points(), 100);
  EXPECT_EQ(matured.maturing_size(), 0);
  EXPECT_EQ(matured.expiring_size(), 1);
  const v1::WalletBalance expired = at(now.expiring(0).at(), absl::ZeroDuration());
  EXPECT_EQ(expired.available(), 0);
  EXPECT_EQ(expired.expiring_size(), 0);
  // Looking ahead changes nothing.
  EXPECT_EQ(BytesOf(client.GetBalance(Card("4005")).value().wallets(0)), BytesOf(now));
}

}  // namespace
}  // namespace dangol::e2e
