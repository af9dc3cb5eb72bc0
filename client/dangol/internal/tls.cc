#include "dangol/internal/tls.h"

#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace dangol::internal {
namespace {

// How often gRPC looks whether the files were replaced.
constexpr unsigned int kRefreshSeconds = 5;

absl::Status Wrong(const char* field, const std::string& path, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("TLS: ", field, " ", path, ": ", what));
}

// gRPC itself only fails to connect, and does not say why. A path may be empty.
absl::Status CheckFile(const char* field, const std::string& path, absl::string_view mark) {
  if (path.empty()) return absl::OkStatus();
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file.is_open() || file.bad()) {
    return Wrong(field, path, absl::StrCat("the file cannot be read: ", std::strerror(errno)));
  }
  if (!absl::StrContains(text, mark)) {
    return Wrong(field, path, absl::StrCat("the file has nothing in PEM that says ", mark));
  }
  return absl::OkStatus();
}

absl::Status Check(const TlsOptions& tls) {
  if (tls.cert_file.empty() != tls.key_file.empty()) {
    return absl::InvalidArgumentError(
        "TLS: cert_file and key_file belong together; give both, or neither");
  }
  absl::Status status = CheckFile("ca_file", tls.ca_file, "BEGIN CERTIFICATE");
  status.Update(CheckFile("cert_file", tls.cert_file, "BEGIN CERTIFICATE"));
  status.Update(CheckFile("key_file", tls.key_file, "PRIVATE KEY"));
  return status;
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> MakeCredentials(
    const std::optional<TlsOptions>& tls) {
  if (!tls.has_value()) return grpc::InsecureChannelCredentials();
  if (absl::Status status = Check(*tls); !status.ok()) return status;
  grpc::experimental::TlsChannelCredentialsOptions options;
  if (!tls->ca_file.empty() || !tls->cert_file.empty()) {
    options.set_certificate_provider(
        std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
            tls->key_file, tls->cert_file, tls->ca_file, kRefreshSeconds));
  }
  // Otherwise gRPC takes those of the system.
  if (!tls->ca_file.empty()) options.watch_root_certs();
  if (!tls->cert_file.empty()) options.watch_identity_key_cert_pairs();
  return grpc::experimental::TlsCredentials(options);
}

}  // namespace dangol::internal
