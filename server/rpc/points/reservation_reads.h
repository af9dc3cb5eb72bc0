#ifndef DANGOL_SERVER_RPC_POINTS_RESERVATION_READS_H_
#define DANGOL_SERVER_RPC_POINTS_RESERVATION_READS_H_

#include "dangol/v1/points_service.pb.h"
#include "server/rpc/handling.h"

namespace dangol::rpc {

// What became of reservations, as of now.
absl::Status GetReservation(const v1::GetReservationRequest& message, Backend& backend,
                            storage::Reader& reader, v1::GetReservationResponse& response);
absl::Status ListReservations(const v1::ListReservationsRequest& message, Backend& backend,
                              storage::Reader& reader, v1::ListReservationsResponse& response);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_POINTS_RESERVATION_READS_H_
