#include "tests/model/program_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace dangol::model {
namespace {

std::string TextOf(const domain::Expiry& expiry) {
  switch (expiry.policy) {
    case domain::Expiry::Policy::kNever:
      return "never {}";
    case domain::Expiry::Policy::kAfter:
      return absl::StrCat("after { days: ", expiry.days, " }");
    case domain::Expiry::Policy::kInactivity:
      return absl::StrCat("inactivity { days: ", expiry.days, " }");
    case domain::Expiry::Policy::kYearEnd:
      return absl::StrCat("year_end { years: ", expiry.years, " }");
  }
  return "";
}

std::string TextOf(const domain::Wallet& wallet) {
  std::string text =
      absl::StrCat("wallets { id: \"", wallet.id, "\" pending_days: ", wallet.pending_days,
                   " pending_until_confirmed: ", wallet.pending_until_confirmed ? "true" : "false",
                   " grace_days: ", wallet.grace_days, " expiry { ", TextOf(wallet.expiry), " }");
  for (const domain::Expiry& other : wallet.or_earlier) {
    absl::StrAppend(&text, " expiry { ", TextOf(other), " }");
  }
  return text + " }\n";
}

std::string TextOf(const domain::Reward& reward, const std::string& wallet) {
  std::string text =
      absl::StrCat("rewards { id: \"", reward.id, "\" name: \"A drink\" wallet: \"", wallet,
                   "\" points: ", reward.points, " stock: ", reward.stock,
                   " validity_days: ", reward.validity_days, " gift { sku: \"cup\" }");
  for (const domain::RewardLimit& limit : reward.limits) {
    absl::StrAppend(&text, " limits { per: CAP_PERIOD_MONTH pieces: ", limit.pieces, " }");
  }
  return text + " }\n";
}

// What base rules and multipliers have in common.
std::string RestOf(const domain::Rule& rule) {
  static constexpr absl::string_view kPeriods[] = {"PURCHASE", "DAY", "MONTH", "EVER"};
  std::string text = rule.qualifying ? " qualifying: true" : "";
  for (const domain::Cap& cap : rule.caps) {
    absl::StrAppend(&text, " caps { per: CAP_PERIOD_", kPeriods[static_cast<size_t>(cap.per)],
                    " points: ", cap.points, " }");
  }
  if (rule.budget > 0) absl::StrAppend(&text, " budget: ", rule.budget);
  return text;
}

}  // namespace

std::string TextOf(const domain::Program& program) {
  static constexpr absl::string_view kPolicies[] = {"ALLOW_DEBT", "WRITE_OFF", "REJECT"};
  std::string text = absl::StrCat(
      "name: \"", program.name, "\"\ntime_zone: \"", program.time_zone.name(),
      "\"\ndebt_policy: DEBT_POLICY_", kPolicies[static_cast<size_t>(program.debt_policy)],
      "\nwrite_off_given_points: true\nhistory_from: \"1990-01-01\"\nreturn_window_days: ",
      program.return_window_days, "\n");
  for (const domain::Currency& currency : program.currencies) {
    absl::StrAppend(&text, "currencies { code: \"", currency.code,
                    "\" minor_digits: ", currency.minor_digits, " }\n");
  }
  for (const domain::AdjustmentReason& reason : program.adjustment_reasons) {
    absl::StrAppend(&text, "adjustment_reasons { code: \"", reason.code,
                    "\" max_points: ", reason.max_points, " }\n");
  }
  for (const domain::Wallet& wallet : program.wallets) text += TextOf(wallet);
  const auto wallet_of = [&](const domain::Rule& rule) {
    return program.wallets[static_cast<size_t>(rule.wallet)].id;
  };
  for (const domain::EarningRule& rule : program.earning_rules) {
    const domain::Rate& rate = rule.rates.front();
    absl::StrAppend(&text, "earning_rules { id: \"", rule.id, "\" wallet: \"", wallet_of(rule),
                    "\" rates { currency: \"", program.currencies.front().code,
                    "\" points: ", rate.points, " per_minor: ", rate.per_minor, " }", RestOf(rule),
                    " }\n");
  }
  for (const domain::Multiplier& multiplier : program.multipliers) {
    absl::StrAppend(&text, "multipliers { id: \"", multiplier.id, "\" wallet: \"",
                    wallet_of(multiplier), "\" factor { numerator: ", multiplier.numerator,
                    " denominator: ", multiplier.denominator, " }");
    for (const std::string& category : multiplier.when.categories) {
      absl::StrAppend(&text, " when { categories: \"", category, "\" }");
    }
    absl::StrAppend(&text, RestOf(multiplier), " }\n");
  }
  for (const domain::Reward& reward : program.rewards) {
    text += TextOf(reward, program.wallets[static_cast<size_t>(reward.wallet)].id);
  }
  return text;
}

}  // namespace dangol::model
