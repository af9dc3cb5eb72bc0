#include "server/rpc/tls/certificates.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <ctime>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/common/error.h"
#include "server/common/limits.h"
#include "server/common/read_file.h"
#include "server/common/status_macros.h"
#include "server/rpc/free_by.h"

namespace dangol::rpc {
namespace {

constexpr char kCertificateFlag[] = "--tls-cert";
constexpr char kKeyFlag[] = "--tls-key";
constexpr char kClientCaFlag[] = "--tls-client-ca";

using Bio = std::unique_ptr<BIO, FreeBy<BIO_free>>;
using Certificate = std::unique_ptr<X509, FreeBy<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, FreeBy<EVP_PKEY_free>>;
using Context = std::unique_ptr<SSL_CTX, FreeBy<SSL_CTX_free>>;

// A file that a flag names, for reading and for errors.
struct NamedFile {
  const char* flag;
  const std::string& path;

  absl::Status Wrong(absl::string_view what) const {
    return absl::FailedPreconditionError(absl::StrCat(flag, "=", path, ": ", what));
  }

  absl::StatusOr<std::string> Read() const {
    absl::StatusOr<std::string> text = ReadFile(path, limits::kMaxPemBytes);
    if (!text.ok()) return Wrong(text.status().message());
    if (text->size() > limits::kMaxPemBytes) {
      return Wrong(absl::StrCat("the file has more than ", limits::kMaxPemBytes, " bytes"));
    }
    return text;
  }
};

Bio BioOf(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// The library's last reason, such as "ee key too small". None has anything of a key in it.
std::string LastReason() {
  const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
  return reason == nullptr ? "the reason is not known" : reason;
}

// Nobody is there to type a passphrase; without this the library asks the terminal.
int NoPassphrase(char*, int, int, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

absl::StatusOr<std::vector<Certificate>> ParseCertificates(const std::string& text,
                                                           const NamedFile& file) {
  ERR_clear_error();
  const Bio bio = BioOf(text);
  std::vector<Certificate> certificates;
  while (X509* one = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
    certificates.emplace_back(one);
  }
  // So it ends; anything else is a certificate that cannot be read.
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  if (!at_end) {
    return file.Wrong(absl::StrCat("certificate ", certificates.size() + 1,
                                   " of the file cannot be read: ", LastReason()));
  }
  if (certificates.empty()) {
    return file.Wrong("the file has no certificate in PEM, as in -----BEGIN CERTIFICATE-----");
  }
  return certificates;
}

absl::StatusOr<Key> ParseKey(const std::string& text, const NamedFile& file) {
  ERR_clear_error();
  const Bio bio = BioOf(text);
  bool asked_for_passphrase = false;
  Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassphrase, &asked_for_passphrase));
  if (asked_for_passphrase) return file.Wrong("the key has a passphrase; give one without");
  if (key == nullptr) {
    return file.Wrong("the file has no private key in PEM, as in -----BEGIN PRIVATE KEY-----");
  }
  return key;
}

absl::Time TimeOf(const ASN1_TIME* time) {
  std::tm parts = {};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return absl::InfinitePast();
  return absl::FromTM(parts, absl::UTCTimeZone());
}

// Whether the library takes the pair for a server's: keys may be too weak for it.
absl::Status CheckPair(const std::vector<Certificate>& chain, EVP_PKEY& key,
                       const NamedFile& certificate_file, const NamedFile& key_file) {
  ERR_clear_error();
  const Context context(SSL_CTX_new(TLS_server_method()));
  if (SSL_CTX_use_certificate(context.get(), chain.front().get()) != 1) {
    return certificate_file.Wrong(
        absl::StrCat("the certificate is of no use to a server: ", LastReason()));
  }
  for (size_t i = 1; i < chain.size(); ++i) {
    if (SSL_CTX_add1_chain_cert(context.get(), chain[i].get()) != 1) {
      return certificate_file.Wrong(
          absl::StrCat("certificate ", i + 1, " of the file is of no use: ", LastReason()));
    }
  }
  if (X509_check_private_key(chain.front().get(), &key) != 1) {
    return key_file.Wrong(absl::StrCat("the key is not that of the first certificate in ",
                                       kCertificateFlag, "=", certificate_file.path));
  }
  if (SSL_CTX_use_PrivateKey(context.get(), &key) != 1) {
    return key_file.Wrong(absl::StrCat("the key is of no use to a server: ", LastReason()));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckTlsFlags(const TlsFiles& files) {
  if (files.certificate.empty() != files.key.empty()) {
    const bool has_key = files.certificate.empty();
    return absl::InvalidArgumentError(absl::StrCat(has_key ? kKeyFlag : kCertificateFlag, " needs ",
                                                   has_key ? kCertificateFlag : kKeyFlag,
                                                   " beside it; give both, or neither"));
  }
  if (!files.client_ca.empty() && files.certificate.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(kClientCaFlag, " needs ", kCertificateFlag, " and ", kKeyFlag,
                     " beside it: callers show their certificates in TLS"));
  }
  return absl::OkStatus();
}

absl::StatusOr<Certificates> LoadCertificates(const TlsFiles& files) {
  const NamedFile certificate_file{kCertificateFlag, files.certificate};
  const NamedFile key_file{kKeyFlag, files.key};
  Certificates certificates;
  ASSIGN_OR_RETURN(certificates.chain, certificate_file.Read());
  ASSIGN_OR_RETURN(certificates.key, key_file.Read());
  ASSIGN_OR_RETURN(const std::vector<Certificate> chain,
                   ParseCertificates(certificates.chain, certificate_file));
  ASSIGN_OR_RETURN(const Key key, ParseKey(certificates.key, key_file));
  RETURN_IF_ERROR(CheckPair(chain, *key, certificate_file, key_file));
  if (!files.client_ca.empty()) {
    const NamedFile file{kClientCaFlag, files.client_ca};
    ASSIGN_OR_RETURN(certificates.client_ca, file.Read());
    RETURN_IF_ERROR(ParseCertificates(certificates.client_ca, file).status());
  }
  certificates.valid_from = TimeOf(X509_get0_notBefore(chain.front().get()));
  certificates.valid_until = TimeOf(X509_get0_notAfter(chain.front().get()));
  return certificates;
}

std::string ValidityWarning(const Certificates& certificates, const TlsFiles& files,
                            absl::Time now) {
  const std::string file = absl::StrCat(kCertificateFlag, "=", files.certificate);
  if (now > certificates.valid_until) {
    return absl::StrCat(file, ": the certificate expired at ", FormatUtc(certificates.valid_until),
                        "; callers refuse it");
  }
  if (now < certificates.valid_from) {
    return absl::StrCat(file, ": the certificate is not valid before ",
                        FormatUtc(certificates.valid_from), "; callers refuse it until then");
  }
  return "";
}

}  // namespace dangol::rpc
