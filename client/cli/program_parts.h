#pragma once

#include <string>
#include <vector>

#include "dangol/v1/program.pb.h"

namespace dangol::cli {

// One thing that a program says of one of its parts: "rate", "1 per 100 KRW".
struct Aspect {
  std::string name;
  std::string words;
  // Tells those of one name apart, such as the rates of a rule by their currency.
  std::string key = "";
  // Said or not said, and nothing else.
  bool is_flag = false;
};

// A rule, a wallet, a reward and so on, or what the program says of itself.
struct ProgramPart {
  std::string name;  // Such as "rule base".
  std::string list;  // What it is one of, such as "rules"; empty for the program itself.
  std::vector<Aspect> aspects;
};

// Everything that a program says, in words, in its own order. Fields that have no words of
// their own here are told all the same.
std::vector<ProgramPart> PartsOf(const v1::Program& program);

}  // namespace dangol::cli
