#include "server/lane/due_members.h"

#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"
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

absl::StatusOr<std::vector<domain::MemberId>> FindDueMembers(ReadPool& reads, absl::Time now,
                                                             int limit) {
  std::vector<domain::MemberId> due;
  RETURN_IF_ERROR(reads.RunAndWait([&](storage::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(due, reader.DueMembers(now, limit));
    return absl::OkStatus();
  }));
  return due;
}

absl::Status AdvanceMembers(const std::vector<domain::MemberId>& members, absl::Time now,
                            Lanes& lanes) {
  Round round(members.size());
  std::vector<Request> requests;
  requests.reserve(members.size());
  for (const domain::MemberId& member : members) {
    requests.push_back(AdvanceRequest(member, now, round));
  }
  lanes.SubmitAll(std::move(requests));
  round.left.Wait();
  absl::MutexLock lock(&round.mutex);
  return round.failure;
}

}  // namespace dangol::lane
