#ifndef DANGOL_SERVER_LANE_REQUEST_H_
#define DANGOL_SERVER_LANE_REQUEST_H_

#include <functional>
#include <memory>
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

// Puts an outcome into the words of the API.
using Encode = std::function<std::string(const domain::Outcome& outcome)>;

// A command on its way through the lane.
struct Request {
  storage::RequestKey key;
  domain::Command command;
  std::string action;        // Of the command, as the log keeps it.
  std::string request_hash;  // Tells a repeated request from a reused id.
  Encode encode;             // Empty where nobody is told more than that it is done.
  absl::Time deadline = absl::InfiniteFuture();
  // When it can take effect at the latest. Not of its content: repeated, it may say another.
  absl::Time valid_until = absl::InfiniteFuture();
  Done done;
  // What somebody has read of the member a moment ago, who belongs to nobody else: all that is
  // needed to decide. Null: it is read by the lane, as it is where this turns out to be out of
  // date.
  std::unique_ptr<domain::MemberState> foreseen;
  absl::Time foreseen_at = absl::InfinitePast();  // By the machine's clock.
};

// A request that has been executed: what to tell whom.
struct Completion {
  Done done;
  absl::StatusOr<Reply> reply;
  // What its batch has left behind: whoever completes it clears it away, too.
  std::shared_ptr<const void> rest = nullptr;

  void Run() { done(std::move(reply)); }
};

// The refusals of the lane itself.
absl::Status Overloaded();
absl::Status ShuttingDown();
absl::Status DeadlinePassed();

}  // namespace dangol::lane

#endif  // DANGOL_SERVER_LANE_REQUEST_H_
