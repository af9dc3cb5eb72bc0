#include "tests/bench/requests.h"

#include <cstring>
#include <iterator>
#include <utility>

#include "absl/strings/str_format.h"
#include "dangol/v1/member_service.pb.h"
#include "dangol/v1/points_service.pb.h"
#include "dangol/v1/purchase_service.pb.h"

namespace dangol::bench {
namespace {

constexpr uint64_t kTills = 25;
constexpr char kMemberSlot[] = "00000000-0000-7000-8000-000000000000";
constexpr char kPurchaseSlot[] = "S00-T00-000000000000";
constexpr char kReturnSlot[] = "return-000000000000";
constexpr char kAdjustSlot[] = "adjust-000000000000";
constexpr char kReserveSlot[] = "reserve-000000000000";
constexpr char kCaptureSlot[] = "capture-000000000000";
constexpr size_t kSlotDigits = 12;
// In the sample program.
constexpr int64_t kAdjustedPoints = 5'000;
constexpr const char* kCategories[] = {"bakery", "dairy", "beverages", "household", "produce"};

// A fixed permutation that looks random (SplitMix64).
uint64_t Mix(uint64_t value) {
  value += 0x9e3779b97f4a7c15u;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
  return value ^ (value >> 31);
}

// For every request, hence by hand: overwrites `width` characters from `begin` on.
void PutDigits(uint64_t value, size_t begin, size_t width, std::string& text) {
  for (size_t i = begin + width; i-- > begin; value /= 10) {
    text[i] = static_cast<char>('0' + value % 10);
  }
}

// What differs from store to store is what a till would send.
std::string PurchaseMessage(uint64_t store, absl::Time now) {
  v1::RecordPurchaseRequest request;
  v1::Purchase& purchase = *request.mutable_purchase();
  purchase.set_purchase_id(kPurchaseSlot);
  purchase.mutable_member()->set_member_id(kMemberSlot);
  purchase.mutable_occurred_at()->set_seconds(absl::ToUnixSeconds(now));
  purchase.set_currency("KRW");
  purchase.set_channel("store");
  purchase.set_store_id(StoreName(store));
  for (uint64_t i = 0; i < 3; ++i) {
    const uint64_t random = Mix(store * 3 + i);
    v1::PurchaseLine& line = *purchase.add_lines();
    line.set_sku(absl::StrFormat("88010%08d", random % 100'000'000));
    line.set_category(kCategories[random % std::size(kCategories)]);
    line.set_quantity(static_cast<int64_t>(1 + random % 3));
    line.set_amount_minor(static_cast<int64_t>(1'000 + random % 90 * 100));
    line.set_tax_minor(line.amount_minor() / 11);
    line.set_kind(v1::LINE_KIND_GOODS);
  }
  return request.SerializeAsString();
}

// A slot with the number in it.
std::string Numbered(const char* slot, uint64_t number) {
  std::string id = slot;
  PutDigits(number, id.size() - kSlotDigits, kSlotDigits, id);
  return id;
}

std::string ReturnMessage() {
  v1::RecordReturnRequest request;
  v1::Return& goods = *request.mutable_return_();
  goods.set_return_id(kReturnSlot);
  goods.set_purchase_id(kPurchaseSlot);
  goods.add_lines()->set_quantity(1);
  return request.SerializeAsString();
}

std::string AdjustMessage() {
  v1::AdjustPointsRequest request;
  request.set_request_id(kAdjustSlot);
  request.mutable_member()->set_member_id(kMemberSlot);
  request.set_points(kAdjustedPoints);
  request.set_reason("goodwill");
  return request.SerializeAsString();
}

std::string ReserveMessage() {
  v1::ReservePointsRequest request;
  request.set_request_id(kReserveSlot);
  request.mutable_member()->set_member_id(kMemberSlot);
  request.set_points(1);
  return request.SerializeAsString();
}

std::string CaptureMessage() {
  v1::CapturePointsRequest request;
  request.set_request_id(kCaptureSlot);
  request.set_reservation_id(kReserveSlot);
  return request.SerializeAsString();
}

std::string BalanceMessage() {
  v1::GetBalanceRequest request;
  request.mutable_member()->set_member_id(kMemberSlot);
  return request.SerializeAsString();
}

}  // namespace

std::string StoreName(uint64_t store) { return absl::StrFormat("seoul-%02d", store); }

MessageTemplate::MessageTemplate(std::string bytes, const std::vector<std::string>& slots)
    : bytes_(std::move(bytes)) {
  for (const std::string& slot : slots) offsets_.push_back(bytes_.find(slot));
}

void MessageTemplate::Append(std::initializer_list<absl::string_view> values,
                             std::string* body) const {
  const size_t begin = body->size();
  body->append(bytes_);
  const size_t* offset = offsets_.data();
  for (absl::string_view value : values)
    std::memcpy(&(*body)[begin + *offset++], value.data(), value.size());
}

Requests::Requests(std::vector<std::string> members, absl::Time now)
    : members_(std::move(members)),
      balance_(BalanceMessage(), {kMemberSlot}),
      return_(ReturnMessage(), {kReturnSlot, kPurchaseSlot}),
      adjust_(AdjustMessage(), {kAdjustSlot, kMemberSlot}),
      reserve_(ReserveMessage(), {kReserveSlot, kMemberSlot}),
      capture_(CaptureMessage(), {kCaptureSlot, kReserveSlot}) {
  for (uint64_t store = 0; store < kStores; ++store) {
    purchases_.emplace_back(PurchaseMessage(store, now),
                            std::vector<std::string>{kPurchaseSlot, kMemberSlot});
  }
}

size_t Requests::MemberOf(uint64_t number) const { return Mix(number) % members_.size(); }

// Ids rise per till, as they do in life, and not over all purchases: that would
// spare the database the search in the index of purchase ids.
std::string Requests::PurchaseId(uint64_t number) {
  std::string id = kPurchaseSlot;
  PutDigits(number % kStores, 1, 2, id);
  PutDigits(Mix(~number) % kTills, 5, 2, id);
  PutDigits(number, 8, 12, id);
  return id;
}

void Requests::AppendPurchase(uint64_t number, std::string* body) const {
  AppendPurchaseOf(MemberOf(number), number, body);
}

void Requests::AppendPurchaseOf(size_t member, uint64_t number, std::string* body) const {
  purchases_[number % kStores].Append({PurchaseId(number), members_[member]}, body);
}

void Requests::AppendBatch(uint64_t first, uint64_t size, std::string* body) const {
  // `purchase` of RecordPurchaseRequest and `purchases` of the batch are both
  // field 1, so a batch is its requests one after the other.
  for (uint64_t i = 0; i < size; ++i) AppendPurchase(first + i, body);
}

void Requests::AppendGetBalance(uint64_t number, std::string* body) const {
  balance_.Append({members_[MemberOf(number)]}, body);
}

void Requests::AppendReturn(uint64_t number, std::string* body) const {
  return_.Append({Numbered(kReturnSlot, number), PurchaseId(number)}, body);
}

void Requests::AppendAdjust(uint64_t number, std::string* body) const {
  adjust_.Append({Numbered(kAdjustSlot, number), members_[number]}, body);
}

void Requests::AppendReserve(uint64_t number, std::string* body) const {
  reserve_.Append({Numbered(kReserveSlot, number), members_[MemberOf(number)]}, body);
}

void Requests::AppendCapture(uint64_t number, std::string* body) const {
  capture_.Append({Numbered(kCaptureSlot, number), Numbered(kReserveSlot, number)}, body);
}

std::string EnrollRequestId(uint64_t number) { return absl::StrFormat("enroll-%08d", number); }

std::string EnrolledCard(uint64_t number) { return absl::StrFormat("9410%012d", number); }

void AppendEnroll(uint64_t number, std::string* body) {
  v1::EnrollMemberRequest request;
  request.set_request_id(EnrollRequestId(number));
  v1::Alias& alias = *request.add_aliases();
  alias.set_kind("card");
  alias.set_value(EnrolledCard(number));
  request.AppendToString(body);
}

}  // namespace dangol::bench
