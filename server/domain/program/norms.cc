#include "server/domain/program/norms.h"

#include "server/domain/program/calendar.h"

namespace dangol::domain {

NormsBasis BasisOf(const Program& program) {
  const Rfm& rfm = *program.rfm;
  return {rfm.window_days, rfm.scores,
          program.currencies[static_cast<size_t>(rfm.base_currency)].code};
}

bool JudgesAdvocates(const Program& program) {
  return program.rfm.has_value() && (program.vvip.has_value() || program.word_of_mouth.has_value());
}

DayNumber FirstDayOfNorms(absl::Time now, absl::TimeZone zone) {
  const absl::CivilDay next = absl::ToCivilDay(now, zone) + 1;
  const bool is_known_in_time = now + kNormsNotice <= StartOfDay(next, zone);
  return NumberOf(is_known_in_time ? next : next + 1);
}

}  // namespace dangol::domain
