#pragma once

#include "cli/errors.h"
#include "cli/session.h"

namespace dangol::cli {

// Runs dangolctl with a command line. Results go to environment.out, an error
// as one line to environment.error.
ExitCode RunDangolctl(int argument_count, const char* const* arguments, Environment environment);

}  // namespace dangol::cli
