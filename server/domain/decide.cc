#include "server/domain/decide.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/common/error.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/domain/activity/record_activity.h"
#include "server/domain/advocate/record_advocate.h"
#include "server/domain/advocate/record_influence.h"
#include "server/domain/care/complete_work.h"
#include "server/domain/care/record_complaint.h"
#include "server/domain/care/record_survey.h"
#include "server/domain/draft.h"
#include "server/domain/errors.h"
#include "server/domain/incentive/continuity.h"
#include "server/domain/incentive/dates.h"
#include "server/domain/member/close.h"
#include "server/domain/member/erase.h"
#include "server/domain/member/merge.h"
#include "server/domain/points/adjustment.h"
#include "server/domain/points/spend.h"
#include "server/domain/points/transfer.h"
#include "server/domain/purchase/record_purchase.h"
#include "server/domain/purchase/record_return.h"
#include "server/domain/purchase/undo_return.h"
#include "server/domain/referral/record_referral.h"
#include "server/domain/referral/referrals.h"
#include "server/domain/referral/tell_referrers.h"
#include "server/domain/reward/rewards.h"
#include "server/domain/standing/import_lifetime_sums.h"
#include "server/domain/standing/override_tier.h"
#include "server/domain/standing/record_norms.h"

namespace dangol::domain {
namespace {

// Everything that a decision has at hand, one overload per action.
struct Judge {
  const Command& command;
  const State& state;
  const ProgramCatalog& catalog;
  const absl::Time now;

  absl::StatusOr<Decision> operator()(const EnrollMember& enroll) const;
  absl::StatusOr<Decision> operator()(const AddAlias& add) const;
  absl::StatusOr<Decision> operator()(const RemoveAlias& remove) const;
  absl::StatusOr<Decision> operator()(const RecordPurchase& record) const {
    return DecideRecordPurchase(record, command.principal, state, catalog, now);
  }
  absl::StatusOr<Decision> operator()(const ActivateProgram& activate) const;
  absl::StatusOr<Decision> operator()(const WithdrawProgram& withdraw) const;
  absl::StatusOr<Decision> operator()(const RecordNorms& record) const {
    return DecideRecordNorms(record, catalog, now);
  }
  absl::StatusOr<Decision> operator()(const AdvanceMember& advance) const;
  absl::StatusOr<Decision> operator()(const ChangeStatus& change) const;
  absl::StatusOr<Decision> operator()(const RecordReturn& record) const {
    return DecideRecordReturn(record, command.principal, state, catalog, now);
  }
  absl::StatusOr<Decision> operator()(const UndoReturn& undo) const {
    return DecideUndoReturn(undo, command.principal, state, catalog, now);
  }
  absl::StatusOr<Decision> operator()(const UpdateMember& update) const;
  absl::StatusOr<Decision> operator()(const OverrideTier& decided) const {
    return DecideOverrideTier(decided, command.principal, state, catalog, now);
  }
  absl::StatusOr<Decision> operator()(const EndTierOverride& ended) const {
    return DecideEndTierOverride(ended, command.principal, state, catalog, now);
  }
  absl::StatusOr<Decision> operator()(const ImportLifetimeSums& import) const {
    return DecideImportLifetimeSums(import, command.principal, state, catalog, now);
  }
  absl::StatusOr<Decision> operator()(const RecordActivity& record) const {
    return DecideRecordActivity(record, command.principal, state, catalog, now);
  }
  absl::StatusOr<Decision> operator()(const UndoActivity& undo) const {
    return DecideUndoActivity(undo, command.principal, state, catalog, now);
  }
  absl::StatusOr<Decision> operator()(const ConfirmPurchase& confirm) const {
    return DecideConfirm(confirm, command.principal, state, catalog, now);
  }
  absl::StatusOr<Decision> operator()(const ReservePoints& reserve) const {
    return DecideReserve(reserve, command.principal, state, catalog, now);
  }
  absl::StatusOr<Decision> operator()(const CapturePoints& capture) const {
    return DecideCapture(capture, command.principal, state, catalog, now);
  }
  absl::StatusOr<Decision> operator()(const VoidReservation& release) const {
    return DecideVoid(release, command.principal, state, catalog, now);
  }
  absl::StatusOr<Decision> operator()(const AdjustPoints& adjust) const {
    return DecideAdjust(adjust, command.principal, state, catalog, now);
  }
  absl::StatusOr<Decision> operator()(const TransferPoints& transfer) const {
    return DecideTransfer(transfer, command.principal, state, catalog, now);
  }
  absl::StatusOr<Decision> operator()(const ReceivePoints& receive) const {
    return DecideReceive(receive, command.principal, state, catalog, now);
  }
  absl::StatusOr<Decision> operator()(const IssueCoupon& issue) const {
    return DecideIssueCoupon(issue, command.principal, state, catalog, now);
  }
  absl::StatusOr<Decision> operator()(const UseCoupon& use) const {
    return DecideUseCoupon(use, state, catalog, now);
  }
  absl::StatusOr<Decision> operator()(const CancelCoupon& cancel) const {
    return DecideCancelCoupon(cancel, command.principal, state, catalog, now);
  }

  absl::StatusOr<Decision> operator()(const RecordReferral& record) const {
    return DecideRecordReferral(record, command.principal, state, catalog, now);
  }
  absl::StatusOr<Decision> operator()(const CountReferral& count) const {
    return DecideCountReferral(count, command.principal, state, catalog, now);
  }
  absl::StatusOr<Decision> operator()(const RecordAdvocate& record) const {
    return DecideRecordAdvocate(record, command.principal, state, catalog, now);
  }
  absl::StatusOr<Decision> operator()(const UndoAdvocateRecord& undo) const {
    return DecideUndoAdvocateRecord(undo, command.principal, state, catalog, now);
  }
  absl::StatusOr<Decision> operator()(const FileComplaint& file) const {
    return DecideFileComplaint(file, command.principal, state, catalog, now);
  }
  absl::StatusOr<Decision> operator()(const ChangeComplaint& change) const {
    return DecideChangeComplaint(change, command.principal, state, catalog, now);
  }
  absl::StatusOr<Decision> operator()(const RecordSurvey& record) const {
    return DecideRecordSurvey(record, command.principal, state, catalog, now);
  }
  absl::StatusOr<Decision> operator()(const CompleteWork& complete) const {
    return DecideCompleteWork(complete, command.principal, state, catalog, now);
  }
  absl::StatusOr<Decision> operator()(const RecordInfluence& record) const {
    return DecideRecordInfluence(record, state, catalog, now);
  }
  absl::StatusOr<Decision> operator()(const MergeMembers& merge) const {
    return DecideMerge(merge, command.principal, state, catalog, now);
  }
  absl::StatusOr<Decision> operator()(const UnmergeMember& unmerge) const {
    return DecideUnmerge(unmerge, command.principal, state, catalog, now);
  }
  absl::StatusOr<Decision> operator()(const EraseMember& erase) const {
    return DecideErase(erase, command.principal, state, catalog, now);
  }
  absl::StatusOr<Decision> operator()(const EraseMerged& erase) const {
    if (state.member == nullptr) return MemberNotFound(erase.member);
    return DecideEraseMerged(state);
  }
  absl::StatusOr<Decision> operator()(const AbsorbMember&) const { return DecidedWithOther(); }
  absl::StatusOr<Decision> operator()(const RestoreMember&) const { return DecidedWithOther(); }

  // The decision that changes a member's aliases by these.
  Decision ChangeAliases(std::vector<AliasChange> changes) const;
};

absl::StatusOr<Decision> Judge::operator()(const EnrollMember& enroll) const {
  Member member;
  member.id = enroll.member_id;
  member.enrolled_at = enroll.enrolled_at.value_or(now);
  member.advanced_until = now;
  member.known_rules = catalog.rules();
  member.attributes = enroll.attributes;
  RETURN_IF_ERROR(CheckOccurred("enrolled_at", member.enrolled_at, now));
  if (const ProgramVersion* version = catalog.At(now); version != nullptr) {
    RETURN_IF_ERROR(CheckBirthdays(enroll.attributes, *version->program));
    // Who is brought along from elsewhere had their dates there.
    member.granted_until = NumberOf(absl::ToCivilDay(now, version->program->time_zone)) - 1;
    member.next_due_at = NextDateDue(catalog, now, member);
  }

  if (enroll.referred_by.has_value()) {
    // Another server's clock may be ahead.
    const absl::Time after = enroll.referrer.enrolled_at + absl::Microseconds(1);
    if (!enroll.enrolled_at.has_value()) member.enrolled_at = std::max(now, after);
    RETURN_IF_ERROR(CheckReferrer(enroll.referrer, *enroll.referred_by, FirstOf(member)));
    const ProgramVersion* const version = catalog.At(now);
    if (version == nullptr) return ProgramMissing();
    const absl::CivilDay day = absl::ToCivilDay(member.enrolled_at, version->program->time_zone);
    HistoryOf(member.id, member).referral = Referral{enroll.referrer.id, NumberOf(day), {}, 0};
  }

  Decision decision;
  absl::Status refusal;
  std::vector<Alias> aliases = enroll.aliases;
  for (size_t i = 0; i < aliases.size(); ++i) {
    const std::string field = absl::StrCat("aliases[", i, "]");
    if (std::find(aliases.begin(), aliases.begin() + i, aliases[i]) != aliases.begin() + i) {
      return AliasRepeated(aliases[i], field);
    }
    if (state.aliases->contains(aliases[i])) {
      refusal = Combine(refusal, AliasTaken(aliases[i], field));
    }
    decision.effects.aliases.push_back({aliases[i], member.id, true});
  }
  RETURN_IF_ERROR(refusal);
  std::sort(aliases.begin(), aliases.end());
  decision.outcome = MemberOutcome{member, std::move(aliases)};
  decision.effects.member = std::move(member);
  return decision;
}

absl::StatusOr<Decision> Judge::operator()(const AddAlias& add) const {
  if (state.member == nullptr) return MemberNotFound(add.member);
  const Member& member = PersonOf(state)->member;
  if (member.status == MemberStatus::kClosed || member.status == MemberStatus::kErased)
    return MemberClosed();
  if (const auto owner = state.aliases->find(add.alias); owner != state.aliases->end()) {
    if (owner->second != member.id) return AliasTaken(add.alias, "alias");
    return ChangeAliases({});
  }
  if (PersonOf(state)->aliases.size() >= limits::kMaxAliasesPerMember) {
    return TooManyAliases();
  }
  return ChangeAliases({{add.alias, member.id, true}});
}

absl::StatusOr<Decision> Judge::operator()(const RemoveAlias& remove) const {
  if (state.member == nullptr) return MemberNotFound(remove.member);
  const std::vector<Alias>& aliases = PersonOf(state)->aliases;
  if (std::find(aliases.begin(), aliases.end(), remove.alias) == aliases.end()) {
    return AliasNotFound(remove.alias);
  }
  return ChangeAliases({{remove.alias, PersonOf(state)->member.id, false, now}});
}

Decision Judge::ChangeAliases(std::vector<AliasChange> changes) const {
  Draft draft(state, catalog, now);
  draft.Advance();
  Decision decision;
  decision.effects = draft.Finish();
  Effects& own = OfPerson(decision.effects);
  own.aliases = std::move(changes);
  MemberState after = *PersonOf(state);
  Apply(own, after);
  decision.outcome = MemberOutcome{std::move(after.member), std::move(after.aliases)};
  return decision;
}

absl::StatusOr<Decision> Judge::operator()(const UpdateMember& update) const {
  if (state.member == nullptr) return MemberNotFound(update.member);
  RETURN_IF_ERROR(CheckNotClosed(state));
  Draft draft(state, catalog, now);
  draft.Advance();
  std::map<std::string, std::string> attributes;
  if (!update.replace) {
    const Attributes& known = draft.person().attributes;
    attributes.insert(known.begin(), known.end());
  }
  for (const std::string& key : update.removed) attributes.erase(key);
  for (const auto& [key, value] : update.set) attributes.insert_or_assign(key, value);
  if (attributes.size() > limits::kMaxAttributesPerMember) return TooManyAttributes();
  if (const ProgramVersion* version = catalog.At(now); version != nullptr) {
    RETURN_IF_ERROR(CheckBirthdays({update.set.begin(), update.set.end()}, *version->program));
  }
  const absl::Time due = NextDateDue(catalog, draft.now(), draft.person());
  draft.person().attributes.assign(attributes.begin(), attributes.end());
  // A birthday that becomes known was not due before.
  if (NextDateDue(catalog, draft.now(), draft.person()) != due) draft.SkipDates();
  Decision decision;
  decision.outcome = MemberOutcome{draft.person(), PersonOf(state)->aliases};
  decision.effects = draft.Finish();
  return decision;
}

absl::StatusOr<Decision> Judge::operator()(const ActivateProgram& activate) const {
  RETURN_IF_ERROR(CheckIncentivesGoOn(*activate.program, catalog));
  ProgramVersion version;
  version.version = static_cast<int64_t>(catalog.versions().size()) + 1;
  version.recorded_at = now;
  version.text = activate.text;
  version.program = activate.program;
  version.effective_from = absl::InfinitePast();
  if (activate.effective_from.has_value() && *activate.effective_from < now) {
    return ProgramInPast(*activate.effective_from, now);
  }
  if (const ProgramVersion* const current = catalog.At(now); current != nullptr) {
    // Two activations within one microsecond still follow each other. What was to begin at this
    // time or later never does: a later version goes before an earlier one.
    version.effective_from = std::max(activate.effective_from.value_or(now),
                                      current->effective_from + absl::Microseconds(1));
  }
  Decision decision;
  decision.effects.program = version;
  decision.outcome = ProgramOutcome{std::move(version)};
  return decision;
}

// By the version in force, once more: nothing that is recorded is changed.
absl::StatusOr<Decision> Judge::operator()(const WithdrawProgram& withdraw) const {
  const ProgramVersion* const withdrawn = catalog.Find(withdraw.version);
  if (withdrawn == nullptr) return ProgramNotFound(withdraw.version);
  if (withdrawn->effective_from <= now) return ProgramInForce(withdraw.version);
  const bool is_latest = withdraw.version == static_cast<int64_t>(catalog.versions().size());
  if (!is_latest) return ProgramNotLatest(withdraw.version);
  ActivateProgram again;
  again.program = catalog.At(now)->program;
  again.text = catalog.At(now)->text;
  return (*this)(again);
}

absl::StatusOr<Decision> Judge::operator()(const AdvanceMember& advance) const {
  if (state.member == nullptr) return MemberNotFound(advance.member);
  Decision decision;
  if (state.person == nullptr && !catalog.HasDates() && !catalog.HasAdvocates()) {
    decision.effects = Advance(*state.member, catalog, now);
    return decision;
  }
  Draft draft(state, catalog, now);
  draft.Advance();
  if (catalog.HasDates()) draft.GrantDates();
  decision.effects = draft.Finish();
  return decision;
}

absl::StatusOr<Decision> Judge::operator()(const ChangeStatus& change) const {
  if (state.member == nullptr) return MemberNotFound(change.member);
  const MemberStatus before = state.member->member.status;
  if (before == MemberStatus::kClosed || before == MemberStatus::kErased) return MemberClosed();
  if (state.member->member.joined.has_value()) return MemberInHousehold("", state.member->member);
  Draft draft(state, catalog, now);
  draft.Advance();
  if (change.status == MemberStatus::kClosed) Close({command.principal, "", ""}, draft);
  draft.member().status = change.status;
  // What came round meanwhile is not due any more.
  if (change.status == MemberStatus::kActive) draft.SkipDates();
  Decision decision;
  decision.outcome = MemberOutcome{draft.member(), state.member->aliases};
  decision.effects = draft.Finish();
  return decision;
}

bool Uses(const Effects& effects) {
  return std::any_of(effects.counters.begin(), effects.counters.end(), [](const CounterUse& use) {
    return absl::StartsWith(use.name, BudgetCounter(kIncentiveCause));
  });
}

}  // namespace

bool UsesIncentiveBudgets(const Decision& decision) {
  return Uses(decision.effects) ||
         std::any_of(decision.consequences.begin(), decision.consequences.end(),
                     [](const Consequence& one) { return Uses(one.effects); });
}

absl::StatusOr<Decision> Decide(const Command& command, const State& state,
                                const ProgramCatalog& catalog, absl::Time now) {
  absl::StatusOr<Decision> decision =
      std::visit(Judge{command, state, catalog, now}, command.action);
  if (!decision.ok()) return decision;
  if (catalog.HasReferrers()) {
    RETURN_IF_ERROR(TellReferrers(command, state, catalog, now, *decision));
  }
  // Money must add up in a release build too, and costs no more than the one command.
  if (!decision->effects.fault.empty()) return absl::InternalError(decision->effects.fault);
  for (const Consequence& consequence : decision->consequences) {
    const std::string& fault = consequence.effects.fault;
    if (!fault.empty()) return absl::InternalError(fault);
  }
  return decision;
}

}  // namespace dangol::domain
