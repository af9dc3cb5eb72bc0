#ifndef DANGOL_TESTS_BENCH_RICH_PROGRAM_H_
#define DANGOL_TESTS_BENCH_RICH_PROGRAM_H_

#include <string>

namespace dangol::bench {

// What rich_program.txtpb says.
std::string RichProgramText();

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_RICH_PROGRAM_H_
