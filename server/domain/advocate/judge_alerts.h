#ifndef DANGOL_SERVER_DOMAIN_ADVOCATE_JUDGE_ALERTS_H_
#define DANGOL_SERVER_DOMAIN_ADVOCATE_JUDGE_ALERTS_H_

#include <vector>

#include "absl/time/time.h"
#include "server/domain/care/alert.h"
#include "server/domain/care/work_item.h"
#include "server/domain/member/member.h"
#include "server/domain/program/program_catalog.h"

namespace dangol::domain {

// What is to be done for a person now, whose standing as a VVIP and as an advocate is judged: by
// kind and id. What somebody has seen to (WorkDone) is not among it.
std::vector<Alert> AlertsOf(const ProgramCatalog& catalog, absl::Time now, const Member& person);

// The work items that are to be written where alerts were others before.
std::vector<WorkItem> ItemsOf(const std::vector<Alert>& before, const std::vector<Alert>& after);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_ADVOCATE_JUDGE_ALERTS_H_
