#ifndef DANGOL_TESTS_BENCH_REFERRAL_TREE_H_
#define DANGOL_TESTS_BENCH_REFERRAL_TREE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/bench/dangol_server.h"

namespace dangol::bench {

// A tree of referrals that is deep and wide. The first members are a chain, in which each was
// brought by the one before; of those after them the earliest brought ten each, until all are
// there. Nobody brought the first.
inline constexpr uint64_t kChain = 1'000;
inline constexpr uint64_t kBroughtByEach = 10;

// The place of who brought the member at a place, which is not the first.
constexpr uint64_t ReferrerOf(uint64_t place) {
  return place < kChain ? place - 1 : (place - kChain) / kBroughtByEach;
}

// Enrolls members as such a tree, in an empty store, and returns their ids by place.
absl::StatusOr<std::vector<std::string>> EnrollTree(DangolServer& server, uint64_t members);

// Enrolls as many more whom nobody brought.
absl::StatusOr<std::vector<std::string>> EnrollBesideTree(DangolServer& server, uint64_t members);

// The places of the members of a tree in an order of no meaning, the same one each time.
std::vector<size_t> ShuffledPlaces(uint64_t members);

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_REFERRAL_TREE_H_
