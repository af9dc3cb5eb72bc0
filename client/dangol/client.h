#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "dangol/connection.h"
#include "dangol/error.h"
#include "dangol/money.h"
#include "dangol/options.h"
#include "dangol/page_range.h"
#include "dangol/types.h"

namespace dangol {

// The typed client of a Dangol server. Cheap to copy (copies share one
// connection) and thread safe.
//
// Every call is bounded by Options::deadline and retried within it where that
// is safe, which is everywhere: reads change nothing, and mutations carry a
// request id. Where a request has none, the client makes one before the first
// attempt, so that a retry never acts twice. Give your own where you may have to
// repeat a call after a crash.
//
// Errors are the canonical codes with the server's details; see error.h. Beyond
// what each method names: INVALID_ARGUMENT for a field that is wrong,
// UNAVAILABLE and DEADLINE_EXCEEDED when the server can't be reached in time,
// RESOURCE_EXHAUSTED when it stays overloaded.
class Client {
 public:
  explicit Client(std::shared_ptr<Connection> connection);

  // Makes a member. ALREADY_EXISTS (ALIAS_TAKEN).
  absl::StatusOr<v1::EnrollMemberResponse> EnrollMember(v1::EnrollMemberRequest request);
  void AsyncEnrollMember(v1::EnrollMemberRequest request, Callback<v1::EnrollMemberResponse> done);

  // Returns a member. NOT_FOUND (MEMBER_NOT_FOUND).
  absl::StatusOr<v1::Member> GetMember(const v1::MemberRef& member);
  absl::StatusOr<v1::Member> LookupMember(const v1::Alias& alias);

  // Walks all members in the order in which they were made. `request` may hold
  // filters and a page size.
  PageRange<v1::Member> ListMembers(v1::ListMembersRequest request = {});

  // Gives a member one more alias. ALREADY_EXISTS (ALIAS_TAKEN),
  // FAILED_PRECONDITION (TOO_MANY_ALIASES), NOT_FOUND (MEMBER_NOT_FOUND).
  absl::StatusOr<v1::AddAliasResponse> AddAlias(v1::AddAliasRequest request);
  // Takes an alias away. NOT_FOUND (MEMBER_NOT_FOUND, ALIAS_NOT_FOUND).
  absl::StatusOr<v1::RemoveAliasResponse> RemoveAlias(v1::RemoveAliasRequest request);

  // Stops a member from earning and spending. NOT_FOUND (MEMBER_NOT_FOUND),
  // FAILED_PRECONDITION (MEMBER_CLOSED); so do the two below.
  absl::StatusOr<v1::SuspendMemberResponse> SuspendMember(v1::SuspendMemberRequest request);
  // Lets a suspended member earn and spend again.
  absl::StatusOr<v1::ReinstateMemberResponse> ReinstateMember(v1::ReinstateMemberRequest request);
  // Ends a membership for good; points that are left expire.
  absl::StatusOr<v1::CloseMemberResponse> CloseMember(v1::CloseMemberRequest request);
  // Joins a member to another, who has everything of both from then on; and undoes it.
  // NOT_FOUND (MEMBER_NOT_FOUND, SURVIVOR_NOT_FOUND), FAILED_PRECONDITION
  // (MEMBER_SUSPENDED, MEMBER_CLOSED, MEMBER_MERGED, TOO_MANY_ALIASES, MERGE_TOO_LARGE,
  // MEMBER_NOT_MERGED, SURVIVOR_MERGED).
  absl::StatusOr<v1::MergeMembersResponse> MergeMembers(v1::MergeMembersRequest request);
  absl::StatusOr<v1::UnmergeMemberResponse> UnmergeMember(v1::UnmergeMemberRequest request);
  // Lets a member share their points with a household, and leave it again.
  // NOT_FOUND (MEMBER_NOT_FOUND, HOUSEHOLD_NOT_FOUND), FAILED_PRECONDITION
  // (MEMBER_SUSPENDED, MEMBER_CLOSED, MEMBER_IN_HOUSEHOLD, MERGE_TOO_LARGE,
  // MEMBER_NOT_IN_HOUSEHOLD, HOUSEHOLD_SUSPENDED, SURVIVOR_MERGED).
  absl::StatusOr<v1::JoinHouseholdResponse> JoinHousehold(v1::JoinHouseholdRequest request);
  absl::StatusOr<v1::LeaveHouseholdResponse> LeaveHousehold(v1::LeaveHouseholdRequest request);

  // Records a purchase and credits what it earns; durable when it returns.
  // NOT_FOUND (MEMBER_NOT_FOUND), FAILED_PRECONDITION (MEMBER_CLOSED),
  // ALREADY_EXISTS (REQUEST_ID_REUSED) when the purchase id was used for
  // another purchase.
  absl::StatusOr<v1::RecordPurchaseResponse> RecordPurchase(v1::Purchase purchase);
  void AsyncRecordPurchase(v1::Purchase purchase, Callback<v1::RecordPurchaseResponse> done);

  // Records up to 1,000 purchases. Results are in their order; each succeeds or
  // fails by itself (turn an error into a status with ToStatus). The call as a
  // whole is retried, a single result is not: look for IsTransient ones.
  absl::StatusOr<v1::BatchRecordPurchasesResponse> BatchRecordPurchases(
      std::vector<v1::Purchase> purchases);
  void AsyncBatchRecordPurchases(std::vector<v1::Purchase> purchases,
                                 Callback<v1::BatchRecordPurchasesResponse> done);

  // Records purchases as they come.
  std::unique_ptr<PurchaseStream> StreamPurchases();

  // Tells what recording a purchase would cause, and records nothing.
  absl::StatusOr<v1::PurchaseOutcome> PreviewPurchase(const v1::Purchase& purchase);

  // Returns a recorded purchase. NOT_FOUND (PURCHASE_NOT_FOUND).
  absl::StatusOr<v1::RecordedPurchase> GetPurchase(absl::string_view purchase_id);

  // Walks a member's purchases, the latest first. NOT_FOUND (MEMBER_NOT_FOUND).
  PageRange<v1::RecordedPurchase> ListPurchases(const v1::MemberRef& member);
  PageRange<v1::RecordedPurchase> ListPurchases(v1::ListPurchasesRequest request);

  // Makes points available that wait for it. NOT_FOUND (PURCHASE_NOT_FOUND),
  // FAILED_PRECONDITION (MEMBER_CLOSED).
  absl::StatusOr<v1::ConfirmPurchaseResponse> ConfirmPurchase(v1::ConfirmPurchaseRequest request);

  // Records goods that came back (see ReturnBuilder) and takes back what they had
  // earned; durable when it returns. NOT_FOUND (PURCHASE_NOT_FOUND,
  // MEMBER_NOT_FOUND), FAILED_PRECONDITION (RETURN_TOO_LARGE, INSUFFICIENT_POINTS,
  // MEMBER_CLOSED), ALREADY_EXISTS (REQUEST_ID_REUSED) when the return id was used
  // for another return.
  absl::StatusOr<v1::RecordReturnResponse> RecordReturn(v1::Return goods);
  void AsyncRecordReturn(v1::Return goods, Callback<v1::RecordReturnResponse> done);

  // Walks a member's returns, the latest first. NOT_FOUND (MEMBER_NOT_FOUND).
  PageRange<v1::RecordedReturn> ListReturns(const v1::MemberRef& member);
  PageRange<v1::RecordedReturn> ListReturns(v1::ListReturnsRequest request);

  // Returns a member's wallets as of now, or of a moment that is past or to come.
  // NOT_FOUND (MEMBER_NOT_FOUND).
  absl::StatusOr<v1::GetBalanceResponse> GetBalance(const v1::MemberRef& member);
  absl::StatusOr<v1::GetBalanceResponse> GetBalance(const v1::MemberRef& member, absl::Time as_of);

  // Walks a member's ledger, the last recorded entry first. NOT_FOUND
  // (MEMBER_NOT_FOUND).
  PageRange<v1::LedgerEntry> ListLedgerEntries(const v1::MemberRef& member);
  PageRange<v1::LedgerEntry> ListLedgerEntries(v1::ListLedgerEntriesRequest request);

  // Sets points aside for a payment; the request id names the reservation from then
  // on, so give one of your own. NOT_FOUND (MEMBER_NOT_FOUND), FAILED_PRECONDITION
  // (INSUFFICIENT_POINTS, MEMBER_SUSPENDED, MEMBER_CLOSED), INVALID_ARGUMENT
  // (WALLET_NOT_DECLARED).
  absl::StatusOr<v1::ReservePointsResponse> ReservePoints(v1::ReservePointsRequest request);
  // Spends what a reservation holds, or a part, and releases the rest. NOT_FOUND
  // (RESERVATION_NOT_FOUND), FAILED_PRECONDITION (RESERVATION_ENDED,
  // RESERVATION_TOO_SMALL, MEMBER_SUSPENDED).
  absl::StatusOr<v1::CapturePointsResponse> CapturePoints(v1::CapturePointsRequest request);
  // Gives back what a reservation holds. NOT_FOUND (RESERVATION_NOT_FOUND),
  // FAILED_PRECONDITION (RESERVATION_ENDED).
  absl::StatusOr<v1::VoidReservationResponse> VoidReservation(v1::VoidReservationRequest request);
  // Reserves and captures in one. Errors as of ReservePoints.
  absl::StatusOr<v1::RedeemPointsResponse> RedeemPoints(v1::RedeemPointsRequest request);
  // Gives or takes points by hand. NOT_FOUND (MEMBER_NOT_FOUND), INVALID_ARGUMENT
  // (REASON_NOT_DECLARED, WALLET_NOT_DECLARED), FAILED_PRECONDITION
  // (ADJUSTMENT_TOO_LARGE, INSUFFICIENT_POINTS, BALANCE_TOO_LARGE, MEMBER_CLOSED).
  absl::StatusOr<v1::AdjustPointsResponse> AdjustPoints(v1::AdjustPointsRequest request);
  // Gives points of one member to another. NOT_FOUND (MEMBER_NOT_FOUND,
  // RECEIVER_NOT_FOUND), INVALID_ARGUMENT (RECEIVER_IS_GIVER, WALLET_NOT_DECLARED),
  // FAILED_PRECONDITION (INSUFFICIENT_POINTS, MEMBER_SUSPENDED, MEMBER_CLOSED,
  // RECEIVER_SUSPENDED, RECEIVER_CLOSED, BALANCE_TOO_LARGE, TRANSFER_TOO_LARGE).
  absl::StatusOr<v1::TransferPointsResponse> TransferPoints(v1::TransferPointsRequest request);

  // Tells which rewards a member could take now, and why not the others. NOT_FOUND
  // (MEMBER_NOT_FOUND).
  absl::StatusOr<v1::ListRewardsResponse> ListRewards(const v1::MemberRef& member);
  // Takes a reward for points. NOT_FOUND (MEMBER_NOT_FOUND, REWARD_NOT_FOUND),
  // FAILED_PRECONDITION (REWARD_NOT_YET, REWARD_OVER, REWARD_NOT_FOR_MEMBER,
  // REWARD_OUT_OF_STOCK, REWARD_LIMIT_REACHED, INSUFFICIENT_POINTS, MEMBER_SUSPENDED,
  // MEMBER_CLOSED).
  absl::StatusOr<v1::IssueCouponResponse> IssueCoupon(v1::IssueCouponRequest request);
  // Returns a coupon by its code. NOT_FOUND (COUPON_NOT_FOUND).
  absl::StatusOr<v1::Coupon> GetCoupon(absl::string_view code);
  // Uses a coupon, for good. NOT_FOUND (COUPON_NOT_FOUND), FAILED_PRECONDITION
  // (COUPON_ENDED, MEMBER_SUSPENDED, MEMBER_CLOSED).
  absl::StatusOr<v1::UseCouponResponse> UseCoupon(v1::UseCouponRequest request);
  // Takes a coupon back that was not used, and gives its points back. NOT_FOUND
  // (COUPON_NOT_FOUND), FAILED_PRECONDITION (COUPON_ENDED).
  absl::StatusOr<v1::CancelCouponResponse> CancelCoupon(v1::CancelCouponRequest request);

  // Checks a program in protobuf text format; no problems when it is valid.
  absl::StatusOr<std::vector<v1::ProgramProblem>> ValidateProgram(absl::string_view program_text);
  // Makes a program the current one. INVALID_ARGUMENT (PROGRAM_INVALID),
  // FAILED_PRECONDITION (PROGRAM_TOO_EARLY).
  absl::StatusOr<v1::ActivateProgramResponse> ActivateProgram(v1::ActivateProgramRequest request);
  // Returns one version of the program; the current one for 0. NOT_FOUND
  // (PROGRAM_NOT_FOUND).
  absl::StatusOr<v1::ProgramVersion> GetProgram(int64_t version = 0);
  // Walks all versions, the latest first.
  PageRange<v1::ProgramVersion> ListPrograms(v1::ListProgramsRequest request = {});

  // Returns the totals of everything recorded.
  absl::StatusOr<v1::GetTotalsResponse> GetTotals();
  // Returns the points that members may still redeem, when they were earned and when
  // they expire, how many of them are expected to, and what they cost.
  absl::StatusOr<v1::GetLiabilityResponse> GetLiability();

  // Checks the books of a page of members; see AuditService.VerifyLedger.
  absl::StatusOr<v1::VerifyLedgerResponse> VerifyLedger(const v1::VerifyLedgerRequest& request);

 private:
  std::shared_ptr<Connection> connection_;
};

}  // namespace dangol
