#include "tests/model/story.h"

#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"

namespace dangol::model {
namespace {

// They change their clocks at midnight, before it, after it, and never.
constexpr const char* kZones[] = {"UTC", "America/Sao_Paulo", "America/Havana", "Europe/London"};
constexpr const char* kWalletNames[] = {"points", "miles"};

// Ranges that mean the same in every case: RapidCheck's own grow from case to case.
rc::Gen<int> UpTo(int last) { return rc::gen::resize(100, rc::gen::inRange(0, last + 1)); }

template <typename T>
rc::Gen<T> OneOf(std::initializer_list<std::pair<std::size_t, T>> weights) {
  return rc::gen::weightedElement<T>(weights);
}

rc::Gen<WalletPlan> AnyWallet() {
  return rc::gen::build<WalletPlan>(
      rc::gen::set(&WalletPlan::pending_days, rc::gen::element(0, 0, 0, 0, 1, 3, 14, 40)),
      rc::gen::set(&WalletPlan::until_confirmed, OneOf<bool>({{6, false}, {1, true}})),
      rc::gen::set(&WalletPlan::expiry_days, rc::gen::element(0, 0, 1, 5, 20, 60, 200)),
      rc::gen::set(&WalletPlan::by_inactivity, OneOf<bool>({{3, false}, {1, true}})),
      rc::gen::set(&WalletPlan::or_idle_days, rc::gen::element(0, 0, 3, 15, 40)),
      rc::gen::set(&WalletPlan::grace_days, rc::gen::element(0, 0, 1, 7)),
      rc::gen::set(&WalletPlan::rate_points, rc::gen::element(1, 2)),
      rc::gen::set(&WalletPlan::rate_per_minor, rc::gen::element(1, 2, 3, 7)));
}

rc::Gen<Plan> AnyPlan() {
  return rc::gen::build<Plan>(
      rc::gen::set(&Plan::zone, UpTo(std::size(kZones) - 1)),
      rc::gen::set(&Plan::wallets,
                   rc::gen::mapcat(rc::gen::element(1, 1, 2),
                                   [](int count) {
                                     return rc::gen::container<std::vector<WalletPlan>>(
                                         static_cast<size_t>(count), AnyWallet());
                                   })),
      rc::gen::set(&Plan::multiplier, UpTo(3)),
      rc::gen::set(&Plan::cap_per, rc::gen::element(0, 0, 0, 1, 2, 3, 4)),
      rc::gen::set(&Plan::cap_points, rc::gen::element(1, 9, 40, 150)),
      rc::gen::set(&Plan::budget, rc::gen::element(0, 0, 0, 7, 60, 300)),
      rc::gen::set(&Plan::policy, UpTo(2)),
      rc::gen::set(&Plan::window_days, rc::gen::element(90, 30, 1)));
}

rc::Gen<Step> AnyStep() {
  return rc::gen::build<Step>(
      rc::gen::set(&Step::what, OneOf<What>({{4, What::kNothing},
                                             {24, What::kBuy},
                                             {14, What::kReturnLines},
                                             {8, What::kReturnAmount},
                                             {4, What::kReturnWithoutReceipt},
                                             {12, What::kReserve},
                                             {10, What::kRedeem},
                                             {10, What::kCapture},
                                             {5, What::kVoid},
                                             {6, What::kConfirm},
                                             {12, What::kAdjust},
                                             {6, What::kGive},
                                             {6, What::kReceive},
                                             {1, What::kSuspend},
                                             {2, What::kReinstate},
                                             {1, What::kClose},
                                             {9, What::kIssueCoupon},
                                             {5, What::kUseCoupon},
                                             {5, What::kCancelCoupon},
                                             {5, What::kMerge},
                                             {4, What::kUnmerge},
                                             {2, What::kAbsorb}})),
      rc::gen::set(&Step::wait, OneOf<Wait>({{40, Wait::kNone},
                                             {10, Wait::kSeconds},
                                             {20, Wait::kHours},
                                             {15, Wait::kDays},
                                             {2, Wait::kMonths},
                                             {12, Wait::kUntilNextMoment},
                                             {4, Wait::kBackwards}})),
      rc::gen::set(&Step::wait_count, UpTo(40)), rc::gen::set(&Step::late, UpTo(99)),
      rc::gen::set(&Step::pick, UpTo(9)), rc::gen::set(&Step::size, UpTo(99)),
      rc::gen::set(&Step::choice, UpTo(99)), rc::gen::set(&Step::wallet, UpTo(9)),
      rc::gen::set(&Step::peek_days, rc::gen::element(0, 1, 30, 400)),
      rc::gen::set(&Step::advance_between, OneOf<bool>({{1, false}, {1, true}})),
      rc::gen::set(&Step::lines, rc::gen::container<std::vector<int>>(7, UpTo(39))));
}

}  // namespace

rc::Gen<Story> AnyStory() {
  return rc::gen::build<Story>(
      rc::gen::set(&Story::plan, AnyPlan()),
      rc::gen::set(&Story::steps, rc::gen::container<std::vector<Step>>(AnyStep())));
}

void showValue(const Story& story, std::ostream& stream) {
  stream << story.steps.size() << " steps";
}

domain::Program ProgramOf(const Plan& plan) {
  domain::Program program;
  program.name = "random";
  absl::LoadTimeZone(kZones[plan.zone], &program.time_zone);
  program.currencies = {{"EUR", 2}};
  program.debt_policy = static_cast<domain::DebtPolicy>(plan.policy);
  program.write_off_given_points = true;
  program.history_from = absl::CivilDay(1990, 1, 1);
  program.return_window_days = plan.window_days;
  program.adjustment_reasons = {{"goodwill", 500}};
  for (size_t i = 0; i < plan.wallets.size(); ++i) {
    const WalletPlan& said = plan.wallets[i];
    domain::Wallet& wallet = program.wallets.emplace_back();
    wallet.id = kWalletNames[i];
    wallet.pending_until_confirmed = said.until_confirmed;
    wallet.pending_days = said.until_confirmed ? 0 : said.pending_days;
    if (said.expiry_days > 0) {
      wallet.expiry.policy =
          said.by_inactivity ? domain::Expiry::Policy::kInactivity : domain::Expiry::Policy::kAfter;
      wallet.expiry.days = said.expiry_days;
      if (!said.by_inactivity && said.or_idle_days > 0) {
        wallet.or_earlier = {{domain::Expiry::Policy::kInactivity, 0, said.or_idle_days, 0}};
      }
    }
    wallet.grace_days = said.grace_days;
    domain::EarningRule& rule = program.earning_rules.emplace_back();
    rule.id = absl::StrCat("base-", wallet.id);
    rule.wallet = static_cast<int>(i);
    rule.rates = {{0, said.rate_points, said.rate_per_minor}};
    rule.qualifying = i == 0;
  }
  domain::Reward& reward = program.rewards.emplace_back();
  reward.id = "latte";
  reward.points = 3 + plan.window_days / 10;
  reward.stock = plan.policy == 0 ? 2 : 5;
  reward.limits = {{domain::CapPeriod::kMonth, 3}};
  reward.validity_days = plan.window_days / 10;
  if (plan.multiplier > 0) {
    domain::Multiplier& multiplier = program.multipliers.emplace_back();
    multiplier.id = "more";
    multiplier.wallet = static_cast<int>(plan.wallets.size()) - 1;
    multiplier.numerator = plan.multiplier + 2;
    multiplier.denominator = 2;
    multiplier.when.categories = {"drinks"};
    multiplier.qualifying = plan.multiplier == 2;
    multiplier.budget = plan.budget;
  } else {
    program.earning_rules.front().budget = plan.budget;
  }
  if (plan.cap_per > 0) {
    program.earning_rules.front().caps = {
        {static_cast<domain::CapPeriod>(plan.cap_per - 1), plan.cap_points}};
  }
  return program;
}

}  // namespace dangol::model
