#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "cli/import/report.h"
#include "cli/import/rows.h"
#include "dangol/client.h"

namespace dangol::cli {

// How purchases and returns are sent.
struct SenderOptions {
  // Batches in flight. What is a member's always goes through the same one, so
  // it arrives in the order of the file.
  int parallel_calls = 4;
  // Purchases in one call, 1,000 at most.
  int batch_purchases = 250;
  // And bytes, well below the server's limit of 4 MiB for a message.
  size_t batch_bytes = size_t{1024} * 1024;
  // How often purchases that the server is too busy for are sent again.
  int resends = 10;
  // Waits between resends; tests bring their own.
  std::function<void(absl::Duration)> sleep;
};

// Records purchases and returns, batch by batch (batch.h), on a few threads and
// enrols the members that the server does not know. What becomes of each goes to
// the report. Memory is bounded: Add waits while all calls are busy.
//
// To be used by one thread.
class Sender {
 public:
  // The report must outlive this.
  Sender(Client client, SenderOptions options, ImportReport& report);
  // Drops what has not been sent.
  ~Sender();
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  // Takes a purchase. An error means that the import can't go on.
  absl::Status Add(ReadPurchase purchase);
  // Sends what is left and waits until all of it has an outcome.
  absl::Status Finish();

 private:
  using Batch = std::vector<ReadPurchase>;

  // One thread and what it has to do.
  struct Worker {
    // Filled by Add, handed over when large enough.
    Batch filling;
    size_t filling_bytes = 0;
    // The batch that waits while another one is being sent.
    std::unique_ptr<Batch> waiting;
    std::thread thread;
  };

  absl::Status HandOver(Worker& worker);
  void Run(Worker& worker);

  const Client client_;
  const SenderOptions options_;
  ImportReport& report_;

  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
  // Each worker's `waiting` is guarded by mutex_; the rest of it belongs to the
  // thread that calls Add.
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace dangol::cli
