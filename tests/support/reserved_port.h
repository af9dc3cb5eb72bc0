#ifndef DANGOL_TESTS_SUPPORT_RESERVED_PORT_H_
#define DANGOL_TESTS_SUPPORT_RESERVED_PORT_H_

#include "absl/status/statusor.h"

namespace dangol::testing {

// A TCP port of 127.0.0.1, of the kernel's choice, that it gives to nobody else
// while this exists: not to who asks for any port, nor for a client's end. A
// server that is told the number and sets SO_REUSEADDR can listen on it, end, and
// listen on it again; in between connections are refused.
class ReservedPort {
 public:
  static absl::StatusOr<ReservedPort> Make();

  ReservedPort(ReservedPort&& other) noexcept;
  ReservedPort& operator=(ReservedPort&& other) noexcept;
  ~ReservedPort();

  int number() const { return number_; }

 private:
  ReservedPort(int socket, int number) : socket_(socket), number_(number) {}

  int socket_;
  int number_;
};

}  // namespace dangol::testing

#endif  // DANGOL_TESTS_SUPPORT_RESERVED_PORT_H_
