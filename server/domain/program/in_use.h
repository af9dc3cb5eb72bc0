#ifndef DANGOL_SERVER_DOMAIN_PROGRAM_IN_USE_H_
#define DANGOL_SERVER_DOMAIN_PROGRAM_IN_USE_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "server/domain/program/program.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/state.h"

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

// What time has made of it that nobody has recorded, added up over members: by name, and what is
// less is negative.
using InUseChanges = std::map<std::string, InUse>;

// Takes a member out as they are stored, and puts them in as `effects` make them. `stored` must
// have lots.
void Replace(PartKind kind, const MemberState& stored, const Effects& effects,
             InUseChanges& changes);

// What is in use with these changes, by name: nothing of which nobody has anything any more.
std::vector<InUse> Changed(const std::vector<InUse>& stored, InUseChanges changes);

// What the program declares of this kind.
std::set<std::string> Declared(PartKind kind, const Program& program);

// What any version of `known` declares and `next` neither declares nor retires.
std::set<std::string> Dropped(PartKind kind, const Program& next, const ProgramCatalog& known);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_PROGRAM_IN_USE_H_
