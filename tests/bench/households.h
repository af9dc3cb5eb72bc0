#ifndef DANGOL_TESTS_BENCH_HOUSEHOLDS_H_
#define DANGOL_TESTS_BENCH_HOUSEHOLDS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace dangol::bench {

// One of each so many members has another in the household: 5 % of them are in one.
inline constexpr size_t kMembersPerHousehold = 40;

// How many households that makes.
constexpr size_t HouseholdsAmong(size_t members) { return members / kMembersPerHousehold; }

// Of each kMembersPerHousehold members lets the second join the first, over the API.
absl::Status FormHouseholds(int port, const std::vector<std::string>& members);

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_HOUSEHOLDS_H_
