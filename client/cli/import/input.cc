#include "cli/import/input.h"

#include <sys/stat.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace dangol::cli {
namespace {

constexpr size_t kBufferBytes = size_t{64} * 1024;
constexpr size_t kGzipMagicBytes = 2;
// zlib's way to say: the largest window, and expect a gzip header.
constexpr int kGzipWindowBits = 15 + 16;

class FileSource : public ByteSource {
 public:
  FileSource(std::FILE* file, bool owned) : file_(file), owned_(owned) {}
  ~FileSource() override {
    if (owned_) std::fclose(file_);
  }
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;

  absl::StatusOr<size_t> Read(char* buffer, size_t size) override {
    const size_t count = std::fread(buffer, 1, size, file_);
    if (count < size && std::ferror(file_) != 0) {
      return absl::DataLossError(absl::StrCat("the file can't be read: ", std::strerror(errno)));
    }
    position_ += static_cast<int64_t>(count);
    return count;
  }

  int64_t position() const override { return position_; }

 private:
  std::FILE* const file_;
  const bool owned_;
  int64_t position_ = 0;
};

class UnpackingSource : public ByteSource {
 public:
  explicit UnpackingSource(std::unique_ptr<ByteSource> source)
      : source_(std::move(source)), packed_(kBufferBytes) {}
  ~UnpackingSource() override {
    if (mode_ == Mode::kGzip) inflateEnd(&stream_);
  }
  UnpackingSource(const UnpackingSource&) = delete;
  UnpackingSource& operator=(const UnpackingSource&) = delete;

  absl::StatusOr<size_t> Read(char* buffer, size_t size) override {
    if (mode_ == Mode::kUnknown) {
      if (absl::Status status = FindMode(); !status.ok()) return status;
    }
    return mode_ == Mode::kGzip ? ReadPacked(buffer, size) : ReadPlain(buffer, size);
  }

  int64_t position() const override { return source_->position(); }

 private:
  enum class Mode { kUnknown, kPlain, kGzip };

  absl::Status FindMode() {
    // A pipe may hand out single bytes.
    while (filled_ < kGzipMagicBytes) {
      const absl::StatusOr<size_t> count =
          source_->Read(packed_.data() + filled_, packed_.size() - filled_);
      if (!count.ok()) return count.status();
      if (*count == 0) break;
      filled_ += *count;
    }
    const bool gzip = filled_ >= kGzipMagicBytes && packed_[0] == '\x1f' && packed_[1] == '\x8b';
    if (gzip && inflateInit2(&stream_, kGzipWindowBits) != Z_OK) {
      return absl::InternalError("zlib can't be started");
    }
    mode_ = gzip ? Mode::kGzip : Mode::kPlain;
    return absl::OkStatus();
  }

  absl::StatusOr<size_t> ReadPlain(char* buffer, size_t size) {
    if (next_ == filled_) return source_->Read(buffer, size);
    const size_t count = std::min(size, filled_ - next_);
    std::memcpy(buffer, packed_.data() + next_, count);
    next_ += count;
    return count;
  }

  absl::StatusOr<size_t> ReadPacked(char* buffer, size_t size) {
    stream_.next_out = reinterpret_cast<Bytef*>(buffer);
    stream_.avail_out = static_cast<uInt>(size);
    while (stream_.avail_out == size) {
      if (next_ == filled_) {
        const absl::StatusOr<size_t> count = source_->Read(packed_.data(), packed_.size());
        if (!count.ok()) return count.status();
        next_ = 0;
        filled_ = *count;
        if (filled_ == 0 && member_ended_) return 0;
        if (filled_ == 0) return absl::DataLossError("the compressed file ends too early");
      }
      if (absl::Status status = Inflate(); !status.ok()) return status;
    }
    return size - stream_.avail_out;
  }

  absl::Status Inflate() {
    if (member_ended_) inflateReset(&stream_);
    stream_.next_in = reinterpret_cast<Bytef*>(packed_.data() + next_);
    stream_.avail_in = static_cast<uInt>(filled_ - next_);
    const int result = inflate(&stream_, Z_NO_FLUSH);
    next_ = filled_ - stream_.avail_in;
    member_ended_ = result == Z_STREAM_END;
    if (result == Z_OK || result == Z_STREAM_END) return absl::OkStatus();
    return absl::DataLossError("the compressed file is damaged");
  }

  const std::unique_ptr<ByteSource> source_;
  std::vector<char> packed_;
  size_t next_ = 0;
  size_t filled_ = 0;
  Mode mode_ = Mode::kUnknown;
  z_stream stream_ = {};
  bool member_ended_ = false;
};

int64_t SizeOf(std::FILE* file) {
  struct stat info = {};
  if (fstat(fileno(file), &info) != 0 || !S_ISREG(info.st_mode)) return 0;
  return info.st_size;
}

}  // namespace

std::unique_ptr<ByteSource> MakeFileSource(std::FILE* file, bool owned) {
  return std::make_unique<FileSource>(file, owned);
}

std::unique_ptr<ByteSource> MakeUnpackingSource(std::unique_ptr<ByteSource> source) {
  return std::make_unique<UnpackingSource>(std::move(source));
}

Input::Input(std::unique_ptr<ByteSource> source)
    : source_(std::move(source)), buffer_(kBufferBytes) {}

absl::StatusOr<std::unique_ptr<Input>> Input::Open(const std::string& path) {
  const bool standard_input = path == "-";
  std::FILE* file = standard_input ? stdin : std::fopen(path.c_str(), "rb");
  if (file == nullptr) return absl::ErrnoToStatus(errno, absl::StrCat("can't open ", path));
  auto input = std::make_unique<Input>(MakeUnpackingSource(MakeFileSource(file, !standard_input)));
  input->size_ = SizeOf(file);
  return input;
}

void Input::SkipByteOrderMark() {
  static constexpr char kByteOrderMark[] = "\xef\xbb\xbf";
  static constexpr size_t kBytes = sizeof(kByteOrderMark) - 1;
  Peek();
  if (filled_ >= kBytes && std::memcmp(buffer_.data(), kByteOrderMark, kBytes) == 0) {
    next_ = kBytes;
  }
}

bool Input::Fill() {
  if (ended_) return false;
  const absl::StatusOr<size_t> count = source_->Read(buffer_.data(), buffer_.size());
  if (!count.ok()) status_ = count.status();
  next_ = 0;
  filled_ = count.ok() ? *count : 0;
  ended_ = filled_ == 0;
  return !ended_;
}

bool ReadLine(Input& input, size_t most, std::string& line) {
  bool fits = true;
  line.clear();
  int byte = input.Get();
  for (; byte != '\n' && byte != Input::kEnd; byte = input.Get()) {
    fits = line.size() < most;
    if (fits) line.push_back(static_cast<char>(byte));
  }
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return fits;
}

}  // namespace dangol::cli
