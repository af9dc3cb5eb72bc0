#include "server/domain/advocate/testimony.h"

#include <algorithm>

#include "server/domain/advocate/advocate_errors.h"
#include "server/domain/program/calendar.h"

namespace dangol::domain {
namespace {

using Kind = AdvocateRecordKind;
using Records = absl::Span<const AdvocateRecord>;

// What happened by then and was no mistake.
bool Counts(const AdvocateRecord& record, Kind kind, absl::Time at) {
  return record.kind == kind && record.at <= at && !record.undone_at.has_value();
}

const AdvocateRecord* FirstOf(Records records, Kind kind, absl::Time at) {
  const auto found = std::find_if(records.begin(), records.end(),
                                  [&](const auto& record) { return Counts(record, kind, at); });
  return found == records.end() ? nullptr : &*found;
}

bool IsWithdrawn(const AdvocateRecord& consent, Records records, absl::Time at) {
  return std::any_of(records.begin(), records.end(), [&](const AdvocateRecord& withdrawal) {
    if (!Counts(withdrawal, Kind::kWithdrawal, at)) return false;
    return withdrawal.consent_id.empty() ? consent.at <= withdrawal.at
                                         : withdrawal.consent_id == consent.record_id;
  });
}

bool IsInForce(const AdvocateRecord& consent, Records records, absl::TimeZone zone, absl::Time at) {
  if (!Counts(consent, Kind::kConsent, at)) return false;
  const DayNumber day = NumberOf(absl::ToCivilDay(at, zone));
  const bool is_its_day = consent.from <= day && (consent.until == 0 || day <= consent.until);
  return is_its_day && !IsWithdrawn(consent, records, at);
}

// Those in force; the first first.
std::vector<const AdvocateRecord*> ConsentsAt(Records records, absl::TimeZone zone, absl::Time at) {
  std::vector<const AdvocateRecord*> consents;
  for (const AdvocateRecord& record : records) {
    if (IsInForce(record, records, zone, at)) consents.push_back(&record);
  }
  return consents;
}

bool HasScope(const AdvocateRecord& consent, absl::string_view scope) {
  return std::find(consent.scopes.begin(), consent.scopes.end(), scope) != consent.scopes.end();
}

// The moments at which anything may begin or end.
std::vector<absl::Time> TurnsOf(Records records, absl::TimeZone zone, absl::Time now) {
  std::vector<absl::Time> turns;
  for (const AdvocateRecord& record : records) {
    turns.push_back(record.at);
    if (record.kind != Kind::kConsent) continue;
    turns.push_back(StartOfDay(DayOf(record.from), zone));
    if (record.until != 0) turns.push_back(StartOfDay(DayOf(record.until + 1), zone));
  }
  std::sort(turns.begin(), turns.end());
  turns.erase(std::unique(turns.begin(), turns.end()), turns.end());
  std::erase_if(turns, [&](absl::Time turn) { return turn > now; });
  return turns;
}

// What brought about a state that is another than the one before.
TestifierChange ChangeTo(TestifierState state, TestifierState before, Records records,
                         absl::TimeZone zone, absl::Time at) {
  TestifierChange change{at, state, TestifierReason::kNone, ""};
  const AdvocateRecord* cause = nullptr;
  if (state == TestifierState::kEnded) {
    change.reason = TestifierReason::kPaid;
    cause = FirstOf(records, Kind::kCompensation, at);
  } else if (state == TestifierState::kActive) {
    change.reason = TestifierReason::kConsent;
    cause = ConsentsAt(records, zone, at).front();
  } else if (before == TestifierState::kNone) {
    change.reason = TestifierReason::kNominated;
    cause = FirstOf(records, Kind::kNomination, at);
  } else {
    const auto withdrawal = std::find_if(records.begin(), records.end(), [&](const auto& record) {
      return record.at == at && Counts(record, Kind::kWithdrawal, at);
    });
    const bool is_withdrawn = withdrawal != records.end();
    change.reason = is_withdrawn ? TestifierReason::kWithdrawn : TestifierReason::kConsentOver;
    if (is_withdrawn) cause = &*withdrawal;
  }
  if (cause != nullptr) change.record_id = cause->record_id;
  return change;
}

}  // namespace

std::vector<AdvocateRecord> AdvocateRecordsOf(const Member& person) {
  std::vector<AdvocateRecord> records;
  for (const History& history : person.histories) {
    records.insert(records.end(), history.advocate.begin(), history.advocate.end());
  }
  std::stable_sort(records.begin(), records.end(),
                   [](const AdvocateRecord& a, const AdvocateRecord& b) { return a.at < b.at; });
  return records;
}

bool HasAdvocateRecords(const Member& person) {
  return std::any_of(person.histories.begin(), person.histories.end(),
                     [](const History& history) { return !history.advocate.empty(); });
}

TestifierState TestifierAt(Records records, absl::TimeZone zone, absl::Time at) {
  if (FirstOf(records, Kind::kNomination, at) == nullptr) return TestifierState::kNone;
  if (FirstOf(records, Kind::kCompensation, at) != nullptr) return TestifierState::kEnded;
  return ConsentsAt(records, zone, at).empty() ? TestifierState::kNominated
                                               : TestifierState::kActive;
}

absl::Status CheckUse(absl::string_view scope, Records records, absl::TimeZone zone,
                      absl::Time at) {
  if (FirstOf(records, Kind::kCompensation, at) != nullptr) return TestifierWasPaid();
  if (FirstOf(records, Kind::kNomination, at) == nullptr) return TestifierNotNominated();
  const std::vector<const AdvocateRecord*> consents = ConsentsAt(records, zone, at);
  if (std::any_of(consents.begin(), consents.end(),
                  [&](const AdvocateRecord* consent) { return HasScope(*consent, scope); })) {
    return absl::OkStatus();
  }
  if (!consents.empty()) return ScopeWithoutConsent(scope);
  const bool is_withdrawn =
      std::any_of(records.begin(), records.end(), [&](const AdvocateRecord& record) {
        return Counts(record, Kind::kConsent, at) && IsWithdrawn(record, records, at);
      });
  return is_withdrawn ? ConsentWithdrawn() : ConsentMissing();
}

AdvocateView ViewOf(const Member& person, absl::TimeZone zone, absl::Time now) {
  AdvocateView view;
  view.member_id = person.id;
  const std::vector<AdvocateRecord> records = AdvocateRecordsOf(person);
  TestifierState before = TestifierState::kNone;
  for (const absl::Time at : TurnsOf(records, zone, now)) {
    const TestifierState state = TestifierAt(records, zone, at);
    if (state == before) continue;
    view.testifier.push_back(ChangeTo(state, before, records, zone, at));
    before = state;
  }
  for (size_t i = 0; i < records.size(); ++i) {
    const AdvocateRecord& record = records[i];
    AdvocateRecordView& seen = view.records.emplace_back();
    seen.record = record;
    if (record.kind == Kind::kConsent) {
      seen.holds = IsInForce(record, records, zone, now);
    } else if (record.kind == Kind::kUse) {
      // By what comes before it: a withdrawal of the same moment may have come after it.
      seen.holds = CheckUse(record.scopes.front(), Records(records).first(i), zone, record.at).ok();
    }
  }
  return view;
}

}  // namespace dangol::domain
