#ifndef DANGOL_SERVER_RPC_TIER_TIER_FACTS_H_
#define DANGOL_SERVER_RPC_TIER_TIER_FACTS_H_

#include "absl/status/status.h"
#include "dangol/v1/tier_service.pb.h"
#include "server/rpc/handling.h"

namespace dangol::rpc {

// What a member did, the latest first, and what each of it adds to their tier, or why nothing.
absl::Status ListTierFacts(const v1::ListTierFactsRequest& message, Backend& backend,
                           storage::Reader& reader, v1::ListTierFactsResponse& response);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_TIER_TIER_FACTS_H_
