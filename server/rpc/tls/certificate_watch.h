#ifndef DANGOL_SERVER_RPC_TLS_CERTIFICATE_WATCH_H_
#define DANGOL_SERVER_RPC_TLS_CERTIFICATE_WATCH_H_

#include <memory>

#include "server/common/clock.h"
#include "server/rpc/file_watch.h"
#include "server/rpc/tls/certificates.h"

namespace dangol::rpc {

// Follows the server's certificates in their files: those that can be used are in force for
// handshakes from then on. Warns when the server's own does not hold. Thread-safe.
class CertificateWatch {
 public:
  // `first` was loaded from the files. The clock must outlive this.
  CertificateWatch(const TlsFiles& files, Certificates first, const Clock& clock);

  // What is in force. Another object, and never a changed one, once that is replaced.
  std::shared_ptr<const Certificates> Current() const { return watch_.Current(); }

  // Whether callers have to show a certificate.
  bool asks_callers() const { return asks_callers_; }

 private:
  const bool asks_callers_;
  FileWatch<Certificates> watch_;
};

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_TLS_CERTIFICATE_WATCH_H_
