#include "dangol/types.h"

#include <cstdint>
#include <utility>

#include "absl/random/random.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"

namespace dangol {

v1::Alias MakeAlias(absl::string_view kind, absl::string_view value) {
  v1::Alias alias;
  alias.set_kind(std::string(kind));
  alias.set_value(std::string(value));
  return alias;
}

v1::MemberRef MemberById(absl::string_view member_id) {
  v1::MemberRef member;
  member.set_member_id(std::string(member_id));
  return member;
}

v1::MemberRef MemberByAlias(absl::string_view kind, absl::string_view value) {
  v1::MemberRef member;
  *member.mutable_alias() = MakeAlias(kind, value);
  return member;
}

absl::StatusOr<v1::MemberRef> ParseMemberRef(absl::string_view text) {
  const size_t colon = text.find(':');
  if (colon == absl::string_view::npos) {
    if (text.empty()) return absl::InvalidArgumentError("a member is named by an id or kind:value");
    return MemberById(text);
  }
  const absl::string_view kind = text.substr(0, colon);
  const absl::string_view value = text.substr(colon + 1);
  if (kind.empty() || value.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", text, "\" is not an alias; write kind:value, such as card:4005"));
  }
  return MemberByAlias(kind, value);
}

google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  const absl::Duration since_epoch = time - absl::UnixEpoch();
  // Floor, so that nanos counts forward also before 1970.
  const int64_t seconds = absl::ToInt64Seconds(absl::Floor(since_epoch, absl::Seconds(1)));
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(since_epoch - absl::Seconds(seconds))));
  return timestamp;
}

absl::Time ToTime(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) + absl::Nanoseconds(timestamp.nanos());
}

std::string MakeRequestId() {
  thread_local absl::BitGen generator;
  const uint64_t high = absl::Uniform<uint64_t>(generator);
  const uint64_t low = absl::Uniform<uint64_t>(generator);
  // The version (4) and the variant (10 in binary) take six of the 128 bits.
  return absl::StrFormat("%08x-%04x-4%03x-%04x-%012x", high >> 32, (high >> 16) & 0xffff,
                         high & 0x0fff, ((low >> 48) & 0x3fff) | 0x8000, low & 0xffffffffffff);
}

PurchaseBuilder::PurchaseBuilder(absl::string_view purchase_id, v1::MemberRef member) {
  purchase_.set_purchase_id(std::string(purchase_id));
  *purchase_.mutable_member() = std::move(member);
}

PurchaseBuilder& PurchaseBuilder::OccurredAt(absl::Time time) {
  *purchase_.mutable_occurred_at() = ToTimestamp(time);
  return *this;
}

PurchaseBuilder& PurchaseBuilder::Currency(absl::string_view code) {
  purchase_.set_currency(std::string(code));
  return *this;
}

PurchaseBuilder& PurchaseBuilder::Channel(absl::string_view channel) {
  purchase_.set_channel(std::string(channel));
  return *this;
}

PurchaseBuilder& PurchaseBuilder::Store(absl::string_view store_id) {
  purchase_.set_store_id(std::string(store_id));
  return *this;
}

PurchaseBuilder& PurchaseBuilder::PaidWithPoints(int64_t minor, absl::string_view reservation_id) {
  purchase_.set_paid_with_points_minor(minor);
  purchase_.set_reservation_id(std::string(reservation_id));
  return *this;
}

PurchaseBuilder& PurchaseBuilder::Goods(absl::string_view sku, int64_t quantity,
                                        int64_t amount_minor, absl::string_view category) {
  v1::PurchaseLine line;
  line.set_sku(std::string(sku));
  line.set_category(std::string(category));
  line.set_quantity(quantity);
  line.set_amount_minor(amount_minor);
  line.set_kind(v1::LINE_KIND_GOODS);
  return Line(std::move(line));
}

PurchaseBuilder& PurchaseBuilder::Line(v1::PurchaseLine line) {
  *purchase_.add_lines() = std::move(line);
  return *this;
}

ReturnBuilder ReturnBuilder::OfPurchase(absl::string_view return_id,
                                        absl::string_view purchase_id) {
  ReturnBuilder builder;
  builder.return_.set_return_id(std::string(return_id));
  builder.return_.set_purchase_id(std::string(purchase_id));
  return builder;
}

ReturnBuilder ReturnBuilder::WithoutReceipt(absl::string_view return_id, v1::MemberRef member) {
  ReturnBuilder builder;
  builder.return_.set_return_id(std::string(return_id));
  *builder.return_.mutable_member() = std::move(member);
  return builder;
}

ReturnBuilder& ReturnBuilder::OccurredAt(absl::Time time) {
  *return_.mutable_occurred_at() = ToTimestamp(time);
  return *this;
}

ReturnBuilder& ReturnBuilder::Reason(absl::string_view reason) {
  return_.set_reason(std::string(reason));
  return *this;
}

ReturnBuilder& ReturnBuilder::Line(int line, int64_t quantity) {
  v1::ReturnLine& added = *return_.add_lines();
  added.set_line(line);
  added.set_quantity(quantity);
  return *this;
}

ReturnBuilder& ReturnBuilder::Amount(int64_t minor) {
  return_.set_amount_minor(minor);
  return *this;
}

ReturnBuilder& ReturnBuilder::EverythingLeft() {
  return_.set_everything_left(true);
  return *this;
}

ReturnBuilder& ReturnBuilder::Currency(absl::string_view code) {
  return_.set_currency(std::string(code));
  return *this;
}

ReturnBuilder& ReturnBuilder::Goods(absl::string_view sku, int64_t quantity, int64_t amount_minor) {
  v1::ReturnLine& added = *return_.add_lines();
  added.set_sku(std::string(sku));
  added.set_quantity(quantity);
  added.set_amount_minor(amount_minor);
  return *this;
}

}  // namespace dangol
