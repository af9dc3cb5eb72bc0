#pragma once

#include "cli/session.h"
#include "dangol/v1/tier_service.pb.h"

namespace dangol::cli {

// Prints what was imported for a member; nothing where there is nothing.
void PrintImports(Session& session,
                  const google::protobuf::RepeatedPtrField<v1::LifetimeImport>& imports);

}  // namespace dangol::cli
