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

void ProgramCatalog::Append(ProgramVersion version) {
  const std::vector<Incentive>& incentives = version.program->incentives;
  has_awards_ |= HasGifts(*version.program) || !incentives.empty();
  has_dates_ |= std::any_of(incentives.begin(), incentives.end(), IsOfDate);
  has_referrers_ |= std::any_of(incentives.begin(), incentives.end(), [](const Incentive& one) {
    return std::holds_alternative<Referrer>(one.kind);
  });
  has_word_of_mouth_ |= version.program->word_of_mouth.has_value();
  has_referrers_ |= has_word_of_mouth_;
  has_advocates_ |= has_word_of_mouth_ || version.program->vvip.has_value();
  versions_.push_back(std::move(version));
}

void ProgramCatalog::Add(ProgramVersion version) {
  version.number = rules() + 1;
  Append(std::move(version));
}

const Norms* ProgramCatalog::NormsOn(DayNumber day, const Program& program) const {
  if (norms_.empty()) return nullptr;
  const NormsBasis basis = BasisOf(program);
  for (auto norms = norms_.rbegin(); norms != norms_.rend(); ++norms) {
    if (norms->from <= day && norms->members > 0 && norms->basis == basis) return &*norms;
  }
  return nullptr;
}

void ProgramCatalog::Add(Norms norms) {
  norms.number = rules() + 1;
  norms_.push_back(std::move(norms));
}

void ProgramCatalog::AddNextOf(const ProgramCatalog& other) {
  if (norms_.size() < other.norms_.size() && other.norms_[norms_.size()].number == rules() + 1) {
    norms_.push_back(other.norms_[norms_.size()]);
  } else {
    Append(other.versions_[versions_.size()]);
  }
}

}  // namespace dangol::domain
