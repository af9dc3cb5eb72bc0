#include "server/lane/due_members.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"

namespace dangol::lane {
namespace {

// What becomes of the advances of a page.
class Round {
 public:
  explicit Round(size_t size) : left_(static_cast<int>(size)) {}

  void Note(const absl::Status& answer) {
    {
      absl::MutexLock lock(&mutex_);
      if (!answer.ok()) failure_ = answer;
    }
    left_.DecrementCount();
  }

  absl::Status Wait() {
    left_.Wait();
    absl::MutexLock lock(&mutex_);
    return failure_;
  }

 private:
  absl::Mutex mutex_;
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
  absl::BlockingCounter left_;
};

// Members who are due, and what was read of them.
struct Page {
  std::vector<storage::DueMember> members;
  storage::Loaded loaded;
  absl::Time read_at;
};

absl::StatusOr<Page> ReadPage(ReadPool& reads, absl::Time now, const storage::DueMember& after) {
  Page page;
  page.read_at = absl::Now();
  RETURN_IF_ERROR(reads.RunAndWait([&](storage::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(page.members, reader.DueMembers(now, limits::kMaxDueMembersPerPage, after));
    if (page.members.empty()) return absl::OkStatus();
    storage::KeySet keys;
    keys.now = now;
    // The lane knows the rules.
    keys.known_rules = std::numeric_limits<int64_t>::max();
    for (const storage::DueMember& due : page.members) {
      keys.members.push_back({{.id = due.id, .alias = {}}, {}});
    }
    ASSIGN_OR_RETURN(page.loaded, reader.Load(keys));
    return absl::OkStatus();
  }));
  return page;
}

Request AdvanceRequest(const domain::MemberId& member, absl::Time now) {
  Request request;
  request.key = {storage::RequestScope::kSystem,
                 absl::StrCat("advance/", member.ToString(), "/", absl::ToUnixMicros(now))};
  domain::AdvanceMember advance;
  advance.member.id = member;
  request.command = {std::move(advance), domain::kSystemPrincipal};
  request.action = domain::EncodeAction(request.command.action);
  return request;
}

std::unique_ptr<Round> Submit(Page page, absl::Time now, Lanes& lanes) {
  auto round = std::make_unique<Round>(page.members.size());
  std::vector<Request> requests;
  requests.reserve(page.members.size());
  for (const storage::DueMember& due : page.members) {
    Request& request = requests.emplace_back(AdvanceRequest(due.id, now));
    request.done = [&round = *round](const absl::StatusOr<Reply>& reply) {
      round.Note(reply.status());
    };
    const auto found = page.loaded.members.find(due.id);
    // Whose purse is another's is decided upon together with that.
    if (found == page.loaded.members.end() || found->second.member.joined.has_value()) continue;
    request.foreseen = std::make_unique<domain::MemberState>(std::move(found->second));
    request.foreseen_at = page.read_at;
  }
  lanes.SubmitAll(std::move(requests));
  return round;
}

}  // namespace

absl::Status SubmitForAll(size_t count, absl::FunctionRef<Request(size_t)> make, Lanes& lanes) {
  constexpr auto kPage = static_cast<size_t>(limits::kMaxDueMembersPerPage);
  absl::Status failure;
  for (size_t begin = 0; begin < count; begin += kPage) {
    const size_t size = std::min(count - begin, kPage);
    Round round(size);
    std::vector<Request> requests;
    requests.reserve(size);
    for (size_t i = begin; i < begin + size; ++i) {
      Request& request = requests.emplace_back(make(i));
      request.done = [&round](const absl::StatusOr<Reply>& reply) {
        // Another server was faster, and looked at another moment.
        const bool is_done = absl::IsAlreadyExists(reply.status());
        round.Note(is_done ? absl::OkStatus() : reply.status());
      };
    }
    lanes.SubmitAll(std::move(requests));
    failure.Update(round.Wait());
  }
  return failure;
}

absl::Status AdvanceMembers(const std::vector<domain::MemberId>& members, absl::Time now,
                            Lanes& lanes) {
  return SubmitForAll(
      members.size(), [&](size_t i) { return AdvanceRequest(members[i], now); }, lanes);
}

absl::StatusOr<size_t> AdvanceDueMembers(ReadPool& reads, Lanes& lanes, absl::Time now,
                                         size_t limit, absl::FunctionRef<bool()> is_cut_off) {
  size_t advanced = 0;
  storage::DueMember last;
  std::unique_ptr<Round> under_way;
  absl::Status failure;
  bool is_last = false;
  while (!is_last && advanced < limit) {
    if (is_cut_off()) {
      failure = absl::CancelledError("cut off");
      break;
    }
    absl::StatusOr<Page> page = ReadPage(reads, now, last);
    if (!page.ok()) {
      failure.Update(page.status());
      break;
    }
    const size_t size = page->members.size();
    is_last = size < static_cast<size_t>(limits::kMaxDueMembersPerPage);
    if (size == 0) break;
    last = page->members.back();
    advanced += size;
    std::unique_ptr<Round> next = Submit(*std::move(page), now, lanes);
    if (under_way != nullptr) failure.Update(under_way->Wait());
    under_way = std::move(next);
  }
  if (under_way != nullptr) failure.Update(under_way->Wait());
  if (!failure.ok()) return failure;
  return advanced;
}

}  // namespace dangol::lane
