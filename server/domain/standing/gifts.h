#ifndef DANGOL_SERVER_DOMAIN_STANDING_GIFTS_H_
#define DANGOL_SERVER_DOMAIN_STANDING_GIFTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/domain/member/member.h"
#include "server/domain/points/book.h"
#include "server/domain/program/program_catalog.h"

// Points for reaching a tier, or passing it, once in each period: what is due by the spans of a
// person. Only the difference that a decision makes is posted, so a gift that fell with its tier
// stands again with it, and no merge, unmerge or name of a tier is worth anything.
namespace dangol::domain {

struct GiftDue {
  std::string ladder;
  std::string tier;
  std::string wallet;
  int64_t points = 0;
  DayNumber day = 0;

  friend bool operator==(const GiftDue&, const GiftDue&) = default;
};

// In the order of time: of each by the program of its day.
std::vector<GiftDue> GiftsDue(const ProgramCatalog& catalog, absl::Time now, const Member& person);

// Posts to the person's purse what is due now and was not `before`, and takes back what was and
// is not, as far as it was given: of its own lot first, then of others, and then as the program
// says of debts.
absl::Status PostGifts(const std::vector<GiftDue>& before, const ProgramCatalog& catalog,
                       const Cause& cause, Member& person, Book& book);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_STANDING_GIFTS_H_
