#ifndef DANGOL_SERVER_DOMAIN_PURCHASE_PURCHASE_H_
#define DANGOL_SERVER_DOMAIN_PURCHASE_PURCHASE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/member/member_id.h"

namespace dangol::domain {

// What a line of a purchase is for. Only goods earn points.
enum class LineKind : int8_t { kGoods = 1, kShipping = 2, kTax = 3, kGiftCard = 4 };

// A line's share of what its purchase earned at first in one wallet; to be shown, and for
// nothing else.
struct LinePoints {
  std::string wallet;
  int64_t points = 0;
  int64_t qualifying = 0;

  friend bool operator==(const LinePoints&, const LinePoints&) = default;
};

// Points of one rule or multiplier.
struct EarnedPart {
  std::string rule_id;
  int64_t points = 0;  // At first.
  int64_t stands = 0;  // Of these: for what has not come back.
  bool capped = false;
  bool budget_exhausted = false;

  friend bool operator==(const EarnedPart&, const EarnedPart&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.rule_id);
    v(2, row.points);
    v(3, row.stands);
    v(4, row.capped);
    v(5, row.budget_exhausted);
  }
};

// What a purchase earned in one wallet.
struct EarnedPoints {
  std::string wallet;
  int64_t points = 0;      // At first.
  int64_t qualifying = 0;  // Toward tiers, at first.
  // What stands of them for what has not come back: the lesser of what was earned at first and
  // what the rest earns.
  int64_t stands = 0;
  int64_t qualifying_stands = 0;
  // Of what does not stand: gone before, by expiry, so that nothing was taken; given up.
  int64_t expired = 0;
  int64_t written_off = 0;
  // Of what does not stand: owed though the policy is to write off, for it was given away.
  int64_t given_owed = 0;
  std::vector<EarnedPart> parts;

  friend bool operator==(const EarnedPoints&, const EarnedPoints&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.wallet);
    v(2, row.points);
    v(3, row.qualifying);
    v(4, row.stands);
    v(5, row.qualifying_stands);
    v(6, row.expired);
    v(7, row.written_off);
    v(8, row.parts);
    v(9, row.given_owed);
  }
};

struct PurchaseLine {
  std::string sku;
  std::string category;
  int64_t quantity = 0;
  int64_t amount_minor = 0;  // Of the whole line, with tax, after discounts.
  int64_t tax_minor = 0;     // Within amount_minor.
  LineKind kind = LineKind::kGoods;
  std::vector<LinePoints> earned;  // Once decided.
  // Returned so far, piece by piece (Purchase::returned_by_amount_minor), and what that had cost.
  int64_t returned_quantity = 0;
  int64_t returned_minor = 0;

  friend bool operator==(const PurchaseLine&, const PurchaseLine&) = default;

  // As the till says.
  static void Fields(auto& row, auto& v) {
    v(1, row.sku);
    v(2, row.category);
    v(3, row.quantity);
    v(4, row.amount_minor);
    v(5, row.tax_minor);
    v(6, row.kind);
  }
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
  int64_t returned_minor = 0;  // What was paid back so far, in all.
  MemberId person;             // Whose it is whoever they are merged into; else member_id.

  // What it is judged by again when something comes back.

  std::vector<EarnedPoints> earned;  // By wallet, in the order of the program.
  // The rules with conditions about the member that held then.
  std::vector<std::string> rules_met;
  int64_t returned_by_amount_minor = 0;  // Of returned_minor: of the whole, and of no line.
  bool suspended = false;                // Who bought earned nothing then.
  // When the last of what has come back did; what of it was undone is not forgotten while any
  // has.
  std::optional<absl::Time> returned_at;

  friend bool operator==(const Purchase&, const Purchase&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.earned);
    v(2, row.rules_met);
    v(3, row.returned_by_amount_minor);
    v(4, row.suspended);
    v(5, row.returned_at);
  }
};

// What the rule gave the purchase; nullptr where that is nothing. A rule has one wallet, so
// that there is one part at most.
inline const EarnedPart* FindPart(const Purchase& purchase, absl::string_view rule_id) {
  for (const EarnedPoints& earned : purchase.earned) {
    for (const EarnedPart& part : earned.parts) {
      if (part.rule_id == rule_id) return &part;
    }
  }
  return nullptr;
}

// Goods that came back: of which line of which purchase.
struct ReturnedLine {
  std::string purchase_id;  // Empty where no purchase was found for them.
  int line = -1;            // Its line, counted from 0; -1 where the whole was meant.
  std::string sku;
  int64_t quantity = 0;
  int64_t amount_minor = 0;  // What was paid back for them.
  // What the goods had cost in that purchase: not less, and more where a till paid back less for
  // goods without a receipt.
  int64_t value_minor = 0;

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
  absl::Time undone_at = absl::InfiniteFuture();

  friend bool operator==(const Return&, const Return&) = default;
};

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_PURCHASE_PURCHASE_H_
