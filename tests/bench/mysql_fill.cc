// MysqlDatabase::Fill: LOAD DATA reads a pipe that another thread fills.

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/common/status_macros.h"
#include "tests/bench/interrupt.h"
#include "tests/bench/mysql_database.h"

namespace dangol::bench {
namespace {

constexpr size_t kBufferBytes = 1 << 20;

// Closes a file descriptor once.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { Close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return fd_; }
  void Close() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

// What stands after the backslash for a character that needs one; 0 for others.
char Escaped(char c) {
  switch (c) {
    case '\0':
      return '0';
    case '\t':
      return 't';
    case '\n':
      return 'n';
    case '\\':
      return '\\';
    default:
      return 0;
  }
}

// Piece by piece, for most bytes need nothing.
void AppendEscaped(absl::string_view bytes, std::string& out) {
  size_t begin = 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    const char escaped = Escaped(bytes[i]);
    if (escaped == 0) continue;
    out.append(bytes.data() + begin, i - begin);
    out.push_back('\\');
    out.push_back(escaped);
    begin = i + 1;
  }
  out.append(bytes.data() + begin, bytes.size() - begin);
}

// As LOAD DATA reads it when nothing else is said.
void AppendLine(const Row& row, std::string& out) {
  for (const Value& value : row) {
    if (const int64_t* integer = std::get_if<int64_t>(&value)) {
      absl::StrAppend(&out, *integer);
    } else if (std::holds_alternative<std::monostate>(value)) {
      out.append("\\N");
    } else {
      AppendEscaped(BytesOf(value), out);
    }
    out.push_back('\t');
  }
  out.back() = '\n';
}

absl::Status WriteAll(int fd, std::string& bytes) {
  RETURN_IF_ERROR(CheckInterrupt());
  for (size_t written = 0; written < bytes.size();) {
    const ssize_t part = write(fd, bytes.data() + written, bytes.size() - written);
    if (part < 0 && errno != EINTR) return absl::ErrnoToStatus(errno, "write for LOAD DATA");
    if (part > 0) written += static_cast<size_t>(part);
  }
  bytes.clear();
  return absl::OkStatus();
}

absl::Status ProduceInto(int fd, const std::function<absl::Status(const RowSink&)>& produce) {
  std::string buffer;
  buffer.reserve(2 * kBufferBytes);
  RETURN_IF_ERROR(produce([&](const Row& row) {
    AppendLine(row, buffer);
    return buffer.size() < kBufferBytes ? absl::OkStatus() : WriteAll(fd, buffer);
  }));
  return WriteAll(fd, buffer);
}

}  // namespace

absl::Status MysqlDatabase::Fill(const std::string& table,
                                 const std::function<absl::Status(const RowSink&)>& produce) {
  ASSIGN_OR_RETURN(const std::vector<std::string> columns, Columns(table));
  // With foreign_key_checks off as well, InnoDB would sort the rows of a whole table
  // in files before it writes any, which takes more of the processor and the disk,
  // and is no faster for rows that come sorted.
  RETURN_IF_ERROR(Execute("SET SESSION unique_checks = 0"));
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return absl::ErrnoToStatus(errno, "pipe2");
  Descriptor reading(ends[0]);
  Descriptor writing(ends[1]);
  fcntl(writing.get(), F_SETPIPE_SZ, static_cast<int>(kBufferBytes));
  const std::string load =
      absl::StrCat("LOAD DATA LOCAL INFILE '/proc/self/fd/", reading.get(), "' INTO TABLE ", table,
                   " CHARACTER SET binary (", absl::StrJoin(columns, ", "), ")");
  absl::Status loaded;
  std::thread loader([&] {
    loaded = Execute(load);
    reading.Close();  // Where it failed, the other thread writes in vain no longer.
  });
  const absl::Status produced = ProduceInto(writing.get(), produce);
  writing.Close();
  loader.join();
  RETURN_IF_ERROR(loaded);
  RETURN_IF_ERROR(produced);
  // What comes from a client it rather leaves out, or cuts, than fail.
  ASSIGN_OR_RETURN(const std::vector<Row> warnings, Select("SHOW WARNINGS LIMIT 1"));
  if (warnings.empty()) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("LOAD DATA into ", table, ": ", BytesOf(warnings[0][2])));
}

}  // namespace dangol::bench
