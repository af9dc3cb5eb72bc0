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
  MOCK_METHOD(absl::StatusOr<dangol::v1::MemberServiceEnrollResponse>, Enroll,
              (const dangol::v1::MemberServiceEnrollRequest&), (override));
  MOCK_METHOD(void, AsyncEnroll,
              (dangol::v1::MemberServiceEnrollRequest,
               dangol::Callback<dangol::v1::MemberServiceEnrollResponse>),
              (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::MemberServiceGetResponse>, GetMember,
              (const dangol::v1::MemberServiceGetRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::MemberServiceLookupResponse>, LookupMember,
              (const dangol::v1::MemberServiceLookupRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::MemberServiceListResponse>, ListMembers,
              (const dangol::v1::MemberServiceListRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::AddAliasResponse>, AddAlias,
              (const dangol::v1::AddAliasRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::RemoveAliasResponse>, RemoveAlias,
              (const dangol::v1::RemoveAliasRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::SuspendResponse>, SuspendMember,
              (const dangol::v1::SuspendRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::ReinstateResponse>, ReinstateMember,
              (const dangol::v1::ReinstateRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::MergeResponse>, MergeMembers,
              (const dangol::v1::MergeRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::UnmergeResponse>, UnmergeMember,
              (const dangol::v1::UnmergeRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::JoinHouseholdResponse>, JoinHousehold,
              (const dangol::v1::JoinHouseholdRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::LeaveHouseholdResponse>, LeaveHousehold,
              (const dangol::v1::LeaveHouseholdRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::CloseResponse>, CloseMember,
              (const dangol::v1::CloseRequest&), (override));

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
  MOCK_METHOD(absl::StatusOr<dangol::v1::ReserveResponse>, ReservePoints,
              (const dangol::v1::ReserveRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::CaptureResponse>, CapturePoints,
              (const dangol::v1::CaptureRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::VoidResponse>, VoidReservation,
              (const dangol::v1::VoidRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::RedeemResponse>, RedeemPoints,
              (const dangol::v1::RedeemRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::AdjustResponse>, AdjustPoints,
              (const dangol::v1::AdjustRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::TransferResponse>, TransferPoints,
              (const dangol::v1::TransferRequest&), (override));

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

  MOCK_METHOD(absl::StatusOr<dangol::v1::ProgramServiceValidateResponse>, ValidateProgram,
              (const dangol::v1::ProgramServiceValidateRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::ProgramServiceActivateResponse>, ActivateProgram,
              (const dangol::v1::ProgramServiceActivateRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::ProgramServiceGetResponse>, GetProgram,
              (const dangol::v1::ProgramServiceGetRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::ProgramServiceListResponse>, ListPrograms,
              (const dangol::v1::ProgramServiceListRequest&), (override));

  MOCK_METHOD(absl::StatusOr<dangol::v1::GetTotalsResponse>, GetTotals,
              (const dangol::v1::GetTotalsRequest&), (override));
  MOCK_METHOD(absl::StatusOr<dangol::v1::GetLiabilityResponse>, GetLiability,
              (const dangol::v1::GetLiabilityRequest&), (override));

  MOCK_METHOD(absl::StatusOr<dangol::v1::VerifyLedgerResponse>, VerifyLedger,
              (const dangol::v1::VerifyLedgerRequest&), (override));
};

}  // namespace dangol_mocks
