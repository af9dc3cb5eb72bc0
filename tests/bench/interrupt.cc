#include "tests/bench/interrupt.h"

#include <csignal>

namespace dangol::bench {
namespace {

volatile std::sig_atomic_t interrupted = 0;

void OnSignal(int /*signal*/) { interrupted = 1; }

}  // namespace

void CatchInterrupts() {
  struct sigaction action = {};
  action.sa_handler = OnSignal;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

absl::Status CheckInterrupt() {
  return interrupted ? absl::CancelledError("interrupted") : absl::OkStatus();
}

}  // namespace dangol::bench
