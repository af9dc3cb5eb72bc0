#ifndef DANGOL_SERVER_RPC_AUDIT_AUDIT_REPLAY_H_
#define DANGOL_SERVER_RPC_AUDIT_AUDIT_REPLAY_H_

#include <functional>
#include <vector>

#include "server/domain/audit/audit.h"
#include "server/domain/program/program_catalog.h"
#include "server/storage/storage.h"

namespace dangol::rpc {

// Told of what was found wrong with a member.
using OnFindings =
    std::function<void(const domain::MemberId& member, std::vector<domain::Finding> findings)>;

// Decides everything again that was asked for of members who were ever merged with each
// other, or of one who never was, and compares what comes out with what is stored.
void VerifyFamily(const std::vector<storage::MemberRecords>& family,
                  const domain::ProgramCatalog& catalog, const OnFindings& on_findings);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_AUDIT_AUDIT_REPLAY_H_
