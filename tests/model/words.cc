// Programs and commands in words, for those who read of a failure.

#include <cstddef>
#include <optional>
#include <string>
#include <variant>

#include "absl/strings/str_cat.h"
#include "tests/model/story.h"

namespace dangol::model {
namespace {

std::string Iso(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%E*S", time, absl::UTCTimeZone());
}

std::string At(const std::optional<absl::Time>& time) {
  return time.has_value() ? absl::StrCat(", occurred at ", Iso(*time)) : "";
}

std::string LimitsOf(const domain::Rule& rule) {
  static constexpr const char* kPeriods[] = {"purchase", "day", "month", "member"};
  std::string text;
  for (const domain::Cap& cap : rule.caps) {
    absl::StrAppend(&text, ", ", cap.points, " a ", kPeriods[static_cast<size_t>(cap.per)],
                    " at most");
  }
  if (rule.budget > 0) absl::StrAppend(&text, ", ", rule.budget, " in all");
  return text;
}

}  // namespace

std::string Show(const domain::Program& program) {
  static constexpr const char* kPolicies[] = {"debts are allowed", "debts are written off",
                                              "debts are rejected"};
  std::string text =
      absl::StrCat(program.time_zone.name(), ", ", kPolicies[static_cast<int>(program.debt_policy)],
                   ", return window ", program.return_window_days, " days");
  for (size_t i = 0; i < program.wallets.size(); ++i) {
    const domain::Wallet& wallet = program.wallets[i];
    const domain::Rate& rate = program.earning_rules[i].rates.front();
    absl::StrAppend(&text, "; ", wallet.id, ": ", rate.points, " per ", rate.per_minor,
                    ", pending ");
    if (wallet.pending_until_confirmed) {
      absl::StrAppend(&text, "until confirmed");
    } else {
      absl::StrAppend(&text, wallet.pending_days, " days");
    }
    absl::StrAppend(&text, ", expires ");
    if (wallet.expiry.policy == domain::Expiry::Policy::kNever) {
      absl::StrAppend(&text, "never");
    } else if (wallet.expiry.policy == domain::Expiry::Policy::kInactivity) {
      absl::StrAppend(&text, "after ", wallet.expiry.days, " days without activity");
    } else {
      absl::StrAppend(&text, "after ", wallet.expiry.days, " days");
    }
    for (const domain::Expiry& other : wallet.or_earlier) {
      absl::StrAppend(&text, " or ", other.days, " days without activity");
    }
    absl::StrAppend(&text, ", grace ", wallet.grace_days, " days",
                    LimitsOf(program.earning_rules[i]));
  }
  for (const domain::Multiplier& multiplier : program.multipliers) {
    absl::StrAppend(&text, "; ", multiplier.numerator, "/", multiplier.denominator, " times ",
                    program.wallets[static_cast<size_t>(multiplier.wallet)].id, " for drinks",
                    multiplier.qualifying ? ", qualifying" : "", LimitsOf(multiplier));
  }
  return text;
}

namespace {

struct InWords {
  std::string operator()(const domain::AdvanceMember&) const { return "time passes"; }
  std::string operator()(const domain::RecordPurchase& record) const {
    const domain::Purchase& purchase = record.purchase;
    std::string text = absl::StrCat("buy ", purchase.purchase_id);
    for (const domain::PurchaseLine& line : purchase.lines) {
      absl::StrAppend(&text, ", ", line.quantity, " ", line.sku, " (", line.category, ") for ",
                      line.amount_minor);
    }
    if (purchase.currency != "EUR") absl::StrAppend(&text, " in ", purchase.currency);
    if (!purchase.reservation_id.empty()) {
      absl::StrAppend(&text, ", of which ", purchase.reservation_id, " paid ",
                      purchase.paid_with_points_minor);
    }
    return text + At(record.occurred_at);
  }
  std::string operator()(const domain::RecordReturn& record) const {
    std::string text = record.purchase_id.empty() ? "return without receipt"
                                                  : absl::StrCat("return of ", record.purchase_id);
    if (record.lines.empty()) absl::StrAppend(&text, ", ", record.amount_minor, " in money");
    for (const domain::RecordReturn::Line& line : record.lines) {
      absl::StrAppend(&text, ", ", line.quantity, " ");
      if (line.sku.empty()) {
        absl::StrAppend(&text, "of line ", line.line);
      } else {
        absl::StrAppend(&text, line.sku, " for ", line.amount_minor);
      }
    }
    return text + At(record.occurred_at);
  }
  std::string operator()(const domain::ConfirmPurchase& confirm) const {
    return absl::StrCat("confirm ", confirm.purchase_id);
  }
  std::string operator()(const domain::ReservePoints& reserve) const {
    std::string text = absl::StrCat(reserve.capture ? "redeem " : "reserve ", reserve.points, " ",
                                    reserve.wallet, " as ", reserve.reservation_id);
    if (!reserve.capture) {
      absl::StrAppend(&text, " for ", absl::FormatDuration(reserve.time_to_live));
    }
    return text;
  }
  std::string operator()(const domain::CapturePoints& capture) const {
    return capture.points.has_value()
               ? absl::StrCat("capture ", *capture.points, " of ", capture.reservation_id)
               : absl::StrCat("capture ", capture.reservation_id);
  }
  std::string operator()(const domain::VoidReservation& release) const {
    return absl::StrCat("void ", release.reservation_id);
  }
  std::string operator()(const domain::AdjustPoints& adjust) const {
    return absl::StrCat("adjust ", adjust.wallet, " by ", adjust.points, " for ", adjust.reason);
  }
  std::string operator()(const domain::TransferPoints& transfer) const {
    return absl::StrCat("give away ", transfer.points, " ", transfer.wallet);
  }
  std::string operator()(const domain::ReceivePoints& receive) const {
    std::string text = absl::StrCat("receive ", receive.wallet);
    for (const domain::MovedLot& lot : receive.lots) {
      absl::StrAppend(&text, ", ", lot.points, " earned at ", Iso(lot.earned_at), " until ",
                      Iso(lot.expires_at));
    }
    return text;
  }
  std::string operator()(const domain::ChangeStatus& change) const {
    static constexpr const char* kVerbs[] = {"", "reinstate", "suspend", "close", "erase"};
    return kVerbs[static_cast<int>(change.status)];
  }
  std::string operator()(const domain::MergeMembers& merge) const {
    return merge.member.id.has_value() ? "merge into a newcomer" : "a newcomer is merged in";
  }
  std::string operator()(const domain::UnmergeMember&) const { return "undo the last merge"; }
  std::string operator()(const domain::IssueCoupon& issue) const {
    return absl::StrCat("issue ", issue.coupon_id, " for a ", issue.reward_id);
  }
  std::string operator()(const domain::UseCoupon& use) const {
    return absl::StrCat("use ", use.code);
  }
  std::string operator()(const domain::CancelCoupon& cancel) const {
    return absl::StrCat("cancel ", cancel.code);
  }
  template <typename Other>
  std::string operator()(const Other&) const {
    return "?";
  }
};

}  // namespace

std::string Show(const domain::Action& action) { return std::visit(InWords(), action); }

}  // namespace dangol::model
