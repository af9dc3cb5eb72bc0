#ifndef DANGOL_SERVER_DOMAIN_ADVOCATE_ADVOCATE_ERRORS_H_
#define DANGOL_SERVER_DOMAIN_ADVOCATE_ADVOCATE_ERRORS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

// What is refused about advocates, and how it is said. The reasons are documented at the methods
// of AdvocateService.
namespace dangol::domain {

absl::Status ScopeNotDeclared(absl::string_view field, absl::string_view scope,
                              const std::vector<std::string>& declared);
absl::Status ConsentIsOver(absl::CivilDay from, absl::CivilDay until);
absl::Status AlreadyNominated(absl::string_view record_id);
absl::Status TestifierNotNominated();
absl::Status TestifierWasPaid();
absl::Status ConsentMissing();
absl::Status ConsentWithdrawn();
absl::Status ScopeWithoutConsent(absl::string_view scope);
absl::Status ConsentNotFound(absl::string_view consent_id);
absl::Status AdvocateRecordNotFound(absl::string_view record_id);
absl::Status WithdrawalStands();
absl::Status TooManyAdvocateRecords();

// Points cannot be given for this reason to who speaks for the house.
absl::Status AdvocateNotRewarded(absl::string_view reason);
absl::Status AdvocateNotPaidByHouse();
absl::Status RewardNotForAdvocates(absl::string_view reward_id);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_ADVOCATE_ADVOCATE_ERRORS_H_
