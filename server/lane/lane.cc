#include "server/lane/lane.h"

#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/common/error.h"

namespace dangol::lane {
namespace {

absl::Status Refused(absl::StatusCode code, absl::string_view reason, absl::string_view message,
                     absl::Duration retry_delay = absl::ZeroDuration()) {
  ErrorDetails details;
  details.reason = std::string(reason);
  details.retry_delay = retry_delay;
  return MakeError(code, message, details);
}

}  // namespace

absl::Status Overloaded() {
  return Refused(absl::StatusCode::kResourceExhausted, "OVERLOADED",
                 "the server has more to do than it can hold; try again", absl::Milliseconds(100));
}

absl::Status ShuttingDown() {
  return Refused(absl::StatusCode::kUnavailable, "SHUTTING_DOWN",
                 "the server is shutting down; try again, elsewhere or later", absl::Seconds(1));
}

absl::Status DeadlinePassed() {
  return Refused(absl::StatusCode::kDeadlineExceeded, "DEADLINE_PASSED",
                 "the deadline passed before the command was run; it had no effect");
}

absl::Status RequestIdReused(const storage::RequestKey& key) {
  const char* field = key.scope == storage::RequestScope::kPurchase ? "purchase_id" : "request_id";
  ErrorDetails details;
  details.reason = "REQUEST_ID_REUSED";
  details.violations.push_back({field, "was used before, for other content; choose another"});
  return MakeError(absl::StatusCode::kAlreadyExists,
                   absl::StrCat(field, " ", key.id, " was used before, for other content"),
                   details);
}

Lane::Lane(const Options& options, Executor& executor)
    : options_(options),
      executor_(executor),
      thread_([this] { Loop(); }),
      completing_thread_([this] { CompleteLoop(); }) {}

Lane::~Lane() { Drain(); }

absl::Status Lane::Admits(size_t count) const {
  if (draining_) return ShuttingDown();
  if (queue_.size() + count > options_.max_queued) return Overloaded();
  return absl::OkStatus();
}

void Lane::Submit(Request request) {
  absl::Status admitted;
  {
    absl::MutexLock lock(&mutex_);
    admitted = Admits(1);
    if (admitted.ok()) {
      queue_.push_back(std::move(request));
      return;
    }
  }
  request.done(admitted);
}

void Lane::SubmitAll(std::vector<Request> requests) {
  absl::Status admitted;
  {
    absl::MutexLock lock(&mutex_);
    admitted = Admits(requests.size());
    if (admitted.ok()) {
      std::move(requests.begin(), requests.end(), std::back_inserter(queue_));
      return;
    }
  }
  for (Request& request : requests) request.done(admitted);
}

void Lane::Drain() {
  {
    absl::MutexLock lock(&mutex_);
    draining_ = true;
  }
  if (thread_.joinable()) thread_.join();
  if (completing_thread_.joinable()) completing_thread_.join();
}

void Lane::Loop() {
  while (true) {
    std::vector<Request> batch;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &Lane::HasWork));
      if (queue_.empty()) {
        executed_all_ = true;
        return;
      }
      batch = TakeBatch();
    }
    Complete(executor_.Execute(std::move(batch)));
  }
}

void Lane::Complete(std::vector<Completion> completions) {
  {
    absl::MutexLock lock(&mutex_);
    if (!queue_.empty()) {
      mutex_.Await(absl::Condition(this, &Lane::HasNoCompletions));
      completions_ = std::move(completions);
      return;
    }
  }
  for (Completion& completion : completions) completion.Run();
}

void Lane::CompleteLoop() {
  while (true) {
    std::vector<Completion> completions;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &Lane::HasCompletions));
      if (completions_.empty()) return;
      completions = std::exchange(completions_, {});
    }
    for (Completion& completion : completions) completion.Run();
  }
}

std::vector<Request> Lane::TakeBatch() {
  if (queue_.size() <= options_.max_batch) return std::exchange(queue_, {});
  const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(options_.max_batch);
  std::vector<Request> batch(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
  queue_.erase(queue_.begin(), end);
  return batch;
}

}  // namespace dangol::lane
