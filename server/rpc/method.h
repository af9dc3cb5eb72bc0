#ifndef DANGOL_SERVER_RPC_METHOD_H_
#define DANGOL_SERVER_RPC_METHOD_H_

#include <grpcpp/impl/service_type.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "server/rpc/handling.h"

// The methods of a service as a table: one row each, which says how its request becomes what
// the lane or a reader understands, and what comes of it a reply. That is all that a new
// method costs here.
namespace dangol::rpc {

using Unary = std::function<grpc::ServerUnaryReactor*(
    Backend& backend, Context& context, const grpc::ByteBuffer& in, grpc::ByteBuffer& out)>;
using Bidi = std::function<grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>*(
    Backend& backend, Context& context)>;

struct Method {
  std::string name;  // That of its request, without "Request".
  std::variant<Unary, Bidi> call;
};

// A service of the API with a row for each of its methods. Dies where a method has none, or a
// row no method: then the table is not that of the API.
std::unique_ptr<grpc::Service> MakeService(const Backend& backend, const std::string& name,
                                           std::vector<Method> methods);

template <typename Request>
std::string NameOf() {
  const std::string& message = Request::descriptor()->name();
  return message.substr(0, message.size() - std::string("Request").size());
}

// Puts outcomes of one kind into the words of the API by `tell`.
template <typename Outcome, typename Response>
lane::Encode EncodeBy(void (*tell)(const Outcome& outcome, Response& response)) {
  static_assert(Response::kReplayedFieldNumber == 15, "WithReplayed rests on it");
  return [tell](const domain::Outcome& outcome) {
    Response response;
    tell(std::get<Outcome>(outcome), response);
    return Serialize(response);
  };
}

// A mutation. `convert` validates the message and makes the lane's request of it; `tell` makes
// the response of its outcome. `check`, `needs_check`: as of Mutate.
template <typename Request, typename Outcome, typename Response>
Method Mutation(absl::StatusOr<lane::Request> (*convert)(const Request& message),
                void (*tell)(const Outcome& outcome, Response& response),
                const char* error_prefix = "", Check check = nullptr,
                NeedsCheck needs_check = nullptr) {
  return {NameOf<Request>(), [convert, encode = EncodeBy(tell), error_prefix, check, needs_check](
                                 Backend& backend, Context& context, const grpc::ByteBuffer& in,
                                 grpc::ByteBuffer& out) {
            return Mutate<Request>(backend, context, in, out, convert, encode, error_prefix, check,
                                   needs_check);
          }};
}

// A read of one member as of now.
template <typename Request, typename Response>
Method MemberRead(absl::StatusOr<domain::Reads> (*convert)(const Request& message),
                  absl::Status (*reply)(const lane::MemberView& view, Response& response)) {
  return {NameOf<Request>(), [convert, reply](Backend& backend, Context& context,
                                              const grpc::ByteBuffer& in, grpc::ByteBuffer& out) {
            return ReadMember<Request, Response>(backend, context, in, out, convert, reply);
          }};
}

// Any other read. `query` validates the message and fills in the response.
template <typename Request, typename Response>
Method ReadWith(absl::Status (*query)(const Request& message, Backend& backend,
                                      storage::Reader& reader, Response& response)) {
  return {
      NameOf<Request>(), [query](Backend& backend, Context& context, const grpc::ByteBuffer& in,
                                 grpc::ByteBuffer& out) {
        return Query<Request, Response>(
            backend, context, in, out,
            [&backend, query](const Request& message, storage::Reader& reader, Response& response) {
              return query(message, backend, reader, response);
            });
      }};
}

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_METHOD_H_
