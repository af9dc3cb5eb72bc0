#pragma once

#include <cstdint>
#include <ostream>
#include <string>

#include "absl/time/time.h"

namespace dangol::cli {

// How far an import has come.
struct ProgressState {
  int64_t rows = 0;
  // Bytes of the file; 0 when its size is not known.
  int64_t position = 0;
  int64_t size = 0;
  absl::Duration elapsed;
};

// The line that shows it, without a line end and below 80 columns:
// "[#####.....]  50%  270,955 rows  41,200 rows/s  ETA 0:07".
std::string FormatProgress(const ProgressState& state);

// Rewrites the line on a terminal a few times a second. Not thread safe.
class Progress {
 public:
  // Shows nothing unless `shown`.
  Progress(std::ostream& terminal, bool shown, absl::Time start)
      : terminal_(terminal), shown_(shown), start_(start), next_(start) {}
  // Leaves an empty line to whatever follows.
  ~Progress() { Clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void Show(int64_t rows, int64_t position, int64_t size, absl::Time now);
  void Clear();

 private:
  std::ostream& terminal_;
  const bool shown_;
  const absl::Time start_;
  absl::Time next_;
  bool drawn_ = false;
};

}  // namespace dangol::cli
