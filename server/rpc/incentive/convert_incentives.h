#ifndef DANGOL_SERVER_RPC_INCENTIVE_CONVERT_INCENTIVES_H_
#define DANGOL_SERVER_RPC_INCENTIVE_CONVERT_INCENTIVES_H_

#include "dangol/v1/incentive_service.pb.h"
#include "server/domain/incentive/incentives_due.h"
#include "server/domain/incentive/status.h"
#include "server/domain/standing/award.h"

namespace dangol::rpc {

void ToProto(const domain::IncentiveStatus& status, v1::IncentiveProgress& out);
void ToProto(const domain::IncentiveStatus& status, v1::IncentiveOffer& out);
void ToProto(const domain::IncentiveStep& step, v1::IncentiveStep& out);
void ToProto(const domain::Award& award, v1::Award& out);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_INCENTIVE_CONVERT_INCENTIVES_H_
