#pragma once

#include <memory>
#include <optional>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dangol/options.h"
#include "dangol/v1/audit_service.pb.h"
#include "dangol/v1/insight_service.pb.h"
#include "dangol/v1/member_service.pb.h"
#include "dangol/v1/points_service.pb.h"
#include "dangol/v1/program_service.pb.h"
#include "dangol/v1/purchase_service.pb.h"
#include "dangol/v1/reward_service.pb.h"

namespace dangol {

// Receives the outcome of an asynchronous call, once, on a thread of gRPC: keep
// it short and never block in it.
template <typename Response>
using Callback = absl::AnyInvocable<void(absl::StatusOr<Response>)>;

// A stream on which purchases go out and their outcomes come back, in the same
// order. One thread may write while another reads; neither side may be used by
// two threads at once.
//
// A stream is not retried. When it breaks, open another one and send again
// what has no outcome yet: what was recorded already answers `replayed`.
class PurchaseStream {
 public:
  virtual ~PurchaseStream() = default;

  // Sends a purchase; false when the stream is broken.
  virtual bool Write(const v1::Purchase& purchase) = 0;
  // Says that no more purchases follow.
  virtual void WritesDone() = 0;
  // Waits for the next outcome; nothing at the end of the stream.
  virtual std::optional<v1::StreamPurchasesResponse> Read() = 0;
  // Tells how the stream ended. Call it once, after Read returned nothing.
  virtual absl::Status Finish() = 0;
};

// What a Client speaks through: one virtual method for each RPC. Programs use
// Client; tests put a dangol_mocks::MockConnection behind it.
//
// Thread safe. A connection of MakeConnection retries UNAVAILABLE, and
// RESOURCE_EXHAUSTED where the server names a delay, within the limits of its
// Options; every mutation must therefore carry its request id already (Client
// sees to it). Statuses carry the server's details, see error.h.
class Connection {
 public:
  virtual ~Connection() = default;

  // MemberService.
  virtual absl::StatusOr<v1::EnrollMemberResponse> EnrollMember(
      const v1::EnrollMemberRequest& request) = 0;
  virtual void AsyncEnrollMember(v1::EnrollMemberRequest request,
                                 Callback<v1::EnrollMemberResponse> done) = 0;
  virtual absl::StatusOr<v1::GetMemberResponse> GetMember(const v1::GetMemberRequest& request) = 0;
  virtual absl::StatusOr<v1::LookupMemberResponse> LookupMember(
      const v1::LookupMemberRequest& request) = 0;
  virtual absl::StatusOr<v1::ListMembersResponse> ListMembers(
      const v1::ListMembersRequest& request) = 0;
  virtual absl::StatusOr<v1::AddAliasResponse> AddAlias(const v1::AddAliasRequest& request) = 0;
  virtual absl::StatusOr<v1::RemoveAliasResponse> RemoveAlias(
      const v1::RemoveAliasRequest& request) = 0;
  virtual absl::StatusOr<v1::SuspendMemberResponse> SuspendMember(
      const v1::SuspendMemberRequest& request) = 0;
  virtual absl::StatusOr<v1::ReinstateMemberResponse> ReinstateMember(
      const v1::ReinstateMemberRequest& request) = 0;
  virtual absl::StatusOr<v1::CloseMemberResponse> CloseMember(
      const v1::CloseMemberRequest& request) = 0;
  virtual absl::StatusOr<v1::MergeMembersResponse> MergeMembers(
      const v1::MergeMembersRequest& request) = 0;
  virtual absl::StatusOr<v1::UnmergeMemberResponse> UnmergeMember(
      const v1::UnmergeMemberRequest& request) = 0;
  virtual absl::StatusOr<v1::JoinHouseholdResponse> JoinHousehold(
      const v1::JoinHouseholdRequest& request) = 0;
  virtual absl::StatusOr<v1::LeaveHouseholdResponse> LeaveHousehold(
      const v1::LeaveHouseholdRequest& request) = 0;

  // PurchaseService.
  virtual absl::StatusOr<v1::RecordPurchaseResponse> RecordPurchase(
      const v1::RecordPurchaseRequest& request) = 0;
  virtual void AsyncRecordPurchase(v1::RecordPurchaseRequest request,
                                   Callback<v1::RecordPurchaseResponse> done) = 0;
  virtual absl::StatusOr<v1::BatchRecordPurchasesResponse> BatchRecordPurchases(
      const v1::BatchRecordPurchasesRequest& request) = 0;
  virtual void AsyncBatchRecordPurchases(v1::BatchRecordPurchasesRequest request,
                                         Callback<v1::BatchRecordPurchasesResponse> done) = 0;
  virtual std::unique_ptr<PurchaseStream> StreamPurchases() = 0;
  virtual absl::StatusOr<v1::PreviewPurchaseResponse> PreviewPurchase(
      const v1::PreviewPurchaseRequest& request) = 0;
  virtual absl::StatusOr<v1::GetPurchaseResponse> GetPurchase(
      const v1::GetPurchaseRequest& request) = 0;
  virtual absl::StatusOr<v1::ListPurchasesResponse> ListPurchases(
      const v1::ListPurchasesRequest& request) = 0;
  virtual absl::StatusOr<v1::ConfirmPurchaseResponse> ConfirmPurchase(
      const v1::ConfirmPurchaseRequest& request) = 0;
  virtual absl::StatusOr<v1::RecordReturnResponse> RecordReturn(
      const v1::RecordReturnRequest& request) = 0;
  virtual void AsyncRecordReturn(v1::RecordReturnRequest request,
                                 Callback<v1::RecordReturnResponse> done) = 0;
  virtual absl::StatusOr<v1::ListReturnsResponse> ListReturns(
      const v1::ListReturnsRequest& request) = 0;

  // PointsService.
  virtual absl::StatusOr<v1::GetBalanceResponse> GetBalance(
      const v1::GetBalanceRequest& request) = 0;
  virtual absl::StatusOr<v1::ListLedgerEntriesResponse> ListLedgerEntries(
      const v1::ListLedgerEntriesRequest& request) = 0;
  virtual absl::StatusOr<v1::ReservePointsResponse> ReservePoints(
      const v1::ReservePointsRequest& request) = 0;
  virtual absl::StatusOr<v1::CapturePointsResponse> CapturePoints(
      const v1::CapturePointsRequest& request) = 0;
  virtual absl::StatusOr<v1::VoidReservationResponse> VoidReservation(
      const v1::VoidReservationRequest& request) = 0;
  virtual absl::StatusOr<v1::RedeemPointsResponse> RedeemPoints(
      const v1::RedeemPointsRequest& request) = 0;
  virtual absl::StatusOr<v1::AdjustPointsResponse> AdjustPoints(
      const v1::AdjustPointsRequest& request) = 0;
  virtual absl::StatusOr<v1::TransferPointsResponse> TransferPoints(
      const v1::TransferPointsRequest& request) = 0;

  // RewardService.
  virtual absl::StatusOr<v1::ListRewardsResponse> ListRewards(
      const v1::ListRewardsRequest& request) = 0;
  virtual absl::StatusOr<v1::IssueCouponResponse> IssueCoupon(
      const v1::IssueCouponRequest& request) = 0;
  virtual absl::StatusOr<v1::GetCouponResponse> GetCoupon(const v1::GetCouponRequest& request) = 0;
  virtual absl::StatusOr<v1::UseCouponResponse> UseCoupon(const v1::UseCouponRequest& request) = 0;
  virtual absl::StatusOr<v1::CancelCouponResponse> CancelCoupon(
      const v1::CancelCouponRequest& request) = 0;

  // ProgramService.
  virtual absl::StatusOr<v1::ValidateProgramResponse> ValidateProgram(
      const v1::ValidateProgramRequest& request) = 0;
  virtual absl::StatusOr<v1::ActivateProgramResponse> ActivateProgram(
      const v1::ActivateProgramRequest& request) = 0;
  virtual absl::StatusOr<v1::GetProgramResponse> GetProgram(
      const v1::GetProgramRequest& request) = 0;
  virtual absl::StatusOr<v1::ListProgramsResponse> ListPrograms(
      const v1::ListProgramsRequest& request) = 0;

  // InsightService.
  virtual absl::StatusOr<v1::GetTotalsResponse> GetTotals(const v1::GetTotalsRequest& request) = 0;
  virtual absl::StatusOr<v1::GetLiabilityResponse> GetLiability(
      const v1::GetLiabilityRequest& request) = 0;

  // AuditService.
  virtual absl::StatusOr<v1::VerifyLedgerResponse> VerifyLedger(
      const v1::VerifyLedgerRequest& request) = 0;
};

// Makes a connection over gRPC. It connects when it is first used, so this
// does not fail; an endpoint that nobody answers at gives UNAVAILABLE.
std::shared_ptr<Connection> MakeConnection(Options options = {});

}  // namespace dangol
