#ifndef DANGOL_SERVER_DOMAIN_PROGRAM_IN_USE_H_
#define DANGOL_SERVER_DOMAIN_PROGRAM_IN_USE_H_

#include <cstdint>
#include <set>
#include <string>

#include "server/domain/program/program.h"
#include "server/domain/program/program_catalog.h"

// What members still have of what a program declares, and would be stranded with if the next
// version said nothing of it.
namespace dangol::domain {

// What a program declares by name and members may have something of.
enum class PartKind : int8_t { kWallet, kCurrency, kReward };

struct InUse {
  std::string name;
  int64_t members = 0;
  // Points that members have; purchases that may still come back; coupons that are issued.
  int64_t count = 0;
  int64_t owed = 0;  // Of a wallet: points that members owe.

  friend bool operator==(const InUse&, const InUse&) = default;
};

// What the program declares of this kind.
std::set<std::string> Declared(PartKind kind, const Program& program);

// What any version of `known` declares and `next` neither declares nor retires.
std::set<std::string> Dropped(PartKind kind, const Program& next, const ProgramCatalog& known);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_PROGRAM_IN_USE_H_
