#include "server/rpc/program/program_text.h"

#include <google/protobuf/text_format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "dangol/v1/program.pb.h"
#include "server/common/error.h"
#include "server/common/limits.h"
#include "server/domain/activity/activity_fact.h"
#include "server/domain/program/in_use.h"
#include "server/rpc/program/program_advocates.h"
#include "server/rpc/program/program_care.h"
#include "server/rpc/program/program_conditions.h"
#include "server/rpc/program/program_currencies.h"
#include "server/rpc/program/program_expiry.h"
#include "server/rpc/program/program_incentives.h"
#include "server/rpc/program/program_place.h"
#include "server/rpc/program/program_rewards.h"
#include "server/rpc/program/program_rfm.h"
#include "server/rpc/program/program_syntax.h"
#include "server/rpc/program/program_tiers.h"
#include "server/rpc/program/program_time_zone.h"

namespace dangol::rpc {
namespace {

using google::protobuf::TextFormat;

// Checks a parsed program and makes the domain's of it. Goes on after a mistake,
// to find them all.
class Reader {
 public:
  explicit Reader(std::vector<ProgramProblem>& problems) : problems_(problems) {}

  domain::Program Read(const v1::Program& message, const Place& root) {
    program_.name = message.name();
    problems_.CheckTitle(message.name(), root.Child("name"));
    const std::string problem = FindTimeZone(message.time_zone(), program_.time_zone);
    Check(problem.empty(), root.Child("time_zone"), problem);
    program_.currencies = ReadCurrencies(message, root, problems_);
    ReadWallets(message, root);
    ReadActivities(message, root);
    program_.rfm = ReadRfm(message, program_, root, problems_);
    program_.ladders = ReadLadders(message, program_, root, problems_);
    Check(message.earning_rules_size() + message.multipliers_size() <= limits::kMaxRulesPerProgram,
          root.Child("earning_rules", 0),
          absl::StrCat("the program has more than ", limits::kMaxRulesPerProgram, " rules"));
    for (int i = 0; i < message.earning_rules_size(); ++i) {
      ReadEarningRule(message.earning_rules(i), root.Child("earning_rules", i));
    }
    for (int i = 0; i < message.multipliers_size(); ++i) {
      ReadMultiplier(message.multipliers(i), root.Child("multipliers", i));
    }
    CheckEveryCurrencyEarns(root);
    program_.stacking = ToStacking(message.stacking());
    program_.debt_policy = ToDebtPolicy(message.debt_policy());
    ReadReturnWindow(message, root);
    ReadHistory(message, root);
    program_.write_off_given_points = message.write_off_given_points();
    ReadAdjustmentReasons(message, root);
    ReadTestimonyScopes(message, root);
    program_.care = ReadCare(message, program_, root, problems_);
    program_.rewards = ReadRewards(message, program_, root, problems_);
    program_.excluded_categories.insert(message.excluded_categories().begin(),
                                        message.excluded_categories().end());
    program_.excluded_skus.insert(message.excluded_skus().begin(), message.excluded_skus().end());
    program_.incentives = ReadIncentives(message, program_, rule_ids_, root, problems_);
    ReadAdvocates(message, root, problems_, program_);
    using domain::PartKind;
    program_.retired_wallets =
        ReadRetired(message.retired_wallets(), PartKind::kWallet, root, "retired_wallets");
    program_.retired_currencies =
        ReadRetired(message.retired_currencies(), PartKind::kCurrency, root, "retired_currencies");
    program_.retired_rewards =
        ReadRetired(message.retired_rewards(), PartKind::kReward, root, "retired_rewards");
    return std::move(program_);
  }

 private:
  void Check(bool right, const Place& place, absl::string_view message) {
    problems_.Check(right, place, message);
  }
  void CheckRange(int64_t value, int64_t least, int64_t most, const Place& place) {
    problems_.CheckRange(value, least, most, place);
  }

  void ReadWallets(const v1::Program& message, const Place& root) {
    Check(!message.wallets().empty(), root.Child("wallets"), "declare at least one");
    for (int i = 0; i < message.wallets_size(); ++i) {
      const v1::Wallet& wallet = message.wallets(i);
      const Place place = root.Child("wallets", i);
      problems_.CheckName(wallet.id(), place.Child("id"));
      Check(FindWallet(wallet.id(), program_.wallets) < 0, place.Child("id"), "is declared twice");
      Check(wallet.pending_days() >= 0 && wallet.pending_days() <= 3'650,
            place.Child("pending_days"), "must be 0 to 3,650");
      Check(!wallet.pending_until_confirmed() || wallet.pending_days() == 0,
            place.Child("pending_days"), "must be 0 where points are pending_until_confirmed");
      CheckRange(wallet.grace_days(), 0, 365, place.Child("grace_days"));
      domain::Wallet& read = program_.wallets.emplace_back();
      read.id = wallet.id();
      read.pending_days = wallet.pending_days();
      read.pending_until_confirmed = wallet.pending_until_confirmed();
      read.grace_days = wallet.grace_days();
      read.value = ReadValue(wallet, place.Child("value"));
      ReadExpiry(wallet, place, problems_, read);
    }
  }

  std::optional<domain::PointValue> ReadValue(const v1::Wallet& wallet, const Place& place) {
    if (!wallet.has_value()) return std::nullopt;
    const v1::PointValue& value = wallet.value();
    const int currency =
        ReadCurrency(value.currency(), program_.currencies, place.Child("currency"), problems_);
    CheckRange(value.minor(), 1, 1'000 * kMillion, place.Child("minor"));
    CheckRange(value.per_points(), 1, 1'000 * kMillion, place.Child("per_points"));
    return domain::PointValue{currency, value.minor(), value.per_points()};
  }

  void ReadReturnWindow(const v1::Program& message, const Place& root) {
    if (message.return_window_days() == 0) return;  // The domain's default.
    CheckRange(message.return_window_days(), 1, 3'650, root.Child("return_window_days"));
    program_.return_window_days = message.return_window_days();
  }

  void ReadHistory(const v1::Program& message, const Place& root) {
    const Place place = root.Child("history_from");
    const std::optional<absl::CivilDay> day = ReadDay(message.history_from(), place, problems_);
    if (!day.has_value()) return;  // The domain's default.
    Check(*day >= absl::CivilDay(1970, 1, 1), place, "must not lie before 1970");
    program_.history_from = *day;
  }

  void ReadAdjustmentReasons(const v1::Program& message, const Place& root) {
    Check(message.adjustment_reasons_size() <= limits::kMaxAdjustmentReasons,
          root.Child("adjustment_reasons", 0),
          absl::StrCat("the program has more than ", limits::kMaxAdjustmentReasons, " reasons"));
    std::set<std::string> codes;
    for (int i = 0; i < message.adjustment_reasons_size(); ++i) {
      const v1::AdjustmentReason& reason = message.adjustment_reasons(i);
      const Place place = root.Child("adjustment_reasons", i);
      problems_.CheckName(reason.code(), place.Child("code"));
      Check(codes.insert(reason.code()).second, place.Child("code"), "is declared twice");
      CheckRange(reason.max_points(), 1, limits::kMaxPointsMoved, place.Child("max_points"));
      program_.adjustment_reasons.push_back(
          {reason.code(), reason.max_points(), reason.for_advocates()});
    }
  }

  void ReadTestimonyScopes(const v1::Program& message, const Place& root) {
    Check(message.testimony_scopes_size() <= limits::kMaxTestimonyScopes,
          root.Child("testimony_scopes", 0),
          absl::StrCat("the program has more than ", limits::kMaxTestimonyScopes, " scopes"));
    std::set<std::string> scopes;
    for (int i = 0; i < message.testimony_scopes_size(); ++i) {
      const std::string& scope = message.testimony_scopes(i);
      const Place place = root.Child("testimony_scopes", i);
      problems_.CheckName(scope, place);
      Check(scopes.insert(scope).second, place, "is declared twice");
      program_.testimony_scopes.push_back(scope);
    }
  }

  // After all else, which it must not name.
  std::vector<std::string> ReadRetired(const google::protobuf::RepeatedPtrField<std::string>& names,
                                       domain::PartKind kind, const Place& root,
                                       const char* field) {
    const std::set<std::string> declared = domain::Declared(kind, program_);
    std::set<std::string> retired;
    for (int i = 0; i < names.size(); ++i) {
      const Place place = root.Child(field, i);
      Check(!names[i].empty(), place, "must not be empty");
      Check(!declared.contains(names[i]), place, "is declared as well; say one or the other");
      Check(retired.insert(names[i]).second, place, "is named twice");
    }
    Check(names.size() <= limits::kMaxRetiredNames, root.Child(field, 0),
          absl::StrCat("names more than ", limits::kMaxRetiredNames));
    return {names.begin(), names.end()};
  }

  void ReadActivities(const v1::Program& message, const Place& root) {
    Check(message.activities_size() <= limits::kMaxActivityKinds, root.Child("activities", 0),
          absl::StrCat("the program has more than ", limits::kMaxActivityKinds, " activities"));
    for (int i = 0; i < message.activities_size(); ++i) {
      const v1::ActivityKind& activity = message.activities(i);
      const Place place = root.Child("activities", i);
      problems_.CheckName(activity.kind(), place.Child("kind"));
      Check(domain::FindActivityKind(activity.kind(), program_) == nullptr, place.Child("kind"),
            "is declared twice");
      CheckRange(activity.daily_cap(), 0, limits::kMaxDailyCap, place.Child("daily_cap"));
      program_.activities.push_back(
          {activity.kind(), activity.daily_cap(), activity.ignored_by_expiry()});
    }
  }

  // What base rules and multipliers have in common.
  template <typename Message>
  void ReadRule(const Message& message, const Place& place, domain::Rule& rule) {
    rule.id = message.id();
    problems_.CheckName(rule.id, place.Child("id"));
    Check(rule_ids_.insert(rule.id).second, place.Child("id"),
          "is used twice; names of rules must differ");
    rule.wallet = FindWallet(message.wallet(), program_.wallets);
    Check(rule.wallet >= 0, place.Child("wallet"), "is not a declared wallet");
    rule.when = ReadConditions(message.when(), program_.currencies, place.Child("when"), problems_);
    rule.when.tiers =
        ReadTierCondition(message.when().has_tier(), message.when().tier(), program_.ladders,
                          place.Child("when").Child("tier"), problems_);
    rule.rounding = ToRounding(message.rounding());
    rule.qualifying = message.qualifying();
    rule.budget = message.budget();
    CheckRange(rule.budget, 0, kMillion * kMillion, place.Child("budget"));
    std::set<v1::CapPeriod> periods;
    for (int i = 0; i < message.caps_size(); ++i) {
      const v1::Cap& cap = message.caps(i);
      const Place cap_place = place.Child("caps", i);
      Check(cap.per() != v1::CAP_PERIOD_UNSPECIFIED, cap_place.Child("per"), "is required");
      Check(periods.insert(cap.per()).second, cap_place.Child("per"), "has a cap already");
      CheckRange(cap.points(), 1, kMillion * kMillion, cap_place.Child("points"));
      rule.caps.push_back({static_cast<domain::CapPeriod>(cap.per() - 1), cap.points()});
    }
  }

  void ReadEarningRule(const v1::EarningRule& message, const Place& place) {
    domain::EarningRule rule;
    ReadRule(message, place, rule);
    rule.full_steps = message.full_steps();
    Check(!message.rates().empty(), place.Child("rates"), "give at least one");
    std::set<int> currencies;
    for (int i = 0; i < message.rates_size(); ++i) {
      const v1::Rate& rate = message.rates(i);
      const Place rate_place = place.Child("rates", i);
      const int currency = ReadCurrency(rate.currency(), program_.currencies,
                                        rate_place.Child("currency"), problems_);
      Check(currencies.insert(currency).second || currency < 0, rate_place.Child("currency"),
            "has a rate already");
      CheckRange(rate.points(), 1, kMillion, rate_place.Child("points"));
      CheckRange(rate.per_minor(), 1, 1'000 * kMillion, rate_place.Child("per_minor"));
      rule.rates.push_back({currency, rate.points(), rate.per_minor()});
    }
    program_.earning_rules.push_back(std::move(rule));
  }

  void ReadMultiplier(const v1::Multiplier& message, const Place& place) {
    domain::Multiplier multiplier;
    ReadRule(message, place, multiplier);
    multiplier.numerator = message.factor().numerator();
    multiplier.denominator = message.factor().denominator();
    const Place factor = place.Child("factor");
    CheckRange(multiplier.numerator, 1, kMillion, factor.Child("numerator"));
    CheckRange(multiplier.denominator, 1, kMillion, factor.Child("denominator"));
    Check(multiplier.numerator > multiplier.denominator, factor, "must be more than 1");
    program_.multipliers.push_back(std::move(multiplier));
  }

  // A currency that is accepted and earns nothing is nearly always forgotten.
  void CheckEveryCurrencyEarns(const Place& root) {
    for (size_t i = 0; i < program_.currencies.size(); ++i) {
      const bool earns = std::any_of(
          program_.earning_rules.begin(), program_.earning_rules.end(),
          [&](const domain::EarningRule& rule) {
            return std::any_of(rule.rates.begin(), rule.rates.end(), [&](const domain::Rate& rate) {
              return rate.currency == static_cast<int>(i);
            });
          });
      Check(earns, root.Child("currencies", static_cast<int>(i)),
            "no earning rule has a rate for this currency");
    }
  }

  static domain::Rounding ToRounding(v1::Rounding rounding) {
    if (rounding == v1::ROUNDING_HALF_UP) return domain::Rounding::kHalfUp;
    if (rounding == v1::ROUNDING_CEILING) return domain::Rounding::kCeiling;
    return domain::Rounding::kFloor;
  }

  static domain::Stacking ToStacking(v1::Stacking stacking) {
    if (stacking == v1::STACKING_COMPOUND) return domain::Stacking::kCompound;
    if (stacking == v1::STACKING_BEST) return domain::Stacking::kBest;
    return domain::Stacking::kAdd;
  }

  static domain::DebtPolicy ToDebtPolicy(v1::DebtPolicy policy) {
    if (policy == v1::DEBT_POLICY_WRITE_OFF) return domain::DebtPolicy::kWriteOff;
    if (policy == v1::DEBT_POLICY_REJECT) return domain::DebtPolicy::kReject;
    return domain::DebtPolicy::kAllowDebt;
  }

  ProblemList problems_;
  std::set<std::string> rule_ids_;
  domain::Program program_;
};

domain::Program ReadProgram(const std::string& text, std::vector<ProgramProblem>& problems) {
  TextFormat::ParseInfoTree places;
  v1::Program message;
  if (!ParseSyntax(text, message, places, problems)) return {};
  return Reader(problems).Read(message, Place(&places, v1::Program::descriptor()));
}

}  // namespace

std::vector<ProgramProblem> CheckProgram(const std::string& text) {
  std::vector<ProgramProblem> problems;
  ReadProgram(text, problems);
  return problems;
}

absl::StatusOr<std::shared_ptr<const domain::Program>> ParseProgram(const std::string& text) {
  std::vector<ProgramProblem> problems;
  domain::Program program = ReadProgram(text, problems);
  if (problems.empty()) return std::make_shared<const domain::Program>(std::move(program));

  ErrorDetails details;
  details.reason = "PROGRAM_INVALID";
  for (const ProgramProblem& problem : problems) {
    std::string description =
        absl::StrCat("line ", problem.line, ", column ", problem.column, ": ");
    if (!problem.field.empty()) absl::StrAppend(&description, problem.field, " ");
    absl::StrAppend(&description, problem.message);
    details.violations.push_back({"program_text", std::move(description)});
  }
  const std::string more =
      problems.size() > 1 ? absl::StrCat(" (and ", problems.size() - 1, " more)") : "";
  return MakeError(
      absl::StatusCode::kInvalidArgument,
      absl::StrCat("the program is not valid: ", details.violations[0].description, more), details);
}

}  // namespace dangol::rpc
