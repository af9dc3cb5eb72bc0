#include "server/domain/program/program_catalog.h"

#include <utility>

namespace dangol::domain {

const ProgramVersion* ProgramCatalog::At(absl::Time time) const {
  // From the end: nearly everything is judged by the latest version.
  for (auto version = versions_.rbegin(); version != versions_.rend(); ++version) {
    if (version->effective_from <= time) return &*version;
  }
  return nullptr;
}

void ProgramCatalog::Add(ProgramVersion version) { versions_.push_back(std::move(version)); }

}  // namespace dangol::domain
