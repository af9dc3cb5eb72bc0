#ifndef DANGOL_TESTS_E2E_CALLS_H_
#define DANGOL_TESTS_E2E_CALLS_H_

#include <google/protobuf/message_lite.h>
#include <grpcpp/channel.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

// Calls as any client can make them, byte by byte, past the SDK and its checks.
namespace dangol::e2e {

inline constexpr char kRecordPurchase[] = "/dangol.v1.PurchaseService/RecordPurchase";

struct Answer {
  absl::Status status;       // With the details that error.h reads.
  std::string bytes;         // The reply.
  size_t trailer_bytes = 0;  // What the trailer takes, as written on the wire.
};

// Sends one message and waits for the answer.
Answer Call(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
            absl::string_view request);
Answer Call(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
            const google::protobuf::MessageLite& request);

// Expects a refusal with the code, a reason of ours, and exactly these wrong
// fields; `reason` where given.
void ExpectRefused(const absl::Status& status, absl::StatusCode code,
                   const std::vector<std::string>& fields, absl::string_view reason = "");

}  // namespace dangol::e2e

#endif  // DANGOL_TESTS_E2E_CALLS_H_
