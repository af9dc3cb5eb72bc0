#pragma once

#include <gmock/gmock.h>

#include <memory>
#include <optional>

#include "dangol/connection.h"

// Mocks for testing code that uses dangol::Client:
//
//   auto connection = std::make_shared<dangol_mocks::MockConnection>();
//   EXPECT_CALL(*connection, GetBalance).WillOnce(Return(balance));
//   dangol::Client client(connection);
//
// Errors with a reason are made by dangol::MakeError.
namespace dangol_mocks {

class MockPurchaseStream : public dangol::PurchaseStream {
 public:
  MOCK_METHOD(bool, Write, (const dangol::v1::Purchase&), (override));
  MOCK_METHOD(void, WritesDone, (), (override));
  MOCK_METHOD(std::optional<dangol::v1::StreamPurchasesResponse>, Read, (), (override));
  MOCK_METHOD(absl::Status, Finish, (), (override));
};

class MockConnection : public dangol::Connection {
 public:
  MOCK_METHOD(absl::StatusOr<dangol::v1::EnrollMemberResponse>, EnrollMember,
              (const dangol::v1::EnrollMemberRequest&), (override));
  MOCK_METHOD(void, AsyncEnrollMember,
              (dangol::v1::EnrollMemberRequest, dangol::Callback<dangol::v1::EnrollMemberResponse>),
              (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::GetMemberResponse>, GetMember,
              (const dangol::v1::GetMemberRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::LookupMemberResponse>, LookupMember,
              (const dangol::v1::LookupMemberRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::ListMembersResponse>, ListMembers,
              (const dangol::v1::ListMembersRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::AddAliasResponse>, AddAlias,
              (const dangol::v1::AddAliasRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::RemoveAliasResponse>, RemoveAlias,
              (const dangol::v1::RemoveAliasRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::SuspendMemberResponse>, SuspendMember,
              (const dangol::v1::SuspendMemberRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::ReinstateMemberResponse>, ReinstateMember,
              (const dangol::v1::ReinstateMemberRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::MergeMembersResponse>, MergeMembers,
              (const dangol::v1::MergeMembersRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::UnmergeMemberResponse>, UnmergeMember,
              (const dangol::v1::UnmergeMemberRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::JoinHouseholdResponse>, JoinHousehold,
              (const dangol::v1::JoinHouseholdRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::LeaveHouseholdResponse>, LeaveHousehold,
              (const dangol::v1::LeaveHouseholdRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::CloseMemberResponse>, CloseMember,
              (const dangol::v1::CloseMemberRequest&), (override));

  MOCK_METHOD(absl::StatusOr<dangol::v1::RecordPurchaseResponse>, RecordPurchase,
              (const dangol::v1::RecordPurchaseRequest&), (override));
  MOCK_METHOD(void, AsyncRecordPurchase,
              (dangol::v1::RecordPurchaseRequest,
               dangol::Callback<dangol::v1::RecordPurchaseResponse>),
              (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::BatchRecordPurchasesResponse>, BatchRecordPurchases,
              (const dangol::v1::BatchRecordPurchasesRequest&), (override));
  MOCK_METHOD(void, AsyncBatchRecordPurchases,
              (dangol::v1::BatchRecordPurchasesRequest,
               dangol::Callback<dangol::v1::BatchRecordPurchasesResponse>),
              (override));
  MOCK_METHOD(std::unique_ptr<dangol::PurchaseStream>, StreamPurchases, (), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::PreviewPurchaseResponse>, PreviewPurchase,
              (const dangol::v1::PreviewPurchaseRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::GetPurchaseResponse>, GetPurchase,
              (const dangol::v1::GetPurchaseRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::ListPurchasesResponse>, ListPurchases,
              (const dangol::v1::ListPurchasesRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::ConfirmPurchaseResponse>, ConfirmPurchase,
              (const dangol::v1::ConfirmPurchaseRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::RecordReturnResponse>, RecordReturn,
              (const dangol::v1::RecordReturnRequest&), (override));
  MOCK_METHOD(void, AsyncRecordReturn,
              (dangol::v1::RecordReturnRequest, dangol::Callback<dangol::v1::RecordReturnResponse>),
              (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::ListReturnsResponse>, ListReturns,
              (const dangol::v1::ListReturnsRequest&), (override));

  MOCK_METHOD(absl::StatusOr<dangol::v1::GetBalanceResponse>, GetBalance,
              (const dangol::v1::GetBalanceRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::ListLedgerEntriesResponse>, ListLedgerEntries,
              (const dangol::v1::ListLedgerEntriesRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::ReservePointsResponse>, ReservePoints,
              (const dangol::v1::ReservePointsRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::CapturePointsResponse>, CapturePoints,
              (const dangol::v1::CapturePointsRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::VoidReservationResponse>, VoidReservation,
              (const dangol::v1::VoidReservationRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::RedeemPointsResponse>, RedeemPoints,
              (const dangol::v1::RedeemPointsRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::AdjustPointsResponse>, AdjustPoints,
              (const dangol::v1::AdjustPointsRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::TransferPointsResponse>, TransferPoints,
              (const dangol::v1::TransferPointsRequest&), (override));

  MOCK_METHOD(absl::StatusOr<dangol::v1::ListRewardsResponse>, ListRewards,
              (const dangol::v1::ListRewardsRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::IssueCouponResponse>, IssueCoupon,
              (const dangol::v1::IssueCouponRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::GetCouponResponse>, GetCoupon,
              (const dangol::v1::GetCouponRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::UseCouponResponse>, UseCoupon,
              (const dangol::v1::UseCouponRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::CancelCouponResponse>, CancelCoupon,
              (const dangol::v1::CancelCouponRequest&), (override));

  MOCK_METHOD(absl::StatusOr<dangol::v1::ValidateProgramResponse>, ValidateProgram,
              (const dangol::v1::ValidateProgramRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::ActivateProgramResponse>, ActivateProgram,
              (const dangol::v1::ActivateProgramRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::GetProgramResponse>, GetProgram,
              (const dangol::v1::GetProgramRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::ListProgramsResponse>, ListPrograms,
              (const dangol::v1::ListProgramsRequest&), (override));

  MOCK_METHOD(absl::StatusOr<dangol::v1::GetTotalsResponse>, GetTotals,
              (const dangol::v1::GetTotalsRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::GetLiabilityResponse>, GetLiability,
              (const dangol::v1::GetLiabilityRequest&), (override));

  MOCK_METHOD(absl::StatusOr<dangol::v1::VerifyLedgerResponse>, VerifyLedger,
              (const dangol::v1::VerifyLedgerRequest&), (override));
};

}  // namespace dangol_mocks
