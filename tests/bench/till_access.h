#ifndef DANGOL_TESTS_BENCH_TILL_ACCESS_H_
#define DANGOL_TESTS_BENCH_TILL_ACCESS_H_

#include <string>

#include "absl/status/statusor.h"

namespace dangol::bench {

// An access file that lets in tills with a token, and such a token of a till of every store that
// the bench's purchases are made at. Signed by ES256.
struct TillAccess {
  std::string file;
  std::string token;

  static absl::StatusOr<TillAccess> Write(const std::string& directory);
};

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_TILL_ACCESS_H_
