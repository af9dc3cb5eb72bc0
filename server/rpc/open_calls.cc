#include "server/rpc/open_calls.h"

namespace dangol::rpc {

class OpenCalls::Unary final : public grpc::ServerUnaryReactor {
 public:
  explicit Unary(OpenCalls& calls) : calls_(calls) {}

  void OnDone() override {
    calls_.Close();
    delete this;
  }

 private:
  OpenCalls& calls_;
};

grpc::ServerUnaryReactor* OpenCalls::Open() {
  absl::MutexLock lock(&mutex_);
  if (draining_) return nullptr;
  ++unary_;
  return new Unary(*this);
}

void OpenCalls::Close() {
  absl::MutexLock lock(&mutex_);
  --unary_;
}

bool OpenCalls::Add(Stream& stream) {
  absl::MutexLock lock(&mutex_);
  streams_.insert(&stream);
  return !draining_;
}

void OpenCalls::Remove(Stream& stream) {
  absl::MutexLock lock(&mutex_);
  streams_.erase(&stream);
}

void OpenCalls::Drain(absl::Time deadline) {
  absl::MutexLock lock(&mutex_);
  draining_ = true;
  for (Stream* stream : streams_) stream->Drain();
  mutex_.AwaitWithDeadline(absl::Condition(this, &OpenCalls::None), deadline);
}

}  // namespace dangol::rpc
