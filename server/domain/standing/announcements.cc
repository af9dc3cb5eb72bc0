#include "server/domain/standing/announcements.h"

#include <algorithm>
#include <utility>

#include "server/domain/standing/judge.h"
#include "server/domain/standing/status.h"

namespace dangol::domain {
namespace {

// The announcements of one ladder.
class Announcer {
 public:
  Announcer(const Ladder& ladder, const Program& program, const ProgramCatalog& catalog,
            const Member& person)
      : ladder_(ladder), program_(program), catalog_(catalog), person_(person) {}

  void Add(DayNumber from, DayNumber until, std::vector<TierRecord>& announced) const {
    const LadderStanding* const standing = FindStanding(person_, ladder_.id);
    if (standing == nullptr) return;
    const std::vector<TierSpan>& spans = standing->spans;
    for (size_t i = 0; i < spans.size(); ++i) {
      if (spans[i].valid_until == 0) continue;
      // While the span is the one that counts.
      const DayNumber first = std::max(from, spans[i].day);
      const DayNumber end = i + 1 < spans.size() ? std::min(until, spans[i + 1].day) : until;
      for (const int days : ladder_.announce_days) {
        const DayNumber day = spans[i].valid_until + 1 - days;
        if (first <= day && day < end) announced.push_back(Announce(day));
      }
    }
  }

 private:
  TierRecord Announce(DayNumber day) const {
    TierStatus status = StatusOn(ladder_, program_, person_, catalog_, day);
    TierRecord record;
    record.ladder = ladder_.id;
    record.span = std::move(status.span);
    record.span.day = day;
    record.span.reason = TierReason::kAnnounced;
    record.announced = std::move(status.review);
    return record;
  }

  const Ladder& ladder_;
  const Program& program_;
  const ProgramCatalog& catalog_;
  const Member& person_;
};

}  // namespace

std::vector<TierRecord> AnnouncementsFrom(DayNumber from, const ProgramCatalog& catalog,
                                          absl::Time now, Member& person) {
  std::vector<TierRecord> announced;
  const ProgramVersion* const version = catalog.At(now);
  if (version == nullptr) return announced;
  const Program& program = *version->program;
  const DayNumber today = NumberOf(absl::ToCivilDay(now, program.time_zone));
  for (const Ladder& ladder : program.ladders) {
    if (ladder.announce_days.empty()) continue;
    Announcer(ladder, program, catalog, person).Add(from, today + 1, announced);
  }
  std::stable_sort(announced.begin(), announced.end(),
                   [](const auto& a, const auto& b) { return a.span.day < b.span.day; });
  for (TierRecord& record : announced) {
    record.number = ++person.tier_record_count;
    record.recorded_at = now;
  }
  return announced;
}

}  // namespace dangol::domain
