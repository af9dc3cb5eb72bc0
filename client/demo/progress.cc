#include "client/demo/progress.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/demo/table.h"

namespace dangol::demo {
namespace {

constexpr int kBarWidth = 30;
constexpr absl::Duration kRedraw = absl::Milliseconds(100);

}  // namespace

Progress::Progress(std::string what, int64_t total, bool terminal)
    : what_(std::move(what)),
      total_(std::max<int64_t>(total, 1)),
      terminal_(terminal),
      start_(absl::Now()) {}

void Progress::Add(int64_t count) {
  absl::MutexLock lock(&mutex_);
  done_ += count;
  const absl::Time now = absl::Now();
  if (terminal_ && now - drawn_ >= kRedraw) {
    drawn_ = now;
    Draw();
  }
}

void Progress::Draw() {
  const double share = static_cast<double>(done_) / static_cast<double>(total_);
  const double seconds = std::max(absl::ToDoubleSeconds(absl::Now() - start_), 0.001);
  absl::FPrintF(stderr, "\r%-20s %s %3.0f%% %8s/s ", what_, Bar(share, kBarWidth), share * 100,
                Grouped(static_cast<int64_t>(static_cast<double>(done_) / seconds)));
  std::fflush(stderr);
}

void Progress::Finish() {
  absl::MutexLock lock(&mutex_);
  const double seconds = std::max(absl::ToDoubleSeconds(absl::Now() - start_), 0.001);
  const auto rate = static_cast<int64_t>(static_cast<double>(done_) / seconds);
  const std::string line =
      absl::StrFormat("%-20s %8s in %5.1f s, %s/s", what_, Grouped(done_), seconds, Grouped(rate));
  // On a terminal the line replaces the bar.
  absl::FPrintF(stderr, "%s%s\n", terminal_ ? "\r\033[K" : "", line);
}

}  // namespace dangol::demo
