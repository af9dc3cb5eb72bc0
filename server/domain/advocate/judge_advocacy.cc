#include "server/domain/advocate/judge_advocacy.h"

#include <algorithm>
#include <utility>

#include "server/domain/advocate/influence.h"
#include "server/domain/advocate/judge_alerts.h"
#include "server/domain/advocate/testimony.h"
#include "server/domain/advocate/vvip.h"
#include "server/domain/advocate/word_of_mouth.h"
#include "server/domain/program/reigns.h"

namespace dangol::domain {
namespace {

bool IsHere(const Member& person) {
  return person.status == MemberStatus::kActive || person.status == MemberStatus::kSuspended;
}

// Who has left speaks for nobody.
void Leave(absl::Time now, Advocacy& advocacy) {
  advocacy.alerts.clear();
  if (!Speaks(advocacy.StateAt(now))) return;
  advocacy.word_of_mouth.push_back({now, WordOfMouthState::kLapsed, WordOfMouthReason::kLeft, ""});
}

}  // namespace

void JudgeAdvocacy(const ProgramCatalog& catalog, absl::Time now, DayNumber from, absl::Time judged,
                   Member& person) {
  // Everything went to who they are one with.
  if (person.status == MemberStatus::kMerged) {
    person.advocacy.alerts.clear();
    return;
  }
  if (!IsHere(person)) return Leave(now, person.advocacy);
  const ProgramVersion* const version = catalog.At(now);
  if (version == nullptr) return;
  const absl::TimeZone zone = version->program->time_zone;
  const DayNumber last = DayIn(judged, zone);
  if (version->program->vvip.has_value() || !person.advocacy.vvip.empty()) {
    JudgeVvip(catalog, from, last, DayIn(now, zone), person);
    EndVvip(catalog, now, person);
  }
  JudgeWordOfMouth(catalog, now, from, last, person);
  person.advocacy.alerts = AlertsOf(catalog, now, person);
}

AdvocateStanding StandingOf(const Member& person, const ProgramCatalog& catalog, absl::Time now) {
  Member judged = person;
  JudgeAdvocacy(catalog, now, kNever, person.advanced_until, judged);
  AdvocateStanding standing;
  standing.manager = ManagerOf(person, now);
  standing.advocacy = std::move(judged.advocacy);
  const ProgramVersion* const version = catalog.At(now);
  if (version == nullptr) return standing;
  const Program& program = *version->program;
  const DayNumber today = DayIn(now, program.time_zone);
  standing.is_vvip =
      program.vvip.has_value() && IsHere(person) && standing.advocacy.IsVvipOn(today);
  if (program.word_of_mouth.has_value()) {
    standing.influence = InfluenceOn(person, program, catalog, today - 1);
  }
  return standing;
}

bool IsVvip(const ProgramCatalog& catalog, absl::Time now, const Member& person) {
  const ProgramVersion* const version = catalog.At(now);
  if (version == nullptr || !version->program->vvip.has_value() || !IsHere(person)) return false;
  const DayNumber today = DayIn(now, version->program->time_zone);
  const DayNumber judged = DayIn(person.advanced_until, version->program->time_zone);
  const bool is_judged =
      std::none_of(catalog.norms().rbegin(), catalog.norms().rend(), [&](const Norms& norms) {
        return norms.advocates.has_value() && judged < norms.from && norms.from <= today;
      });
  if (is_judged) return person.advocacy.IsVvipOn(today);
  Member now_judged = person;
  JudgeVvip(catalog, kNever, judged, today, now_judged);
  return now_judged.advocacy.IsVvipOn(today);
}

bool IsForMarketing(const ProgramCatalog& catalog, absl::Time now, const Member& person) {
  return person.status == MemberStatus::kActive && !IsVvip(catalog, now, person);
}

bool SpeaksForTheHouse(const Member& person, absl::TimeZone zone, absl::Time at) {
  if (Speaks(person.advocacy.StateAt(at))) return true;
  if (!HasAdvocateRecords(person)) return false;
  const TestifierState state = TestifierAt(AdvocateRecordsOf(person), zone, at);
  return state == TestifierState::kNominated || state == TestifierState::kActive;
}

std::string ManagerOf(const Member& person, absl::Time now) {
  std::string manager;
  for (const AdvocateRecord& record : AdvocateRecordsOf(person)) {
    const bool counts = record.kind == AdvocateRecordKind::kManager && record.at <= now &&
                        !record.undone_at.has_value();
    if (counts) manager = record.text;
  }
  return manager;
}

bool IsNotable(const Member& person) {
  return HasAdvocateRecords(person) || !person.advocacy.vvip.empty() ||
         !person.advocacy.word_of_mouth.empty();
}

}  // namespace dangol::domain
