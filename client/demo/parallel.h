#pragma once

#include <cstddef>
#include <thread>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"

namespace dangol::demo {

// Runs work(0) to work(workers - 1) at the same time, and returns the first
// error, by number.
inline absl::Status RunWorkers(int workers, absl::FunctionRef<absl::Status(int)> work) {
  std::vector<absl::Status> statuses(static_cast<std::size_t>(workers));
  std::vector<std::thread> threads;
  threads.reserve(statuses.size());
  for (int worker = 0; worker < workers; ++worker) {
    threads.emplace_back(
        [&statuses, worker, work] { statuses[static_cast<std::size_t>(worker)] = work(worker); });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  for (absl::Status& status : statuses) {
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace dangol::demo
