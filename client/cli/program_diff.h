#pragma once

#include <string>
#include <vector>

#include "dangol/v1/program.pb.h"

namespace dangol::cli {

// One thing in which two programs differ. `before` or `after` is empty where it is not there.
struct ProgramChange {
  std::string part;    // Such as "rule base".
  std::string aspect;  // Such as "rate"; empty where the whole part came or went.
  std::string before;
  std::string after;
};

// What the second program says otherwise than the first: comments, and how they are written,
// make no difference. First what has changed and what is gone, in the order of the first.
std::vector<ProgramChange> Compare(const v1::Program& before, const v1::Program& after);

// "rule base: rate 1 per 100 KRW -> 2 per 100 KRW".
std::string InWords(const ProgramChange& change);

}  // namespace dangol::cli
