#ifndef DANGOL_SERVER_RPC_RFM_CONVERT_RFM_H_
#define DANGOL_SERVER_RPC_RFM_CONVERT_RFM_H_

#include "dangol/v1/rfm_service.pb.h"
#include "server/insight/rfm.h"
#include "server/rpc/validation.h"

// Between scores as the API says them and those of the mathematics.
namespace dangol::rpc {

void ToProto(const insight::RfmCutPoints& cut_points, v1::RfmCutPoints& out);
void ToProto(const insight::RfmValues& values, v1::RfmValues& out);
void ToProto(const domain::RfmScores& scores, v1::RfmScores& out);
void ToProto(const domain::RfmSegment& segment, v1::RfmSegmentLabel& out);
void ToProto(const insight::RfmCounts& counts, const domain::Rfm& rfm, v1::GetRfmResponse& out);

// Cut points that a caller gives for so many scores.
insight::RfmCutPoints ReadCutPoints(const Path& path, const v1::RfmCutPoints& message, int scores,
                                    Validator& validator);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_RFM_CONVERT_RFM_H_
