#include "tests/bench/referral_tree.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <random>

#include "dangol/v1/member_service.pb.h"
#include "server/common/status_macros.h"
#include "tests/bench/requests.h"

namespace dangol::bench {
namespace {

void AppendEnrollAt(uint64_t place, std::string* body) {
  AppendEnroll(place, body);
  if (place == 0) return;
  // Serialized messages that follow each other are one.
  v1::EnrollMemberRequest more;
  v1::Alias& card = *more.mutable_referred_by()->mutable_alias();
  card.set_kind("card");
  card.set_value(EnrolledCard(ReferrerOf(place)));
  more.AppendToString(body);
}

}  // namespace

// Who brings somebody has to be there before, so the chain comes one by one, and after it all at
// once whose referrers are there.
absl::StatusOr<std::vector<std::string>> EnrollTree(DangolServer& server, uint64_t members) {
  std::vector<std::string> tree;
  while (tree.size() < members) {
    const uint64_t first = tree.size();
    const bool in_chain = first < kChain;
    const uint64_t end = std::min(members, in_chain ? kChain : kChain + kBroughtByEach * first);
    ASSIGN_OR_RETURN(
        std::vector<std::string> some,
        server.Enroll(
            end - first,
            [first](uint64_t number, std::string* body) { AppendEnrollAt(first + number, body); },
            in_chain ? 1 : kEnrollInFlight));
    std::move(some.begin(), some.end(), std::back_inserter(tree));
  }
  return tree;
}

absl::StatusOr<std::vector<std::string>> EnrollBesideTree(DangolServer& server, uint64_t members) {
  return server.Enroll(members, [members](uint64_t number, std::string* body) {
    AppendEnroll(members + number, body);
  });
}

std::vector<size_t> ShuffledPlaces(uint64_t members) {
  std::vector<size_t> places(members);
  std::iota(places.begin(), places.end(), 0);
  std::shuffle(places.begin(), places.end(), std::mt19937_64());
  return places;
}

}  // namespace dangol::bench
