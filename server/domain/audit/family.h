#ifndef DANGOL_SERVER_DOMAIN_AUDIT_FAMILY_H_
#define DANGOL_SERVER_DOMAIN_AUDIT_FAMILY_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "server/domain/audit/audit.h"
#include "server/domain/program/program_catalog.h"

namespace dangol::domain {

// Replays everything that was asked for of members who were ever merged with each other, or of
// one who never was. `make` makes the replay of each; a command that is refused is told and
// passed over; `end` is told what came out for each.
struct FamilyVisitor {
  std::function<Replay()> make;
  std::function<void(const MemberId& member, const std::string& command,
                     const absl::Status& status)>
      refused;
  std::function<void(const StoredMember& stored, Replay& replay)> end;
};
void ReplayFamily(const std::vector<StoredMember>& family, const FamilyVisitor& visitor);

// Whether one of them was erased: what they asked for is not known any more, and what follows from
// it for any of them cannot be decided again.
bool IsErased(const std::vector<StoredMember>& family);

// Told of what was found wrong with a member.
using OnFindings = std::function<void(const MemberId& member, std::vector<Finding> findings)>;

// Decides everything again that was asked for of members who were ever merged with each
// other, or of one who never was, and compares what comes out with what is stored. Where one of
// them was erased, it only looks whether their books balance.
void VerifyFamily(const std::vector<StoredMember>& family, const ProgramCatalog& catalog,
                  const OnFindings& on_findings);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_AUDIT_FAMILY_H_
