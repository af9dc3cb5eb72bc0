#ifndef DANGOL_SERVER_RPC_FILE_WATCH_H_
#define DANGOL_SERVER_RPC_FILE_WATCH_H_

#include <spdlog/spdlog.h>

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "server/common/limits.h"

namespace dangol::rpc {

// What is watched, and how.
template <typename Contents>
struct Watched {
  std::string what;  // In a plural, for the log: "certificates".
  std::function<absl::StatusOr<Contents>()> load;
  std::function<bool(const Contents&, const Contents&)> is_same;
  // Called after each look by the thread of the watch, and once before it starts, with what is in
  // force; may be empty.
  std::function<void(const Contents&)> looked;
};

// Follows what is in files, at which a thread of its own looks every limits::kFileRefresh. What can
// be used is in force from then on; what cannot is logged once, and what was in force stays. Files
// that belong together are replaced one after the other, so what does not fit is no mistake before
// it is seen twice. Thread-safe.
template <typename Contents>
class FileWatch {
 public:
  // `first` was loaded from the files.
  FileWatch(Watched<Contents> watched, Contents first)
      : watched_(std::move(watched)), current_(std::make_shared<const Contents>(std::move(first))) {
    Looked();
    thread_ = std::thread([this] { Loop(); });
  }

  ~FileWatch() {
    {
      absl::MutexLock lock(&mutex_);
      stopping_ = true;
    }
    thread_.join();
  }

  // What is in force. Another object, and never a changed one, once that is replaced.
  std::shared_ptr<const Contents> Current() const {
    absl::MutexLock lock(&mutex_);
    return current_;
  }

 private:
  void Loop() {
    while (true) {
      {
        absl::MutexLock lock(&mutex_);
        if (mutex_.AwaitWithTimeout(absl::Condition(&stopping_), limits::kFileRefresh)) return;
      }
      Look();
      Looked();
    }
  }

  void Look() {
    absl::StatusOr<Contents> loaded = watched_.load();
    if (!loaded.ok()) return Complain(loaded.status());
    complaint_.clear();
    if (watched_.is_same(*loaded, *Current())) return;
    spdlog::info("new {} are in force", watched_.what);
    auto next = std::make_shared<const Contents>(*std::move(loaded));
    absl::MutexLock lock(&mutex_);
    current_ = std::move(next);
  }

  void Looked() {
    if (watched_.looked) watched_.looked(*Current());
  }

  void Complain(const absl::Status& wrong) {
    if (complaint_ != wrong.message()) {
      complaint_ = std::string(wrong.message());
      complained_ = false;
      return;
    }
    if (complained_) return;
    spdlog::error("the {} that were in force stay: {}", watched_.what, complaint_);
    complained_ = true;
  }

  const Watched<Contents> watched_;

  mutable absl::Mutex mutex_;
  std::shared_ptr<const Contents> current_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;

  // Of the thread alone: what was wrong when it looked last, and whether the log has it.
  std::string complaint_;
  bool complained_ = false;

  std::thread thread_;
};

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_FILE_WATCH_H_
