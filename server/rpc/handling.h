#ifndef DANGOL_SERVER_RPC_HANDLING_H_
#define DANGOL_SERVER_RPC_HANDLING_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/common/clock.h"
#include "server/common/error.h"
#include "server/common/status_macros.h"
#include "server/domain/errors.h"
#include "server/lane/clock_mover.h"
#include "server/lane/lanes.h"
#include "server/lane/log_bell.h"
#include "server/lane/program_library.h"
#include "server/lane/read_pool.h"
#include "server/lane/request.h"
#include "server/rpc/access/access.h"
#include "server/rpc/access/callers.h"
#include "server/rpc/access/principal.h"
#include "server/rpc/open_calls.h"
#include "server/rpc/status.h"
#include "server/rpc/validation.h"
#include "server/rpc/wire.h"

// The steps that handlers share: parse, convert, submit, reply.
namespace dangol::rpc {

// What services work with. Everything in it is thread-safe and outlives them.
struct Backend {
  Callers& callers;
  lane::Lanes& lanes;
  lane::ReadPool& reads;
  lane::ProgramLibrary& programs;
  const Clock& clock;
  OpenCalls& calls;
  lane::LogBell& bell;                      // Rings after a commit.
  lane::ClockMover* clock_mover = nullptr;  // Of a test store; else null.
};

using Context = grpc::CallbackServerContext;

// One call of a method: who makes it, and what they may ask for.
struct Call {
  Context& context;
  std::shared_ptr<const Caller> caller;
  const Gate& gate;
};

// When the caller stops waiting.
absl::Time DeadlineOf(const Call& call);

// Why the call is made, as its metadata kReasonMetadata says it; empty where it doesn't.
// INVALID_ARGUMENT (INVALID_FIELDS) for what is too long or no UTF-8.
inline constexpr char kReasonMetadata[] = "dangol-reason-bin";
absl::StatusOr<std::string> ReasonOf(const Call& call);

// The request of a call: parsed, and one that its caller may make. INVALID_ARGUMENT as of Parse,
// PERMISSION_DENIED as of Gate::Authorize.
absl::Status Receive(const Call& call, const grpc::ByteBuffer& in,
                     google::protobuf::Message& message);

// Who makes a call that lasts: it may outlive the token that it came with, or what the policy says
// of its caller. What of Callers::Identify and Gate::Admit.
absl::Status IdentifyAgain(Callers& callers, Call& call);

// Ends a call with a status.
grpc::ServerUnaryReactor* Answer(const Call& call, const absl::Status& status);

// The request of a mutation by nobody yet. The same id with the same content is the same request,
// however it was written and whoever sends it.
lane::Request RequestFor(const std::string& request_id, domain::Action action,
                         storage::RequestScope scope = storage::RequestScope::kRequest);

// The member that `ref` names; MEMBER_NOT_FOUND if there is none.
absl::StatusOr<domain::MemberId> FindMember(const domain::MemberRef& ref, storage::Reader& reader);

// When a request can take effect at the latest: at any time where its message does not say.
template <typename Message>
absl::StatusOr<absl::Time> ValidUntilOf(const Message& message) {
  if constexpr (requires { message.valid_until(); }) {
    if (message.has_valid_until()) {
      Validator validator;
      const absl::Time time = validator.Time(Path("valid_until"), message.valid_until());
      RETURN_IF_ERROR(validator.status());
      return time;
    }
  }
  return absl::InfiniteFuture();
}

// What must be so of the whole store before a request is submitted, where a decision about one
// member cannot know it; or what is to be found out there and filled in. A repeated request is
// checked as well, and should pass.
using Check = absl::Status (*)(lane::Request& request, Backend& backend, storage::Reader& reader);

// Whether a request has to be checked at all; null: each has.
using NeedsCheck = bool (*)(const domain::Action& action);

// Submits the request once it has been checked; null: at once.
void SubmitChecked(Check check, Backend& backend, lane::Request request);

// A mutation. `convert` validates and makes the lane's request of the message, `encode` the
// reply of its outcome. `check` is null where there is nothing to be checked.
template <typename Message>
grpc::ServerUnaryReactor* Mutate(Backend& backend, const Call& call, const grpc::ByteBuffer& in,
                                 grpc::ByteBuffer& out,
                                 absl::StatusOr<lane::Request> (*convert)(const Message& message),
                                 const lane::Encode& encode, const char* error_prefix, Check check,
                                 NeedsCheck needs_check) {
  Message message;
  if (absl::Status status = Receive(call, in, message); !status.ok()) return Answer(call, status);
  absl::StatusOr<lane::Request> request = convert(message);
  const absl::StatusOr<absl::Time> valid_until = ValidUntilOf(message);
  absl::StatusOr<std::string> reason = ReasonOf(call);
  if (const absl::Status wrong =
          Combine(request.status(), Combine(valid_until.status(), reason.status()));
      !wrong.ok()) {
    return Answer(call, wrong);
  }
  grpc::ServerUnaryReactor* const reactor = backend.calls.Open();
  if (reactor == nullptr) return Answer(call, lane::ShuttingDown());
  request->command.principal = call.caller->principal;
  request->command.reason = *std::move(reason);
  request->deadline = DeadlineOf(call);
  request->valid_until = *valid_until;
  request->encode = encode;
  request->done = [reactor, &out, error_prefix](absl::StatusOr<lane::Reply> reply) {
    if (reply.ok()) out = ToByteBuffer(WithReplayed(std::move(reply->encoded), reply->replayed));
    reactor->Finish(ToGrpcStatus(PrefixFields(reply.status(), error_prefix)));
  };
  const bool is_checked = needs_check == nullptr || needs_check(request->command.action);
  SubmitChecked(is_checked ? check : nullptr, backend, *std::move(request));
  return reactor;
}

// A read of one member. `convert` says what to read, `reply` makes the response
// of it; both may refuse.
template <typename Message, typename Response>
grpc::ServerUnaryReactor* ReadMember(
    Backend& backend, const Call& call, const Message& message, grpc::ByteBuffer& out,
    absl::StatusOr<domain::Reads> (*convert)(const Message& message),
    absl::Status (*reply)(const lane::MemberView& view, Response& response)) {
  absl::StatusOr<domain::Reads> reads = convert(message);
  if (!reads.ok()) return Answer(call, reads.status());
  grpc::ServerUnaryReactor* const reactor = backend.calls.Open();
  if (reactor == nullptr) return Answer(call, lane::ShuttingDown());
  const domain::MemberRef ref = *reads->member;
  backend.reads.ReadMember(*std::move(reads),
                           [reactor, &out, reply, ref](absl::StatusOr<lane::MemberView> view) {
                             absl::Status status = view.status();
                             if (status.ok() && view->member == nullptr)
                               status = domain::MemberNotFound(ref);
                             if (status.ok()) {
                               Response response;
                               status = reply(*view, response);
                               if (status.ok()) out = ToByteBuffer(response.SerializeAsString());
                             }
                             reactor->Finish(ToGrpcStatus(status));
                           });
  return reactor;
}

// The same for a message that is to be parsed.
template <typename Message, typename Response>
grpc::ServerUnaryReactor* ReadMember(
    Backend& backend, const Call& call, const grpc::ByteBuffer& in, grpc::ByteBuffer& out,
    absl::StatusOr<domain::Reads> (*convert)(const Message& message),
    absl::Status (*reply)(const lane::MemberView& view, Response& response)) {
  Message message;
  if (absl::Status status = Receive(call, in, message); !status.ok()) return Answer(call, status);
  return ReadMember<Message, Response>(backend, call, message, out, convert, reply);
}

// Any other read. `query` validates the message and fills in the response.
template <typename Message, typename Response>
grpc::ServerUnaryReactor* Query(
    Backend& backend, const Call& call, Message message, grpc::ByteBuffer& out,
    absl::AnyInvocable<absl::Status(const Message& message, storage::Reader& reader,
                                    Response& response)>
        query) {
  grpc::ServerUnaryReactor* const reactor = backend.calls.Open();
  if (reactor == nullptr) return Answer(call, lane::ShuttingDown());
  backend.reads.Run([reactor, &out, query = std::move(query), message = std::move(message)](
                        absl::StatusOr<storage::Reader*> reader) mutable {
    absl::Status status = reader.status();
    if (status.ok()) {
      Response response;
      status = query(message, **reader, response);
      if (status.ok()) out = ToByteBuffer(response.SerializeAsString());
    }
    reactor->Finish(ToGrpcStatus(status));
  });
  return reactor;
}

// The same for a message that is to be parsed.
template <typename Message, typename Response>
grpc::ServerUnaryReactor* Query(
    Backend& backend, const Call& call, const grpc::ByteBuffer& in, grpc::ByteBuffer& out,
    absl::AnyInvocable<absl::Status(const Message& message, storage::Reader& reader,
                                    Response& response)>
        query) {
  Message message;
  if (absl::Status status = Receive(call, in, message); !status.ok()) return Answer(call, status);
  return Query<Message, Response>(backend, call, std::move(message), out, std::move(query));
}

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_HANDLING_H_
