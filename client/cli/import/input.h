#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace dangol::cli {

// Bytes from somewhere, in order. Not thread safe.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Reads up to `size` bytes; 0 at the end.
  virtual absl::StatusOr<size_t> Read(char* buffer, size_t size) = 0;
  // How far the underlying file has been read, in bytes.
  virtual int64_t position() const = 0;
};

// Reads an open file. Closes it in the end when `owned`.
std::unique_ptr<ByteSource> MakeFileSource(std::FILE* file, bool owned);

// Passes on what another source holds, unpacked when it is gzip (by its magic
// bytes, also several members one after the other).
std::unique_ptr<ByteSource> MakeUnpackingSource(std::unique_ptr<ByteSource> source);

// A source read byte by byte. An error of the source looks like its end; ask
// status() there. Not thread safe.
class Input {
 public:
  static constexpr int kEnd = -1;

  explicit Input(std::unique_ptr<ByteSource> source);

  // Opens a file, or standard input for "-", and unpacks it where needed.
  // NOT_FOUND and the like name the file.
  static absl::StatusOr<std::unique_ptr<Input>> Open(const std::string& path);

  // The next byte, 0 to 255, or kEnd.
  int Peek() {
    if (next_ == filled_ && !Fill()) return kEnd;
    return static_cast<unsigned char>(buffer_[next_]);
  }
  int Get() {
    const int byte = Peek();
    if (byte != kEnd) ++next_;
    return byte;
  }

  // Steps over a UTF-8 byte order mark; to be called before anything is read.
  void SkipByteOrderMark();

  const absl::Status& status() const { return status_; }

  // How far the file has been read, and how large it is: 0 when that is not
  // known, as for a pipe.
  int64_t position() const { return source_->position(); }
  int64_t size() const { return size_; }

 private:
  bool Fill();

  std::unique_ptr<ByteSource> source_;
  std::vector<char> buffer_;
  size_t next_ = 0;
  size_t filled_ = 0;
  bool ended_ = false;
  absl::Status status_;
  int64_t size_ = 0;
};

// Reads a line without its end, up to so many bytes of it; false when it was cut. At the end of
// the input it is empty.
bool ReadLine(Input& input, size_t most, std::string& line);

}  // namespace dangol::cli
