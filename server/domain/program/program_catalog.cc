#include "server/domain/program/program_catalog.h"

#include <algorithm>
#include <utility>

namespace dangol::domain {

const ProgramVersion* ProgramCatalog::At(absl::Time time) const {
  // From the end: nearly everything is judged by the latest version.
  for (auto version = versions_.rbegin(); version != versions_.rend(); ++version) {
    if (version->effective_from <= time) return &*version;
  }
  return nullptr;
}

const ProgramVersion* ProgramCatalog::Find(int64_t version) const {
  const bool is_there = version >= 1 && version <= static_cast<int64_t>(versions_.size());
  return is_there ? &versions_[static_cast<size_t>(version - 1)] : nullptr;
}

ProgramCatalog::Declared ProgramCatalog::LastDeclared(absl::string_view wallet,
                                                      absl::Time time) const {
  absl::Time begun = absl::InfiniteFuture();
  for (auto version = versions_.rbegin(); version != versions_.rend(); ++version) {
    // What was to begin after a later version began never did.
    if (version->effective_from > time || version->effective_from >= begun) continue;
    begun = version->effective_from;
    for (const Wallet& declared : version->program->wallets) {
      if (declared.id == wallet) return {version->program.get(), &declared};
    }
  }
  return {};
}

bool ProgramCatalog::HasGifts() const {
  return std::any_of(versions_.begin(), versions_.end(), [](const ProgramVersion& version) {
    return domain::HasGifts(*version.program);
  });
}

void ProgramCatalog::Add(ProgramVersion version) { versions_.push_back(std::move(version)); }

}  // namespace dangol::domain
