#ifndef DANGOL_SERVER_RPC_TLS_TLS_CREDENTIALS_H_
#define DANGOL_SERVER_RPC_TLS_TLS_CREDENTIALS_H_

#include <grpcpp/security/server_credentials.h>

#include <memory>

#include "server/rpc/tls/certificate_watch.h"

namespace dangol::rpc {

// TLS 1.2 or 1.3 with the certificates that are in force at each handshake. Where callers are
// asked for a certificate, who has none of an authority that is named gets no connection. The
// watch must outlive the server.
std::shared_ptr<grpc::ServerCredentials> MakeTlsCredentials(const CertificateWatch& watch);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_TLS_TLS_CREDENTIALS_H_
