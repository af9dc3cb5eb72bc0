#ifndef DANGOL_TESTS_BENCH_FIGURES_H_
#define DANGOL_TESTS_BENCH_FIGURES_H_

#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/bench/report.h"
#include "tests/bench/samples.h"

namespace dangol::bench {

// The figures that there are, by their number in the design's list; 14 is
// not measured yet. A variant of one has a number past all of them, and is
// known by its name.
const std::set<int>& KnownFigures();

// Those that are measured where none is named: all but 9, which takes long and
// much of the disk, and 1t, which takes as long as most others together.
const std::set<int>& DefaultFigures();

// What people call them, such as "1", and "1r" for the same with the rich program.
std::string FigureName(int figure);
std::vector<std::string> FigureNames(const std::set<int>& figures);
// Those of these names.
std::set<int> FiguresNamed(const std::vector<std::string>& names);

// What has to be measured for them.
std::set<Probe> ProbesOf(const std::set<int>& figures);

// Sets the figures in relation to what they are compared with, round by round,
// and to what is to be reached on that engine. `samples` must hold what ProbesOf
// asks for.
std::vector<ReportRow> Judge(const std::set<int>& figures, const Samples& samples,
                             absl::string_view engine);

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_FIGURES_H_
