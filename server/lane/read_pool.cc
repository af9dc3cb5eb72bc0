#include "server/lane/read_pool.h"

#include <spdlog/spdlog.h>

#include <utility>

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
  absl::Status admitted;
  {
    absl::MutexLock lock(&mutex_);
    admitted = Admits();
    if (admitted.ok()) {
      member_reads_.push_back({std::move(reads), std::move(done)});
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
  const absl::Time now = clock_.Now();
  const absl::StatusOr<storage::Loaded> loaded = Load(reader, batch, now);
  if (!loaded.ok()) {
    const absl::Status status = StoreAway(loaded.status());
    for (MemberRead& read : batch) read.done(status);
    return loaded.status();
  }
  const std::shared_ptr<const domain::ProgramCatalog> catalog = programs_.Current();
  for (MemberRead& read : batch) {
    MemberView view;
    if (read.reads.member.has_value()) {
      view.member = loaded->Find(*read.reads.member);
      view.person = loaded->FindPerson(*read.reads.member);
    }
    view.aliases = &loaded->aliases;
    view.counters = &loaded->counters;
    view.catalog = catalog.get();
    view.now = now;
    read.done(view);
  }
  return absl::OkStatus();
}

absl::StatusOr<storage::Loaded> ReadPool::Load(storage::Reader& reader,
                                               const std::vector<MemberRead>& batch,
                                               absl::Time now) {
  storage::KeySet keys;
  keys.now = now;
  keys.known_program_version = LatestVersion(*programs_.Current());
  for (const MemberRead& read : batch) {
    if (read.reads.member.has_value())
      keys.members.push_back({*read.reads.member, read.reads.needs});
    keys.aliases.insert(keys.aliases.end(), read.reads.aliases.begin(), read.reads.aliases.end());
    keys.counters.insert(keys.counters.end(), read.reads.counters.begin(),
                         read.reads.counters.end());
  }
  ASSIGN_OR_RETURN(storage::Loaded loaded, storage::LoadFollowing(reader, keys));
  RETURN_IF_ERROR(programs_.Learn(loaded.programs));
  return loaded;
}

}  // namespace dangol::lane
