#ifndef DANGOL_SERVER_RPC_BATCH_H_
#define DANGOL_SERVER_RPC_BATCH_H_

#include <google/protobuf/repeated_field.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/rpc/handling.h"
#include "server/rpc/method.h"

// Mutations of many things at once.
namespace dangol::rpc {

// Turns the fate of one among several into its message.
template <typename Result>
void FillResult(absl::StatusOr<lane::Reply> reply, Result& result) {
  if (reply.ok() && !result.mutable_response()->ParseFromString(
                        WithReplayed(std::move(reply->encoded), reply->replayed))) {
    reply = absl::DataLossError("a stored reply cannot be read");
  }
  if (!reply.ok()) *result.mutable_error() = ToRpcStatus(reply.status());
}

// A batch under way. Its items succeed or fail one by one; the last to be answered sends the
// reply. Owned by the completions that are still out.
template <typename Response>
class Batch {
 public:
  Batch(int size, grpc::ServerUnaryReactor& reactor, grpc::ByteBuffer& out)
      : reactor_(reactor),
        out_(out),
        results_(static_cast<size_t>(size), absl::UnknownError("not answered")),
        left_(size) {}

  void Complete(size_t index, absl::StatusOr<lane::Reply> reply) {
    results_[index] = std::move(reply);
    if (left_.fetch_sub(1, std::memory_order_acq_rel) == 1) Send();
  }

 private:
  void Send() {
    Response response;
    for (absl::StatusOr<lane::Reply>& result : results_) {
      FillResult(std::move(result), *response.add_results());
    }
    out_ = ToByteBuffer(response.SerializeAsString());
    reactor_.Finish(grpc::Status::OK);
  }

  grpc::ServerUnaryReactor& reactor_;
  grpc::ByteBuffer& out_;
  std::vector<absl::StatusOr<lane::Reply>> results_;
  std::atomic<int> left_;
};

// What a batch consists of: the field of its message, as it is called and as it is got; one
// of them in words; and how many there may be.
template <typename Message, typename Item>
struct BatchItems {
  const char* field;
  const char* one;
  const google::protobuf::RepeatedPtrField<Item>& (Message::*get)() const;
  size_t most;
};

template <typename Message, typename Item>
absl::Status CheckSize(int size, const BatchItems<Message, Item>& items) {
  Validator validator;
  validator.Check(size >= 1, Path(items.field),
                  absl::StrCat("is empty; give at least one ", items.one));
  validator.Check(size <= static_cast<int>(items.most), Path(items.field),
                  absl::StrCat("has ", size, " items; at most ", items.most, " are allowed"));
  return validator.status();
}

template <typename Message, typename Item, typename Response>
grpc::ServerUnaryReactor* RecordBatch(const BatchItems<Message, Item>& items,
                                      absl::StatusOr<lane::Request> (*convert)(const Item& item,
                                                                               const Path& path),
                                      Backend& backend, const Call& call,
                                      const grpc::ByteBuffer& in, grpc::ByteBuffer& out) {
  Message message;
  if (absl::Status status = Receive(call, in, message); !status.ok()) return Answer(call, status);
  const google::protobuf::RepeatedPtrField<Item>& all = (message.*items.get)();
  if (absl::Status status = CheckSize(all.size(), items); !status.ok()) {
    return Answer(call, status);
  }
  grpc::ServerUnaryReactor* const reactor = backend.calls.Open();
  if (reactor == nullptr) return Answer(call, lane::ShuttingDown());
  auto batch = std::make_shared<Batch<Response>>(all.size(), *reactor, out);
  const absl::Time deadline = DeadlineOf(call);
  std::vector<lane::Request> requests;
  requests.reserve(static_cast<size_t>(all.size()));
  const Path list(items.field);
  for (int i = 0; i < all.size(); ++i) {
    const auto index = static_cast<size_t>(i);
    absl::StatusOr<lane::Request> request = convert(all[i], Path(list, i));
    if (!request.ok()) {
      batch->Complete(index, request.status());
      continue;
    }
    request->command.principal = call.caller->principal;
    request->deadline = deadline;
    request->done = [batch, index, field = items.field](absl::StatusOr<lane::Reply> reply) {
      if (!reply.ok()) {
        reply = PrefixFields(reply.status(), absl::StrCat(field, "[", index, "]."));
      }
      batch->Complete(index, std::move(reply));
    };
    requests.push_back(*std::move(request));
  }
  batch.reset();  // From here on it lives as long as a completion is out.
  if (!requests.empty()) backend.lanes.SubmitAll(std::move(requests));
  return reactor;
}

// A mutation of many. `convert` validates an item and makes the lane's request of it, with its
// encoder.
template <typename Message, typename Response, typename Item>
Method BatchMutation(BatchItems<Message, Item> items,
                     absl::StatusOr<lane::Request> (*convert)(const Item& item, const Path& path)) {
  return {NameOf<Message>(),
          Unary([items, convert](Backend& backend, const Call& call, const grpc::ByteBuffer& in,
                                 grpc::ByteBuffer& out) {
            return RecordBatch<Message, Item, Response>(items, convert, backend, call, in, out);
          })};
}

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_BATCH_H_
