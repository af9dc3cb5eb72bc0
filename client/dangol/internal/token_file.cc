#include "dangol/internal/token_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace dangol::internal {

absl::Status TokenFile::AddTo(grpc::ClientContext& context) {
  if (path_.empty()) return absl::OkStatus();
  const absl::MutexLock lock(&mutex_);
  if (absl::Status refreshed = Refresh(); !refreshed.ok()) return refreshed;
  context.AddMetadata("authorization", header_);
  return absl::OkStatus();
}

absl::Status TokenFile::Refresh() {
  struct stat status = {};
  if (stat(path_.c_str(), &status) != 0) {
    return absl::UnauthenticatedError(
        absl::StrCat("the token file ", path_, " cannot be read: ", std::strerror(errno)));
  }
  const Stamp stamp = {status.st_ino, status.st_size, status.st_mtim.tv_sec,
                       status.st_mtim.tv_nsec};
  if (stamp == stamp_) return absl::OkStatus();
  std::ifstream file(path_, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  const absl::string_view token = absl::StripAsciiWhitespace(text);
  // gRPC takes no other characters, and a token has none.
  const bool is_token = std::count(token.begin(), token.end(), '.') == 2 &&
                        std::all_of(token.begin(), token.end(), [](char c) {
                          return absl::ascii_isgraph(static_cast<unsigned char>(c));
                        });
  // Whoever writes it anew may be in the middle of it.
  if (!is_token && !header_.empty()) return absl::OkStatus();
  if (!is_token) {
    return absl::UnauthenticatedError(absl::StrCat("the token file ", path_, " has no token"));
  }
  header_ = absl::StrCat("Bearer ", token);
  stamp_ = stamp;
  return absl::OkStatus();
}

}  // namespace dangol::internal
