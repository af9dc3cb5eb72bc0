#ifndef DANGOL_SERVER_DOMAIN_CARE_RECORD_SURVEY_H_
#define DANGOL_SERVER_DOMAIN_CARE_RECORD_SURVEY_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/command.h"
#include "server/domain/decide.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/state.h"

namespace dangol::domain {

// Records what a member has answered. A bad answer waits for somebody to come back to the member.
absl::StatusOr<Decision> DecideRecordSurvey(const RecordSurvey& command,
                                            absl::string_view principal, const State& state,
                                            const ProgramCatalog& catalog, absl::Time now);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_CARE_RECORD_SURVEY_H_
