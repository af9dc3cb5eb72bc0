#ifndef DANGOL_SERVER_RPC_TLS_CERTIFICATES_H_
#define DANGOL_SERVER_RPC_TLS_CERTIFICATES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace dangol::rpc {

// The PEM files of the flags; no TLS where all are empty.
struct TlsFiles {
  std::string certificate;  // --tls-cert: the server's own, then those that lead to an authority.
  std::string key;          // --tls-key: of the first of them.
  std::string client_ca;    // --tls-client-ca: who may vouch for callers; empty: nobody has to.
};

// INVALID_ARGUMENT where one of the flags is given without another that it needs.
absl::Status CheckTlsFlags(const TlsFiles& files);

// What is in the files.
struct Certificates {
  std::string chain;
  std::string key;
  std::string client_ca;
  // When the server's own certificate holds.
  absl::Time valid_from;
  absl::Time valid_until;
};

// Reads the files. An error, which begins with the flag and the file, unless a server can serve
// with all that is in them: they are tried with the library that gRPC uses. Nothing that is told
// is part of a key.
absl::StatusOr<Certificates> LoadCertificates(const TlsFiles& files);

// A warning that the server's own certificate does not hold now; empty where it does.
std::string ValidityWarning(const Certificates& certificates, const TlsFiles& files,
                            absl::Time now);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_TLS_CERTIFICATES_H_
