#include "server/domain/purchase/record_purchase.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "server/common/error.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/domain/draft.h"
#include "server/domain/errors.h"
#include "server/domain/points/spend.h"
#include "server/domain/points/timeline.h"
#include "server/domain/purchase/earning.h"
#include "server/domain/purchase/matching.h"
#include "server/domain/purchase/payment.h"
#include "server/domain/purchase/purchase_fact.h"
#include "server/domain/purchase/purchase_lot.h"
#include "server/domain/standing/judge.h"

namespace dangol::domain {
namespace {

bool Earns(MemberStatus status) { return status == MemberStatus::kActive; }

// Adds a rule's points to its lines' shares in the wallet.
void AddToLines(const RulePoints& part, const std::string& wallet,
                std::vector<PurchaseLine>& lines) {
  for (size_t i = 0; i < lines.size(); ++i) {
    if (part.by_line[i] == 0) continue;
    std::vector<LinePoints>& earned = lines[i].earned;
    if (earned.empty() || earned.back().wallet != wallet) earned.push_back({wallet, 0, 0});
    earned.back().points += part.by_line[i];
    if (part.rule->qualifying) earned.back().qualifying += part.by_line[i];
  }
}

// Credits what the parts of one wallet give, as one lot.
absl::StatusOr<CreditedPoints> Credit(absl::Span<const RulePoints> parts, const Wallet& wallet,
                                      const ProgramVersion& version, absl::string_view principal,
                                      Purchase& purchase, Draft& draft) {
  Lot lot = LotOf(purchase, wallet, version.program->time_zone);
  CreditedPoints earned;
  earned.wallet = wallet.id;
  earned.available_from = lot.available_from;
  earned.expires_at = draft.book().ExpiryOf(lot);
  std::vector<Source> sources;
  for (const RulePoints& part : parts) {
    earned.parts.push_back(
        {part.rule->id, part.points, part.points, part.capped, part.budget_exhausted});
    earned.points += part.points;
    if (part.rule->qualifying) earned.qualifying += part.points;
    if (part.points > 0) sources.push_back({part.rule->id, part.kind, part.points});
    AddToLines(part, wallet.id, purchase.lines);
  }
  earned.stands = earned.points;
  earned.qualifying_stands = earned.qualifying;
  if (!sources.empty()) {
    RETURN_IF_ERROR(
        OpenLot(std::move(lot), sources, {std::string(principal), "", ""}, draft.book()));
  }
  return earned;
}

// Wallet by wallet, in whose order the parts come.
absl::StatusOr<std::vector<CreditedPoints>> CreditAll(absl::Span<const RulePoints> parts,
                                                      const ProgramVersion& version,
                                                      absl::string_view principal,
                                                      Purchase& purchase, Draft& draft) {
  std::vector<CreditedPoints> credited;
  for (size_t first = 0; first < parts.size();) {
    size_t last = first + 1;
    while (last < parts.size() && parts[last].rule->wallet == parts[first].rule->wallet) ++last;
    const Wallet& wallet = version.program->wallets[static_cast<size_t>(parts[first].rule->wallet)];
    ASSIGN_OR_RETURN(credited.emplace_back(), Credit(parts.subspan(first, last - first), wallet,
                                                     version, principal, purchase, draft));
    first = last;
  }
  return credited;
}

// What a purchase is judged by beside itself, when it is recorded.
class Judgement {
 public:
  // `before`: the program of a day and a half before. Where its time zone was another, the moment
  // is on another day, too: that opens no second cap.
  // `person`: who buys, as of now.
  Judgement(const MemberState& buyer, const Member& person, const State& state,
            const Program& program, const Program& before, absl::Time occurred_at, absl::Time now)
      : buyer_(buyer),
        person_(person),
        program_(program),
        counters_(state.counters),
        zone_(program.time_zone),
        day_(absl::ToCivilDay(occurred_at, zone_)),
        other_day_(absl::ToCivilDay(occurred_at, before.time_zone)),
        today_(absl::ToCivilDay(now, zone_)),
        is_first_(TotalOf(buyer.member.histories, Measure::kPurchases) ==
                  TotalOf(buyer.member.histories, Measure::kIdle)) {}

  bool IsMet(const Conditions& when) const {
    return MatchesMember(when, buyer_.member.attributes, is_first_) &&
           (when.tiers.empty() || IsInAnyOf(when.tiers, program_, person_, NumberOf(day_)));
  }

  // What was given before may be more than a later version of the program allows.
  Allowance AllowanceOf(const Rule& rule) const {
    Allowance allowance = kUnlimited;
    for (const Cap& cap : rule.caps) {
      if (cap.per == CapPeriod::kPurchase) continue;
      int64_t used = UsedOf(rule, cap, day_, today_, buyer_, zone_);
      if (other_day_ != day_) {
        used = std::max(used, UsedOf(rule, cap, other_day_, today_, buyer_, zone_));
      }
      allowance.under_caps =
          std::min(allowance.under_caps, std::max<int64_t>(cap.points - used, 0));
    }
    if (rule.budget > 0) {
      const int64_t used = domain::UsedOf(counters_, BudgetCounter(rule.id));
      allowance.in_budget = std::max<int64_t>(rule.budget - used, 0);
    }
    return allowance;
  }

 private:
  const MemberState& buyer_;
  const Member& person_;
  const Program& program_;
  const SharedCounters* const counters_;
  const absl::TimeZone zone_;
  const absl::CivilDay day_;
  const absl::CivilDay other_day_;
  const absl::CivilDay today_;
  const bool is_first_;
};

// The rules and incentives with conditions about the member that hold.
std::vector<std::string> RulesMet(const Program& program, const Judgement& judgement) {
  std::vector<std::string> met;
  ForEachRule(program, [&](const Rule& rule) {
    if (AskAboutMember(rule.when) && judgement.IsMet(rule.when)) met.push_back(rule.id);
  });
  for (const Incentive& incentive : program.incentives) {
    if (AskAboutMember(incentive.when) && judgement.IsMet(incentive.when)) {
      met.push_back(incentive.id);
    }
  }
  return met;
}

// What of budgets had been given before, and has been with this purchase.
std::vector<CounterUse> BudgetsAfter(const std::vector<RulePoints>& parts,
                                     const SharedCounters* before) {
  std::vector<CounterUse> uses;
  for (const RulePoints& part : parts) {
    if (part.rule->budget == 0) continue;
    std::string name = BudgetCounter(part.rule->id);
    const int64_t used = UsedOf(before, name);
    uses.push_back({std::move(name), used, used + part.points});
  }
  return uses;
}

// What the reply says of incentives depends on what is left of their budgets.
std::vector<IncentiveStatus> TellIncentives(const Fact& fact, const ProgramCatalog& catalog,
                                            const State& state, Draft& draft) {
  std::vector<IncentiveStatus> all =
      IncentivesOf(fact, draft.standings(), catalog, draft.now(), draft.person(), state.counters);
  for (const IncentiveStatus& status : all) {
    if (status.budget_left.has_value()) draft.LookAt(status.budget);
  }
  return all;
}

}  // namespace

absl::Status CheckOccurred(absl::string_view field, absl::Time time, absl::Time now) {
  if (time > now + limits::kMaxClockSkew) return TimeInFuture(field, time, now);
  if (time < absl::UnixEpoch()) return TimeTooEarly(field, time);
  return absl::OkStatus();
}

absl::Status CheckOccurred(absl::string_view field, absl::Time time, const Program& program,
                           absl::Time now) {
  RETURN_IF_ERROR(CheckOccurred(field, time, now));
  const bool is_before = absl::ToCivilDay(time, program.time_zone) < program.history_from;
  return is_before ? TimeBeforeHistory(field, time, program.history_from) : absl::OkStatus();
}

absl::StatusOr<Decision> DecideRecordPurchase(const RecordPurchase& command,
                                              absl::string_view principal, const State& state,
                                              const ProgramCatalog& catalog, absl::Time now) {
  Purchase purchase = command.purchase;
  purchase.occurred_at = command.occurred_at.value_or(now);
  const ProgramVersion* version = catalog.At(purchase.occurred_at);
  if (version == nullptr) return ProgramMissing();
  RETURN_IF_ERROR(
      Combine(CheckOccurred("occurred_at", purchase.occurred_at, *catalog.At(now)->program, now),
              CheckCurrency(purchase.currency, *version->program)));
  if (state.member == nullptr) return MemberNotFound(command.member);
  const MemberState& buyer = *PersonOf(state);
  const Member& before = buyer.member;
  RETURN_IF_ERROR(CheckNotClosed(state));

  purchase.member_id = purchase.person = before.id;
  purchase.recorded_at = now;
  purchase.program_version = version->version;
  for (const PurchaseLine& line : purchase.lines) purchase.total_minor += line.amount_minor;

  Draft draft(state, catalog, now);
  draft.Advance();
  const std::vector<TierLabel> tiers = TiersOf(draft.person(), catalog, draft.now());
  const Program& program = *version->program;
  const ProgramVersion* const earlier = catalog.At(purchase.occurred_at - kBeforeChangeOfZone);
  const Judgement judgement(buyer, draft.person(), state, program,
                            earlier == nullptr ? program : *earlier->program, purchase.occurred_at,
                            now);
  const auto is_met = [&](const Rule& rule) { return judgement.IsMet(rule.when); };
  const auto allowance = [&](const Rule& rule) { return judgement.AllowanceOf(rule); };
  ASSIGN_OR_RETURN(std::vector<RulePoints> parts, Earn(purchase, program, {is_met, allowance}));
  // The currency is checked for everyone, points are for those who earn.
  purchase.suspended = !Earns(before.status) || !Earns(state.member->member.status);
  if (purchase.suspended) parts.clear();
  const bool may_bring_more = !parts.empty() || !program.incentives.empty();
  if (may_bring_more && !purchase.suspended) purchase.rules_met = RulesMet(program, judgement);

  PurchaseOutcome outcome;
  const Cause payment{std::string(principal), purchase.purchase_id, ""};
  ASSIGN_OR_RETURN(outcome.payment,
                   PayWithPoints(catalog, now, CheckSpends(state).ok(), payment, purchase, draft));
  draft.NoteActivity(purchase.occurred_at);
  ASSIGN_OR_RETURN(outcome.earned, CreditAll(parts, *version, principal, purchase, draft));
  purchase.earned.assign(outcome.earned.begin(), outcome.earned.end());
  const Fact fact = FactOf(purchase, program);
  RETURN_IF_ERROR(draft.Restand(purchase.person, fact, {}, payment));

  outcome.purchase_id = purchase.purchase_id;
  outcome.member_id = purchase.member_id;
  outcome.occurred_at = purchase.occurred_at;
  outcome.recorded_at = now;
  outcome.program_version = version->version;
  outcome.total_minor = purchase.total_minor;
  outcome.balances = draft.book().Accounts();
  outcome.tiers = ChangesSince(tiers, draft.person(), catalog, draft.now());
  outcome.incentives = TellIncentives(fact, catalog, state, draft);

  Decision decision;
  decision.effects = draft.Finish();
  outcome.awards = decision.effects.awards;
  for (CounterUse& use : BudgetsAfter(parts, state.counters)) {
    decision.effects.counters.push_back(std::move(use));
  }
  Effects& own = OfPerson(decision.effects);
  own.purchase = std::move(purchase);
  decision.outcome = std::move(outcome);
  return decision;
}

}  // namespace dangol::domain
