#include "dangol/internal/grpc_status.h"

#include "dangol/error.h"
#include "google/rpc/status.pb.h"

namespace dangol::internal {

absl::Status ToStatus(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  google::rpc::Status error;
  // Details that can't be read are dropped: code and message still tell most.
  if (!error.ParseFromString(status.error_details())) error.Clear();
  error.set_code(static_cast<int>(status.error_code()));
  error.set_message(status.error_message());
  return dangol::ToStatus(error);
}

}  // namespace dangol::internal
