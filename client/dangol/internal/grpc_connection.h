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

  absl::StatusOr<v1::MemberServiceEnrollResponse> Enroll(
      const v1::MemberServiceEnrollRequest& request) override;
  void AsyncEnroll(v1::MemberServiceEnrollRequest request,
                   Callback<v1::MemberServiceEnrollResponse> done) override;
  absl::StatusOr<v1::MemberServiceGetResponse> GetMember(
      const v1::MemberServiceGetRequest& request) override;
  absl::StatusOr<v1::MemberServiceLookupResponse> LookupMember(
      const v1::MemberServiceLookupRequest& request) override;
  absl::StatusOr<v1::MemberServiceListResponse> ListMembers(
      const v1::MemberServiceListRequest& request) override;
  absl::StatusOr<v1::AddAliasResponse> AddAlias(const v1::AddAliasRequest& request) override;
  absl::StatusOr<v1::RemoveAliasResponse> RemoveAlias(
      const v1::RemoveAliasRequest& request) override;
  absl::StatusOr<v1::SuspendResponse> SuspendMember(const v1::SuspendRequest& request) override;
  absl::StatusOr<v1::ReinstateResponse> ReinstateMember(
      const v1::ReinstateRequest& request) override;
  absl::StatusOr<v1::CloseResponse> CloseMember(const v1::CloseRequest& request) override;
  absl::StatusOr<v1::MergeResponse> MergeMembers(const v1::MergeRequest& request) override;
  absl::StatusOr<v1::UnmergeResponse> UnmergeMember(const v1::UnmergeRequest& request) override;
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
  absl::StatusOr<v1::ReserveResponse> ReservePoints(const v1::ReserveRequest& request) override;
  absl::StatusOr<v1::CaptureResponse> CapturePoints(const v1::CaptureRequest& request) override;
  absl::StatusOr<v1::VoidResponse> VoidReservation(const v1::VoidRequest& request) override;
  absl::StatusOr<v1::RedeemResponse> RedeemPoints(const v1::RedeemRequest& request) override;
  absl::StatusOr<v1::AdjustResponse> AdjustPoints(const v1::AdjustRequest& request) override;
  absl::StatusOr<v1::TransferResponse> TransferPoints(const v1::TransferRequest& request) override;

  absl::StatusOr<v1::ListRewardsResponse> ListRewards(
      const v1::ListRewardsRequest& request) override;
  absl::StatusOr<v1::IssueCouponResponse> IssueCoupon(
      const v1::IssueCouponRequest& request) override;
  absl::StatusOr<v1::GetCouponResponse> GetCoupon(const v1::GetCouponRequest& request) override;
  absl::StatusOr<v1::UseCouponResponse> UseCoupon(const v1::UseCouponRequest& request) override;
  absl::StatusOr<v1::CancelCouponResponse> CancelCoupon(
      const v1::CancelCouponRequest& request) override;

  absl::StatusOr<v1::ProgramServiceValidateResponse> ValidateProgram(
      const v1::ProgramServiceValidateRequest& request) override;
  absl::StatusOr<v1::ProgramServiceActivateResponse> ActivateProgram(
      const v1::ProgramServiceActivateRequest& request) override;
  absl::StatusOr<v1::ProgramServiceGetResponse> GetProgram(
      const v1::ProgramServiceGetRequest& request) override;
  absl::StatusOr<v1::ProgramServiceListResponse> ListPrograms(
      const v1::ProgramServiceListRequest& request) override;

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
