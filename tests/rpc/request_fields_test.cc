// Of every request: which fields it has, and which of them are its content.

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "dangol/v1/activity_service.pb.h"
#include "dangol/v1/advocate_service.pb.h"
#include "dangol/v1/care_service.pb.h"
#include "dangol/v1/member_service.pb.h"
#include "dangol/v1/points_service.pb.h"
#include "dangol/v1/program_service.pb.h"
#include "dangol/v1/purchase_service.pb.h"
#include "dangol/v1/reward_service.pb.h"
#include "dangol/v1/tier_service.pb.h"
#include "server/common/record.h"
#include "server/domain/field_names.h"
#include "server/rpc/activity/convert_activity.h"
#include "server/rpc/member/convert_member.h"
#include "server/rpc/points/convert_spending.h"
#include "server/rpc/purchase/convert_purchase.h"
#include "server/rpc/purchase/convert_return.h"
#include "server/rpc/reward/convert_rewards.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

// The numbers of a row's fields.
template <typename Row>
std::set<uint32_t> NumbersOf(Row row) {
  std::set<uint32_t> numbers;
  auto add = [&](uint32_t number, auto&&) { numbers.insert(number); };
  record_internal::VisitFields(row, add);
  return numbers;
}

// Every field of the row has a name, which is that of a field of the message.
template <typename Message, typename Row>
void ExpectNames(const Row& row) {
  const std::vector<domain::FieldName> names = NamesOf(row);
  const std::string message = Message::descriptor()->name();
  for (const uint32_t number : NumbersOf(row)) {
    EXPECT_GE(number, 1) << message;
    EXPECT_LE(number, names.size()) << message << " has no name for field " << number;
  }
  EXPECT_EQ(NumbersOf(row).size(), names.size()) << message;
  for (const domain::FieldName& name : names) {
    if (*name.name == '\0') continue;
    EXPECT_NE(Message::descriptor()->FindFieldByName(name.name), nullptr)
        << message << "." << name.name;
  }
}

TEST(RequestFieldsTest, EveryFieldHasTheNameOfTheApi) {
  using namespace domain;
  ExpectNames<v1::EnrollMemberRequest>(EnrollMember());
  ExpectNames<v1::AddAliasRequest>(AddAlias());
  ExpectNames<v1::RemoveAliasRequest>(RemoveAlias());
  ExpectNames<v1::Purchase>(RecordPurchase());
  ExpectNames<v1::PurchaseLine>(PurchaseLine());
  ExpectNames<v1::ActivateProgramRequest>(ActivateProgram());
  ExpectNames<v1::Return>(RecordReturn());
  ExpectNames<v1::ReturnLine>(RecordReturn::Line());
  ExpectNames<v1::Activity>(RecordActivity());
  ExpectNames<v1::UndoActivityRequest>(UndoActivity());
  ExpectNames<v1::ConfirmPurchaseRequest>(ConfirmPurchase());
  ExpectNames<v1::ReservePointsRequest>(ReservePoints());
  ExpectNames<v1::CapturePointsRequest>(CapturePoints());
  ExpectNames<v1::VoidReservationRequest>(VoidReservation());
  ExpectNames<v1::AdjustPointsRequest>(AdjustPoints());
  ExpectNames<v1::SuspendMemberRequest>(ChangeStatus());
  ExpectNames<v1::TransferPointsRequest>(TransferPoints());
  ExpectNames<v1::IssueCouponRequest>(IssueCoupon());
  ExpectNames<v1::UseCouponRequest>(UseCoupon());
  ExpectNames<v1::CancelCouponRequest>(CancelCoupon());
  ExpectNames<v1::OverrideTierRequest>(OverrideTier());
  ExpectNames<v1::EndTierOverrideRequest>(EndTierOverride());
  const auto of = [](AdvocateRecordKind kind) {
    RecordAdvocate record;
    record.record.kind = kind;
    return record;
  };
  ExpectNames<v1::NominateTestifierRequest>(of(AdvocateRecordKind::kNomination));
  ExpectNames<v1::RecordConsentRequest>(of(AdvocateRecordKind::kConsent));
  ExpectNames<v1::WithdrawConsentRequest>(of(AdvocateRecordKind::kWithdrawal));
  ExpectNames<v1::RecordTestimonyUseRequest>(of(AdvocateRecordKind::kUse));
  ExpectNames<v1::RecordCompensationRequest>(of(AdvocateRecordKind::kCompensation));
  ExpectNames<v1::RecordSponsorshipRequest>(of(AdvocateRecordKind::kSponsorship));
  ExpectNames<v1::AssignManagerRequest>(of(AdvocateRecordKind::kManager));
  ExpectNames<v1::RecordSurveyRequest>(RecordSurvey());
  ExpectNames<v1::CompleteWorkItemRequest>(CompleteWork());
  ExpectNames<v1::UndoAdvocateRecordRequest>(UndoAdvocateRecord());
  ExpectNames<v1::FileComplaintRequest>(FileComplaint());
  const auto to = [](ComplaintEventKind kind) {
    ChangeComplaint change;
    change.kind = kind;
    return change;
  };
  ExpectNames<v1::AcknowledgeComplaintRequest>(to(ComplaintEventKind::kAcknowledged));
  ExpectNames<v1::AssignComplaintRequest>(to(ComplaintEventKind::kAssigned));
  ExpectNames<v1::ResolveComplaintRequest>(to(ComplaintEventKind::kResolved));
  ExpectNames<v1::RecordVerdictRequest>(to(ComplaintEventKind::kSatisfied));
  ExpectNames<v1::ReopenComplaintRequest>(to(ComplaintEventKind::kReopened));
  ExpectNames<v1::GrantGoodwillRequest>(to(ComplaintEventKind::kGoodwill));
  ExpectNames<v1::ImportLifetimeSumsRequest>(ImportLifetimeSums());
  ExpectNames<v1::RecordReferralRequest>(RecordReferral());
  ExpectNames<v1::EraseMemberRequest>(EraseMember());
  MergeMembers merge;
  ExpectNames<v1::MergeMembersRequest>(merge);
  merge.household = true;
  ExpectNames<v1::JoinHouseholdRequest>(merge);
  UnmergeMember unmerge;
  ExpectNames<v1::UnmergeMemberRequest>(unmerge);
  unmerge.household = true;
  ExpectNames<v1::LeaveHouseholdRequest>(unmerge);
}

template <typename Kind>
constexpr bool kHasNames = requires(const Kind& kind) {
  NamesOf(kind);
};

template <size_t... kIndexes>
size_t KindsWithNames(std::index_sequence<kIndexes...>) {
  return (size_t{0} + ... +
          (kHasNames<std::variant_alternative_t<kIndexes, domain::Action>> ? 1 : 0));
}

// All but what the server does by itself: time, influence, and the other halves of what concerns
// two.
TEST(RequestFieldsTest, EveryKindOfRequestHasNames) {
  constexpr size_t kKinds = std::variant_size_v<domain::Action>;
  EXPECT_EQ(KindsWithNames(std::make_index_sequence<kKinds>()), kKinds - 7);
}

v1::MemberRef Card() {
  v1::MemberRef member;
  member.mutable_alias()->set_kind("card");
  member.mutable_alias()->set_value("4005");
  return member;
}

v1::Purchase PurchaseOf(v1::LineKind kind, int32_t nanos) {
  v1::Purchase purchase;
  purchase.set_purchase_id("p-1");
  *purchase.mutable_member() = Card();
  purchase.set_currency("EUR");
  purchase.mutable_occurred_at()->set_seconds(1);
  purchase.mutable_occurred_at()->set_nanos(nanos);
  v1::PurchaseLine& line = *purchase.add_lines();
  line.set_quantity(1);
  line.set_kind(kind);
  return purchase;
}

v1::ReservePointsRequest ReserveFor(int64_t seconds, int32_t nanos = 0) {
  v1::ReservePointsRequest reserve;
  reserve.set_request_id("h-1");
  *reserve.mutable_member() = Card();
  reserve.set_points(1);
  if (seconds > 0) reserve.mutable_time_to_live()->set_seconds(seconds);
  if (nanos > 0) reserve.mutable_time_to_live()->set_nanos(nanos);
  return reserve;
}

v1::UseCouponRequest UseOf(const std::string& code) {
  v1::UseCouponRequest use;
  use.set_request_id("u-1");
  use.set_code(code);
  return use;
}

v1::EnrollMemberRequest EnrollWith(const std::vector<std::string>& keys) {
  v1::EnrollMemberRequest enroll;
  enroll.set_request_id("e-1");
  for (const std::string& key : keys) (*enroll.mutable_attributes())[key] = "x";
  return enroll;
}

v1::CapturePointsRequest CaptureOf(std::optional<int64_t> points) {
  v1::CapturePointsRequest capture;
  capture.set_request_id("c-1");
  capture.set_reservation_id("h-1");
  if (points.has_value()) capture.set_points(*points);
  return capture;
}

// What makes a repetition known, of a request as it was sent.
template <typename Message>
std::string ContentOf(const Message& message) {
  const absl::StatusOr<lane::Request> request = ToRequest(message);
  EXPECT_TRUE(request.ok()) << request.status();
  return request.ok() ? request->request_hash : "";
}

std::string ContentOf(const v1::Purchase& purchase) {
  v1::RecordPurchaseRequest request;
  *request.mutable_purchase() = purchase;
  return ContentOf(request);
}

// What is left out is what the API documents as its default; what is written in two ways is
// the same.
TEST(RequestFieldsTest, WhatIsLeftOutIsTheDefault) {
  constexpr char kCode[] = "0123456789ABCDEFGHJKMNPQRS";
  const struct {
    const char* what;
    std::string one;
    std::string other;
  } cases[] = {
      {"kind: goods", ContentOf(PurchaseOf(v1::LINE_KIND_UNSPECIFIED, 0)),
       ContentOf(PurchaseOf(v1::LINE_KIND_GOODS, 0))},
      {"time_to_live: 15 minutes", ContentOf(ReserveFor(0)), ContentOf(ReserveFor(15 * 60))},
      {"times in microseconds", ContentOf(PurchaseOf(v1::LINE_KIND_GOODS, 5'000)),
       ContentOf(PurchaseOf(v1::LINE_KIND_GOODS, 5'999))},
      {"lengths in microseconds", ContentOf(ReserveFor(9)), ContentOf(ReserveFor(9, 999))},
      {"code in any letters", ContentOf(UseOf(kCode)),
       ContentOf(UseOf("0123-4567-89ab cdef-ghjk-mnpq-rs"))},
      {"attributes in any order", ContentOf(EnrollWith({"a", "b", "c"})),
       ContentOf(EnrollWith({"c", "a", "b"}))},
  };
  for (const auto& row : cases) EXPECT_EQ(row.one, row.other) << row.what;
}

// A default that depends on what is recorded is not the same as what it comes to today.
TEST(RequestFieldsTest, WhatDependsOnTheStateIsNoDefault) {
  EXPECT_NE(ContentOf(CaptureOf(std::nullopt)), ContentOf(CaptureOf(0)));
  v1::ReservePointsRequest with_wallet = ReserveFor(0);
  with_wallet.set_wallet("points");
  EXPECT_NE(ContentOf(with_wallet), ContentOf(ReserveFor(0)));
  v1::Purchase without_time = PurchaseOf(v1::LINE_KIND_GOODS, 0);
  without_time.clear_occurred_at();
  EXPECT_NE(ContentOf(without_time), ContentOf(PurchaseOf(v1::LINE_KIND_GOODS, 0)));
}

// A repetition may be valid until another time than the first.
TEST(RequestFieldsTest, HowLongItIsValidIsNotOfTheContent) {
  v1::ReservePointsRequest until = ReserveFor(0);
  until.mutable_valid_until()->set_seconds(1);
  EXPECT_EQ(ContentOf(until), ContentOf(ReserveFor(0)));
}

}  // namespace
}  // namespace dangol::rpc
