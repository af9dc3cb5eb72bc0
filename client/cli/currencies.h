#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dangol/v1/program.pb.h"

namespace dangol::cli {

// The currencies that a program declares, and how people write amounts of them. Those that
// it does not declare go by ISO 4217. Pure: nothing here calls the server.
class Currencies {
 public:
  // None declared: all by ISO 4217.
  Currencies() = default;
  // Those of a program in protobuf text format. INTERNAL when it can't be read.
  static absl::StatusOr<Currencies> Of(const std::string& program_text);
  static Currencies Of(const v1::Program& program);

  // How many digits the minor unit of a currency has.
  int MinorDigits(const std::string& currency) const;
  // "1,234.50 GBP".
  std::string Money(int64_t minor, const std::string& currency) const;
  // Whether the program declares the currency. INVALID_ARGUMENT names those that it does.
  absl::Status Check(const std::string& currency) const;

 private:
  std::map<std::string, int> minor_digits_;
};

}  // namespace dangol::cli
