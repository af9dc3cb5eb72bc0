#include "server/startup.h"

#include <fstream>
#include <iterator>
#include <memory>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/synchronization/notification.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/rpc/convert_program.h"
#include "server/rpc/wire.h"

namespace dangol {
namespace {

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file.is_open() || file.bad()) return absl::NotFoundError("the file cannot be read");
  return text;
}

absl::Status Activate(const std::string& text, lane::Lane& lane) {
  v1::ProgramServiceActivateRequest message;
  // The id is that of the text: a text that was activated before is a replay.
  message.set_request_id(absl::StrCat("program-file-", absl::BytesToHexString(rpc::Hash(text))));
  message.set_program_text(text);
  ASSIGN_OR_RETURN(lane::Request request, rpc::ToRequest(message));
  request.command.principal = "system";
  absl::Status status;
  absl::Notification done;
  request.done = [&](const absl::StatusOr<lane::Reply>& reply) {
    status = reply.status();
    done.Notify();
  };
  lane.Submit(std::move(request));
  done.WaitForNotification();
  return status;
}

}  // namespace

absl::StatusOr<std::string> ParseStore(absl::string_view store) {
  absl::string_view path = store;
  if (!absl::ConsumePrefix(&path, "sqlite:") || path.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", store, "\" is not a store; give sqlite:PATH"));
  }
  return std::string(path);
}

absl::Status CheckListen(absl::string_view listen, bool insecure_remote) {
  const size_t colon = listen.rfind(':');
  if (colon == absl::string_view::npos || colon == 0 || colon + 1 == listen.size()) {
    return absl::InvalidArgumentError(absl::StrCat("\"", listen, "\" is not HOST:PORT"));
  }
  int port = 0;
  if (!absl::SimpleAtoi(listen.substr(colon + 1), &port) || port < 0 || port > 65'535) {
    return absl::InvalidArgumentError(absl::StrCat("\"", listen, "\" has no port from 0 to 65535"));
  }
  const absl::string_view host = listen.substr(0, colon);
  if (host == "localhost" || host == "[::1]" || absl::StartsWith(host, "127.") || insecure_remote) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "anyone who reaches ", host,
      " could read and write everything, since calls are neither "
      "encrypted nor authenticated; listen on loopback, or add --allow-insecure-remote"));
}

absl::Status EnsureProgram(const std::string& file, const std::string& sample,
                           storage::Store& store, lane::ProgramLibrary& programs,
                           lane::Lane& lane) {
  ASSIGN_OR_RETURN(const std::unique_ptr<storage::Reader> reader, store.NewReader());
  ASSIGN_OR_RETURN(const storage::Loaded loaded, reader->Load({}));
  RETURN_IF_ERROR(programs.Learn(loaded.programs));
  if (!file.empty()) {
    ASSIGN_OR_RETURN(const std::string text, ReadFile(file));
    return Activate(text, lane);
  }
  if (loaded.programs.empty()) return Activate(sample, lane);
  return absl::OkStatus();
}

}  // namespace dangol
