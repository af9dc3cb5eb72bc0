#include "server/rpc/tls/certificate_watch.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "server/common/error.h"
#include "server/common/limits.h"

namespace dangol::rpc {
namespace {

bool IsSame(const Certificates& a, const Certificates& b) {
  return a.chain == b.chain && a.key == b.key && a.client_ca == b.client_ca;
}

}  // namespace

CertificateWatch::CertificateWatch(TlsFiles files, Certificates first, const Clock& clock)
    : files_(std::move(files)),
      clock_(clock),
      current_(std::make_shared<const Certificates>(std::move(first))) {
  WarnOfValidity();
  thread_ = std::thread([this] { Loop(); });
}

CertificateWatch::~CertificateWatch() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

std::shared_ptr<const Certificates> CertificateWatch::Current() const {
  absl::MutexLock lock(&mutex_);
  return current_;
}

void CertificateWatch::Loop() {
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      if (mutex_.AwaitWithTimeout(absl::Condition(&stopping_), limits::kPemRefresh)) return;
    }
    Look();
    WarnOfValidity();
  }
}

void CertificateWatch::Look() {
  absl::StatusOr<Certificates> loaded = LoadCertificates(files_);
  if (!loaded.ok()) return Complain(loaded.status());
  complaint_.clear();
  if (!IsSame(*loaded, *Current())) Replace(*std::move(loaded));
}

void CertificateWatch::Replace(Certificates loaded) {
  spdlog::info("new certificates are in force; the server's own, in {}, is valid until {}",
               files_.certificate, FormatUtc(loaded.valid_until));
  auto next = std::make_shared<const Certificates>(std::move(loaded));
  absl::MutexLock lock(&mutex_);
  current_ = std::move(next);
}

void CertificateWatch::Complain(const absl::Status& wrong) {
  if (complaint_ != wrong.message()) {
    complaint_ = std::string(wrong.message());
    complained_ = false;
    return;
  }
  if (complained_) return;
  spdlog::error("the certificates that were in force stay: {}", complaint_);
  complained_ = true;
}

void CertificateWatch::WarnOfValidity() {
  std::string warning = ValidityWarning(*Current(), files_, clock_.RealNow());
  if (!warning.empty() && warning != warning_) spdlog::warn("{}", warning);
  warning_ = std::move(warning);
}

}  // namespace dangol::rpc
