#include "server/rpc/handling.h"

#include <google/protobuf/stubs/common.h>

#include <chrono>

#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {

using google::protobuf::internal::IsStructurallyValidUTF8;

absl::Time DeadlineOf(const Call& call) {
  const std::chrono::system_clock::time_point deadline = call.context.deadline();
  if (deadline == std::chrono::system_clock::time_point::max()) return absl::InfiniteFuture();
  return absl::FromChrono(deadline);
}

absl::StatusOr<std::string> ReasonOf(const Call& call) {
  const auto& metadata = call.context.client_metadata();
  const auto reason = metadata.find(kReasonMetadata);
  if (reason == metadata.end()) return std::string();
  std::string text(reason->second.data(), reason->second.size());
  Validator validator;
  validator.Text(Path(kReasonMetadata), text, limits::kMaxCallReasonBytes);
  validator.Check(IsStructurallyValidUTF8(text), Path(kReasonMetadata), "is not valid UTF-8");
  RETURN_IF_ERROR(validator.status());
  return text;
}

absl::Status Receive(const Call& call, const grpc::ByteBuffer& in,
                     google::protobuf::Message& message) {
  RETURN_IF_ERROR(Parse(in, message));
  return call.gate.Authorize(*call.caller, message);
}

absl::Status IdentifyAgain(Callers& callers, Call& call) {
  ASSIGN_OR_RETURN(call.caller, callers.Identify(call.context));
  return call.gate.Admit(*call.caller);
}

grpc::ServerUnaryReactor* Answer(const Call& call, const absl::Status& status) {
  grpc::ServerUnaryReactor* reactor = call.context.DefaultReactor();
  reactor->Finish(ToGrpcStatus(status));
  return reactor;
}

lane::Request RequestFor(const std::string& request_id, domain::Action action,
                         storage::RequestScope scope) {
  lane::Request request;
  request.key = {scope, request_id};
  request.action = domain::EncodeAction(action);
  // The kind is hashed too: an id is not used for another call.
  std::string content = domain::EncodeAction(domain::ContentOf(action));
  content.push_back(static_cast<char>(domain::KindOf(action)));
  request.request_hash = Hash(content);
  request.command = {std::move(action), kAnonymous};
  return request;
}

void SubmitChecked(Check check, Backend& backend, lane::Request request) {
  if (check == nullptr) return backend.lanes.Submit(std::move(request));
  backend.reads.Run([&backend, check, request = std::move(request)](
                        absl::StatusOr<storage::Reader*> reader) mutable {
    absl::Status status = reader.status();
    if (status.ok()) status = check(request, backend, **reader);
    if (!status.ok()) return request.done(std::move(status));
    backend.lanes.Submit(std::move(request));
  });
}

absl::StatusOr<domain::MemberId> FindMember(const domain::MemberRef& ref, storage::Reader& reader) {
  storage::KeySet keys;
  keys.members.push_back({ref, {}});
  ASSIGN_OR_RETURN(const storage::Loaded loaded, storage::LoadFollowing(reader, keys));
  const domain::MemberState* state = loaded.Find(ref);
  if (state == nullptr) return domain::MemberNotFound(ref);
  return state->member.id;
}

}  // namespace dangol::rpc
