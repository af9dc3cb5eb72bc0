#ifndef DANGOL_SERVER_DOMAIN_STANDING_STATUS_H_
#define DANGOL_SERVER_DOMAIN_STANDING_STATUS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/standing/assessor.h"
#include "server/domain/standing/tier.h"

// What people are told of a person's place on a ladder.
namespace dangol::domain {

struct TierStatus {
  std::string ladder;
  TierLabel tier;
  // Where that is another: what they qualify for, and who decided otherwise.
  TierLabel qualified;
  std::optional<TierOverride> decided;
  TierSpan span;  // Of what they qualify for.

  // Why: what it takes to be in the tier, to keep it where it is to be reviewed.
  std::vector<Judged> criteria;
  bool any = false;  // One of them is enough.

  // The next one, and what it takes; none at the top.
  TierLabel next;
  std::vector<Judged> next_criteria;
  bool next_any = false;
  DayNumber next_until = 0;  // The last day on which what has been done still counts; 0: no such.

  ReviewForecast review;  // Where there is one: span.valid_until is not 0.
};

// Sums that were imported, and whose they are: nil for the member, else who was merged into them.
struct ImportOf {
  MemberId person;
  LifetimeImport import;
};

std::vector<ImportOf> ImportsOf(const Member& person);

// On one ladder of a program, at the end of a day.
TierStatus StatusOn(const Ladder& ladder, const Program& program, const Member& person,
                    const ProgramCatalog& catalog, DayNumber day);

// Of every ladder of the program in force, in its order. `person`: as of now (Draft::Advance).
std::vector<TierStatus> StatusOf(const Member& person, const ProgramCatalog& catalog,
                                 absl::Time now);

// The tier on each ladder at the end of today, by name of the ladder.
struct TierChange {
  std::string ladder;
  TierLabel before;
  TierLabel after;
  // What is missing for the next one.
  TierLabel next;
  std::vector<Judged> next_criteria;
  bool next_any = false;
};

std::vector<TierLabel> TiersOf(const Member& person, const ProgramCatalog& catalog, absl::Time now);
std::vector<TierChange> ChangesSince(const std::vector<TierLabel>& before, const Member& person,
                                     const ProgramCatalog& catalog, absl::Time now);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_STANDING_STATUS_H_
