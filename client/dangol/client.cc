#include "dangol/client.h"

#include <iterator>
#include <string>
#include <utility>

namespace dangol {
namespace {

// The id must exist before the first attempt, so that every retry repeats it.
template <typename Request>
void EnsureRequestId(Request& request) {
  if (request.request_id().empty()) request.set_request_id(MakeRequestId());
}

v1::RecordPurchaseRequest ToRequest(v1::Purchase purchase) {
  if (purchase.purchase_id().empty()) purchase.set_purchase_id(MakeRequestId());
  v1::RecordPurchaseRequest request;
  *request.mutable_purchase() = std::move(purchase);
  return request;
}

v1::RecordReturnRequest ToRequest(v1::Return goods) {
  if (goods.return_id().empty()) goods.set_return_id(MakeRequestId());
  v1::RecordReturnRequest request;
  *request.mutable_return_() = std::move(goods);
  return request;
}

v1::BatchRecordPurchasesRequest ToRequest(std::vector<v1::Purchase> purchases) {
  v1::BatchRecordPurchasesRequest request;
  request.mutable_purchases()->Reserve(static_cast<int>(purchases.size()));
  for (v1::Purchase& purchase : purchases) {
    if (purchase.purchase_id().empty()) purchase.set_purchase_id(MakeRequestId());
    *request.add_purchases() = std::move(purchase);
  }
  return request;
}

// Walks a List method: `list` makes the call, `items` names the field of its
// reply that holds the page.
template <typename Item, typename Request, typename Response>
PageRange<Item> Walk(std::shared_ptr<Connection> connection,
                     absl::StatusOr<Response> (Connection::*list)(const Request&),
                     google::protobuf::RepeatedPtrField<Item>* (Response::*items)(),
                     Request request) {
  return PageRange<Item>(
      [connection = std::move(connection), list, items, request = std::move(request)](
          const std::string& page_token) mutable -> absl::StatusOr<typename PageRange<Item>::Page> {
        // The first page begins where the caller's own token says.
        if (!page_token.empty()) request.set_page_token(page_token);
        absl::StatusOr<Response> response = ((*connection).*list)(request);
        if (!response.ok()) return response.status();
        auto& page = *((*response).*items)();
        return typename PageRange<Item>::Page{
            .items = {std::make_move_iterator(page.begin()), std::make_move_iterator(page.end())},
            .next_page_token = response->next_page_token()};
      });
}

}  // namespace

Client::Client(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}

absl::StatusOr<v1::EnrollMemberResponse> Client::EnrollMember(v1::EnrollMemberRequest request) {
  EnsureRequestId(request);
  return connection_->EnrollMember(request);
}

void Client::AsyncEnrollMember(v1::EnrollMemberRequest request,
                               Callback<v1::EnrollMemberResponse> done) {
  EnsureRequestId(request);
  connection_->AsyncEnrollMember(std::move(request), std::move(done));
}

absl::StatusOr<v1::Member> Client::GetMember(const v1::MemberRef& member) {
  v1::GetMemberRequest request;
  *request.mutable_member() = member;
  auto response = connection_->GetMember(request);
  if (!response.ok()) return response.status();
  return std::move(*response->mutable_member());
}

absl::StatusOr<v1::Member> Client::LookupMember(const v1::Alias& alias) {
  v1::LookupMemberRequest request;
  *request.mutable_alias() = alias;
  auto response = connection_->LookupMember(request);
  if (!response.ok()) return response.status();
  return std::move(*response->mutable_member());
}

PageRange<v1::Member> Client::ListMembers(v1::ListMembersRequest request) {
  return Walk(connection_, &Connection::ListMembers, &v1::ListMembersResponse::mutable_members,
              std::move(request));
}

absl::StatusOr<v1::AddAliasResponse> Client::AddAlias(v1::AddAliasRequest request) {
  EnsureRequestId(request);
  return connection_->AddAlias(request);
}

absl::StatusOr<v1::RemoveAliasResponse> Client::RemoveAlias(v1::RemoveAliasRequest request) {
  EnsureRequestId(request);
  return connection_->RemoveAlias(request);
}

absl::StatusOr<v1::SuspendMemberResponse> Client::SuspendMember(v1::SuspendMemberRequest request) {
  EnsureRequestId(request);
  return connection_->SuspendMember(request);
}

absl::StatusOr<v1::ReinstateMemberResponse> Client::ReinstateMember(
    v1::ReinstateMemberRequest request) {
  EnsureRequestId(request);
  return connection_->ReinstateMember(request);
}

absl::StatusOr<v1::MergeMembersResponse> Client::MergeMembers(v1::MergeMembersRequest request) {
  EnsureRequestId(request);
  return connection_->MergeMembers(request);
}

absl::StatusOr<v1::UnmergeMemberResponse> Client::UnmergeMember(v1::UnmergeMemberRequest request) {
  EnsureRequestId(request);
  return connection_->UnmergeMember(request);
}

absl::StatusOr<v1::JoinHouseholdResponse> Client::JoinHousehold(v1::JoinHouseholdRequest request) {
  EnsureRequestId(request);
  return connection_->JoinHousehold(request);
}

absl::StatusOr<v1::LeaveHouseholdResponse> Client::LeaveHousehold(
    v1::LeaveHouseholdRequest request) {
  EnsureRequestId(request);
  return connection_->LeaveHousehold(request);
}

absl::StatusOr<v1::CloseMemberResponse> Client::CloseMember(v1::CloseMemberRequest request) {
  EnsureRequestId(request);
  return connection_->CloseMember(request);
}

absl::StatusOr<v1::RecordPurchaseResponse> Client::RecordPurchase(v1::Purchase purchase) {
  return connection_->RecordPurchase(ToRequest(std::move(purchase)));
}

void Client::AsyncRecordPurchase(v1::Purchase purchase, Callback<v1::RecordPurchaseResponse> done) {
  connection_->AsyncRecordPurchase(ToRequest(std::move(purchase)), std::move(done));
}

absl::StatusOr<v1::BatchRecordPurchasesResponse> Client::BatchRecordPurchases(
    std::vector<v1::Purchase> purchases) {
  return connection_->BatchRecordPurchases(ToRequest(std::move(purchases)));
}

void Client::AsyncBatchRecordPurchases(std::vector<v1::Purchase> purchases,
                                       Callback<v1::BatchRecordPurchasesResponse> done) {
  connection_->AsyncBatchRecordPurchases(ToRequest(std::move(purchases)), std::move(done));
}

std::unique_ptr<PurchaseStream> Client::StreamPurchases() { return connection_->StreamPurchases(); }

absl::StatusOr<v1::PurchaseOutcome> Client::PreviewPurchase(const v1::Purchase& purchase) {
  v1::PreviewPurchaseRequest request;
  *request.mutable_purchase() = purchase;
  auto response = connection_->PreviewPurchase(request);
  if (!response.ok()) return response.status();
  return std::move(*response->mutable_outcome());
}

absl::StatusOr<v1::RecordedPurchase> Client::GetPurchase(absl::string_view purchase_id) {
  v1::GetPurchaseRequest request;
  request.set_purchase_id(std::string(purchase_id));
  auto response = connection_->GetPurchase(request);
  if (!response.ok()) return response.status();
  return std::move(*response->mutable_purchase());
}

PageRange<v1::RecordedPurchase> Client::ListPurchases(const v1::MemberRef& member) {
  v1::ListPurchasesRequest request;
  *request.mutable_member() = member;
  return ListPurchases(std::move(request));
}

PageRange<v1::RecordedPurchase> Client::ListPurchases(v1::ListPurchasesRequest request) {
  return Walk(connection_, &Connection::ListPurchases,
              &v1::ListPurchasesResponse::mutable_purchases, std::move(request));
}

absl::StatusOr<v1::ConfirmPurchaseResponse> Client::ConfirmPurchase(
    v1::ConfirmPurchaseRequest request) {
  EnsureRequestId(request);
  return connection_->ConfirmPurchase(request);
}

absl::StatusOr<v1::RecordReturnResponse> Client::RecordReturn(v1::Return goods) {
  return connection_->RecordReturn(ToRequest(std::move(goods)));
}

void Client::AsyncRecordReturn(v1::Return goods, Callback<v1::RecordReturnResponse> done) {
  connection_->AsyncRecordReturn(ToRequest(std::move(goods)), std::move(done));
}

PageRange<v1::RecordedReturn> Client::ListReturns(const v1::MemberRef& member) {
  v1::ListReturnsRequest request;
  *request.mutable_member() = member;
  return ListReturns(std::move(request));
}

PageRange<v1::RecordedReturn> Client::ListReturns(v1::ListReturnsRequest request) {
  return Walk(connection_, &Connection::ListReturns, &v1::ListReturnsResponse::mutable_returns,
              std::move(request));
}

absl::StatusOr<v1::GetBalanceResponse> Client::GetBalance(const v1::MemberRef& member) {
  v1::GetBalanceRequest request;
  *request.mutable_member() = member;
  return connection_->GetBalance(request);
}

absl::StatusOr<v1::GetBalanceResponse> Client::GetBalance(const v1::MemberRef& member,
                                                          absl::Time as_of) {
  v1::GetBalanceRequest request;
  *request.mutable_member() = member;
  *request.mutable_as_of() = ToTimestamp(as_of);
  return connection_->GetBalance(request);
}

PageRange<v1::LedgerEntry> Client::ListLedgerEntries(const v1::MemberRef& member) {
  v1::ListLedgerEntriesRequest request;
  *request.mutable_member() = member;
  return ListLedgerEntries(std::move(request));
}

PageRange<v1::LedgerEntry> Client::ListLedgerEntries(v1::ListLedgerEntriesRequest request) {
  return Walk(connection_, &Connection::ListLedgerEntries,
              &v1::ListLedgerEntriesResponse::mutable_entries, std::move(request));
}

absl::StatusOr<v1::ReservePointsResponse> Client::ReservePoints(v1::ReservePointsRequest request) {
  EnsureRequestId(request);
  return connection_->ReservePoints(request);
}

absl::StatusOr<v1::CapturePointsResponse> Client::CapturePoints(v1::CapturePointsRequest request) {
  EnsureRequestId(request);
  return connection_->CapturePoints(request);
}

absl::StatusOr<v1::VoidReservationResponse> Client::VoidReservation(
    v1::VoidReservationRequest request) {
  EnsureRequestId(request);
  return connection_->VoidReservation(request);
}

absl::StatusOr<v1::RedeemPointsResponse> Client::RedeemPoints(v1::RedeemPointsRequest request) {
  EnsureRequestId(request);
  return connection_->RedeemPoints(request);
}

absl::StatusOr<v1::AdjustPointsResponse> Client::AdjustPoints(v1::AdjustPointsRequest request) {
  EnsureRequestId(request);
  return connection_->AdjustPoints(request);
}

absl::StatusOr<v1::TransferPointsResponse> Client::TransferPoints(
    v1::TransferPointsRequest request) {
  EnsureRequestId(request);
  return connection_->TransferPoints(request);
}

absl::StatusOr<v1::ListRewardsResponse> Client::ListRewards(const v1::MemberRef& member) {
  v1::ListRewardsRequest request;
  *request.mutable_member() = member;
  return connection_->ListRewards(request);
}

absl::StatusOr<v1::IssueCouponResponse> Client::IssueCoupon(v1::IssueCouponRequest request) {
  EnsureRequestId(request);
  return connection_->IssueCoupon(request);
}

absl::StatusOr<v1::Coupon> Client::GetCoupon(absl::string_view code) {
  v1::GetCouponRequest request;
  request.set_code(std::string(code));
  auto response = connection_->GetCoupon(request);
  if (!response.ok()) return response.status();
  return std::move(*response->mutable_coupon());
}

absl::StatusOr<v1::UseCouponResponse> Client::UseCoupon(v1::UseCouponRequest request) {
  EnsureRequestId(request);
  return connection_->UseCoupon(request);
}

absl::StatusOr<v1::CancelCouponResponse> Client::CancelCoupon(v1::CancelCouponRequest request) {
  EnsureRequestId(request);
  return connection_->CancelCoupon(request);
}

absl::StatusOr<std::vector<v1::ProgramProblem>> Client::ValidateProgram(
    absl::string_view program_text) {
  v1::ValidateProgramRequest request;
  request.set_program_text(std::string(program_text));
  auto response = connection_->ValidateProgram(request);
  if (!response.ok()) return response.status();
  return std::vector<v1::ProgramProblem>(response->problems().begin(), response->problems().end());
}

absl::StatusOr<v1::ActivateProgramResponse> Client::ActivateProgram(
    v1::ActivateProgramRequest request) {
  EnsureRequestId(request);
  return connection_->ActivateProgram(request);
}

absl::StatusOr<v1::ProgramVersion> Client::GetProgram(int64_t version) {
  v1::GetProgramRequest request;
  request.set_version(version);
  auto response = connection_->GetProgram(request);
  if (!response.ok()) return response.status();
  return std::move(*response->mutable_version());
}

PageRange<v1::ProgramVersion> Client::ListPrograms(v1::ListProgramsRequest request) {
  return Walk(connection_, &Connection::ListPrograms, &v1::ListProgramsResponse::mutable_versions,
              std::move(request));
}

absl::StatusOr<v1::GetTotalsResponse> Client::GetTotals() { return connection_->GetTotals({}); }

absl::StatusOr<v1::GetLiabilityResponse> Client::GetLiability() {
  return connection_->GetLiability({});
}

absl::StatusOr<v1::VerifyLedgerResponse> Client::VerifyLedger(
    const v1::VerifyLedgerRequest& request) {
  return connection_->VerifyLedger(request);
}

}  // namespace dangol
