#include "server/domain/incentive/continuity.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "server/common/error.h"

namespace dangol::domain {
namespace {

// What an incentive counts, in a word that is another one where it is something else.
struct Counted {
  const Program& program;

  std::string operator()(const PunchCard& card) const {
    if (card.per != PunchCard::Per::kAmount) {
      return card.per == PunchCard::Per::kPiece ? "pieces" : "purchases";
    }
    return absl::StrCat("amounts in ", CodeOf(card.currency));
  }
  std::string operator()(const Streak& streak) const {
    return streak.per == Streak::Per::kWeek ? "weeks" : "months";
  }
  std::string operator()(const SpendMilestone& milestone) const {
    return absl::StrCat("money in ", CodeOf(milestone.currency));
  }
  std::string operator()(const Engagement& engagement) const { return engagement.activity; }
  template <typename Other>
  std::string operator()(const Other&) const {
    return "";
  }

  const std::string& CodeOf(int currency) const {
    return program.currencies[static_cast<size_t>(currency)].code;
  }
};

std::string CountedBy(const Incentive& incentive, const Program& program) {
  return absl::StrCat(kIncentiveKindNames[incentive.kind.index()], " of ",
                      std::visit(Counted{program}, incentive.kind), ", window ",
                      static_cast<int>(incentive.window.kind), ", week ",
                      static_cast<int>(incentive.window.week_begins));
}

absl::Status IncentiveChanged(const std::string& id, int64_t version) {
  ErrorDetails details;
  details.reason = "INCENTIVE_CHANGED";
  details.metadata = {{"incentive", id}, {"version", absl::StrCat(version)}};
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   absl::StrCat("incentive \"", id, "\" counts something else than in version ",
                                version, ", or over another kind of window: what members have ",
                                "collected would be read as that; give it another id"),
                   details);
}

}  // namespace

absl::Status CheckIncentivesGoOn(const Program& next, const ProgramCatalog& catalog) {
  for (const Incentive& incentive : next.incentives) {
    for (const ProgramVersion& version : catalog.versions()) {
      const Incentive* const before = FindIncentive(incentive.id, *version.program);
      if (before == nullptr) continue;
      if (CountedBy(*before, *version.program) != CountedBy(incentive, next)) {
        return IncentiveChanged(incentive.id, version.version);
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace dangol::domain
