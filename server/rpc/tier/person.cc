#include "server/rpc/tier/person.h"

#include "server/common/status_macros.h"
#include "server/domain/standing/judge.h"
#include "server/rpc/member_read.h"

namespace dangol::rpc {

absl::StatusOr<Person> FindPerson(const domain::MemberRef& ref, Backend& backend,
                                  storage::Reader& reader) {
  ASSIGN_OR_RETURN(const Found found, LoadMember(backend, reader, [&](const auto&, absl::Time) {
                     domain::Reads reads;
                     reads.member = ref;
                     return reads;
                   }));
  const domain::MemberState* const state = found.loaded.FindPerson(ref) != nullptr
                                               ? found.loaded.FindPerson(ref)
                                               : found.loaded.Find(ref);
  if (state == nullptr) return domain::MemberNotFound(ref);
  const domain::ProgramVersion* const version = found.catalog->At(found.now);
  if (version == nullptr) return domain::ProgramMissing();
  Person person{state->member, state->member, found.catalog, version->program.get(), found.now};
  domain::AdvanceTiers(*person.catalog, person.now, person.member);
  return person;
}

absl::StatusOr<const domain::Ladder*> LadderOf(const std::string& id,
                                               const domain::Program& program) {
  const bool is_only = id.empty() && program.ladders.size() == 1;
  const domain::Ladder* const ladder =
      is_only ? &program.ladders.front() : domain::FindLadder(program, id);
  if (ladder == nullptr) return domain::LadderNotFound(id, program.name);
  return ladder;
}

}  // namespace dangol::rpc
