#pragma once

#include <grpcpp/client_context.h>
#include <sys/stat.h>

#include <cstdint>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"

namespace dangol::internal {

// A bearer token that somebody else keeps fresh in a file. It is looked at before each call, and
// read again where it was replaced. Thread safe.
class TokenFile {
 public:
  // No token is sent where the path is empty.
  explicit TokenFile(std::string path) : path_(std::move(path)) {}

  // Sends the token with a call. UNAUTHENTICATED where there is none to send.
  absl::Status AddTo(grpc::ClientContext& context);

 private:
  // Which file it was, when it was read: one that replaces it differs in something of this.
  struct Stamp {
    ino_t inode = 0;
    off_t size = -1;
    int64_t seconds = 0;
    int64_t nanoseconds = 0;

    friend bool operator==(const Stamp&, const Stamp&) = default;
  };

  absl::Status Refresh() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string path_;
  absl::Mutex mutex_;
  Stamp stamp_ ABSL_GUARDED_BY(mutex_);
  std::string header_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dangol::internal
