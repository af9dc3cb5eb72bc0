#ifndef DANGOL_SERVER_RPC_METHOD_H_
#define DANGOL_SERVER_RPC_METHOD_H_

#include <grpcpp/impl/service_type.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "server/rpc/handling.h"

// The methods of a service as a table: one row each, which says how its request becomes what
// the lane or a reader understands, and what comes of it a reply. That is all that a new
// method costs here.
namespace dangol::rpc {

using BidiReactor = grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>;
using WriteReactor = grpc::ServerWriteReactor<grpc::ByteBuffer>;

using Unary = std::function<grpc::ServerUnaryReactor*(
    Backend& backend, const Call& call, const grpc::ByteBuffer& in, grpc::ByteBuffer& out)>;
using Bidi = std::function<BidiReactor*(Backend& backend, const Call& call)>;
// One request, and replies until either side ends.
using Watch =
    std::function<WriteReactor*(Backend& backend, const Call& call, const grpc::ByteBuffer& in)>;

struct Method {
  std::string name;  // That of its request, without "Request".
  std::variant<Unary, Bidi, Watch> call;
  std::optional<Access> access = std::nullopt;

  // Says who may call it; each row has to.
  Method For(const Access& who) && {
    access = who;
    return std::move(*this);
  }
};

struct ServiceTable {
  std::string name;  // Such as "dangol.v1.MemberService".
  std::vector<Method> methods;
};

// The service of a table. Dies where a method of the API has no row, a row no method, or nothing
// is said of who may call it: then the table is not that of the API.
std::unique_ptr<grpc::Service> MakeService(const Backend& backend, ServiceTable table);

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
                                 Backend& backend, const Call& call, const grpc::ByteBuffer& in,
                                 grpc::ByteBuffer& out) {
            return Mutate<Request>(backend, call, in, out, convert, encode, error_prefix, check,
                                   needs_check);
          }};
}

// A read of one member as of now.
template <typename Request, typename Response>
Method MemberRead(absl::StatusOr<domain::Reads> (*convert)(const Request& message),
                  absl::Status (*reply)(const lane::MemberView& view, Response& response)) {
  return {NameOf<Request>(), [convert, reply](Backend& backend, const Call& call,
                                              const grpc::ByteBuffer& in, grpc::ByteBuffer& out) {
            return ReadMember<Request, Response>(backend, call, in, out, convert, reply);
          }};
}

// Any other read. `query` validates the message and fills in the response.
template <typename Request, typename Response>
Method ReadWith(absl::Status (*query)(const Request& message, Backend& backend,
                                      storage::Reader& reader, Response& response)) {
  return {
      NameOf<Request>(), [query](Backend& backend, const Call& call, const grpc::ByteBuffer& in,
                                 grpc::ByteBuffer& out) {
        return Query<Request, Response>(
            backend, call, in, out,
            [&backend, query](const Request& message, storage::Reader& reader, Response& response) {
              return query(message, backend, reader, response);
            });
      }};
}

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_METHOD_H_
