#include "server/rpc/tls/certificate_watch.h"

#include <spdlog/spdlog.h>

#include <string>
#include <utility>

namespace dangol::rpc {
namespace {

bool IsSame(const Certificates& a, const Certificates& b) {
  return a.chain == b.chain && a.key == b.key && a.client_ca == b.client_ca;
}

// Warns once of each certificate that does not hold.
class ValidityWarnings {
 public:
  ValidityWarnings(TlsFiles files, const Clock& clock) : files_(std::move(files)), clock_(clock) {}

  void operator()(const Certificates& certificates) {
    std::string warning = ValidityWarning(certificates, files_, clock_.RealNow());
    if (!warning.empty() && warning != warning_) spdlog::warn("{}", warning);
    warning_ = std::move(warning);
  }

 private:
  const TlsFiles files_;
  const Clock& clock_;
  std::string warning_;  // That the log has.
};

}  // namespace

CertificateWatch::CertificateWatch(const TlsFiles& files, Certificates first, const Clock& clock)
    : asks_callers_(!files.client_ca.empty()),
      watch_({.what = "certificates",
              .load = [files] { return LoadCertificates(files); },
              .is_same = IsSame,
              .looked = ValidityWarnings(files, clock)},
             std::move(first)) {}

}  // namespace dangol::rpc
