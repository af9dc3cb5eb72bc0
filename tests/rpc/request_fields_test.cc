// Of every request: which fields it has.

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "dangol/v1/member_service.pb.h"
#include "dangol/v1/points_service.pb.h"
#include "dangol/v1/program_service.pb.h"
#include "dangol/v1/purchase_service.pb.h"
#include "dangol/v1/reward_service.pb.h"
#include "server/common/record.h"
#include "server/domain/field_names.h"

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

// All but what the server does by itself: time, and the other halves of what concerns two.
TEST(RequestFieldsTest, EveryKindOfRequestHasNames) {
  constexpr size_t kKinds = std::variant_size_v<domain::Action>;
  EXPECT_EQ(KindsWithNames(std::make_index_sequence<kKinds>()), kKinds - 4);
}

}  // namespace
}  // namespace dangol::rpc
