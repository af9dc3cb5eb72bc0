#include "server/rpc/program/program_in_use.h"

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "server/common/error.h"
#include "server/common/status_macros.h"
#include "server/domain/decide.h"
#include "server/domain/errors.h"
#include "server/rpc/program/nearest_name.h"

namespace dangol::rpc {
namespace {

using domain::PartKind;

constexpr PartKind kKinds[] = {PartKind::kWallet, PartKind::kCurrency, PartKind::kReward};

// What the program declares and no version before it did.
std::vector<std::string> NewNames(PartKind kind, const domain::Program& next,
                                  const domain::ProgramCatalog& known) {
  std::set<std::string> names = domain::Declared(kind, next);
  for (const domain::ProgramVersion& version : known.versions()) {
    for (const std::string& name : domain::Declared(kind, *version.program)) names.erase(name);
  }
  return {names.begin(), names.end()};
}

// What members have now, whether somebody has looked since their points expired or not.
absl::StatusOr<std::vector<domain::InUse>> ListInUse(PartKind kind,
                                                     const domain::ProgramCatalog& known,
                                                     absl::Time now, storage::Reader& reader) {
  domain::InUseChanges changes;
  ASSIGN_OR_RETURN(const std::vector<domain::InUse> stored,
                   reader.ListInUse(kind, now, [&](const domain::MemberState& state) {
                     domain::Replace(kind, state, domain::Advance(state, known, now), changes);
                   }));
  return domain::Changed(stored, std::move(changes));
}

}  // namespace

bool DropsAnything(const domain::Program& next, const domain::ProgramCatalog& known) {
  return std::any_of(std::begin(kKinds), std::end(kKinds),
                     [&](PartKind kind) { return !domain::Dropped(kind, next, known).empty(); });
}

absl::Status CheckNothingInUse(const domain::Program& next, const domain::ProgramCatalog& known,
                               absl::Time now, storage::Reader& reader) {
  absl::Status refusal;
  for (const PartKind kind : kKinds) {
    const std::set<std::string> dropped = domain::Dropped(kind, next, known);
    if (dropped.empty()) continue;
    ASSIGN_OR_RETURN(const std::vector<domain::InUse> all, ListInUse(kind, known, now, reader));
    const std::vector<std::string> new_names = NewNames(kind, next, known);
    for (const domain::InUse& use : all) {
      if (!dropped.contains(use.name)) continue;
      refusal = Combine(refusal, domain::StillInUse(kind, use, NearestName(use.name, new_names)));
    }
  }
  return refusal;
}

absl::Status CheckActivation(const lane::Request& request, lane::ProgramLibrary& programs,
                             absl::Time now, storage::Reader& reader) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const domain::ProgramCatalog> known,
                   programs.Refresh(reader));
  const auto& activate = std::get<domain::ActivateProgram>(request.command.action);
  absl::Status refusal = CheckNothingInUse(*activate.program, *known, now, reader);
  if (refusal.ok()) return refusal;
  storage::KeySet keys;
  keys.requests.push_back(request.key);
  keys.requests_without_member = true;
  keys.known_rules = known->rules();
  ASSIGN_OR_RETURN(const storage::Loaded loaded, reader.Load(keys));
  return loaded.requests.contains(request.key) ? absl::OkStatus() : refusal;
}

}  // namespace dangol::rpc
