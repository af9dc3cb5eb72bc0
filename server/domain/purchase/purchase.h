#ifndef DANGOL_SERVER_DOMAIN_PURCHASE_PURCHASE_H_
#define DANGOL_SERVER_DOMAIN_PURCHASE_PURCHASE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/domain/member/member_id.h"

namespace dangol::domain {

// What a line of a purchase is for. Only goods earn points.
enum class LineKind : int8_t { kGoods = 1, kShipping = 2, kTax = 3, kGiftCard = 4 };

// A line's share of what its purchase earned in one wallet; what a return of the
// line reverses.
struct LinePoints {
  std::string wallet;
  int64_t points = 0;
  int64_t qualifying = 0;
  // Of these: taken back by returns so far.
  int64_t reversed = 0;
  int64_t qualifying_reversed = 0;
  int64_t expired = 0;  // Of `reversed`: gone before, by expiry, so that nothing was taken.

  friend bool operator==(const LinePoints&, const LinePoints&) = default;
};

struct PurchaseLine {
  std::string sku;
  std::string category;
  int64_t quantity = 0;
  int64_t amount_minor = 0;  // Of the whole line, with tax, after discounts.
  int64_t tax_minor = 0;     // Within amount_minor.
  LineKind kind = LineKind::kGoods;
  std::vector<LinePoints> earned;  // Once decided.
  // Returned so far.
  int64_t returned_quantity = 0;
  int64_t returned_minor = 0;

  friend bool operator==(const PurchaseLine&, const PurchaseLine&) = default;
};

// A purchase. The upper half is what the till says, the lower what recording it
// adds.
struct Purchase {
  std::string purchase_id;
  absl::Time occurred_at;
  std::string currency;
  std::vector<PurchaseLine> lines;
  std::string channel;
  std::string store_id;
  int64_t paid_with_points_minor = 0;
  std::string reservation_id;  // Of the points that paid; empty where that is not known.

  MemberId member_id;
  absl::Time recorded_at;
  int64_t total_minor = 0;
  int64_t program_version = 0;
  int64_t returned_minor = 0;  // So far, over all lines.
  MemberId person;             // Whose it is whoever they are merged into; else member_id.

  friend bool operator==(const Purchase&, const Purchase&) = default;
};

// Goods that came back: of which line of which purchase.
struct ReturnedLine {
  std::string purchase_id;  // Empty where no purchase was found for them.
  int line = -1;            // Its line, counted from 0.
  std::string sku;
  int64_t quantity = 0;
  int64_t amount_minor = 0;

  friend bool operator==(const ReturnedLine&, const ReturnedLine&) = default;
};

// A recorded return.
struct Return {
  std::string return_id;
  MemberId member_id;
  std::string purchase_id;  // As said by the till; empty without a receipt.
  absl::Time occurred_at;
  absl::Time recorded_at;
  std::string currency;
  std::string reason;
  int64_t amount_minor = 0;     // Over all lines.
  int64_t unmatched_minor = 0;  // Of that: of lines without a purchase.
  std::vector<ReturnedLine> lines;
  MemberId person;  // As of a purchase.

  friend bool operator==(const Return&, const Return&) = default;
};

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_PURCHASE_PURCHASE_H_
