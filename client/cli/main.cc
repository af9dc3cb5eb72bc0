#include <google/protobuf/stubs/logging.h>
#include <unistd.h>

#include <iostream>

#include "cli/app.h"
#include "dangol/connection.h"

int main(int argument_count, char** arguments) {
  // What is wrong is told by dangolctl itself; a library's log would only repeat it.
  google::protobuf::SetLogHandler(nullptr);
  return static_cast<int>(dangol::cli::RunDangolctl(argument_count, arguments,
                                                    {.out = std::cout,
                                                     .error = std::cerr,
                                                     .connect = dangol::MakeConnection,
                                                     .terminal = isatty(STDERR_FILENO) == 1}));
}
