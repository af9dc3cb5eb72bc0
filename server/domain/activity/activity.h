#ifndef DANGOL_SERVER_DOMAIN_ACTIVITY_ACTIVITY_H_
#define DANGOL_SERVER_DOMAIN_ACTIVITY_ACTIVITY_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "server/domain/member/member_id.h"

namespace dangol::domain {

// A purchase is one as well: profiles count both.
inline constexpr char kVisitKind[] = "visit";

// Something that a member did beside buying: a visit, a review, a recommendation. The upper
// half is what the caller says, the lower what recording it adds.
struct Activity {
  std::string activity_id;
  std::string kind;  // One that the program declares.
  absl::Time occurred_at;
  bool rewarded = false;  // Somebody was paid for it; else it was spontaneous.
  std::string channel;
  std::string reference;  // What it was about.

  MemberId member_id;
  absl::Time recorded_at;
  int64_t program_version = 0;  // That judged it.
  bool suspended = false;       // Who did it was: it counts for nothing.
  MemberId person;              // Whose it is whoever they are merged into; else member_id.
  absl::Time undone_at = absl::InfiniteFuture();

  friend bool operator==(const Activity&, const Activity&) = default;
};

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_ACTIVITY_ACTIVITY_H_
