#ifndef DANGOL_SERVER_DOMAIN_INPUTS_H_
#define DANGOL_SERVER_DOMAIN_INPUTS_H_

#include <cstdint>
#include <map>
#include <string>

#include "server/domain/member/member_id.h"

namespace dangol::domain {

// What a command was decided upon beside its request, the member and the program. It is
// kept with the command in the log, so that an audit can decide it again by itself.
struct Inputs {
  std::map<std::string, int64_t> counters;  // How much of each had been used before.
  // The latest rules that were known (ProgramCatalog::rules): another lane may have learnt of
  // later ones before.
  int64_t rules = 0;
  // Who acted, where their purse is the one of the member whose command it is; else nil.
  MemberId person;

  friend bool operator==(const Inputs&, const Inputs&) = default;
};

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_INPUTS_H_
