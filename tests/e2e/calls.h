#ifndef DANGOL_TESTS_E2E_CALLS_H_
#define DANGOL_TESTS_E2E_CALLS_H_

#include <google/protobuf/message_lite.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>

#include <memory>
#include <optional>
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

// Sends one message, with a bearer token where there is one, and waits for the answer.
Answer Call(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
            absl::string_view request, const std::string& token = "");
Answer Call(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
            const google::protobuf::MessageLite& request, const std::string& token = "");

// Expects a refusal with the code, a reason of ours, and exactly these wrong
// fields; `reason` where given.
void ExpectRefused(const absl::Status& status, absl::StatusCode code,
                   const std::vector<std::string>& fields, absl::string_view reason = "");

// Follows what a server says of its health, in the order in which that changes.
// Used by one thread.
class HealthWatch {
 public:
  explicit HealthWatch(std::shared_ptr<grpc::Channel> channel);
  ~HealthWatch();
  HealthWatch(const HealthWatch&) = delete;
  HealthWatch& operator=(const HealthWatch&) = delete;

  // Waits until it says SERVING, or NOT_SERVING; false if that takes minutes or the
  // server ends.
  bool Await(bool serving);

  // Waits until the call ends, and tells how it did: DEADLINE_EXCEEDED after minutes.
  // Nothing else can be called afterwards.
  absl::Status AwaitEnd();

 private:
  absl::Status Finish();
  // Waits for what was started last; whether it succeeded.
  bool Wait();

  const std::shared_ptr<grpc::Channel> channel_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
  std::optional<bool> last_;
};

}  // namespace dangol::e2e

#endif  // DANGOL_TESTS_E2E_CALLS_H_
