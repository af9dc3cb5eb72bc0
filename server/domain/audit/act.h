#ifndef DANGOL_SERVER_DOMAIN_AUDIT_ACT_H_
#define DANGOL_SERVER_DOMAIN_AUDIT_ACT_H_

#include <optional>
#include <string>
#include <vector>

#include "server/domain/command.h"
#include "server/domain/state.h"

// What an audit log keeps of a command that somebody with special rights gave: who changed what,
// from what to what, and why. What tills and members do day by day is none of these, nor is what
// time causes.
namespace dangol::domain {

// Of one thing. Nothing in it names or describes a person: of attributes and aliases it says which
// they are, and not what was in them.
struct Change {
  std::string what;    // "status", "points.base", "tier.main": a kind, and of which.
  std::string before;  // Empty where there was nothing.
  std::string after;   // Empty where there is nothing any more.

  friend bool operator==(const Change&, const Change&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.what);
    v(2, row.before);
    v(3, row.after);
  }
};

struct Act {
  std::string reason;  // Empty where nobody gave one.
  std::vector<Change> changes;

  friend bool operator==(const Act&, const Act&) = default;

  // What is kept as a record; the reason has a column.
  static void Fields(auto& row, auto& v) { v(1, row.changes); }
};

// Whether it is an act. Of what the server does by itself only a program that it was started with
// is one.
bool IsAct(const Command& command);

// `before` is the member whom the effects are about, `person` who acted where that is another;
// null where there is none.
Act ActOf(const Command& command, const MemberState* before, const MemberState* person,
          const Effects& effects);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_AUDIT_ACT_H_
