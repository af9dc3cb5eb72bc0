#pragma once

#include <string>

#include "absl/time/time.h"
#include "client/demo/figures.h"

namespace dangol::demo {

struct ReportOptions {
  // Whether to use colours, as on a terminal.
  bool colours = false;
  absl::TimeZone zone;
};

// Writes the figures for a person to read, in lines of at most 80 columns.
std::string MakeReport(const Figures& figures, const ReportOptions& options);

// Tells how to go on: where the data is, how to serve it again, what to try.
// `store` is dangold's --store; `programs` the folder of the programs.
std::string MakeNextSteps(const Figures& figures, const std::string& store,
                          const std::string& programs, const ReportOptions& options);

}  // namespace dangol::demo
