#include "server/rpc/clock/clock_service.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "dangol/v1/clock_service.pb.h"
#include "server/common/error.h"
#include "server/common/status_macros.h"
#include "server/rpc/clock/convert_clock.h"
#include "server/rpc/member/convert_member.h"
#include "server/rpc/method.h"

namespace dangol::rpc {
namespace {

absl::Status NotATestStore() {
  ErrorDetails details;
  details.reason = "NOT_A_TEST_STORE";
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   "this store goes by the time of the machine; only a store that was made with "
                   "--test-clock has a clock that can be advanced",
                   details);
}

// From the store: another server may have moved it.
absl::Status Get(const v1::GetClockRequest&, Backend& backend, storage::Reader& reader,
                 v1::GetClockResponse& response) {
  ASSIGN_OR_RETURN(const std::optional<storage::StoredClock> clock, reader.ReadClock());
  if (!clock.has_value()) return NotATestStore();
  *response.mutable_now() = ToTimestamp(clock->now);
  *response.mutable_advancing_to() = ToTimestamp(std::max(clock->now, clock->to));
  ASSIGN_OR_RETURN(const std::shared_ptr<const domain::ProgramCatalog> catalog,
                   backend.programs.Refresh(reader));
  const domain::ProgramVersion* const version = catalog->At(clock->now);
  if (version != nullptr) response.set_time_zone(version->program->time_zone.name());
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* Advance(Backend& backend, const Call& call, const grpc::ByteBuffer& in,
                                  grpc::ByteBuffer& out) {
  if (backend.clock_mover == nullptr) return Answer(call, NotATestStore());
  v1::AdvanceClockRequest message;
  if (absl::Status status = Receive(call, in, message); !status.ok()) return Answer(call, status);
  absl::StatusOr<lane::ClockAdvance> advance = ToAdvance(message);
  if (!advance.ok()) return Answer(call, advance.status());
  grpc::ServerUnaryReactor* const reactor = backend.calls.Open();
  if (reactor == nullptr) return Answer(call, lane::ShuttingDown());
  // Also once its deadline has passed.
  advance->is_abandoned = [&context = call.context] { return context.IsCancelled(); };
  advance->done = [reactor, &out](const absl::StatusOr<lane::ClockMoved>& moved) {
    if (moved.ok()) {
      v1::AdvanceClockResponse response;
      *response.mutable_now() = ToTimestamp(moved->now);
      response.set_replayed(moved->replayed);
      out = ToByteBuffer(response.SerializeAsString());
    }
    reactor->Finish(ToGrpcStatus(moved.status()));
  };
  backend.clock_mover->Submit(*std::move(advance));
  return reactor;
}

}  // namespace

ServiceTable ClockService() {
  using enum When;
  return {"dangol.v1.ClockService",
          {ReadWith<v1::GetClockRequest, v1::GetClockResponse>(Get).For({.pos = kAlways,
                                                                         .app = kAlways,
                                                                         .care = kAlways,
                                                                         .marketing = kAlways,
                                                                         .auditor = kAlways}),
           Method{NameOf<v1::AdvanceClockRequest>(), Unary(Advance)}.For({})}};
}

}  // namespace dangol::rpc
