#include "cli/import/sender.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/time/clock.h"
#include "cli/import/batch.h"

namespace dangol::cli {
namespace {

size_t HashOf(const v1::MemberRef& member) {
  return absl::HashOf(member.member_id(), member.alias().kind(), member.alias().value());
}

SenderOptions WithDefaults(SenderOptions options) {
  if (!options.sleep) options.sleep = [](absl::Duration pause) { absl::SleepFor(pause); };
  return options;
}

}  // namespace

Sender::Sender(Client client, SenderOptions options, ImportReport& report)
    : client_(std::move(client)), options_(WithDefaults(std::move(options))), report_(report) {
  for (int i = 0; i < options_.parallel_calls; ++i) {
    workers_.push_back(std::make_unique<Worker>());
    Worker& worker = *workers_.back();
    worker.thread = std::thread([this, &worker] { Run(worker); });
  }
}

Sender::~Sender() {
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
    if (failure_.ok()) failure_ = absl::CancelledError("the import was given up");
  }
  for (const auto& worker : workers_) {
    if (worker->thread.joinable()) worker->thread.join();
  }
}

absl::Status Sender::Add(ReadPurchase purchase) {
  Worker& worker = *workers_[HashOf(purchase.purchase.member()) % workers_.size()];
  const size_t bytes = purchase.purchase.ByteSizeLong();
  if (!worker.filling.empty() && worker.filling_bytes + bytes > options_.batch_bytes) {
    if (absl::Status status = HandOver(worker); !status.ok()) return status;
  }
  worker.filling.push_back(std::move(purchase));
  worker.filling_bytes += bytes;
  if (static_cast<int>(worker.filling.size()) < options_.batch_purchases) return absl::OkStatus();
  return HandOver(worker);
}

absl::Status Sender::Finish() {
  for (const auto& worker : workers_) {
    if (worker->filling.empty()) continue;
    if (absl::Status status = HandOver(*worker); !status.ok()) return status;
  }
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  for (const auto& worker : workers_) worker->thread.join();
  const absl::MutexLock lock(&mutex_);
  return failure_;
}

absl::Status Sender::HandOver(Worker& worker) {
  auto batch = std::make_unique<Batch>(std::exchange(worker.filling, {}));
  worker.filling_bytes = 0;
  const auto free = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return worker.waiting == nullptr || !failure_.ok();
  };
  const absl::MutexLock lock(&mutex_, absl::Condition(&free));
  if (!failure_.ok()) return failure_;
  worker.waiting = std::move(batch);
  return absl::OkStatus();
}

void Sender::Run(Worker& worker) {
  const auto awake = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return worker.waiting != nullptr || stopping_ || !failure_.ok();
  };
  while (true) {
    std::unique_ptr<Batch> batch;
    {
      const absl::MutexLock lock(&mutex_, absl::Condition(&awake));
      if (!failure_.ok() || worker.waiting == nullptr) return;
      batch = std::move(worker.waiting);
    }
    const absl::Status status = RecordBatch(client_, options_, *batch, report_);
    if (status.ok()) continue;
    const absl::MutexLock lock(&mutex_);
    if (failure_.ok()) failure_ = status;
    return;
  }
}

}  // namespace dangol::cli
