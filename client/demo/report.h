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

// Where things are, to be named to a person.
struct Places {
  std::string store;     // dangold's --store.
  std::string programs;  // The folder of the programs.
  // The command that starts the database and prints its URL, where it has ended
  // with the demo.
  std::string database;
};

// Tells how to go on: where the data is, how to serve it again, what to try.
std::string MakeNextSteps(const Figures& figures, const Places& places,
                          const ReportOptions& options);

}  // namespace dangol::demo
