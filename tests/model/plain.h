#ifndef DANGOL_TESTS_MODEL_PLAIN_H_
#define DANGOL_TESTS_MODEL_PLAIN_H_

#include <cstdint>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "server/domain/program/program.h"

// The calendar and the arithmetic of the model: by looking and counting.
namespace dangol::model {

// The first instant at which the zone's calendars show this day.
absl::Time FirstInstantOf(absl::CivilDay day, absl::TimeZone zone);

// When points that are earned at `earned_at` become available by themselves, and when
// they expire by date; InfiniteFuture for never.
absl::Time BeginsAt(const domain::Wallet& wallet, absl::Time earned_at, absl::TimeZone zone);
absl::Time EndsAt(const domain::Wallet& wallet, absl::Time earned_at, absl::TimeZone zone);

// floor(whole * part / of) for small numbers; all of it where nothing is missing.
int64_t PartOf(int64_t whole, int64_t part, int64_t of);

// By largest remainder; among equals the lowest index.
std::vector<int64_t> Distribute(int64_t total, const std::vector<int64_t>& weights);

}  // namespace dangol::model

#endif  // DANGOL_TESTS_MODEL_PLAIN_H_
