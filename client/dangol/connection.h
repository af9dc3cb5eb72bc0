#pragma once

#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "dangol/callback.h"
#include "dangol/event_stream.h"
#include "dangol/options.h"
#include "dangol/rpcs/connection_rpcs.h"
#include "dangol/v1/purchase_service.pb.h"

namespace dangol {

// A stream on which purchases go out and their outcomes come back, in the same
// order. One thread may write while another reads; neither side may be used by
// two threads at once.
//
// A stream is not retried. When it breaks, open another one and send again
// what has no outcome yet: what was recorded already answers `replayed`.
class PurchaseStream {
 public:
  virtual ~PurchaseStream() = default;

  // Sends a purchase; false when the stream is broken.
  virtual bool Write(const v1::Purchase& purchase) = 0;
  // Says that no more purchases follow.
  virtual void WritesDone() = 0;
  // Waits for the next outcome; nothing at the end of the stream.
  virtual std::optional<v1::StreamPurchasesResponse> Read() = 0;
  // Tells how the stream ended. Call it once, after Read returned nothing.
  virtual absl::Status Finish() = 0;
};

// What a Client speaks through: for every unary RPC, say GetMember,
//
//   virtual absl::StatusOr<v1::GetMemberResponse> GetMember(const v1::GetMemberRequest& request);
//   virtual void AsyncGetMember(v1::GetMemberRequest request,
//                               Callback<v1::GetMemberResponse> done);
//
// Programs use Client; tests put a dangol_mocks::MockConnection behind it.
//
// Thread safe. A connection of MakeConnection retries UNAVAILABLE, and
// RESOURCE_EXHAUSTED where the server names a delay, within the limits of its
// Options; every mutation must therefore carry its request id already (Client
// sees to it). Statuses carry the server's details, see error.h.
class Connection : public ConnectionRpcs {
 public:
  virtual std::unique_ptr<PurchaseStream> StreamPurchases() = 0;
  virtual std::unique_ptr<EventStream> WatchEvents(const v1::WatchEventsRequest& request) = 0;
};

// Makes a connection over gRPC. It connects when it is first used, so this
// does not fail; an endpoint that nobody answers at gives UNAVAILABLE, and so does
// one with which no TLS can be agreed on. Where a file of options.tls is missing, every
// call answers with INVALID_ARGUMENT, which names it.
std::shared_ptr<Connection> MakeConnection(Options options = {});

}  // namespace dangol
