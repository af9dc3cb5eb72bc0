#include "server/rpc/tls/tls_credentials.h"

#include <grpc/grpc.h>
#include <grpc/grpc_security.h>

#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace dangol::rpc {
namespace {

// What gRPC's C++ layer has no name for: credentials that ask for the certificates at every
// handshake (docs/decisions/0034).
class WatchedCredentials final : public grpc::ServerCredentials {
 public:
  explicit WatchedCredentials(const CertificateWatch& watch)
      : watch_(watch),
        credentials_(grpc_ssl_server_credentials_create_with_options(
            grpc_ssl_server_credentials_create_options_using_config_fetcher(
                watch.asks_callers() ? GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY
                                     : GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE,
                Fetch, this))) {}

  ~WatchedCredentials() override { grpc_server_credentials_release(credentials_); }

  // Nobody sets one.
  void SetAuthMetadataProcessor(const std::shared_ptr<grpc::AuthMetadataProcessor>&) override {}

 private:
  int AddPortToServer(const std::string& address, grpc_server* server) override {
    return grpc_server_add_http2_port(server, address.c_str(), credentials_);
  }

  // Called before every handshake. gRPC keeps what it has been given until there is something
  // new, and destroys the new config itself.
  static grpc_ssl_certificate_config_reload_status Fetch(
      void* self, grpc_ssl_server_certificate_config** config) {
    return static_cast<WatchedCredentials*>(self)->FetchInto(*config);
  }

  grpc_ssl_certificate_config_reload_status FetchInto(grpc_ssl_server_certificate_config*& config) {
    absl::MutexLock lock(&mutex_);
    std::shared_ptr<const Certificates> current = watch_.Current();
    if (current == given_) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
    const grpc_ssl_pem_key_cert_pair pair{current->key.c_str(), current->chain.c_str()};
    // gRPC dies where it has no authorities, even where it will ask nobody for a certificate.
    const std::string& client_ca = watch_.asks_callers() ? current->client_ca : current->chain;
    config = grpc_ssl_server_certificate_config_create(client_ca.c_str(), &pair, 1);
    given_ = std::move(current);
    return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
  }

  const CertificateWatch& watch_;
  absl::Mutex mutex_;
  // What gRPC has.
  std::shared_ptr<const Certificates> given_ ABSL_GUARDED_BY(mutex_);
  grpc_server_credentials* const credentials_;
};

}  // namespace

std::shared_ptr<grpc::ServerCredentials> MakeTlsCredentials(const CertificateWatch& watch) {
  return std::make_shared<WatchedCredentials>(watch);
}

}  // namespace dangol::rpc
