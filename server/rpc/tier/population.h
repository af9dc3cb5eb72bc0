#ifndef DANGOL_SERVER_RPC_TIER_POPULATION_H_
#define DANGOL_SERVER_RPC_TIER_POPULATION_H_

#include "absl/status/status.h"
#include "dangol/v1/tier_service.pb.h"
#include "server/rpc/handling.h"

// What is asked of the tiers of all members: page by page, so that whoever asks sees how far it
// is, stops when they like, and nothing grows with the number of members. A page is of the
// members in the order of their ids; each is told as of one moment, which the first page fixes.
namespace dangol::rpc {

absl::Status GetTierDistribution(const v1::GetTierDistributionRequest& message, Backend& backend,
                                 storage::Reader& reader,
                                 v1::GetTierDistributionResponse& response);

absl::Status SimulateTiers(const v1::SimulateTiersRequest& message, Backend& backend,
                           storage::Reader& reader, v1::SimulateTiersResponse& response);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_TIER_POPULATION_H_
