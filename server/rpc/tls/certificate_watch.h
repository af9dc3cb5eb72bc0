#ifndef DANGOL_SERVER_RPC_TLS_CERTIFICATE_WATCH_H_
#define DANGOL_SERVER_RPC_TLS_CERTIFICATE_WATCH_H_

#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "server/common/clock.h"
#include "server/rpc/tls/certificates.h"

namespace dangol::rpc {

// Follows the server's certificates in their files, at which a thread of its own looks every
// limits::kPemRefresh. What can be used is in force for handshakes from then on; what cannot is
// logged once, and what was in force stays. Certificate and key are replaced one after the
// other, so what does not fit is no mistake before it is seen twice. Thread-safe.
class CertificateWatch {
 public:
  // `first` was loaded from the files. The clock must outlive this.
  CertificateWatch(TlsFiles files, Certificates first, const Clock& clock);
  ~CertificateWatch();

  // What is in force. Another object, and never a changed one, once that is replaced.
  std::shared_ptr<const Certificates> Current() const;

  // Whether callers have to show a certificate.
  bool asks_callers() const { return !files_.client_ca.empty(); }

 private:
  void Loop();
  void Look();
  void Replace(Certificates loaded);
  void Complain(const absl::Status& wrong);
  void WarnOfValidity();

  const TlsFiles files_;
  const Clock& clock_;

  mutable absl::Mutex mutex_;
  std::shared_ptr<const Certificates> current_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;

  // Of the thread alone: what was wrong when it looked last, and whether the log has it; and the
  // warning of the certificate in force that the log has.
  std::string complaint_;
  bool complained_ = false;
  std::string warning_;

  std::thread thread_;
};

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_TLS_CERTIFICATE_WATCH_H_
