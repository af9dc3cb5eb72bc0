#ifndef DANGOL_TESTS_BENCH_INTERRUPT_H_
#define DANGOL_TESTS_BENCH_INTERRUPT_H_

#include "absl/status/status.h"

namespace dangol::bench {

// From now on the first SIGINT or SIGTERM asks the run to end by itself, so
// that it leaves neither children nor files behind; a second one kills it.
void CatchInterrupts();

// CANCELLED after such a signal. Every loop that may take long asks.
absl::Status CheckInterrupt();

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_INTERRUPT_H_
