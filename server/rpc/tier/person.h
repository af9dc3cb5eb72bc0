#ifndef DANGOL_SERVER_RPC_TIER_PERSON_H_
#define DANGOL_SERVER_RPC_TIER_PERSON_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "server/domain/member/member.h"
#include "server/domain/program/program_catalog.h"
#include "server/rpc/handling.h"

namespace dangol::rpc {

// A person as they are stored and as of now, and the program by which their tiers are told.
struct Person {
  domain::Member stored;
  domain::Member member;
  std::shared_ptr<const domain::ProgramCatalog> catalog;
  const domain::Program* program = nullptr;
  absl::Time now;
};

// Of a household the person who is named.
absl::StatusOr<Person> FindPerson(const domain::MemberRef& ref, Backend& backend,
                                  storage::Reader& reader);

// The ladder of this name, or the only one where none is named.
absl::StatusOr<const domain::Ladder*> LadderOf(const std::string& id,
                                               const domain::Program& program);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_TIER_PERSON_H_
