#ifndef DANGOL_SERVER_RPC_WIRE_CHECK_H_
#define DANGOL_SERVER_RPC_WIRE_CHECK_H_

#include <google/protobuf/descriptor.h>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

// Why a message was not parsed, told by looking at its bytes. Protobuf itself
// only says that it cannot be, and gRPC would answer INTERNAL.
namespace dangol::rpc {

// Of a message that does not parse: the field whose text is not valid UTF-8, or
// else that the message is malformed. INVALID_ARGUMENT.
absl::Status ExplainUnparsable(const google::protobuf::Descriptor& type, absl::string_view bytes);

// INVALID_ARGUMENT for a message in which a list has more items than any may have.
// Costs a look at the bytes; nothing is parsed.
absl::Status CheckCounts(const google::protobuf::Descriptor& type, absl::string_view bytes);

// Of a message that is too large to be parsed: the field that makes it so.
// INVALID_ARGUMENT.
absl::Status ExplainTooLarge(const google::protobuf::Descriptor& type, absl::string_view bytes);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_WIRE_CHECK_H_
