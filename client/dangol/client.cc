#include "dangol/client.h"

#include <iterator>
#include <string>
#include <utility>

namespace dangol {
namespace {

v1::RecordPurchaseRequest ToRequest(v1::Purchase purchase) {
  v1::RecordPurchaseRequest request;
  *request.mutable_purchase() = std::move(purchase);
  return request;
}

v1::RecordReturnRequest ToRequest(v1::Return goods) {
  v1::RecordReturnRequest request;
  *request.mutable_return_() = std::move(goods);
  return request;
}

v1::BatchRecordPurchasesRequest ToRequest(std::vector<v1::Purchase> purchases) {
  v1::BatchRecordPurchasesRequest request;
  request.mutable_purchases()->Assign(std::make_move_iterator(purchases.begin()),
                                      std::make_move_iterator(purchases.end()));
  return request;
}

// What a reply is about, without the reply around it.
template <typename Response, typename Field>
absl::StatusOr<Field> Unwrap(absl::StatusOr<Response> response, Field* (Response::*field)()) {
  if (!response.ok()) return std::move(response).status();
  return std::move(*((*response).*field)());
}

}  // namespace

Client::Client(std::shared_ptr<Connection> connection) : ClientRpcs(std::move(connection)) {}

std::unique_ptr<PurchaseStream> Client::StreamPurchases() { return connection().StreamPurchases(); }

std::unique_ptr<EventStream> Client::WatchEvents(const v1::WatchEventsRequest& request) {
  return connection().WatchEvents(request);
}

absl::StatusOr<v1::Member> Client::GetMember(const v1::MemberRef& member) {
  return Unwrap(ClientRpcs::GetMember(member), &v1::GetMemberResponse::mutable_member);
}

absl::StatusOr<v1::Member> Client::LookupMember(const v1::Alias& alias) {
  v1::LookupMemberRequest request;
  *request.mutable_alias() = alias;
  return Unwrap(LookupMember(std::move(request)), &v1::LookupMemberResponse::mutable_member);
}

absl::StatusOr<v1::RecordPurchaseResponse> Client::RecordPurchase(v1::Purchase purchase) {
  return RecordPurchase(ToRequest(std::move(purchase)));
}

void Client::AsyncRecordPurchase(v1::Purchase purchase, Callback<v1::RecordPurchaseResponse> done) {
  AsyncRecordPurchase(ToRequest(std::move(purchase)), std::move(done));
}

absl::StatusOr<v1::BatchRecordPurchasesResponse> Client::BatchRecordPurchases(
    std::vector<v1::Purchase> purchases) {
  return BatchRecordPurchases(ToRequest(std::move(purchases)));
}

void Client::AsyncBatchRecordPurchases(std::vector<v1::Purchase> purchases,
                                       Callback<v1::BatchRecordPurchasesResponse> done) {
  AsyncBatchRecordPurchases(ToRequest(std::move(purchases)), std::move(done));
}

absl::StatusOr<v1::PurchaseOutcome> Client::PreviewPurchase(const v1::Purchase& purchase) {
  v1::PreviewPurchaseRequest request;
  *request.mutable_purchase() = purchase;
  return Unwrap(PreviewPurchase(std::move(request)), &v1::PreviewPurchaseResponse::mutable_outcome);
}

absl::StatusOr<v1::RecordedPurchase> Client::GetPurchase(absl::string_view purchase_id) {
  v1::GetPurchaseRequest request;
  request.set_purchase_id(std::string(purchase_id));
  return Unwrap(GetPurchase(std::move(request)), &v1::GetPurchaseResponse::mutable_purchase);
}

absl::StatusOr<v1::RecordReturnResponse> Client::RecordReturn(v1::Return goods) {
  return RecordReturn(ToRequest(std::move(goods)));
}

void Client::AsyncRecordReturn(v1::Return goods, Callback<v1::RecordReturnResponse> done) {
  AsyncRecordReturn(ToRequest(std::move(goods)), std::move(done));
}

absl::StatusOr<v1::GetBalanceResponse> Client::GetBalance(const v1::MemberRef& member,
                                                          absl::Time as_of) {
  v1::GetBalanceRequest request;
  *request.mutable_member() = member;
  *request.mutable_as_of() = ToTimestamp(as_of);
  return GetBalance(std::move(request));
}

absl::StatusOr<v1::Coupon> Client::GetCoupon(absl::string_view code) {
  v1::GetCouponRequest request;
  request.set_code(std::string(code));
  return Unwrap(GetCoupon(std::move(request)), &v1::GetCouponResponse::mutable_coupon);
}

absl::StatusOr<std::vector<v1::ProgramProblem>> Client::ValidateProgram(
    absl::string_view program_text) {
  v1::ValidateProgramRequest request;
  request.set_program_text(std::string(program_text));
  const auto response = ValidateProgram(std::move(request));
  if (!response.ok()) return response.status();
  return std::vector<v1::ProgramProblem>(response->problems().begin(), response->problems().end());
}

absl::StatusOr<v1::ProgramVersion> Client::GetProgram(int64_t version) {
  v1::GetProgramRequest request;
  request.set_version(version);
  return Unwrap(GetProgram(std::move(request)), &v1::GetProgramResponse::mutable_version);
}

}  // namespace dangol
