#ifndef DANGOL_TESTS_MODEL_CHECKING_H_
#define DANGOL_TESTS_MODEL_CHECKING_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "tests/model/story.h"

namespace dangol::model {

// What is wrong with a story, told in words; nothing where all agree. Counts the
// commands that were given.
using Teller = std::function<std::optional<std::string>(const Story& story, int64_t& operations)>;

struct Checked {
  int64_t operations = 0;
  std::string failure;  // The shortest story that was found; empty without one.
};

// Has stories told, about so many commands in all, and shrinks the first that fails. The
// seed is the same every time. RC_PARAMS is RapidCheck's own ("seed=5 max_success=1000
// max_size=30": the seed, how many stories, how many commands in the longest) and wins.
Checked CheckStories(int64_t operations, const Teller& tell);

// A number of the environment; `fallback` where it does not have it.
int64_t NumberOfEnvironment(const char* name, int64_t fallback);

}  // namespace dangol::model

#endif  // DANGOL_TESTS_MODEL_CHECKING_H_
