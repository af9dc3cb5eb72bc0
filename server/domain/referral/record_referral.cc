#include "server/domain/referral/record_referral.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "server/common/status_macros.h"
#include "server/domain/draft.h"
#include "server/domain/errors.h"
#include "server/domain/points/spend.h"
#include "server/domain/program/calendar.h"
#include "server/domain/purchase/purchase_fact.h"
#include "server/domain/purchase/record_purchase.h"

namespace dangol::domain {
namespace {

// Whether something that stands was bought before that moment, of which this is the day; nothing:
// before now.
bool HasBoughtBefore(std::optional<absl::Time> at, DayNumber day, const MemberState& person) {
  const std::optional<DayNumber> first = FirstDayOf(person.member.histories, Measure::kPurchases);
  if (!first.has_value()) return false;
  if (!at.has_value() || *first < day) return true;
  return std::any_of(
      person.purchases.begin(), person.purchases.end(),
      [&](const Purchase& purchase) { return purchase.occurred_at < *at && Stands(purchase); });
}

absl::Status CheckReferred(const RecordReferral& command, DayNumber day,
                           const MemberState& person) {
  const Member& member = person.member;
  if (command.referrer.id == member.id) return ReferredByThemselves();
  for (const History& history : member.histories) {
    if (history.person == command.referrer.id) return ReferredByThemselves();
    if (history.referral.has_value()) return AlreadyReferred(history.referral->referrer);
  }
  if (HasBoughtBefore(command.occurred_at, day, person)) return ReferredAfterPurchase();
  return CheckReferrer(command.referrer, command.referred_by, FirstOf(member));
}

std::optional<DayNumber> ConvertedOn(const std::string& incentive,
                                     const std::vector<Conversion>& conversions) {
  for (const Conversion& one : conversions) {
    if (one.incentive == incentive) return one.day;
  }
  return std::nullopt;
}

// Of no day: one without marks, of another.
Fact FactOfDay(const std::string& incentive, std::optional<DayNumber> day, DayNumber otherwise) {
  Fact fact;
  fact.day = day.value_or(otherwise);
  if (day.has_value()) fact.marks.push_back({Measure::kReferrals, incentive, 1});
  return fact;
}

}  // namespace

absl::Status CheckReferrer(const FoundReferrer& referrer, const MemberRef& said,
                           const MemberSince& referred) {
  if (referrer.id.IsNil()) return ReferrerNotFound(said);
  if (!referrer.is_active) return ReferrerNotActive();
  const MemberSince since{referrer.enrolled_at, referrer.id};
  return since < referred ? absl::OkStatus() : MemberBeforeReferrer();
}

absl::StatusOr<Decision> DecideRecordReferral(const RecordReferral& command,
                                              absl::string_view principal, const State& state,
                                              const ProgramCatalog& catalog, absl::Time now) {
  const ProgramVersion* const version = catalog.At(now);
  if (version == nullptr) return ProgramMissing();
  const absl::Time at = command.occurred_at.value_or(now);
  RETURN_IF_ERROR(CheckOccurred("occurred_at", at, *version->program, now));
  if (state.member == nullptr) return MemberNotFound(command.member);
  RETURN_IF_ERROR(CheckNotClosed(state));
  const DayNumber day = NumberOf(absl::ToCivilDay(at, version->program->time_zone));
  RETURN_IF_ERROR(CheckReferred(command, day, *PersonOf(state)));
  Draft draft(state, catalog, now);
  draft.Advance();
  const MemberId whose = FirstOf(draft.person()).id;
  const Cause cause{std::string(principal), command.request_id, ""};
  RETURN_IF_ERROR(draft.Change(day, cause, [&] {
    HistoryOf(whose, draft.person()).referral = Referral{command.referrer.id, day, {}, 0};
  }));
  Decision decision;
  decision.outcome = MemberOutcome{draft.person(), PersonOf(state)->aliases};
  decision.effects = draft.Finish();
  return decision;
}

absl::StatusOr<Decision> DecideCountReferral(const CountReferral& command,
                                             absl::string_view principal, const State& state,
                                             const ProgramCatalog& catalog, absl::Time now) {
  if (state.member == nullptr) return MemberNotFound(command.member);
  Draft draft(state, catalog, now);
  draft.Advance();
  std::set<std::string> incentives;
  for (const Conversion& one : command.before) incentives.insert(one.incentive);
  for (const Conversion& one : command.after) incentives.insert(one.incentive);
  const Cause cause{std::string(principal), command.referred.ToString(), ""};
  const DayNumber today = NumberOf(absl::ToCivilDay(now, catalog.At(now)->program->time_zone));
  for (const std::string& incentive : incentives) {
    const std::optional<DayNumber> was = ConvertedOn(incentive, command.before);
    const std::optional<DayNumber> is = ConvertedOn(incentive, command.after);
    if (was == is) continue;
    const Fact stands = FactOfDay(incentive, was, is.value_or(0));
    const Fact should = FactOfDay(incentive, is, stands.day);
    if (draft.person().status == MemberStatus::kActive) {
      // Refused only where the wallet is full, which is no matter of who was referred.
      draft.Restand(command.person, should, stands, cause).IgnoreError();
    } else {
      Restand(should, stands, today, HistoryOf(command.person, draft.person()));
      draft.NoteFacts(std::min(should.day, stands.day));
    }
  }
  Decision decision;
  decision.effects = draft.Finish();
  return decision;
}

}  // namespace dangol::domain
