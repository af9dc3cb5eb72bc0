#include "server/rpc/member_read.h"

#include <utility>

#include "server/common/status_macros.h"

namespace dangol::rpc {

absl::StatusOr<Found> LoadMember(
    const Backend& backend, storage::Reader& reader,
    absl::FunctionRef<domain::Reads(const domain::ProgramCatalog&, absl::Time)> reads_of) {
  while (true) {
    Found found;
    found.catalog = backend.programs.Current();
    found.now = backend.clock.Now();
    domain::Reads reads = reads_of(*found.catalog, found.now);
    storage::KeySet keys;
    keys.now = found.now;
    keys.known_rules = found.catalog->rules();
    if (reads.member.has_value()) {
      keys.members.push_back({*std::move(reads.member), std::move(reads.needs)});
    }
    keys.counters = std::move(reads.counters);
    ASSIGN_OR_RETURN(found.loaded, storage::LoadFollowing(reader, keys));
    if (found.loaded.rules.empty()) return found;
    RETURN_IF_ERROR(backend.programs.Learn(found.loaded.rules));
  }
}

absl::StatusOr<PurseOfList> FindPurse(const domain::MemberRef& ref, const Backend& backend,
                                      storage::Reader& reader) {
  ASSIGN_OR_RETURN(const Found found, LoadMember(backend, reader, [&](const auto&, absl::Time) {
                     domain::Reads reads;
                     reads.member = ref;
                     return reads;
                   }));
  const domain::MemberState* const purse = found.loaded.Find(ref);
  if (purse == nullptr) return domain::MemberNotFound(ref);
  PurseOfList list;
  list.purse = purse->member.id;
  const domain::MemberState* const person = found.loaded.FindPerson(ref);
  if (person != nullptr) list.person = person->member.id;
  return list;
}

}  // namespace dangol::rpc
