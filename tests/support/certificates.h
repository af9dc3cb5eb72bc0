#ifndef DANGOL_TESTS_SUPPORT_CERTIFICATES_H_
#define DANGOL_TESTS_SUPPORT_CERTIFICATES_H_

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

// Certificates that a test makes for itself, and a look at those that a server shows.
namespace dangol::testing {

// A certificate and its private key, in PEM.
struct Identity {
  std::string certificate;
  std::string key;
};

// What a certificate says.
struct Subject {
  std::string common_name;  // None where empty.
  // The other names, as OpenSSL writes them: "IP:127.0.0.1", "DNS:till-7", "URI:shop://till/7".
  std::vector<std::string> names;
  absl::Time from = absl::Now() - absl::Hours(1);
  absl::Time until = absl::Now() + absl::Hours(24);
};

// Who issues certificates. Dies where OpenSSL fails.
class Authority {
 public:
  explicit Authority(const std::string& name);

  // Its own certificate, in PEM.
  const std::string& certificate() const { return identity_.certificate; }

  // A new key, and a certificate for it.
  Identity Issue(const Subject& subject) const;

 private:
  std::shared_ptr<EVP_PKEY> key_;
  std::shared_ptr<X509> certificate_;
  Identity identity_;
};

// A subject that the servers of tests can be: at 127.0.0.1.
Subject LocalServer(const std::string& common_name = "server");

// The key with a passphrase.
std::string Encrypted(const std::string& key, const std::string& passphrase);

// A TLS handshake with the server at "HOST:PORT", whose certificate is not checked, with this
// version at most, such as TLS1_3_VERSION: the certificate that it shows, in PEM.
absl::StatusOr<std::string> ShownCertificate(const std::string& address,
                                             int max_version = TLS1_3_VERSION);

// Puts a file in the place of what is there, in one step.
void ReplaceFile(const std::string& path, const std::string& text);

}  // namespace dangol::testing

#endif  // DANGOL_TESTS_SUPPORT_CERTIFICATES_H_
