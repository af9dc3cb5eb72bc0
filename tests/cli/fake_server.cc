#include "fake_server.h"

#include <utility>

#include "absl/strings/cord.h"
#include "dangol/error.h"
#include "dangol/types.h"

namespace dangol::cli {
namespace {

using testing::_;

google::rpc::Status ToProto(const absl::Status& status) {
  google::rpc::Status error;
  error.set_code(static_cast<int>(status.code()));
  error.set_message(std::string(status.message()));
  status.ForEachPayload([&](absl::string_view type, const absl::Cord& payload) {
    google::protobuf::Any* detail = error.add_details();
    detail->set_type_url(std::string(type));
    detail->set_value(std::string(payload));
  });
  return error;
}

absl::Status Busy() {
  absl::Status status = MakeError(absl::StatusCode::kResourceExhausted, "OVERLOADED", "busy");
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(3);
  status.SetPayload("type.googleapis.com/google.rpc.RetryInfo",
                    absl::Cord(retry.SerializeAsString()));
  return status;
}

}  // namespace

FakeServer::FakeServer() {
  ON_CALL(*this, BatchRecordPurchases(_))
      .WillByDefault(
          [this](const v1::BatchRecordPurchasesRequest& request) { return Batch(request); });
  ON_CALL(*this, AsyncEnrollMember(_, _))
      .WillByDefault([this](v1::EnrollMemberRequest request,
                            Callback<v1::EnrollMemberResponse> done) { done(Enroll(request)); });
  ON_CALL(*this, AsyncRecordReturn(_, _))
      .WillByDefault([this](const v1::RecordReturnRequest& request,
                            Callback<v1::RecordReturnResponse> done) { done(Return(request)); });
  v1::GetProgramResponse program;
  program.mutable_version()->set_program_text(
      "currencies { code: 'GBP' minor_digits: 2 } currencies { code: 'KRW' }");
  ON_CALL(*this, GetProgram(_)).WillByDefault(testing::Return(program));
}

void FakeServer::FailBatches(std::vector<absl::Status> failures) {
  const absl::MutexLock lock(&mutex_);
  failures_.assign(failures.begin(), failures.end());
}

void FakeServer::BeBusyFor(int purchases) {
  const absl::MutexLock lock(&mutex_);
  busy_ = purchases;
}

void FakeServer::Refuse(const std::string& purchase_id, const absl::Status& error) {
  const absl::MutexLock lock(&mutex_);
  refused_[purchase_id] = error;
}

void FakeServer::RefuseReturn(const std::string& return_id, const absl::Status& error) {
  const absl::MutexLock lock(&mutex_);
  refused_returns_[return_id] = error;
}

void FakeServer::RefuseMember(const std::string& alias_value, const absl::Status& error) {
  const absl::MutexLock lock(&mutex_);
  refused_members_[alias_value] = error;
}

void FakeServer::AddMember(const std::string& alias_value) {
  const absl::MutexLock lock(&mutex_);
  members_.insert(alias_value);
}

std::map<std::string, std::vector<v1::Purchase>> FakeServer::purchases() const {
  const absl::MutexLock lock(&mutex_);
  return purchases_;
}

std::map<std::string, std::vector<std::string>> FakeServer::history() const {
  const absl::MutexLock lock(&mutex_);
  return history_;
}

std::vector<v1::Return> FakeServer::returns() const {
  const absl::MutexLock lock(&mutex_);
  std::vector<v1::Return> all;
  for (const auto& [id, goods] : returns_) all.push_back(goods);
  return all;
}

std::vector<v1::EnrollMemberRequest> FakeServer::enrollments() const {
  const absl::MutexLock lock(&mutex_);
  return enrollments_;
}

std::vector<int> FakeServer::batch_sizes() const {
  const absl::MutexLock lock(&mutex_);
  return batch_sizes_;
}

size_t FakeServer::largest_batch_bytes() const {
  const absl::MutexLock lock(&mutex_);
  return largest_batch_bytes_;
}

absl::StatusOr<v1::BatchRecordPurchasesResponse> FakeServer::Batch(
    const v1::BatchRecordPurchasesRequest& request) {
  const absl::MutexLock lock(&mutex_);
  if (!failures_.empty()) {
    absl::Status failure = failures_.front();
    failures_.pop_front();
    if (!failure.ok()) return failure;
  }
  batch_sizes_.push_back(request.purchases_size());
  largest_batch_bytes_ = std::max(largest_batch_bytes_, request.ByteSizeLong());
  v1::BatchRecordPurchasesResponse response;
  for (const v1::Purchase& purchase : request.purchases()) {
    *response.add_results() = Record(purchase);
  }
  return response;
}

v1::RecordPurchaseResult FakeServer::Record(const v1::Purchase& purchase) {
  v1::RecordPurchaseResult result;
  const auto refuse = [&](const absl::Status& error) { *result.mutable_error() = ToProto(error); };
  const std::string& customer = purchase.member().alias().value();
  const auto refused = refused_.find(purchase.purchase_id());
  const auto recorded = recorded_.find(purchase.purchase_id());
  if (busy_ > 0) {
    --busy_;
    refuse(Busy());
  } else if (refused != refused_.end()) {
    refuse(refused->second);
  } else if (members_.count(customer) == 0) {
    refuse(MakeError(absl::StatusCode::kNotFound, "MEMBER_NOT_FOUND", "there is no such member"));
  } else if (recorded != recorded_.end() && recorded->second != purchase.SerializeAsString()) {
    refuse(MakeError(absl::StatusCode::kAlreadyExists, "REQUEST_ID_REUSED", "it was used before"));
  } else {
    result.mutable_response()->set_replayed(recorded != recorded_.end());
    if (recorded == recorded_.end()) {
      purchases_[customer].push_back(purchase);
      history_[customer].push_back(purchase.purchase_id());
    }
    recorded_[purchase.purchase_id()] = purchase.SerializeAsString();
  }
  return result;
}

absl::StatusOr<v1::RecordReturnResponse> FakeServer::Return(
    const v1::RecordReturnRequest& request) {
  const absl::MutexLock lock(&mutex_);
  const v1::Return& goods = request.return_();
  const auto refused = refused_returns_.find(goods.return_id());
  if (refused != refused_returns_.end()) return refused->second;
  const std::string& customer = goods.member().alias().value();
  if (members_.count(customer) == 0) {
    return MakeError(absl::StatusCode::kNotFound, "MEMBER_NOT_FOUND", "there is no such member");
  }
  const bool is_new = returns_.try_emplace(goods.return_id(), goods).second;
  if (is_new) history_[customer].push_back(goods.return_id());
  v1::RecordReturnResponse response;
  response.set_replayed(!is_new);
  response.mutable_return_()->set_currency(goods.currency());
  int64_t amount = 0;
  for (const v1::ReturnLine& line : goods.lines()) {
    v1::ReturnedLine& added = *response.mutable_return_()->add_lines();
    if (!purchases_[customer].empty()) {
      added.set_purchase_id(purchases_[customer].back().purchase_id());
    }
    added.set_quantity(line.quantity());
    amount += line.amount_minor();
  }
  response.mutable_return_()->set_amount_minor(amount);
  return response;
}

absl::StatusOr<v1::EnrollMemberResponse> FakeServer::Enroll(
    const v1::EnrollMemberRequest& request) {
  const absl::MutexLock lock(&mutex_);
  enrollments_.push_back(request);
  const std::string& customer = request.aliases(0).value();
  const auto refused = refused_members_.find(customer);
  if (refused != refused_members_.end()) return refused->second;
  if (!members_.insert(customer).second) {
    return MakeError(absl::StatusCode::kAlreadyExists, "ALIAS_TAKEN", "somebody has it");
  }
  return v1::EnrollMemberResponse();
}

std::shared_ptr<testing::NiceMock<FakeServer>> MakeFakeServer() {
  return std::make_shared<testing::NiceMock<FakeServer>>();
}

v1::Purchase MakePurchase(const std::string& id, const std::string& customer,
                          int64_t amount_minor) {
  return PurchaseBuilder(id, MemberByAlias("customer", customer))
      .OccurredAt(absl::FromUnixSeconds(1'300'000'000))
      .Currency("GBP")
      .Goods("tea", 1, amount_minor)
      .Build();
}

}  // namespace dangol::cli
