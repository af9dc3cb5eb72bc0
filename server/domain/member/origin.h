#ifndef DANGOL_SERVER_DOMAIN_MEMBER_ORIGIN_H_
#define DANGOL_SERVER_DOMAIN_MEMBER_ORIGIN_H_

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "server/domain/member/member_id.h"

// Who brought what a member has. What is their own has origin 0. Whoever is merged into
// them brings what they have under the next origins that are free, one for themselves and
// one for each that they had taken: so an unmerge knows what to give back, and what once
// was an own thing becomes one again.
//
// The numbers of lots follow: those of an origin lie in a range of their own, so they
// stay as far from each other as they were, and what was taken of a lot before a merge
// finds its way back to it after (docs/decisions/0019). Whatever is opened for somebody's
// purchase gets a number of their range, so a lot always tells whose it is.
namespace dangol::domain {

// Of lots for each origin: more than a member can have ledger entries.
inline constexpr int kLotNumberBits = 40;

constexpr int OriginOf(int64_t lot) { return static_cast<int>(lot >> kLotNumberBits); }

// Of a debt that never was open: it gets a number of its origin when it is.
constexpr int64_t NoLotOf(int origin) { return int64_t{origin} << kLotNumberBits; }

// The number of a lot whose origin becomes another by `shift`.
constexpr int64_t ShiftLot(int64_t lot, int shift) {
  return lot + (int64_t{shift} << kLotNumberBits);
}

// What one member hands to another: everything with origins from `first` to `last`. There
// they have origins that differ by `shift`.
struct Move {
  MemberId from;
  MemberId to;
  int first = 0;
  int last = 0;
  int shift = 0;

  bool Has(int origin) const { return first <= origin && origin <= last; }

  friend bool operator==(const Move&, const Move&) = default;
};

// Gives the rows that are moved to another, with the origin that they have there, and after
// `change`.
template <typename Row, typename Change>
void MoveRows(const Move& move, std::vector<Row>& from, std::vector<Row>& to, Change change) {
  const auto moved = std::stable_partition(from.begin(), from.end(),
                                           [&](const Row& row) { return !move.Has(row.origin); });
  for (auto row = moved; row != from.end(); ++row) {
    row->origin += move.shift;
    change(*row);
    to.push_back(std::move(*row));
  }
  from.erase(moved, from.end());
}

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_MEMBER_ORIGIN_H_
