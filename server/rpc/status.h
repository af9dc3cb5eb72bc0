#ifndef DANGOL_SERVER_RPC_STATUS_H_
#define DANGOL_SERVER_RPC_STATUS_H_

#include <google/rpc/status.pb.h>
#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace dangol::rpc {

// The error as the standard error model: code, message, and as details an
// ErrorInfo (domain "dangol"), a BadRequest where fields are wrong, and a
// RetryInfo where trying again may help. Of an error that is the server's own
// fault nothing but the fact is told; it is logged here.
google::rpc::Status ToRpcStatus(const absl::Status& status);

// The same for the wire, with the details in grpc-status-details-bin.
grpc::Status ToGrpcStatus(const absl::Status& status);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_STATUS_H_
