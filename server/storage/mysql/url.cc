#include "server/storage/mysql/url.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "server/common/status_macros.h"

namespace dangol::storage::mysql {
namespace {

constexpr char kScheme[] = "mysql://";
constexpr char kPasswordVariable[] = "DANGOL_STORE_PASSWORD";
constexpr char kForm[] = "mysql://USER[:PASSWORD]@HOST[:PORT][,HOST...]/DATABASE[?NAME=VALUE&...]";

absl::Status Wrong(absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(what, "; give ", kForm));
}

int HexDigit(char c) {
  return absl::ascii_isdigit(c) ? c - '0' : absl::ascii_tolower(c) - 'a' + 10;
}

absl::StatusOr<std::string> Decode(absl::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded.push_back(text[i]);
      continue;
    }
    if (i + 2 >= text.size() || !absl::ascii_isxdigit(text[i + 1]) ||
        !absl::ascii_isxdigit(text[i + 2])) {
      return Wrong("a % in the URL is not followed by two hexadecimal digits");
    }
    decoded.push_back(static_cast<char>(HexDigit(text[i + 1]) * 16 + HexDigit(text[i + 2])));
    i += 2;
  }
  return decoded;
}

// HOST, HOST:PORT, [IPV6] or [IPV6]:PORT.
absl::StatusOr<Host> ParseHost(absl::string_view text) {
  Host host;
  absl::string_view rest;
  if (absl::ConsumePrefix(&text, "[")) {
    const size_t end = text.find(']');
    if (end == absl::string_view::npos) return Wrong("an address in the URL lacks its ]");
    host.name = std::string(text.substr(0, end));
    rest = text.substr(end + 1);
  } else {
    const size_t end = std::min(text.find(':'), text.size());
    host.name = std::string(text.substr(0, end));
    rest = text.substr(end);
  }
  if (host.name.empty()) return Wrong("a host in the URL has no name");
  if (rest.empty()) return host;
  if (!absl::ConsumePrefix(&rest, ":") || !absl::SimpleAtoi(rest, &host.port) || host.port < 1 ||
      host.port > 65'535) {
    return Wrong(absl::StrCat("the host ", host.name, " has no port from 1 to 65535"));
  }
  return host;
}

bool IsLoopback(const Host& host) {
  return host.name == "localhost" || host.name == "::1" || absl::StartsWith(host.name, "127.");
}

absl::StatusOr<std::string> ReadPassword(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string password((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file.is_open() || file.bad()) {
    return absl::InvalidArgumentError(absl::StrCat("password_file=", path, " cannot be read"));
  }
  while (!password.empty() && (password.back() == '\n' || password.back() == '\r')) {
    password.pop_back();
  }
  return password;
}

absl::Status ParseCredentials(absl::string_view text, Location& location) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits(':', 1));
  ASSIGN_OR_RETURN(location.user, Decode(parts.first));
  ASSIGN_OR_RETURN(location.password, Decode(parts.second));
  return location.user.empty() ? Wrong("the URL has no user") : absl::OkStatus();
}

absl::Status ParseTls(const std::string& value, Location& location) {
  if (value == "off") {
    location.tls = Tls::kOff;
  } else if (value == "required") {
    location.tls = Tls::kRequired;
  } else if (value == "verify") {
    location.tls = Tls::kVerify;
  } else {
    return absl::InvalidArgumentError(
        absl::StrCat("tls=", value, " is not known; give off, required or verify"));
  }
  return absl::OkStatus();
}

absl::Status ParseAnswerSeconds(const std::string& value, Location& location) {
  constexpr int kFewest = 2;
  constexpr int kMost = 3'600;
  if (absl::SimpleAtoi(value, &location.answer_seconds) && location.answer_seconds >= kFewest &&
      location.answer_seconds <= kMost) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "answer_seconds=", value, " is not a number of seconds from ", kFewest, " to ", kMost));
}

absl::Status ParseParameter(absl::string_view text, Location& location) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits('=', 1));
  ASSIGN_OR_RETURN(const std::string value, Decode(parts.second));
  if (parts.first == "tls") return ParseTls(value, location);
  if (parts.first == "answer_seconds") return ParseAnswerSeconds(value, location);
  if (parts.first == "password_file") {
    ASSIGN_OR_RETURN(location.password, ReadPassword(value));
    return absl::OkStatus();
  }
  const std::pair<absl::string_view, std::string*> texts[] = {{"tls_ca", &location.tls_ca},
                                                              {"tls_cert", &location.tls_cert},
                                                              {"tls_key", &location.tls_key},
                                                              {"socket", &location.socket}};
  for (const auto& [name, target] : texts) {
    if (parts.first != name) continue;
    *target = value;
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("the URL's parameter ", parts.first,
                   " is not known; there are tls, tls_ca, tls_cert, tls_key, password_file, "
                   "socket and answer_seconds"));
}

// The parts of a URL, still encoded.
struct Parts {
  absl::string_view credentials;
  absl::string_view hosts;
  absl::string_view database;
  absl::string_view parameters;
};

absl::StatusOr<Parts> Split(absl::string_view url) {
  Parts parts;
  if (!absl::ConsumePrefix(&url, kScheme)) return Wrong("the URL does not begin with mysql://");
  const size_t query = url.find('?');
  if (query != absl::string_view::npos) parts.parameters = url.substr(query + 1);
  url = url.substr(0, query);
  // A password may hold an @ that somebody forgot to encode, a host cannot.
  const size_t at = url.rfind('@');
  if (at == absl::string_view::npos) return Wrong("the URL has no user");
  parts.credentials = url.substr(0, at);
  const absl::string_view place = url.substr(at + 1);
  const size_t slash = place.find('/');
  if (slash == absl::string_view::npos || slash + 1 == place.size()) {
    return Wrong("the URL names no database");
  }
  parts.hosts = place.substr(0, slash);
  parts.database = place.substr(slash + 1);
  return parts;
}

}  // namespace

absl::StatusOr<Location> ParseUrl(absl::string_view url) {
  ASSIGN_OR_RETURN(const Parts parts, Split(url));
  Location location;
  RETURN_IF_ERROR(ParseCredentials(parts.credentials, location));
  bool all_loopback = true;
  for (const absl::string_view text : absl::StrSplit(parts.hosts, ',')) {
    ASSIGN_OR_RETURN(Host host, ParseHost(text));
    all_loopback = all_loopback && IsLoopback(host);
    location.hosts.push_back(std::move(host));
  }
  ASSIGN_OR_RETURN(location.database, Decode(parts.database));
  location.tls = all_loopback ? Tls::kOff : Tls::kVerify;
  for (const absl::string_view text : absl::StrSplit(parts.parameters, '&', absl::SkipEmpty())) {
    RETURN_IF_ERROR(ParseParameter(text, location));
  }
  if (location.password.empty()) {
    if (const char* password = std::getenv(kPasswordVariable)) location.password = password;
  }
  if (location.tls_cert.empty() != location.tls_key.empty()) {
    return absl::InvalidArgumentError("tls_cert and tls_key belong together; give both");
  }
  return location;
}

std::string WithoutPassword(absl::string_view url) {
  const absl::StatusOr<Parts> parts = Split(url);
  if (!parts.ok()) return "mysql://***";
  const size_t colon = parts->credentials.find(':');
  if (colon == absl::string_view::npos) return std::string(url);
  const absl::string_view rest = url.substr(sizeof(kScheme) - 1 + parts->credentials.size());
  return absl::StrCat(kScheme, parts->credentials.substr(0, colon), ":***", rest);
}

}  // namespace dangol::storage::mysql
