#ifndef DANGOL_SERVER_RPC_WIRE_H_
#define DANGOL_SERVER_RPC_WIRE_H_

#include <google/protobuf/message.h>
#include <grpcpp/support/byte_buffer.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

// Messages as bytes. Services take and give bytes, not messages: a request that
// protobuf cannot parse gets an answer that names the field, and a stored reply
// is sent as it is stored.
namespace dangol::rpc {

// INVALID_ARGUMENT names the field that cannot be read.
absl::Status Parse(const grpc::ByteBuffer& bytes, google::protobuf::Message& message);

// Always the same bytes for the same message.
std::string Serialize(const google::protobuf::Message& message);

grpc::ByteBuffer ToByteBuffer(absl::string_view bytes);

// The bytes of a reply to a mutation, with `replayed` set as given: all of them
// have it as field 15.
std::string WithReplayed(std::string reply, bool replayed);

// SHA-256.
std::string Hash(absl::string_view bytes);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_WIRE_H_
