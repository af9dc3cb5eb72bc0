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

// What became of a round of advances.
struct Round {
  explicit Round(size_t size) : left(static_cast<int>(size)) {}

  void Note(const absl::Status& answer) {
    {
      absl::MutexLock lock(&mutex);
      if (!answer.ok()) failure = answer;
    }
    left.DecrementCount();
  }

  absl::Mutex mutex;
  absl::Status failure ABSL_GUARDED_BY(mutex);
  absl::BlockingCounter left;
};

Request AdvanceRequest(const domain::MemberId& member, absl::Time now, Round& round) {
  Request request;
  request.key = {storage::RequestScope::kSystem,
                 absl::StrCat("advance/", member.ToString(), "/", absl::ToUnixMicros(now))};
  domain::AdvanceMember advance;
  advance.member.id = member;
  request.command = {std::move(advance), domain::kSystemPrincipal};
  request.action = domain::EncodeAction(request.command.action);
  request.done = [&round](const absl::StatusOr<Reply>& reply) { round.Note(reply.status()); };
  return request;
}

}  // namespace

Scheduler::Scheduler(const Options& options, ReadPool& reads, Lanes& lanes, const Clock& clock)
    : options_(options), reads_(reads), lanes_(lanes), clock_(clock), thread_([this] { Loop(); }) {}

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
    if (!advanced.ok()) {
      spdlog::warn("could not advance the members that are due: {}", advanced.status().ToString());
    }
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

  Round round(due->size());
  std::vector<Request> requests;
  for (const domain::MemberId& member : *due) {
    requests.push_back(AdvanceRequest(member, now, round));
  }
  lanes_.SubmitAll(std::move(requests));
  round.left.Wait();
  absl::MutexLock lock(&round.mutex);
  RETURN_IF_ERROR(round.failure);
  return due->size();
}

}  // namespace dangol::lane
