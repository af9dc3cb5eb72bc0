#include "server/lane/lane.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace dangol::lane {

Lane::Lane(size_t max_batch, Backlog& backlog, const Executor& executor,
           std::function<void()> executed)
    : max_batch_(max_batch),
      backlog_(backlog),
      executor_(executor),
      executed_(std::move(executed)),
      thread_([this] { Loop(); }),
      completing_thread_([this] { CompleteLoop(); }) {}

Lane::~Lane() { Drain(); }

void Lane::Submit(std::vector<Request> requests) {
  absl::MutexLock lock(&mutex_);
  std::move(requests.begin(), requests.end(), std::back_inserter(queue_));
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
    std::vector<Completion> completions = executor_.Execute(std::move(batch));
    if (executed_) executed_();
    Complete(std::move(completions));
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
  batch.reserve(std::min(queue_.size(), max_batch_));
  size_t bytes = 0;
  while (!queue_.empty() && batch.size() < max_batch_) {
    bytes += queue_.front().action.size();
    batch.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  backlog_.Release(batch.size(), bytes);
  return batch;
}

}  // namespace dangol::lane
