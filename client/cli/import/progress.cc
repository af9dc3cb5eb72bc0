#include "cli/import/progress.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "dangol/money.h"

namespace dangol::cli {
namespace {

constexpr absl::Duration kInterval = absl::Milliseconds(100);
constexpr int kBarWidth = 24;

std::string Clock(int64_t seconds) {
  if (seconds < 3600) return absl::StrFormat("%d:%02d", seconds / 60, seconds % 60);
  return absl::StrFormat("%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

}  // namespace

std::string FormatProgress(const ProgressState& state) {
  const double seconds = absl::ToDoubleSeconds(state.elapsed);
  const int64_t rate = seconds > 0 ? static_cast<int64_t>(state.rows / seconds) : 0;
  const std::string counts =
      absl::StrCat(FormatMinor(state.rows, 0), " rows  ", FormatMinor(rate, 0), " rows/s");
  if (state.size <= 0) return absl::StrCat(counts, "  ", Clock(static_cast<int64_t>(seconds)));

  // Doubles are fine here: it is a picture.
  const double done =
      std::clamp(static_cast<double>(state.position) / static_cast<double>(state.size), 0.0, 1.0);
  const int filled = static_cast<int>(done * kBarWidth);
  const std::string bar =
      absl::StrCat("[", std::string(filled, '#'), std::string(kBarWidth - filled, '.'), "]");
  const std::string left = done > 0 ? Clock(std::lround(seconds * (1 - done) / done)) : "?";
  return absl::StrFormat("%s %3d%%  %s  ETA %s", bar, static_cast<int>(done * 100), counts, left);
}

void Progress::Show(int64_t rows, int64_t position, int64_t size, absl::Time now) {
  if (!shown_ || now < next_) return;
  next_ = now + kInterval;
  drawn_ = true;
  // Back to the beginning of the line; what the last one left is erased.
  terminal_ << '\r'
            << FormatProgress(
                   {.rows = rows, .position = position, .size = size, .elapsed = now - start_})
            << "\x1b[K" << std::flush;
}

void Progress::Clear() {
  if (drawn_) terminal_ << "\r\x1b[K" << std::flush;
  drawn_ = false;
}

}  // namespace dangol::cli
