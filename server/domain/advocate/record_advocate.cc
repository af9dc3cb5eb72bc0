#include "server/domain/advocate/record_advocate.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/common/error.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/domain/advocate/advocate_errors.h"
#include "server/domain/advocate/testimony.h"
#include "server/domain/draft.h"
#include "server/domain/errors.h"
#include "server/domain/points/spend.h"
#include "server/domain/purchase/record_purchase.h"

namespace dangol::domain {
namespace {

using Kind = AdvocateRecordKind;

bool IsOnRecord(const AdvocateRecord& record, Kind kind) {
  return record.kind == kind && !record.undone_at.has_value();
}

absl::Status CheckScopes(const AdvocateRecord& record, const Program& program) {
  const std::vector<std::string>& declared = program.testimony_scopes;
  absl::Status status;
  for (size_t i = 0; i < record.scopes.size(); ++i) {
    const std::string& scope = record.scopes[i];
    if (std::find(declared.begin(), declared.end(), scope) != declared.end()) continue;
    const std::string field =
        record.kind == Kind::kUse ? std::string("scope") : absl::StrCat("scopes[", i, "]");
    status = Combine(status, ScopeNotDeclared(field, scope, declared));
  }
  return status;
}

absl::Status CheckDays(const AdvocateRecord& record) {
  const bool is_over = record.until != 0 && record.until < record.from;
  return is_over ? ConsentIsOver(DayOf(record.from), DayOf(record.until)) : absl::OkStatus();
}

absl::Status CheckNomination(const std::vector<AdvocateRecord>& records) {
  const AdvocateRecord* nominated = nullptr;
  for (const AdvocateRecord& known : records) {
    if (IsOnRecord(known, Kind::kCompensation)) return TestifierWasPaid();
    if (IsOnRecord(known, Kind::kNomination)) nominated = &known;
  }
  return nominated == nullptr ? absl::OkStatus() : AlreadyNominated(nominated->record_id);
}

absl::Status CheckWithdrawal(const std::string& consent_id,
                             const std::vector<AdvocateRecord>& records) {
  const bool is_known =
      consent_id.empty() ||
      std::any_of(records.begin(), records.end(), [&](const AdvocateRecord& known) {
        return IsOnRecord(known, Kind::kConsent) && known.record_id == consent_id;
      });
  return is_known ? absl::OkStatus() : ConsentNotFound(consent_id);
}

// Whether what is already on record allows this.
absl::Status CheckAgainst(const std::vector<AdvocateRecord>& records, const AdvocateRecord& record,
                          absl::TimeZone zone) {
  // What ends something is taken even where the record is full.
  const bool ends = record.kind == Kind::kWithdrawal || record.kind == Kind::kCompensation;
  const size_t most = limits::kMaxAdvocateRecords * (ends ? 2 : 1);
  if (records.size() >= most) return TooManyAdvocateRecords();
  switch (record.kind) {
    case Kind::kNomination:
      return CheckNomination(records);
    case Kind::kWithdrawal:
      return CheckWithdrawal(record.consent_id, records);
    case Kind::kUse:
      return CheckUse(record.scopes.front(), records, zone, record.at);
    case Kind::kConsent:
    case Kind::kCompensation:
    case Kind::kSponsorship:
    case Kind::kManager:
      return absl::OkStatus();
  }
  return absl::OkStatus();
}

Decision Conclude(const ProgramCatalog& catalog, absl::Time now, Draft& draft) {
  Decision decision;
  const absl::TimeZone zone = catalog.At(now)->program->time_zone;
  decision.outcome =
      AdvocateOutcome{ViewOf(draft.person(), zone, now), StandingOf(draft.person(), catalog, now)};
  decision.effects = draft.Finish();
  return decision;
}

}  // namespace

absl::StatusOr<Decision> DecideRecordAdvocate(const RecordAdvocate& command,
                                              absl::string_view principal, const State& state,
                                              const ProgramCatalog& catalog, absl::Time now) {
  const ProgramVersion* const version = catalog.At(now);
  if (version == nullptr) return ProgramMissing();
  const Program& program = *version->program;
  AdvocateRecord record = command.record;
  record.at = command.occurred_at.value_or(now);
  record.recorded_at = now;
  record.principal = std::string(principal);
  if (record.kind == Kind::kConsent && record.from == 0) {
    record.from = NumberOf(absl::ToCivilDay(record.at, program.time_zone));
  }
  RETURN_IF_ERROR(Combine(CheckOccurred("occurred_at", record.at, program, now),
                          Combine(CheckScopes(record, program), CheckDays(record))));
  record.at = std::min(record.at, now);  // Two clocks differ.
  if (state.member == nullptr) return MemberNotFound(command.member);
  RETURN_IF_ERROR(CheckNotClosed(state));
  Draft draft(state, catalog, now);
  draft.Advance();
  Member& person = draft.person();
  RETURN_IF_ERROR(CheckAgainst(AdvocateRecordsOf(person), record, program.time_zone));
  HistoryOf(person.id, person).advocate.push_back(std::move(record));
  return Conclude(catalog, draft.now(), draft);
}

absl::StatusOr<Decision> DecideUndoAdvocateRecord(const UndoAdvocateRecord& command,
                                                  absl::string_view principal, const State& state,
                                                  const ProgramCatalog& catalog, absl::Time now) {
  if (catalog.At(now) == nullptr) return ProgramMissing();
  if (state.member == nullptr) return MemberNotFound(command.member);
  RETURN_IF_ERROR(CheckNotClosed(state));
  Draft draft(state, catalog, now);
  draft.Advance();
  AdvocateRecord* found = nullptr;
  for (History& history : draft.person().histories) {
    for (AdvocateRecord& known : history.advocate) {
      if (known.record_id == command.record_id && !known.undone_at.has_value()) found = &known;
    }
  }
  if (found == nullptr) return AdvocateRecordNotFound(command.record_id);
  if (found->kind == Kind::kWithdrawal) return WithdrawalStands();
  found->undone_at = draft.now();
  found->undone_by = std::string(principal);
  found->undone_because = command.reason;
  return Conclude(catalog, draft.now(), draft);
}

}  // namespace dangol::domain
