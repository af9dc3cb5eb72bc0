#ifndef DANGOL_TESTS_BENCH_MIDNIGHT_PROGRAM_H_
#define DANGOL_TESTS_BENCH_MIDNIGHT_PROGRAM_H_

#include <string>

namespace dangol::bench {

// What midnight_program.txtpb says.
std::string MidnightProgramText();

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_MIDNIGHT_PROGRAM_H_
