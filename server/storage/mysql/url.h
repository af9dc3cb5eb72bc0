#ifndef DANGOL_SERVER_STORAGE_MYSQL_URL_H_
#define DANGOL_SERVER_STORAGE_MYSQL_URL_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dangol::storage::mysql {

struct Host {
  std::string name;
  int port = 3306;

  friend bool operator==(const Host&, const Host&) = default;
};

enum class Tls {
  kOff,
  kRequired,  // Encrypted, whoever the other side is.
  kVerify,    // And the server's certificate is checked, for its name too.
};

// Where a database is and how to enter it.
struct Location {
  std::vector<Host> hosts;  // In the order of preference.
  std::string user;
  std::string password;
  std::string database;
  Tls tls = Tls::kOff;
  std::string tls_ca;    // A file of certificates; the system's when empty.
  std::string tls_cert;  // The client's own certificate and key.
  std::string tls_key;
  std::string socket;  // A Unix socket, instead of the hosts.
  // How long a host may take to answer before it is given up; reports and migrations
  // may take longer.
  int answer_seconds = 15;
};

// Reads
//
//   mysql://USER[:PASSWORD]@HOST[:PORT][,HOST[:PORT]...]/DATABASE[?NAME=VALUE&...]
//
// where what is reserved in a URL is written as %XX, an IPv6 address stands in
// brackets, and the names are
//
//   tls            off, required or verify (the default, but for loopback: off)
//   tls_ca         file with the certificates to trust
//   tls_cert, tls_key   files with the certificate and key of this client
//   password_file  file with the password, in place of PASSWORD
//   socket         path of a Unix socket, in place of connecting to HOST
//   answer_seconds how long the database may take to answer, 2 to 3600; 15 by default
//
// Without a password here the environment variable DANGOL_STORE_PASSWORD has it.
// INVALID_ARGUMENT says what is wrong, and never shows a password.
absl::StatusOr<Location> ParseUrl(absl::string_view url);

// The URL with its password, if it has one, replaced by ***.
std::string WithoutPassword(absl::string_view url);

}  // namespace dangol::storage::mysql

#endif  // DANGOL_SERVER_STORAGE_MYSQL_URL_H_
