#ifndef DANGOL_SERVER_INSIGHT_GIVERS_H_
#define DANGOL_SERVER_INSIGHT_GIVERS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "server/domain/member/member_id.h"
#include "server/domain/purchase/given_away.h"

namespace dangol::insight {

// What a member gave to others of purchases whose goods came back, in one wallet.
struct Giver {
  domain::MemberId member_id;
  std::string wallet;
  int64_t points = 0;
  int64_t purchases = 0;

  friend bool operator==(const Giver&, const Giver&) = default;
};

// Whether one of them comes before the other in a list: by points, the most first, then by member
// and by wallet.
bool ComesBefore(const Giver& one, const Giver& other);

// Summed by member and wallet, in that order.
std::vector<Giver> RankGivers(absl::Span<const domain::GivenAway> given);

}  // namespace dangol::insight

#endif  // DANGOL_SERVER_INSIGHT_GIVERS_H_
