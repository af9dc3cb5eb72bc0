#ifndef DANGOL_SERVER_FLAGS_H_
#define DANGOL_SERVER_FLAGS_H_

#include <CLI/CLI.hpp>
#include <string>

#include "server/serve.h"

namespace dangol {

// What the command line, the environment and a file of settings say together.
struct Flags {
  ServeOptions serve;
  std::string log_level = "info";
  std::string log_format = "text";
  bool check = false;
  bool print_config = false;
};

// Declares the flags of dangold.
void AddFlags(CLI::App& app, Flags& flags);

// Takes each setting from the command line, else from the variable DANGOLD_NAME of the environment,
// else from the file of --config. Throws what CLI11 throws.
void Parse(int argc, const char* const* argv, CLI::App& app);

// Every setting of an app that was parsed, as a file of --config has them; without the password in
// the store's URL.
std::string Settings(const CLI::App& app);

}  // namespace dangol

#endif  // DANGOL_SERVER_FLAGS_H_
