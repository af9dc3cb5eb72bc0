#ifndef DANGOL_SERVER_DOMAIN_PROGRAM_PROGRAM_CATALOG_H_
#define DANGOL_SERVER_DOMAIN_PROGRAM_PROGRAM_CATALOG_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/program/norms.h"
#include "server/domain/program/program.h"

namespace dangol::domain {

// An immutable version of the program.
struct ProgramVersion {
  int64_t version = 0;  // 1, 2, 3 and so on.
  // From when on it judges what occurs; InfinitePast for the first version.
  absl::Time effective_from;
  absl::Time recorded_at;
  std::string text;  // As it was given.
  std::shared_ptr<const Program> program;
  int64_t number = 0;  // Its place among all rules.
};

// The rules: every version of the program and all norms, and which of them judge what. They have
// their numbers from one list, so that the last one says what is known.
class ProgramCatalog {
 public:
  // The number of the latest rules: how many there are.
  int64_t rules() const { return static_cast<int64_t>(versions_.size() + norms_.size()); }

  // The version that was active at `time`; null where there is no version.
  const ProgramVersion* At(absl::Time time) const;

  // The version with this number; null where there is none.
  const ProgramVersion* Find(int64_t version) const;

  // What a wallet was when it was last declared: by the version that was active at `time`, or by
  // the latest before it that declares it. `wallet` is null where none does.
  struct Declared {
    const Program* program = nullptr;
    const Wallet* wallet = nullptr;
  };
  Declared LastDeclared(absl::string_view wallet, absl::Time time) const;

  // Whether any version gives something for a tier or has incentives: it may have to be taken back
  // under a later one.
  bool HasAwards() const { return has_awards_; }

  // Whether any version gives something by the calendar.
  bool HasDates() const { return has_dates_; }

  // Whether any version asks who referred somebody.
  bool HasReferrers() const { return has_referrers_; }

  // Whether any version has VVIPs or advocates.
  bool HasAdvocates() const { return has_advocates_; }

  // Whether any version has advocates by word of mouth.
  bool HasWordOfMouth() const { return has_word_of_mouth_; }

  // Adds the next version: from when it begins it goes before those that are here.
  void Add(ProgramVersion version);

  // The norms by which a program scores members on a day; null while it has none, or by them
  // nobody was scored.
  const Norms* NormsOn(DayNumber day, const Program& program) const;

  // Adds the next norms: they go before those that are here and begin on the same day or earlier.
  void Add(Norms norms);

  // Adds the next of all rules that another catalog has and this one has not yet.
  void AddNextOf(const ProgramCatalog& other);

  // Oldest first.
  const std::vector<ProgramVersion>& versions() const { return versions_; }
  const std::vector<Norms>& norms() const { return norms_; }

 private:
  // Notes what it has: every decision asks.
  void Append(ProgramVersion version);

  std::vector<ProgramVersion> versions_;
  std::vector<Norms> norms_;
  bool has_awards_ = false;
  bool has_dates_ = false;
  bool has_referrers_ = false;
  bool has_advocates_ = false;
  bool has_word_of_mouth_ = false;
};

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_PROGRAM_PROGRAM_CATALOG_H_
