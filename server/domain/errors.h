#ifndef DANGOL_SERVER_DOMAIN_ERRORS_H_
#define DANGOL_SERVER_DOMAIN_ERRORS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/member.h"

// The reasons for which a command is refused. Fields are relative to the
// message that the command was made from.
namespace dangol::domain {

absl::Status MemberNotFound(const MemberRef& member);
absl::Status MemberClosed();
absl::Status AliasTaken(const Alias& alias, absl::string_view field);
absl::Status AliasRepeated(const Alias& alias, absl::string_view field);
absl::Status AliasNotFound(const Alias& alias);
absl::Status TooManyAliases();

absl::Status CurrencyNotDeclared(absl::string_view currency, absl::string_view program_name);
absl::Status TimeInFuture(absl::string_view field, absl::Time time, absl::Time now);
absl::Status TimeTooEarly(absl::string_view field, absl::Time time);
absl::Status TooManyPoints();
absl::Status BalanceTooLarge(absl::string_view wallet);

absl::Status ProgramMissing();
absl::Status ProgramInPast(absl::Time effective_from, absl::Time now);
absl::Status ProgramTooEarly(absl::Time effective_from, absl::Time latest);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_ERRORS_H_
