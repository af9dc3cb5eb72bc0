#ifndef DANGOL_SERVER_LANE_LANES_H_
#define DANGOL_SERVER_LANE_LANES_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "server/common/clock.h"
#include "server/common/limits.h"
#include "server/lane/backlog.h"
#include "server/lane/lane.h"
#include "server/lane/program_library.h"
#include "server/lane/request.h"
#include "server/storage/storage.h"

namespace dangol::lane {

// As many lanes as the store has use for. A member's commands go to the lane of
// their partition, so that lanes of one server get in each other's way seldom; that
// they may is the store's business, and correctness does not rest on it.
// Thread-safe.
class Lanes {
 public:
  struct Options {
    int lanes = 0;  // As many as the store has use for.
    size_t max_queued = limits::kMaxQueuedCommands;
    size_t max_queued_bytes = limits::kMaxQueuedBytes;
    size_t max_batch = limits::kMaxCommandsPerCommit;
    std::function<void()> executed = nullptr;  // As of Lane.
    Observer* observer = nullptr;              // Null: nobody.
  };

  Lanes(const Options& options, storage::Store& store, ProgramLibrary& programs,
        const Clock& clock);
  ~Lanes();  // Drains.

  // Queues a request. Refused at once, on the caller's thread, with
  // RESOURCE_EXHAUSTED where the queues are full, and with UNAVAILABLE after Drain.
  void Submit(Request request);

  // Queues several, to be committed together where they fit and belong to one
  // lane. All of them are queued or none.
  void SubmitAll(std::vector<Request> requests);

  // How many requests wait.
  size_t queued() { return backlog_.count(); }

  // Refuses new requests, finishes what was queued, and ends the threads.
  void Drain();

 private:
  Lane& LaneOf(const domain::Command& command);

  Backlog backlog_;
  std::vector<std::unique_ptr<Lane>> lanes_;
};

}  // namespace dangol::lane

#endif  // DANGOL_SERVER_LANE_LANES_H_
