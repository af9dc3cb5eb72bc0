#ifndef DANGOL_SERVER_DOMAIN_PURCHASE_MATCHING_H_
#define DANGOL_SERVER_DOMAIN_PURCHASE_MATCHING_H_

#include <cstdint>
#include <vector>

#include "absl/time/civil_time.h"
#include "server/domain/member/member.h"
#include "server/domain/program/program.h"
#include "server/domain/purchase/purchase.h"

namespace dangol::domain {

// What conditions look at, worked out once for a purchase.
struct PurchaseFacts {
  const Purchase* purchase = nullptr;
  int currency = 0;                         // Index into Program::currencies.
  int64_t basket_minor = 0;                 // The sum of goods, with tax.
  int64_t basket_without_points_minor = 0;  // Less what points have paid of them.
  std::vector<int64_t> paid;                // By line: what points have paid of it.
  absl::CivilSecond occurred_at;            // In the program's time zone.
  absl::Weekday weekday = absl::Weekday::monday;
};

// Whether what the conditions say of the purchase and its time holds.
bool MatchesPurchase(const Conditions& conditions, const PurchaseFacts& facts);

// Whether they say anything of the member.
bool AskAboutMember(const Conditions& conditions);

// Whether that holds, but for their tier (IsInAnyOf). `is_first`: no other purchase of theirs
// stands.
bool MatchesMember(const Conditions& conditions, const Attributes& attributes, bool is_first);

// Whether what they say of the day holds.
bool IncludesDay(const Conditions& conditions, absl::CivilDay day);

// Whether what they say of the line holds.
bool MatchesLine(const Conditions& conditions, const PurchaseLine& line);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_PURCHASE_MATCHING_H_
