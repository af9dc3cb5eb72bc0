#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "dangol/v1/common.pb.h"
#include "dangol/v1/purchase_service.pb.h"
#include "google/protobuf/timestamp.pb.h"

namespace dangol {

// Short ways to build the messages that callers need most. The messages
// themselves are ordinary generated ones (dangol::v1).

// An external name of a member, such as ("card", "4005 1234").
v1::Alias MakeAlias(absl::string_view kind, absl::string_view value);

// Names a member by the id that the server gave.
v1::MemberRef MemberById(absl::string_view member_id);

// Names a member by any of their aliases.
v1::MemberRef MemberByAlias(absl::string_view kind, absl::string_view value);

// Reads a member as people write one: "kind:value" is an alias, anything
// without a colon a member id. INVALID_ARGUMENT when a part is empty.
absl::StatusOr<v1::MemberRef> ParseMemberRef(absl::string_view text);

// Times of the API are UTC, to the nanosecond.
google::protobuf::Timestamp ToTimestamp(absl::Time time);
absl::Time ToTime(const google::protobuf::Timestamp& timestamp);

// A new random request id: a version 4 UUID in text form. Thread safe.
std::string MakeRequestId();

// Builds a purchase step by step:
//
//   v1::Purchase purchase = PurchaseBuilder("receipt-4711", MemberByAlias("card", "4005"))
//                               .Currency("KRW")
//                               .Goods("americano", 2, 9'000)
//                               .Build();
//
// Nothing is checked here; the server names every field that is wrong. Not
// thread safe.
class PurchaseBuilder {
 public:
  // `purchase_id` is the caller's name of the purchase and makes recording it
  // twice harmless: take the receipt's number. When it is empty, Client makes
  // one up.
  PurchaseBuilder(absl::string_view purchase_id, v1::MemberRef member);

  // When it was bought; the time of recording when not called.
  PurchaseBuilder& OccurredAt(absl::Time time);
  // ISO 4217 code of all amounts.
  PurchaseBuilder& Currency(absl::string_view code);
  // How it was bought, such as "store", "web" or "app".
  PurchaseBuilder& Channel(absl::string_view channel);
  // Where it was bought.
  PurchaseBuilder& Store(absl::string_view store_id);
  // The part of the sum that was paid with points, in minor units, and the
  // reservation that they came from: a return of the goods gives them back.
  PurchaseBuilder& PaidWithPoints(int64_t minor, absl::string_view reservation_id = "");
  // Adds a line of goods. `amount_minor` is the price of the whole line (not of
  // one piece) in minor units.
  PurchaseBuilder& Goods(absl::string_view sku, int64_t quantity, int64_t amount_minor,
                         absl::string_view category = "");
  // Adds any other line.
  PurchaseBuilder& Line(v1::PurchaseLine line);

  v1::Purchase Build() const { return purchase_; }

 private:
  v1::Purchase purchase_;
};

// Builds a return step by step:
//
//   v1::Return goods = ReturnBuilder::OfPurchase("return-12", "receipt-4711").Line(0, 1).Build();
//   v1::Return others = ReturnBuilder::WithoutReceipt("return-13", MemberByAlias("card", "4005"))
//                           .Currency("KRW")
//                           .Goods("americano", 1, 4'500)
//                           .Build();
//
// Nothing is checked here; the server names every field that is wrong. Not
// thread safe.
class ReturnBuilder {
 public:
  // `return_id` is the caller's name of the return and makes recording it twice
  // harmless. When it is empty, Client makes one up.
  static ReturnBuilder OfPurchase(absl::string_view return_id, absl::string_view purchase_id);
  static ReturnBuilder WithoutReceipt(absl::string_view return_id, v1::MemberRef member);

  // When they came back; the time of recording when not called.
  ReturnBuilder& OccurredAt(absl::Time time);
  // Why.
  ReturnBuilder& Reason(absl::string_view reason);

  // With a purchase: so many of its line, counted from 0.
  ReturnBuilder& Line(int line, int64_t quantity);
  // With a purchase: an amount of it as a whole, in minor units, instead of lines.
  ReturnBuilder& Amount(int64_t minor);
  // With a purchase: whatever is left of it, instead of lines or an amount.
  ReturnBuilder& EverythingLeft();

  // Without a receipt: ISO 4217 code of all amounts.
  ReturnBuilder& Currency(absl::string_view code);
  // Without a receipt: an article, and what was paid back for all of them, in minor
  // units.
  ReturnBuilder& Goods(absl::string_view sku, int64_t quantity, int64_t amount_minor);

  v1::Return Build() const { return return_; }

 private:
  ReturnBuilder() = default;

  v1::Return return_;
};

}  // namespace dangol
