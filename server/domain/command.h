#ifndef DANGOL_SERVER_DOMAIN_COMMAND_H_
#define DANGOL_SERVER_DOMAIN_COMMAND_H_

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "server/domain/member.h"
#include "server/domain/program.h"
#include "server/domain/purchase.h"

namespace dangol::domain {

struct EnrollMember {
  MemberId member_id;  // Made by the caller: a decision has no randomness.
  std::vector<Alias> aliases;
  Attributes attributes;
  std::optional<absl::Time> enrolled_at;
};

struct AddAlias {
  MemberRef member;
  Alias alias;
};

struct RemoveAlias {
  MemberRef member;
  Alias alias;
};

struct RecordPurchase {
  MemberRef member;
  Purchase purchase;                      // Its upper half.
  std::optional<absl::Time> occurred_at;  // The time of the decision when absent.
};

struct ActivateProgram {
  std::shared_ptr<const Program> program;
  std::string text;
  std::optional<absl::Time> effective_from;
};

// Lets time have its effect on a member.
struct AdvanceMember {
  MemberRef member;
};

using Action = std::variant<EnrollMember, AddAlias, RemoveAlias, RecordPurchase, ActivateProgram,
                            AdvanceMember>;

// Who acts where no caller does: time, and the server's own start.
inline constexpr char kSystemPrincipal[] = "system";

// Something to decide, and who asks for it.
struct Command {
  Action action;
  std::string principal;
};

// Whom a command concerns; nothing where that is no member.
std::optional<MemberRef> MemberOf(const Command& command);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_COMMAND_H_
