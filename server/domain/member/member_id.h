#ifndef DANGOL_SERVER_DOMAIN_MEMBER_MEMBER_ID_H_
#define DANGOL_SERVER_DOMAIN_MEMBER_MEMBER_ID_H_

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace dangol::domain {

// A UUID of version 7 (RFC 9562): its first 48 bits are the milliseconds since
// 1970, so ids are ordered by the time at which they were made.
struct MemberId {
  uint64_t high = 0;
  uint64_t low = 0;

  // An id made at `time` from 74 random bits.
  static MemberId Make(absl::Time time, uint64_t random_high, uint64_t random_low);

  // Reads the text form, in either case; nothing unless it is a whole UUID.
  static std::optional<MemberId> Parse(absl::string_view text);

  // Sixteen bytes, most significant first, which sort as the ids do.
  static std::optional<MemberId> FromBytes(absl::string_view bytes);
  std::array<char, 16> ToBytes() const;

  // The text form, such as "0193b2a0-5f7e-7c3d-9a41-3f0e6c2d8b17".
  std::string ToString() const;

  bool IsNil() const { return high == 0 && low == 0; }

  friend auto operator<=>(const MemberId&, const MemberId&) = default;

  template <typename H>
  friend H AbslHashValue(H state, const MemberId& id) {
    return H::combine(std::move(state), id.high, id.low);
  }
};

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_MEMBER_MEMBER_ID_H_
