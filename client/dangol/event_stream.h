#pragma once

#include <optional>

#include "absl/status/status.h"
#include "dangol/v1/event_service.pb.h"

namespace dangol {

// What happens on the server, as it happens. Where the connection breaks or the server shuts down,
// a stream of MakeConnection goes on by itself after what was read, on whichever server answers;
// each outage may last as long as Options::deadline. Events may come twice, with the same event_id.
//
// Keep the resume_token of a reply once its events are seen to: it is where the next program goes
// on. Read by one thread; Cancel by any.
class EventStream {
 public:
  virtual ~EventStream() = default;

  // Waits for the next reply; nothing at the end of the stream.
  virtual std::optional<v1::WatchEventsResponse> Read() = 0;
  // Ends the stream, and the Read that waits.
  virtual void Cancel() = 0;
  // Tells how the stream ended: OK after a request with until_now, CANCELLED after Cancel. Call it
  // once, after Read returned nothing.
  virtual absl::Status Finish() = 0;
};

}  // namespace dangol
