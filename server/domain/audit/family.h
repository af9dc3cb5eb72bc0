#ifndef DANGOL_SERVER_DOMAIN_AUDIT_FAMILY_H_
#define DANGOL_SERVER_DOMAIN_AUDIT_FAMILY_H_

#include <functional>
#include <vector>

#include "server/domain/audit/audit.h"
#include "server/domain/program/program_catalog.h"

namespace dangol::domain {

// Told of what was found wrong with a member.
using OnFindings = std::function<void(const MemberId& member, std::vector<Finding> findings)>;

// Decides everything again that was asked for of members who were ever merged with each
// other, or of one who never was, and compares what comes out with what is stored.
void VerifyFamily(const std::vector<StoredMember>& family, const ProgramCatalog& catalog,
                  const OnFindings& on_findings);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_AUDIT_FAMILY_H_
