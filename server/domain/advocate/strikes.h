#ifndef DANGOL_SERVER_DOMAIN_ADVOCATE_STRIKES_H_
#define DANGOL_SERVER_DOMAIN_ADVOCATE_STRIKES_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/domain/advocate/advocacy.h"
#include "server/domain/member/member.h"
#include "server/domain/program/program_catalog.h"

namespace dangol::domain {

// Something that is open between a person and the house: a complaint without an outcome, or a bad
// answer to which nobody has come back. An advocate is at risk for it, and hostile when it is open
// for too long.
struct Strike {
  absl::Time from;
  absl::Time until = absl::InfiniteFuture();
  absl::Time hostile_from;
  WordOfMouthReason reason = WordOfMouthReason::kComplaint;
  WordOfMouthReason hostile_reason = WordOfMouthReason::kUnresolved;
  std::string about;  // The complaint or the survey.
};

// All that ever was, the oldest first.
std::vector<Strike> StrikesOf(const ProgramCatalog& catalog, const Member& person);

// Whether an answer is a bad one by the program of its time; null terms: nobody asks.
const SurveyTerms* SurveyTermsAt(absl::Time at, const ProgramCatalog& catalog);
bool IsBad(const Survey& survey, const ProgramCatalog& catalog);

// Whether it is a bad one to which nobody has come back yet, and the member has not answered
// better.
bool IsWaiting(const Survey& survey, const ProgramCatalog& catalog, const Member& person);

// When somebody has seen to a work item of this kind that is there since a moment; InfiniteFuture
// where nobody has. What was done before that was about something else, such as another deadline.
absl::Time DoneAt(WorkKind kind, const std::string& item_id, absl::Time since,
                  const Member& person);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_ADVOCATE_STRIKES_H_
