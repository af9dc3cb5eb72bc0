#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace dangol::cli {

// Servers by name, each with what it takes to call it: options of dangolctl and their values, as
// "server" or "tls-ca". They are kept in a file; a token is not, but where it is read from is.
struct Contexts {
  using Values = std::map<std::string, std::string>;

  std::string current;  // Empty: none.
  std::map<std::string, Values> by_name;
};

// The file of whoever runs dangolctl: $DANGOL_CONFIG, else dangol/config.json in their folder of
// configurations. Empty where they have none.
std::string DefaultContextFile();

// None where there is no file. INVALID_ARGUMENT where it is none of ours.
absl::StatusOr<Contexts> LoadContexts(const std::string& path);

// Sets what neither the command line nor the environment has said, by the context of this name, or
// by the current one where that is empty. The current one is left alone where another server was
// named: its credentials are none of that server's business. NOT_FOUND where there is none of this
// name.
absl::Status ApplyContext(const std::string& path, const std::string& name, CLI::App& app);

}  // namespace dangol::cli
