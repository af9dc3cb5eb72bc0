#ifndef DANGOL_SERVER_INSIGHT_INFLUENCE_TREE_H_
#define DANGOL_SERVER_INSIGHT_INFLUENCE_TREE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "server/domain/member/member.h"
#include "server/domain/program/days.h"
#include "server/domain/program/program.h"
#include "server/domain/referral/referrals.h"

namespace dangol::insight {

// What members brought about through those whom they brought: each has a half of what each of
// these brought about in all. It takes one look at every member and one step for each, however
// deep the tree is: a referrer was always a member before whom they brought (referrals.h).
class InfluenceTree {
 public:
  // What somebody did as of the end of a day. `program` has Program::word_of_mouth.
  void Add(const domain::Member& person, const domain::Program& program, domain::DayNumber day);

  // Those of whom something else was told last, and what it is now, in thousandths of a point.
  struct Change {
    domain::MemberId member;
    int64_t thousandths = 0;
  };
  std::vector<Change> Changes();

 private:
  struct Node {
    domain::MemberSince since;
    domain::MemberId member;
    domain::MemberId referrer;  // Nil: nobody, or somebody who was to be paid for it.
    int64_t own = 0;            // Whom they brought themselves.
    int64_t through = 0;        // By those whom they brought.
    int64_t told = 0;           // What that was last.
  };

  std::vector<Node> nodes_;
  absl::flat_hash_map<domain::MemberId, size_t> node_of_;  // By person.
};

}  // namespace dangol::insight

#endif  // DANGOL_SERVER_INSIGHT_INFLUENCE_TREE_H_
