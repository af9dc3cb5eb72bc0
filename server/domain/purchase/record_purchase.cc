#include "server/domain/purchase/record_purchase.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "server/common/error.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/domain/errors.h"
#include "server/domain/points/draft.h"
#include "server/domain/points/expiry.h"
#include "server/domain/points/spend.h"
#include "server/domain/program/calendar.h"
#include "server/domain/purchase/earning.h"

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
absl::Status Credit(absl::Span<const RulePoints> parts, const Wallet& wallet,
                    const ProgramVersion& version, absl::string_view principal, Purchase& purchase,
                    Draft& draft, EarnedPoints& earned) {
  const absl::TimeZone zone = version.program->time_zone;
  Lot lot;
  lot.wallet = earned.wallet = wallet.id;
  lot.purchase_id = purchase.purchase_id;
  lot.person = purchase.person;
  lot.earned_at = purchase.occurred_at;
  lot.available_from = earned.available_from = AvailableFrom(wallet, purchase.occurred_at, zone);
  SetExpiry(wallet, zone, lot);
  earned.expires_at = draft.ExpiryOf(lot);

  std::vector<Draft::Source> sources;
  for (const RulePoints& part : parts) {
    earned.parts.push_back({part.rule->id, part.points, part.capped, part.budget_exhausted});
    earned.points += part.points;
    if (part.rule->qualifying) earned.qualifying += part.points;
    if (part.points > 0) sources.push_back({part.rule->id, part.kind, part.points});
    AddToLines(part, wallet.id, purchase.lines);
  }
  draft.AddQualifying(wallet.id, earned.qualifying);
  if (sources.empty()) return absl::OkStatus();
  return draft.OpenLot(std::move(lot), sources, version.version, {std::string(principal), "", ""});
}

// What capped rules have given for purchases of its person, with this purchase.
std::vector<CapUsage> UsageAfter(const std::vector<RulePoints>& parts,
                                 const std::vector<CapUsage>& before, const Program& program,
                                 const Purchase& purchase) {
  std::vector<CapUsage> after;
  const absl::CivilDay day = absl::ToCivilDay(purchase.occurred_at, program.time_zone);
  for (const RulePoints& part : parts) {
    if (part.points == 0) continue;
    for (const Cap& cap : part.rule->caps) {
      if (cap.per == CapPeriod::kPurchase) continue;
      CapUsage usage;
      usage.period = PeriodName(cap.per, day);
      usage.rule_id = part.rule->id;
      usage.person = purchase.person;
      for (const CapUsage& known : before) {
        if (IsSameUsage(known, usage)) usage.points = known.points;
      }
      usage.points += part.points;
      after.push_back(std::move(usage));
    }
  }
  return after;
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

// Points can have paid only by a reservation that holds or spent them. Goods and what paid
// for them are one person's, so that a return finds both.
absl::Status TakePayment(Draft& draft, Purchase& purchase) {
  if (purchase.reservation_id.empty()) return absl::OkStatus();
  Reservation* const reservation = draft.FindReservation(purchase.reservation_id);
  if (reservation == nullptr) return ReservationNotFound(purchase.reservation_id);
  const bool ended = reservation->status != ReservationStatus::kHeld &&
                     reservation->status != ReservationStatus::kCaptured;
  if (ended) return ReservationEnded(*reservation);
  if (draft.IsOneWithPerson(reservation->person)) {
    purchase.person = reservation->person;
  } else {
    reservation->person = purchase.person;
  }
  return absl::OkStatus();
}

void CountPurchase(const Purchase& purchase, Member& member) {
  ++member.purchase_count;
  const absl::Time at = purchase.occurred_at;
  member.first_purchase_at = std::min(member.first_purchase_at.value_or(at), at);
  member.last_purchase_at = std::max(member.last_purchase_at.value_or(at), at);
}

}  // namespace

absl::Status CheckOccurred(absl::string_view field, absl::Time time, absl::Time now) {
  if (time > now + limits::kMaxClockSkew) return TimeInFuture(field, time, now);
  if (time < absl::UnixEpoch()) return TimeTooEarly(field, time);
  return absl::OkStatus();
}

absl::StatusOr<Decision> DecideRecordPurchase(const RecordPurchase& command,
                                              absl::string_view principal, const State& state,
                                              const ProgramCatalog& catalog, absl::Time now) {
  Purchase purchase = command.purchase;
  purchase.occurred_at = command.occurred_at.value_or(now);
  const ProgramVersion* version = catalog.At(purchase.occurred_at);
  if (version == nullptr) return ProgramMissing();
  RETURN_IF_ERROR(Combine(CheckOccurred("occurred_at", purchase.occurred_at, now),
                          CheckCurrency(purchase.currency, *version->program)));
  if (state.member == nullptr) return MemberNotFound(command.member);
  const MemberState& buyer = *PersonOf(state);
  const Member& before = buyer.member;
  RETURN_IF_ERROR(CheckNotClosed(state));

  purchase.member_id = purchase.person = before.id;
  purchase.recorded_at = now;
  purchase.program_version = version->version;
  for (const PurchaseLine& line : purchase.lines) purchase.total_minor += line.amount_minor;

  const Program& program = *version->program;
  ASSIGN_OR_RETURN(std::vector<RulePoints> parts,
                   Earn(purchase, before, buyer.cap_usage, program, state.counters));
  // The currency is checked for everyone, points are for those who earn.
  if (!Earns(before.status) || !Earns(state.member->member.status)) parts.clear();

  Draft draft(state, catalog, now);
  draft.Advance();
  RETURN_IF_ERROR(TakePayment(draft, purchase));
  draft.NoteActivity(purchase.occurred_at);
  PurchaseOutcome outcome;
  // Parts come wallet by wallet.
  for (size_t first = 0; first < parts.size();) {
    size_t last = first + 1;
    while (last < parts.size() && parts[last].rule->wallet == parts[first].rule->wallet) ++last;
    RETURN_IF_ERROR(Credit(absl::MakeConstSpan(parts).subspan(first, last - first),
                           program.wallets[parts[first].rule->wallet], *version, principal,
                           purchase, draft, outcome.earned.emplace_back()));
    first = last;
  }
  CountPurchase(purchase, draft.person());

  outcome.purchase_id = purchase.purchase_id;
  outcome.member_id = purchase.member_id;
  outcome.occurred_at = purchase.occurred_at;
  outcome.recorded_at = now;
  outcome.program_version = version->version;
  outcome.total_minor = purchase.total_minor;
  outcome.balances = draft.Accounts();

  Decision decision;
  decision.effects = draft.Finish();
  decision.effects.counters = BudgetsAfter(parts, state.counters);
  Effects& own = OfPerson(decision.effects);
  own.cap_usage = UsageAfter(parts, buyer.cap_usage, program, purchase);
  own.purchase = std::move(purchase);
  decision.outcome = std::move(outcome);
  return decision;
}

}  // namespace dangol::domain
