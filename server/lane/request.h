#ifndef DANGOL_SERVER_LANE_REQUEST_H_
#define DANGOL_SERVER_LANE_REQUEST_H_

#include <string>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/domain/command.h"
#include "server/domain/decide.h"
#include "server/storage/storage.h"

namespace dangol::lane {

// The answer to a command that took effect: the outcome in the words of the
// API, exactly as it is stored beside the command's effects.
struct Reply {
  std::string encoded;
  bool replayed = false;  // True where the command had taken effect before.
};

// Runs once: after the commit is durable, or the command was refused. Runs on a
// thread of the lane, so it must neither block nor throw.
using Done = absl::AnyInvocable<void(absl::StatusOr<Reply>)>;

// A command on its way through the lane.
struct Request {
  storage::RequestKey key;
  domain::Command command;
  std::string payload;       // The request in the words of the API, for the log.
  std::string payload_hash;  // Tells a repeated request from a reused id.
  absl::Time deadline = absl::InfiniteFuture();
  Done done;
};

// A request that has been executed: what to tell whom.
struct Completion {
  Done done;
  absl::StatusOr<Reply> reply;

  void Run() { done(std::move(reply)); }
};

// A command in the words of the API, as the log keeps it.
struct Payload {
  std::string bytes;
  std::string hash;
};

// Puts into the words of the API what a decision says: its outcome, and the command
// that is its consequence.
struct Encoder {
  std::string (*reply)(const domain::Outcome& outcome) = nullptr;
  Payload (*consequence)(const domain::Action& action) = nullptr;
};

// The refusals of the lane itself.
absl::Status Overloaded();
absl::Status ShuttingDown();
absl::Status DeadlinePassed();
absl::Status RequestIdReused(const storage::RequestKey& key);

}  // namespace dangol::lane

#endif  // DANGOL_SERVER_LANE_REQUEST_H_
