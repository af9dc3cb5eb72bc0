#include "server/rpc/metrics/metrics.h"

#include <exception>
#include <utility>

#include "absl/strings/str_cat.h"

namespace dangol::rpc {

absl::StatusOr<std::string> Metrics::Listen(
    const std::string& address, std::vector<std::shared_ptr<prometheus::Collectable>> also) {
  also_ = std::move(also);
  try {
    exposer_ = std::make_unique<prometheus::Exposer>(
        std::vector<std::string>{"listening_ports", address, "num_threads", "2"});
  } catch (const std::exception&) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen at ", address, "; is it HOST:PORT, and the port not in use?"));
  }
  exposer_->RegisterCollectable(registry_);
  for (const auto& collectable : also_) exposer_->RegisterCollectable(collectable);
  const std::vector<int> ports = exposer_->GetListeningPorts();
  if (ports.empty()) return absl::UnavailableError(absl::StrCat("cannot listen at ", address));
  return absl::StrCat(address.substr(0, address.rfind(':')), ":", ports.front());
}

}  // namespace dangol::rpc
