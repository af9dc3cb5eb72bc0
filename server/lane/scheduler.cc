#include "server/lane/scheduler.h"

#include <spdlog/spdlog.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"

namespace dangol::lane {
namespace {

Request AdvanceRequest(const domain::MemberId& member, absl::Time now,
                       absl::BlockingCounter& counter) {
  Request request;
  request.key = {storage::RequestScope::kSystem,
                 absl::StrCat("advance/", member.ToString(), "/", absl::ToUnixMicros(now))};
  request.command = {domain::AdvanceMember{{member, {}}}, "system"};
  request.done = [&counter](const absl::StatusOr<Reply>& reply) {
    if (!reply.ok()) spdlog::warn("could not advance a member: {}", reply.status().ToString());
    counter.DecrementCount();
  };
  return request;
}

}  // namespace

Scheduler::Scheduler(const Options& options, ReadPool& reads, Lane& lane, const Clock& clock)
    : options_(options), reads_(reads), lane_(lane), clock_(clock), thread_([this] { Loop(); }) {}

Scheduler::~Scheduler() { Stop(); }

void Scheduler::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void Scheduler::Loop() {
  while (true) {
    const absl::StatusOr<size_t> advanced = RunOnce();
    // More may be due at once after a full round.
    const bool more = advanced.ok() && *advanced == limits::kMaxDueMembersPerRound;
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(&stopping_),
                            more ? absl::ZeroDuration() : options_.interval);
    if (stopping_) return;
  }
}

absl::StatusOr<size_t> Scheduler::RunOnce() {
  const absl::Time now = clock_.Now();
  absl::StatusOr<std::vector<domain::MemberId>> due;
  absl::Notification read;
  reads_.Run([&](absl::StatusOr<storage::Reader*> reader) {
    due = reader.ok() ? (*reader)->DueMembers(now, limits::kMaxDueMembersPerRound)
                      : absl::StatusOr<std::vector<domain::MemberId>>(reader.status());
    read.Notify();
  });
  read.WaitForNotification();
  RETURN_IF_ERROR(due.status());

  absl::BlockingCounter counter(static_cast<int>(due->size()));
  std::vector<Request> requests;
  for (const domain::MemberId& member : *due)
    requests.push_back(AdvanceRequest(member, now, counter));
  lane_.SubmitAll(std::move(requests));
  counter.Wait();
  return due->size();
}

}  // namespace dangol::lane
