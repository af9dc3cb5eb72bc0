#include "tests/support/reserved_port.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

namespace dangol::testing {

absl::StatusOr<ReservedPort> ReservedPort::Make() {
  ReservedPort port(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  sockaddr* const any_address = reinterpret_cast<sockaddr*>(&address);
  const int yes = 1;
  // Bound, it holds the port; since it never listens and may share, so does
  // whoever the port is meant for.
  if (port.socket_ < 0 ||
      setsockopt(port.socket_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) != 0 ||
      bind(port.socket_, any_address, size) != 0 ||
      getsockname(port.socket_, any_address, &size) != 0) {
    return absl::ErrnoToStatus(errno, "cannot reserve a port");
  }
  port.number_ = ntohs(address.sin_port);
  return port;
}

ReservedPort::ReservedPort(ReservedPort&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), number_(other.number_) {}

ReservedPort& ReservedPort::operator=(ReservedPort&& other) noexcept {
  std::swap(socket_, other.socket_);
  std::swap(number_, other.number_);
  return *this;
}

ReservedPort::~ReservedPort() {
  if (socket_ >= 0) close(socket_);
}

}  // namespace dangol::testing
