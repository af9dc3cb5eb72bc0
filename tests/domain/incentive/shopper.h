#ifndef DANGOL_TESTS_DOMAIN_INCENTIVE_SHOPPER_H_
#define DANGOL_TESTS_DOMAIN_INCENTIVE_SHOPPER_H_

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/domain/scenario.h"

// Members who come back, for tests of incentives. Awards are worth 1,000 points, so that they
// show beside what purchases earn.
namespace dangol::domain {

inline constexpr int64_t kAward = 1'000;

inline Incentive IncentiveOf(IncentiveKind kind, IncentiveWindow window = {}) {
  Incentive incentive;
  incentive.id = incentive.name = "card";
  incentive.kind = kind;
  incentive.window = window;
  incentive.reward = {"points", kAward};
  return incentive;
}

// Purchases earn nothing: all points are awards.
inline Program ProgramWith(std::vector<Incentive> incentives) {
  Program program = testing::SimpleProgram();
  program.earning_rules.clear();
  program.incentives = std::move(incentives);
  return program;
}

// A purchase of one line.
struct Bought {
  std::string at;  // "2026-01-15", at noon, or with a time.
  int64_t minor = 1'000;
  std::string category = "coffee";
  int64_t quantity = 1;
};

inline absl::Time TimeOf(const std::string& at) {
  return testing::Utc(at.size() > 10 ? at : at + " 12:00:00");
}

// One member, and what they are given.
class Shopper : public Scenario {
 public:
  using Scenario::Scenario;

  // Returns the id of the purchase. `recorded`: when it arrives; at once when empty.
  std::string Shop(const Bought& bought, const std::string& recorded = "") {
    PurchaseLine line = testing::Line(bought.minor, bought.category);
    line.quantity = bought.quantity;
    Purchase purchase = testing::PurchaseOf({line});
    purchase.purchase_id = absl::StrCat("p-", ++purchases_);
    const auto outcome =
        Buy(purchase, TimeOf(bought.at), TimeOf(recorded.empty() ? bought.at : recorded));
    EXPECT_TRUE(outcome.ok()) << outcome.status();
    return purchase.purchase_id;
  }

  // All of it comes back.
  absl::Status BringBack(const std::string& purchase_id, const std::string& at) {
    RecordReturn back;
    back.member = Me();
    back.return_id = absl::StrCat("r-", ++returns_);
    back.purchase_id = purchase_id;
    back.everything_left = true;
    return Do(back, TimeOf(at)).status();
  }

  absl::Status Undo(int number, const std::string& at) {
    UndoReturn undo;
    undo.return_id = absl::StrCat("r-", number);
    undo.member = Me();
    return Do(undo, TimeOf(at)).status();
  }

  absl::Status Spend(int64_t points, const std::string& at) {
    ReservePoints redeem;
    redeem.member = Me();
    redeem.reservation_id = absl::StrCat("s-", ++spent_);
    redeem.wallet = "points";
    redeem.points = points;
    redeem.capture = true;
    return Do(redeem, TimeOf(at)).status();
  }

  // The days of those that stand: "2026-01-15 2026-02-01".
  std::string Awards() {
    std::vector<std::string> days;
    for (const Award& award : state().awards) {
      if (!award.fallen) days.push_back(absl::FormatCivilTime(DayOf(award.day)));
    }
    std::sort(days.begin(), days.end());
    return absl::StrJoin(days, " ");
  }

 private:
  int purchases_ = 0;
  int returns_ = 0;
  int spent_ = 0;
};

}  // namespace dangol::domain

#endif  // DANGOL_TESTS_DOMAIN_INCENTIVE_SHOPPER_H_
