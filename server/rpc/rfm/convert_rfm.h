#ifndef DANGOL_SERVER_RPC_RFM_CONVERT_RFM_H_
#define DANGOL_SERVER_RPC_RFM_CONVERT_RFM_H_

#include "absl/status/statusor.h"
#include "dangol/v1/rfm_service.pb.h"
#include "server/domain/decide.h"
#include "server/domain/standing/activity_score.h"
#include "server/insight/rfm.h"
#include "server/lane/request.h"
#include "server/rpc/validation.h"

// Between scores as the API says them and those of the mathematics.
namespace dangol::rpc {

// How members were scored at the end of a day by a program with Program::rfm.
void ToProto(const domain::Program& program, domain::DayNumber day,
             const domain::RfmCutPoints& cut_points, v1::RfmBasis& out);
void ToProto(const domain::Norms& norms, v1::Norms& out);
void ToProto(const domain::NormsOutcome& outcome, v1::ComputeNormsResponse& out);
// Without the norms, which are computed afterwards.
absl::StatusOr<lane::Request> ToRequest(const v1::ComputeNormsRequest& message);
void ToProto(const domain::Scored& scored, const domain::Rfm& rfm, v1::GetMemberRfmResponse& out);
void ToProto(const insight::RfmCounts& counts, const domain::Rfm& rfm, v1::GetRfmResponse& out);

// Cut points that a caller gives for so many scores.
domain::RfmCutPoints ReadCutPoints(const Path& path, const v1::RfmCutPoints& message, int scores,
                                   Validator& validator);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_RFM_CONVERT_RFM_H_
