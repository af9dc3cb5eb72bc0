#include "tests/support/certificates.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "absl/status/status.h"
#include "absl/strings/str_join.h"

namespace dangol::testing {
namespace {

constexpr char kCurve[] = "P-256";

// OpenSSL fails here only where this file is wrong.
void Must(bool succeeded) {
  if (succeeded) return;
  ERR_print_errors_fp(stderr);
  std::abort();
}

std::string TextOf(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return std::string(data, static_cast<size_t>(size));
}

std::string PemOf(X509* certificate) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
  Must(PEM_write_bio_X509(bio.get(), certificate) == 1);
  return TextOf(bio.get());
}

std::string PemOf(EVP_PKEY* key, const std::string& passphrase = "") {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
  const bool is_secret = !passphrase.empty();
  Must(PEM_write_bio_PKCS8PrivateKey(bio.get(), key, is_secret ? EVP_aes_128_cbc() : nullptr,
                                     is_secret ? passphrase.data() : nullptr,
                                     static_cast<int>(passphrase.size()), nullptr, nullptr) == 1);
  return TextOf(bio.get());
}

std::shared_ptr<EVP_PKEY> MakeKey() {
  std::shared_ptr<EVP_PKEY> key(EVP_EC_gen(kCurve), EVP_PKEY_free);
  Must(key != nullptr);
  return key;
}

void Extend(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context = {};
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  Must(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

// A certificate that is not signed yet.
std::shared_ptr<X509> Draft(const Subject& subject, EVP_PKEY* key) {
  std::shared_ptr<X509> certificate(X509_new(), X509_free);
  Must(X509_set_version(certificate.get(), X509_VERSION_3) == 1);
  uint64_t serial = 0;
  Must(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof(serial)) == 1);
  Must(ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), serial) == 1);
  Must(ASN1_TIME_set(X509_getm_notBefore(certificate.get()), absl::ToTimeT(subject.from)) !=
       nullptr);
  Must(ASN1_TIME_set(X509_getm_notAfter(certificate.get()), absl::ToTimeT(subject.until)) !=
       nullptr);
  if (!subject.common_name.empty()) {
    X509_NAME* const name = X509_get_subject_name(certificate.get());
    Must(X509_NAME_add_entry_by_NID(
             name, NID_commonName, MBSTRING_UTF8,
             reinterpret_cast<const unsigned char*>(subject.common_name.data()),
             static_cast<int>(subject.common_name.size()), -1, 0) == 1);
  }
  Must(X509_set_pubkey(certificate.get(), key) == 1);
  return certificate;
}

}  // namespace

Authority::Authority(const std::string& name) : key_(MakeKey()) {
  Subject subject;
  subject.common_name = name;
  certificate_ = Draft(subject, key_.get());
  X509* const own = certificate_.get();
  Must(X509_set_issuer_name(own, X509_get_subject_name(own)) == 1);
  Extend(own, own, NID_basic_constraints, "critical,CA:TRUE");
  Extend(own, own, NID_key_usage, "critical,keyCertSign,cRLSign");
  Extend(own, own, NID_subject_key_identifier, "hash");
  Must(X509_sign(own, key_.get(), EVP_sha256()) != 0);
  identity_ = {PemOf(own), PemOf(key_.get())};
}

Identity Authority::Issue(const Subject& subject) const {
  const std::shared_ptr<EVP_PKEY> key = MakeKey();
  const std::shared_ptr<X509> issued = Draft(subject, key.get());
  Must(X509_set_issuer_name(issued.get(), X509_get_subject_name(certificate_.get())) == 1);
  if (!subject.names.empty()) {
    Extend(issued.get(), certificate_.get(), NID_subject_alt_name,
           absl::StrJoin(subject.names, ","));
  }
  Must(X509_sign(issued.get(), key_.get(), EVP_sha256()) != 0);
  return {PemOf(issued.get()), PemOf(key.get())};
}

Subject LocalServer(const std::string& common_name) {
  Subject subject;
  subject.common_name = common_name;
  subject.names = {"IP:127.0.0.1"};
  return subject;
}

std::string Encrypted(const std::string& key, const std::string& passphrase) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
      BIO_new_mem_buf(key.data(), static_cast<int>(key.size())), BIO_free);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> parsed(
      PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  Must(parsed != nullptr);
  return PemOf(parsed.get(), passphrase);
}

absl::StatusOr<std::string> ShownCertificate(const std::string& address, int max_version) {
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()),
                                                                  SSL_CTX_free);
  // Old versions too: it is for the server to refuse them.
  SSL_CTX_set_security_level(context.get(), 0);
  Must(SSL_CTX_set_max_proto_version(context.get(), max_version) == 1);
  constexpr unsigned char kHttp2[] = {2, 'h', '2'};
  Must(SSL_CTX_set_alpn_protos(context.get(), kHttp2, sizeof(kHttp2)) == 0);
  BIO* const connection = BIO_new_connect(address.c_str());
  const std::unique_ptr<SSL, decltype(&SSL_free)> ssl(SSL_new(context.get()), SSL_free);
  SSL_set_bio(ssl.get(), connection, connection);  // Which owns it.
  ERR_clear_error();
  if (BIO_do_connect(connection) != 1) return absl::UnavailableError("cannot connect");
  if (SSL_connect(ssl.get()) != 1) {
    const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
    return absl::UnavailableError(reason == nullptr ? "the connection was closed" : reason);
  }
  const std::unique_ptr<X509, decltype(&X509_free)> shown(SSL_get1_peer_certificate(ssl.get()),
                                                          X509_free);
  if (shown == nullptr) return absl::NotFoundError("the server showed no certificate");
  return PemOf(shown.get());
}

void ReplaceFile(const std::string& path, const std::string& text) {
  const std::string next = path + ".next";
  std::ofstream(next, std::ios::binary) << text;
  Must(std::rename(next.c_str(), path.c_str()) == 0);
}

}  // namespace dangol::testing
