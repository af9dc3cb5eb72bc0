#include "server/startup.h"

#include <arpa/inet.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "absl/synchronization/notification.h"
#include "server/common/limits.h"
#include "server/common/read_file.h"
#include "server/common/status_macros.h"
#include "server/rpc/program/convert_program.h"
#include "server/rpc/program/program_in_use.h"
#include "server/rpc/program/program_text.h"
#include "server/rpc/wire.h"

namespace dangol {
namespace {

// 127.0.0.0/8, and no name that looks like it.
bool IsLoopbackAddress(absl::string_view host) {
  in_addr address = {};
  return inet_pton(AF_INET, std::string(host).c_str(), &address) == 1 &&
         ntohl(address.s_addr) >> 24 == 127;
}

absl::Status OpenToAll(absl::string_view host, bool is_encrypted, bool has_access) {
  std::vector<absl::string_view> reasons;
  std::vector<absl::string_view> missing;
  if (!is_encrypted) {
    reasons.push_back("calls are not encrypted");
    missing.insert(missing.end(), {"--tls-cert", "--tls-key"});
  }
  if (!has_access) {
    reasons.push_back("nothing says who may do what");
    missing.push_back("--access");
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "whoever reaches ", host,
      " could read and write what they should not: ", absl::StrJoin(reasons, ", and "), "; add ",
      absl::StrJoin(missing, " and "), ", listen on loopback, or add --insecure"));
}

absl::Status Activate(const std::string& text, absl::Time now, storage::Reader& reader,
                      lane::ProgramLibrary& programs, lane::Lanes& lanes) {
  v1::ActivateProgramRequest message;
  // The id is that of the text: a text that was activated before is a replay.
  message.set_request_id(absl::StrCat("program-file-", absl::BytesToHexString(rpc::Hash(text))));
  message.set_program_text(text);
  ASSIGN_OR_RETURN(lane::Request request, rpc::ToRequest(message));
  request.key.scope = storage::RequestScope::kSystem;
  request.command.principal = domain::kSystemPrincipal;
  request.command.reason = "the program that the server was started with";
  RETURN_IF_ERROR(rpc::CheckActivation(request, programs, now, reader));
  absl::Status status;
  absl::Notification done;
  request.done = [&](const absl::StatusOr<lane::Reply>& reply) {
    status = reply.status();
    done.Notify();
  };
  lanes.Submit(std::move(request));
  done.WaitForNotification();
  return status;
}

}  // namespace

absl::Status CheckListen(absl::string_view listen, const rpc::TlsFiles& tls,
                         const std::string& access, bool insecure) {
  const size_t colon = listen.rfind(':');
  if (colon == absl::string_view::npos || colon == 0 || colon + 1 == listen.size()) {
    return absl::InvalidArgumentError(absl::StrCat("\"", listen, "\" is not HOST:PORT"));
  }
  int port = 0;
  if (!absl::SimpleAtoi(listen.substr(colon + 1), &port) || port < 0 || port > 65'535) {
    return absl::InvalidArgumentError(absl::StrCat("\"", listen, "\" has no port from 0 to 65535"));
  }
  const absl::string_view host = listen.substr(0, colon);
  const bool only_local = host == "localhost" || host == "[::1]" || IsLoopbackAddress(host);
  const bool is_encrypted = !tls.certificate.empty();
  const bool has_access = !access.empty();
  if (only_local || insecure || (is_encrypted && has_access)) return absl::OkStatus();
  return OpenToAll(host, is_encrypted, has_access);
}

absl::StatusOr<absl::Time> ParseTestClock(const std::string& text) {
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, text, &time, &error) || time < absl::UnixEpoch() ||
      time > limits::kMaxClock) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", text, "\" is not a time from 1970 to 9999 such as 2026-01-01T00:00:00+09:00"));
  }
  return absl::FromUnixMicros(absl::ToUnixMicros(time));
}

absl::Status CheckProgramFile(const std::string& file) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(file, limits::kMaxProgramBytes));
  return rpc::ParseProgram(text).status();
}

absl::Status EnsureProgram(const std::string& file, const std::string& sample,
                           storage::Store& store, lane::ProgramLibrary& programs,
                           lane::Lanes& lanes, const Clock& clock) {
  ASSIGN_OR_RETURN(const std::unique_ptr<storage::Reader> reader, store.NewReader());
  ASSIGN_OR_RETURN(const storage::Loaded loaded, reader->Load({}));
  RETURN_IF_ERROR(programs.Learn(loaded.rules));
  if (!file.empty()) {
    ASSIGN_OR_RETURN(const std::string text, ReadFile(file, limits::kMaxProgramBytes));
    RETURN_IF_ERROR(Activate(text, clock.Now(), *reader, programs, lanes));
    const domain::ProgramVersion* current = programs.Current()->At(clock.Now());
    if (current != nullptr && current->text != text) {
      spdlog::warn("version {} of the program is in force, and not {}, which was activated before",
                   current->version, file);
    }
    return absl::OkStatus();
  }
  if (loaded.rules.empty()) return Activate(sample, clock.Now(), *reader, programs, lanes);
  return absl::OkStatus();
}

}  // namespace dangol
