#include "server/lane/read_pool.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "absl/synchronization/notification.h"
#include "server/common/error.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/lane/request.h"

namespace dangol::lane {
namespace {

absl::Status StoreAway(const absl::Status& fault) {
  spdlog::error("could not read the store: {}", fault.ToString());
  ErrorDetails details;
  details.reason = "STORE_UNAVAILABLE";
  details.retry_delay = absl::Seconds(1);
  return MakeError(absl::StatusCode::kUnavailable, "the database cannot be read right now",
                   details);
}

}  // namespace

ReadPool::ReadPool(const Options& options, storage::Store& store, ProgramLibrary& programs,
                   const Clock& clock)
    : options_(options), store_(store), programs_(programs), clock_(clock) {
  for (int i = 0; i < options_.threads; ++i) threads_.emplace_back([this, i] { Loop(i > 0); });
}

ReadPool::~ReadPool() { Drain(); }

absl::Status ReadPool::Admits() const {
  if (draining_) return ShuttingDown();
  if (member_reads_.size() + queries_.size() >= options_.max_queued) return Overloaded();
  return absl::OkStatus();
}

void ReadPool::ReadMember(domain::Reads reads, MemberDone done) {
  ReadMember(
      [reads = std::move(reads)](const domain::ProgramCatalog&, absl::Time) { return reads; },
      std::move(done));
}

void ReadPool::ReadMember(MakeReads make_reads, MemberDone done) {
  absl::Status admitted;
  {
    absl::MutexLock lock(&mutex_);
    admitted = Admits();
    if (admitted.ok()) {
      member_reads_.push_back({std::move(make_reads), std::move(done), {}});
      return;
    }
  }
  done(admitted);
}

void ReadPool::Run(Query query) {
  absl::Status admitted;
  {
    absl::MutexLock lock(&mutex_);
    admitted = Admits();
    if (admitted.ok()) {
      queries_.push_back(std::move(query));
      return;
    }
  }
  query(admitted);
}

absl::Status ReadPool::RunAndWait(absl::FunctionRef<absl::Status(storage::Reader& reader)> query) {
  absl::Status status;
  absl::Notification done;
  Run([&](absl::StatusOr<storage::Reader*> reader) {
    status = reader.ok() ? query(**reader) : reader.status();
    done.Notify();
  });
  done.WaitForNotification();
  return status;
}

size_t ReadPool::queued() {
  absl::MutexLock lock(&mutex_);
  return member_reads_.size() + queries_.size();
}

void ReadPool::Drain() {
  {
    absl::MutexLock lock(&mutex_);
    draining_ = true;
  }
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void ReadPool::Loop(bool takes_queries) {
  std::unique_ptr<storage::Reader> reader;
  while (true) {
    std::vector<MemberRead> batch;
    Query query;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(
          absl::Condition(this, takes_queries ? &ReadPool::HasWork : &ReadPool::HasMemberReads));
      batch = TakeMemberReads();
      if (takes_queries && !queries_.empty()) {
        query = std::move(queries_.front());
        queries_.pop_front();
      }
    }
    if (batch.empty() && query == nullptr) return;
    absl::Status status;
    if (reader == nullptr) {
      absl::StatusOr<std::unique_ptr<storage::Reader>> opened = store_.NewReader();
      if (opened.ok()) {
        reader = *std::move(opened);
      } else {
        status = StoreAway(opened.status());
      }
    }
    if (!status.ok()) {
      for (MemberRead& read : batch) read.done(status);
      if (query != nullptr) query(status);
      continue;
    }
    if (query != nullptr) query(reader.get());
    // A reader that failed may have lost its connection for good.
    if (!batch.empty() && !Answer(*reader, std::move(batch)).ok()) reader.reset();
  }
}

std::vector<ReadPool::MemberRead> ReadPool::TakeMemberReads() {
  std::vector<MemberRead> batch;
  while (!member_reads_.empty() && batch.size() < limits::kMaxReadsPerBatch) {
    batch.push_back(std::move(member_reads_.front()));
    member_reads_.pop_front();
  }
  return batch;
}

absl::Status ReadPool::Answer(storage::Reader& reader, std::vector<MemberRead> batch) {
  const absl::StatusOr<Found> found = Load(reader, batch);
  if (!found.ok()) {
    const absl::Status status = StoreAway(found.status());
    for (MemberRead& read : batch) read.done(status);
    return found.status();
  }
  for (MemberRead& read : batch) {
    MemberView view;
    if (read.reads.member.has_value()) {
      view.member = found->loaded.Find(*read.reads.member);
      view.person = found->loaded.FindPerson(*read.reads.member);
    }
    view.aliases = &found->loaded.aliases;
    view.counters = &found->loaded.counters;
    view.catalog = found->catalog.get();
    view.now = found->now;
    read.done(view);
  }
  return absl::OkStatus();
}

absl::StatusOr<ReadPool::Found> ReadPool::Load(storage::Reader& reader,
                                               std::vector<MemberRead>& batch) {
  while (true) {
    Found found;
    found.now = clock_.Now();
    found.catalog = programs_.Current();
    storage::KeySet keys;
    keys.now = found.now;
    keys.known_rules = found.catalog->rules();
    for (MemberRead& read : batch) {
      read.reads = read.make_reads(*found.catalog, found.now);
      if (read.reads.member.has_value())
        keys.members.push_back({*read.reads.member, read.reads.needs});
      keys.aliases.insert(keys.aliases.end(), read.reads.aliases.begin(), read.reads.aliases.end());
      keys.counters.insert(keys.counters.end(), read.reads.counters.begin(),
                           read.reads.counters.end());
    }
    ASSIGN_OR_RETURN(found.loaded, storage::LoadFollowing(reader, keys));
    if (found.loaded.rules.empty()) return found;
    // What was read may not be what the new program asks for: ask again with it.
    RETURN_IF_ERROR(programs_.Learn(found.loaded.rules));
  }
}

}  // namespace dangol::lane
