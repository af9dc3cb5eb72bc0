#include "cli/errors.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "dangol/error.h"

namespace dangol::cli {
namespace {

// What a server or a file says may hold line ends and worse; a terminal gets
// none of it.
std::string OneLine(std::string text) {
  for (char& character : text) {
    if (absl::ascii_iscntrl(character)) character = ' ';
  }
  return text;
}

}  // namespace

ExitCode ExitCodeOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return ExitCode::kOk;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
      return ExitCode::kInvalidArgument;
    case absl::StatusCode::kNotFound:
      return ExitCode::kNotFound;
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kAborted:
      return ExitCode::kConflict;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kResourceExhausted:
      return ExitCode::kUnavailable;
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
      return ExitCode::kDenied;
    default:
      return ExitCode::kOther;
  }
}

std::string Describe(const absl::Status& status) {
  std::string text(status.message());
  if (text.empty()) text = absl::StatusCodeToString(status.code());
  if (const std::string reason = ErrorReason(status); !reason.empty()) {
    absl::StrAppend(&text, " (", reason, ")");
  }
  const char* separator = ": ";
  for (const auto& violation : FieldViolations(status)) {
    const std::string wrong = absl::StrCat(violation.field(), ": ", violation.description());
    // The message may have named it already, or said what is wrong and not where.
    if (absl::StrContains(status.message(), wrong)) continue;
    const bool is_said = status.message() == violation.description();
    absl::StrAppend(&text, separator, is_said ? violation.field() : wrong);
    separator = "; ";
  }
  return OneLine(std::move(text));
}

std::string TlsHint(const absl::Status& unavailable, const std::optional<TlsOptions>& tls) {
  const auto says = [&](const char* words) {
    return absl::StrContains(unavailable.message(), words);
  };
  if (says("certificate verify failed")) {
    return "; is the server's certificate of an authority in --tls-ca?";
  }
  if (says("Hostname Verification")) {
    return "; the server's certificate names another host: see --tls-server-name";
  }
  if (says("create security handshaker")) return "; do --tls-cert and --tls-key belong together?";
  if (says("wrong version number"))
    return "; does the server speak TLS? If not, leave out --tls...";
  // So a server ends a connection that it does not want.
  const bool is_cut = says("Socket closed") || says("onnection reset") || says("handshake failed");
  if (!is_cut) return "";
  if (!tls.has_value()) return "; does the server speak TLS? Then give --tls-ca, or --tls";
  return tls->cert_file.empty() ? "; does the server ask for a certificate? See --tls-cert"
                                : "; does the server trust the authority of --tls-cert?";
}

}  // namespace dangol::cli
