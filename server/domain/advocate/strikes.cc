#include "server/domain/advocate/strikes.h"

#include <algorithm>
#include <tuple>

namespace dangol::domain {
namespace {

// When somebody would recommend the house again after a moment; InfiniteFuture where they would
// not.
absl::Time NextGoodAnswer(absl::Time after, const ProgramCatalog& catalog, const Member& person) {
  absl::Time next = absl::InfiniteFuture();
  for (const History& history : person.histories) {
    for (const Survey& survey : history.care.surveys) {
      const bool is_good = survey.recommendation.has_value() && !IsBad(survey, catalog);
      if (is_good && survey.at > after) next = std::min(next, survey.at);
    }
  }
  return next;
}

Strike StrikeOf(const ComplaintMark& complaint) {
  Strike strike;
  strike.from = complaint.opened_at;
  strike.until = complaint.resolved_at.value_or(absl::InfiniteFuture());
  strike.hostile_from = complaint.resolve_by;
  strike.about = complaint.complaint_id;
  return strike;
}

Strike StrikeOf(const Survey& survey, const ProgramCatalog& catalog, const Member& person) {
  Strike strike;
  strike.from = survey.at;
  strike.until = std::min(DoneAt(WorkKind::kBadSurvey, survey.survey_id, survey.at, person),
                          NextGoodAnswer(survey.at, catalog, person));
  strike.hostile_from = survey.at + SurveyTermsAt(survey.at, catalog)->answer_within;
  strike.reason = WordOfMouthReason::kSurvey;
  strike.hostile_reason = WordOfMouthReason::kUnanswered;
  strike.about = survey.survey_id;
  return strike;
}

}  // namespace

std::vector<Strike> StrikesOf(const ProgramCatalog& catalog, const Member& person) {
  std::vector<Strike> strikes;
  for (const History& history : person.histories) {
    for (const ComplaintMark& complaint : history.care.complaints) {
      strikes.push_back(StrikeOf(complaint));
    }
    for (const Survey& survey : history.care.surveys) {
      if (IsBad(survey, catalog)) strikes.push_back(StrikeOf(survey, catalog, person));
    }
  }
  std::sort(strikes.begin(), strikes.end(), [](const Strike& a, const Strike& b) {
    return std::tie(a.from, a.reason, a.about) < std::tie(b.from, b.reason, b.about);
  });
  return strikes;
}

const SurveyTerms* SurveyTermsAt(absl::Time at, const ProgramCatalog& catalog) {
  const ProgramVersion* const version = catalog.At(at);
  if (version == nullptr || !version->program->care.has_value()) return nullptr;
  const auto& terms = version->program->care->surveys;
  return terms.has_value() ? &*terms : nullptr;
}

bool IsBad(const Survey& survey, const ProgramCatalog& catalog) {
  const SurveyTerms* const terms = SurveyTermsAt(survey.at, catalog);
  return terms != nullptr && survey.recommendation.has_value() &&
         *survey.recommendation <= terms->bad_recommendation;
}

bool IsWaiting(const Survey& survey, const ProgramCatalog& catalog, const Member& person) {
  return IsBad(survey, catalog) &&
         StrikeOf(survey, catalog, person).until == absl::InfiniteFuture();
}

absl::Time DoneAt(WorkKind kind, const std::string& item_id, absl::Time since,
                  const Member& person) {
  absl::Time at = absl::InfiniteFuture();
  for (const History& history : person.histories) {
    for (const WorkDone& done : history.care.done) {
      const bool is_of = done.kind == static_cast<int64_t>(kind) && done.item_id == item_id;
      if (is_of && done.at >= since) at = std::min(at, done.at);
    }
  }
  return at;
}

}  // namespace dangol::domain
