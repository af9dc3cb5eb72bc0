#pragma once

#include <functional>
#include <memory>

#include "dangol/connection.h"
#include "dangol/internal/async_call.h"
#include "dangol/internal/retry.h"
#include "dangol/v1/audit_service.grpc.pb.h"
#include "dangol/v1/insight_service.grpc.pb.h"
#include "dangol/v1/member_service.grpc.pb.h"
#include "dangol/v1/points_service.grpc.pb.h"
#include "dangol/v1/program_service.grpc.pb.h"
#include "dangol/v1/purchase_service.grpc.pb.h"
#include "dangol/v1/reward_service.grpc.pb.h"

namespace dangol::internal {

// The generated stubs, behind their interfaces so that tests can stand in.
struct Stubs {
  std::shared_ptr<v1::MemberService::StubInterface> members;
  std::shared_ptr<v1::PurchaseService::StubInterface> purchases;
  std::shared_ptr<v1::PointsService::StubInterface> points;
  std::shared_ptr<v1::ProgramService::StubInterface> programs;
  std::shared_ptr<v1::InsightService::StubInterface> insights;
  std::shared_ptr<v1::AuditService::StubInterface> audit;
  std::shared_ptr<v1::RewardService::StubInterface> rewards;
};

// Makes the stubs of a channel to options.endpoint.
Stubs MakeStubs(const Options& options);

// The connection that programs use: one gRPC channel, every call with a
// deadline and retries. Thread safe.
class GrpcConnection : public Connection {
 public:
  GrpcConnection(Options options, Stubs stubs, std::shared_ptr<RetryEnvironment> environment);
  // Asynchronous calls go on until they have reported.
  ~GrpcConnection() override;
  GrpcConnection(const GrpcConnection&) = delete;
  GrpcConnection& operator=(const GrpcConnection&) = delete;

  absl::StatusOr<v1::EnrollMemberResponse> EnrollMember(
      const v1::EnrollMemberRequest& request) override;
  void AsyncEnrollMember(v1::EnrollMemberRequest request,
                         Callback<v1::EnrollMemberResponse> done) override;
  absl::StatusOr<v1::GetMemberResponse> GetMember(const v1::GetMemberRequest& request) override;
  absl::StatusOr<v1::LookupMemberResponse> LookupMember(
      const v1::LookupMemberRequest& request) override;
  absl::StatusOr<v1::ListMembersResponse> ListMembers(
      const v1::ListMembersRequest& request) override;
  absl::StatusOr<v1::AddAliasResponse> AddAlias(const v1::AddAliasRequest& request) override;
  absl::StatusOr<v1::RemoveAliasResponse> RemoveAlias(
      const v1::RemoveAliasRequest& request) override;
  absl::StatusOr<v1::SuspendMemberResponse> SuspendMember(
      const v1::SuspendMemberRequest& request) override;
  absl::StatusOr<v1::ReinstateMemberResponse> ReinstateMember(
      const v1::ReinstateMemberRequest& request) override;
  absl::StatusOr<v1::CloseMemberResponse> CloseMember(
      const v1::CloseMemberRequest& request) override;
  absl::StatusOr<v1::MergeMembersResponse> MergeMembers(
      const v1::MergeMembersRequest& request) override;
  absl::StatusOr<v1::UnmergeMemberResponse> UnmergeMember(
      const v1::UnmergeMemberRequest& request) override;
  absl::StatusOr<v1::JoinHouseholdResponse> JoinHousehold(
      const v1::JoinHouseholdRequest& request) override;
  absl::StatusOr<v1::LeaveHouseholdResponse> LeaveHousehold(
      const v1::LeaveHouseholdRequest& request) override;

  absl::StatusOr<v1::RecordPurchaseResponse> RecordPurchase(
      const v1::RecordPurchaseRequest& request) override;
  void AsyncRecordPurchase(v1::RecordPurchaseRequest request,
                           Callback<v1::RecordPurchaseResponse> done) override;
  absl::StatusOr<v1::BatchRecordPurchasesResponse> BatchRecordPurchases(
      const v1::BatchRecordPurchasesRequest& request) override;
  void AsyncBatchRecordPurchases(v1::BatchRecordPurchasesRequest request,
                                 Callback<v1::BatchRecordPurchasesResponse> done) override;
  std::unique_ptr<PurchaseStream> StreamPurchases() override;
  absl::StatusOr<v1::PreviewPurchaseResponse> PreviewPurchase(
      const v1::PreviewPurchaseRequest& request) override;
  absl::StatusOr<v1::GetPurchaseResponse> GetPurchase(
      const v1::GetPurchaseRequest& request) override;
  absl::StatusOr<v1::ListPurchasesResponse> ListPurchases(
      const v1::ListPurchasesRequest& request) override;
  absl::StatusOr<v1::ConfirmPurchaseResponse> ConfirmPurchase(
      const v1::ConfirmPurchaseRequest& request) override;
  absl::StatusOr<v1::RecordReturnResponse> RecordReturn(
      const v1::RecordReturnRequest& request) override;
  void AsyncRecordReturn(v1::RecordReturnRequest request,
                         Callback<v1::RecordReturnResponse> done) override;
  absl::StatusOr<v1::ListReturnsResponse> ListReturns(
      const v1::ListReturnsRequest& request) override;

  absl::StatusOr<v1::GetBalanceResponse> GetBalance(const v1::GetBalanceRequest& request) override;
  absl::StatusOr<v1::ListLedgerEntriesResponse> ListLedgerEntries(
      const v1::ListLedgerEntriesRequest& request) override;
  absl::StatusOr<v1::ReservePointsResponse> ReservePoints(
      const v1::ReservePointsRequest& request) override;
  absl::StatusOr<v1::CapturePointsResponse> CapturePoints(
      const v1::CapturePointsRequest& request) override;
  absl::StatusOr<v1::VoidReservationResponse> VoidReservation(
      const v1::VoidReservationRequest& request) override;
  absl::StatusOr<v1::RedeemPointsResponse> RedeemPoints(
      const v1::RedeemPointsRequest& request) override;
  absl::StatusOr<v1::AdjustPointsResponse> AdjustPoints(
      const v1::AdjustPointsRequest& request) override;
  absl::StatusOr<v1::TransferPointsResponse> TransferPoints(
      const v1::TransferPointsRequest& request) override;

  absl::StatusOr<v1::ListRewardsResponse> ListRewards(
      const v1::ListRewardsRequest& request) override;
  absl::StatusOr<v1::IssueCouponResponse> IssueCoupon(
      const v1::IssueCouponRequest& request) override;
  absl::StatusOr<v1::GetCouponResponse> GetCoupon(const v1::GetCouponRequest& request) override;
  absl::StatusOr<v1::UseCouponResponse> UseCoupon(const v1::UseCouponRequest& request) override;
  absl::StatusOr<v1::CancelCouponResponse> CancelCoupon(
      const v1::CancelCouponRequest& request) override;

  absl::StatusOr<v1::ValidateProgramResponse> ValidateProgram(
      const v1::ValidateProgramRequest& request) override;
  absl::StatusOr<v1::ActivateProgramResponse> ActivateProgram(
      const v1::ActivateProgramRequest& request) override;
  absl::StatusOr<v1::GetProgramResponse> GetProgram(const v1::GetProgramRequest& request) override;
  absl::StatusOr<v1::ListProgramsResponse> ListPrograms(
      const v1::ListProgramsRequest& request) override;

  absl::StatusOr<v1::GetTotalsResponse> GetTotals(const v1::GetTotalsRequest& request) override;
  absl::StatusOr<v1::GetLiabilityResponse> GetLiability(
      const v1::GetLiabilityRequest& request) override;
  absl::StatusOr<v1::VerifyLedgerResponse> VerifyLedger(
      const v1::VerifyLedgerRequest& request) override;

 private:
  // What calls use, and asynchronous ones beyond the life of the connection.
  struct Core {
    Options options;
    Stubs stubs;
    std::shared_ptr<RetryEnvironment> environment;
    RunningCalls running;
  };

  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(Stub& stub,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const Request& request);
  template <typename Stub, typename Async, typename Request, typename Response>
  void StartCall(Stub& stub,
                 void (Async::*method)(grpc::ClientContext*, const Request*, Response*,
                                       std::function<void(grpc::Status)>),
                 Request request, Callback<Response> done);

  std::unique_ptr<Core> core_;
};

}  // namespace dangol::internal
