#ifndef DANGOL_SERVER_DOMAIN_PROGRAM_PROGRAM_CATALOG_H_
#define DANGOL_SERVER_DOMAIN_PROGRAM_PROGRAM_CATALOG_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
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
};

// Every version of the program, and which of them judges what.
class ProgramCatalog {
 public:
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

  // Whether any version gives something for a tier: it may have to be taken back under a later one.
  bool HasGifts() const;

  // Adds the next version by number: from when it begins it goes before those that are here.
  void Add(ProgramVersion version);

  // Oldest first.
  const std::vector<ProgramVersion>& versions() const { return versions_; }

 private:
  std::vector<ProgramVersion> versions_;
};

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_PROGRAM_PROGRAM_CATALOG_H_
