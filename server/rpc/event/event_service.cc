#include "server/rpc/event/event_service.h"

#include "server/rpc/event/event_stream.h"

namespace dangol::rpc {

ServiceTable EventService() {
  using enum When;
  return {"dangol.v1.EventService",
          {Method{"WatchEvents", Watch(MakeEventStream)}.For(
              {.app = kForMembers, .care = kAlways, .auditor = kAlways})}};
}

}  // namespace dangol::rpc
