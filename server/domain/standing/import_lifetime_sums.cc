#include "server/domain/standing/import_lifetime_sums.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/common/error.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/domain/activity/activity_fact.h"
#include "server/domain/draft.h"
#include "server/domain/errors.h"
#include "server/domain/points/spend.h"

namespace dangol::domain {
namespace {

// What the API calls the field that says what is counted, where the program must declare that.
const char* FieldOf(Indicator indicator) {
  if (indicator == Indicator::kQualifyingPoints) return "qualifying_points";
  return indicator == Indicator::kNetSpend ? "net_spend" : "activities";
}

bool IsDeclared(const LifetimeSum& sum, const Program& program) {
  switch (sum.indicator) {
    case Indicator::kQualifyingPoints:
      return std::any_of(program.wallets.begin(), program.wallets.end(),
                         [&](const Wallet& wallet) { return wallet.id == sum.of; });
    case Indicator::kNetSpend:
      return std::any_of(program.currencies.begin(), program.currencies.end(),
                         [&](const Currency& currency) { return currency.code == sum.of; });
    case Indicator::kActivities:
      return FindActivityKind(sum.of, program) != nullptr;
    default:
      return true;
  }
}

// Names every field that is wrong.
absl::Status Check(const ImportLifetimeSums& command, const Program& program,
                   absl::CivilDay today) {
  absl::Status status;
  if (command.day > NumberOf(today)) status = DayInFuture("day", DayOf(command.day), today);
  for (size_t i = 0; i < command.sums.size(); ++i) {
    const LifetimeSum& sum = command.sums[i];
    if (IsDeclared(sum, program)) continue;
    const std::string field = absl::StrCat("sums[", i, "].counted.", FieldOf(sum.indicator));
    status = Combine(status, IndicatorNotDeclared(field, sum.of, program.name));
  }
  return status;
}

size_t SourcesOf(const Member& person) {
  size_t count = 0;
  for (const History& history : person.histories) count += history.imports.size();
  return count;
}

// Takes the place of what the source said before; the first day whose sums may be others.
DayNumber Put(LifetimeImport import, std::vector<LifetimeImport>& imports) {
  std::erase_if(import.sums, [](const LifetimeSum& sum) { return sum.amount == 0; });
  DayNumber from = import.day;
  auto place = std::lower_bound(
      imports.begin(), imports.end(), import,
      [](const LifetimeImport& a, const LifetimeImport& b) { return a.source < b.source; });
  if (place != imports.end() && place->source == import.source) {
    from = std::min(from, place->day);
    place = imports.erase(place);
  }
  if (!import.sums.empty()) imports.insert(place, std::move(import));
  return from;
}

}  // namespace

absl::StatusOr<Decision> DecideImportLifetimeSums(const ImportLifetimeSums& command,
                                                  absl::string_view principal, const State& state,
                                                  const ProgramCatalog& catalog, absl::Time now) {
  const ProgramVersion* const version = catalog.At(now);
  if (version == nullptr) return ProgramMissing();
  const Program& program = *version->program;
  RETURN_IF_ERROR(Check(command, program, absl::ToCivilDay(now, program.time_zone)));
  if (state.member == nullptr) return MemberNotFound(command.member);
  RETURN_IF_ERROR(CheckNotClosed(state));
  Draft draft(state, catalog, now);
  draft.Advance();
  Member& person = draft.person();
  // Who is merged and is named by their id brings what is theirs, and takes it along when they
  // part.
  const std::optional<MemberId>& named = command.member.id;
  const bool is_one = named.has_value() && draft.IsOneWithPerson(*named);
  const size_t sources = SourcesOf(person);
  const DayNumber from =
      Put({command.request_id, command.source, command.day, command.sums, std::string(principal)},
          HistoryOf(is_one ? *named : person.id, person).imports);
  // Two who were merged may have more together, and can still put them right.
  const bool is_more = SourcesOf(person) > sources;
  if (is_more && sources >= limits::kMaxLifetimeSources) return TooManySources();
  RETURN_IF_ERROR(draft.Rejudge(from, {std::string(principal), command.request_id, ""}));
  Decision decision;
  decision.outcome = TierOutcome{person.id, StatusOf(person, catalog, now), ImportsOf(person)};
  decision.effects = draft.Finish();
  return decision;
}

}  // namespace dangol::domain
