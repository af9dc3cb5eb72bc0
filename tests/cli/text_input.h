#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "cli/import/input.h"

namespace dangol::cli {

// Hands out a text, a few bytes at a time, and fails in the end if told to.
class TextSource : public ByteSource {
 public:
  explicit TextSource(std::string text, size_t chunk = 7, absl::Status end = absl::OkStatus())
      : text_(std::move(text)), chunk_(chunk), end_(std::move(end)) {}

  absl::StatusOr<size_t> Read(char* buffer, size_t size) override {
    const size_t count = std::min({size, chunk_, text_.size() - position_});
    if (count == 0 && !end_.ok()) return end_;
    std::memcpy(buffer, text_.data() + position_, count);
    position_ += count;
    return count;
  }
  int64_t position() const override { return static_cast<int64_t>(position_); }

 private:
  const std::string text_;
  const size_t chunk_;
  const absl::Status end_;
  size_t position_ = 0;
};

inline Input TextInput(std::string text) {
  return Input(std::make_unique<TextSource>(std::move(text)));
}

}  // namespace dangol::cli
