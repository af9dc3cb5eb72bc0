#include "server/lane/lane.h"

#include <algorithm>
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

absl::Status Lane::Admits(size_t count, size_t bytes) const {
  if (draining_) return ShuttingDown();
  // One request is always small enough for an empty queue.
  if (queue_.empty()) return absl::OkStatus();
  if (queue_.size() + count > options_.max_queued) return Overloaded();
  if (queued_bytes_ + bytes > options_.max_queued_bytes) return Overloaded();
  return absl::OkStatus();
}

void Lane::Submit(Request request) {
  std::vector<Request> single;
  single.push_back(std::move(request));
  SubmitAll(std::move(single));
}

void Lane::SubmitAll(std::vector<Request> requests) {
  size_t bytes = 0;
  for (const Request& request : requests) bytes += request.payload.size();
  absl::Status admitted;
  {
    absl::MutexLock lock(&mutex_);
    admitted = Admits(requests.size(), bytes);
    if (admitted.ok()) {
      queued_bytes_ += bytes;
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
  std::vector<Request> batch;
  batch.reserve(std::min(queue_.size(), options_.max_batch));
  while (!queue_.empty() && batch.size() < options_.max_batch) {
    queued_bytes_ -= queue_.front().payload.size();
    batch.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return batch;
}

}  // namespace dangol::lane
