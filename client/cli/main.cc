#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>
#include <unistd.h>

#include <iostream>

#include "cli/app.h"
#include "cli/context.h"
#include "dangol/connection.h"

int main(int argument_count, char** arguments) {
  // What is wrong is told by dangolctl itself; a library's log would only repeat it.
  google::protobuf::SetLogHandler(nullptr);
  gpr_set_log_verbosity(static_cast<gpr_log_severity>(GPR_LOG_SEVERITY_ERROR + 1));
  return static_cast<int>(
      dangol::cli::RunDangolctl(argument_count, arguments,
                                {.out = std::cout,
                                 .error = std::cerr,
                                 .connect = dangol::MakeConnection,
                                 .terminal = isatty(STDERR_FILENO) == 1,
                                 .context_file = dangol::cli::DefaultContextFile()}));
}
