#ifndef DANGOL_SERVER_RPC_INSIGHT_CONVERT_LIABILITY_H_
#define DANGOL_SERVER_RPC_INSIGHT_CONVERT_LIABILITY_H_

#include <vector>

#include "dangol/v1/insight_service.pb.h"
#include "server/insight/liability.h"

namespace dangol::rpc {

void ToProto(const std::vector<insight::WalletLiability>& wallets,
             v1::GetLiabilityResponse& response);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_INSIGHT_CONVERT_LIABILITY_H_
