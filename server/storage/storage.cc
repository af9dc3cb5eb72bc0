#include "server/storage/storage.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "server/common/limits.h"
#include "server/common/status_macros.h"

namespace dangol::storage {
namespace {

// For whom of the queries somebody else is meant, by the index of the query: what it asks
// for is to be loaded of them.
using Meant = absl::flat_hash_map<size_t, domain::MemberId>;

// Adds queries for those who are meant and not asked for yet. False where there are none.
bool AddMeant(const Loaded& loaded, size_t queries, Meant& meant, KeySet& keys) {
  const bool has_merged =
      std::any_of(loaded.members.begin(), loaded.members.end(),
                  [](const auto& entry) { return entry.second.member.merged.has_value(); });
  if (!has_merged) return false;
  bool is_any = false;
  for (size_t i = 0; i < queries; ++i) {
    const MemberQuery query = keys.members[i];
    const std::optional<domain::MemberId> other = loaded.FindOther(query.ref);
    if (!other.has_value()) continue;
    const auto [place, is_first] = meant.try_emplace(i, *other);
    if (!is_first && std::exchange(place->second, *other) == *other) continue;
    // That they lead on is proved where they are written themselves.
    if (!is_first || !query.acts) keys.may_recall = false;
    domain::MemberRef ref;
    ref.id = other;
    keys.members.push_back({std::move(ref), query.needs});
    is_any = true;
  }
  return is_any;
}

// Whether members lead to each other in a circle: of each another moment is remembered, where
// one was merged into the other, that was undone, and the other was merged into the one.
bool HasCircle(const Loaded& loaded) {
  return std::any_of(loaded.members.begin(), loaded.members.end(), [&](const auto& entry) {
    return entry.second.member.merged.has_value() && loaded.Find({entry.first, {}}) == nullptr;
  });
}

template <typename Source>
absl::StatusOr<Loaded> LoadAll(Source& source, KeySet& keys) {
  const size_t queries = keys.members.size();
  Meant meant;
  for (int hop = 0; hop < limits::kMaxMergeHops; ++hop) {
    ASSIGN_OR_RETURN(Loaded loaded, source.Load(keys));
    if (HasCircle(loaded)) {
      keys.may_recall = false;
      continue;
    }
    if (!AddMeant(loaded, queries, meant, keys)) return loaded;
  }
  return absl::DataLossError("members have handed everything to each other in a circle");
}

}  // namespace

std::optional<RequestKey> OriginOf(const domain::MemberRef& ref) {
  if (!ref.purchase_id.empty()) return RequestKey{RequestScope::kPurchase, ref.purchase_id};
  if (!ref.reservation_id.empty()) return RequestKey{RequestScope::kRequest, ref.reservation_id};
  if (!ref.coupon_code.empty()) return RequestKey{RequestScope::kCoupon, ref.coupon_code};
  return std::nullopt;
}

const domain::MemberState* Loaded::FindNamed(const domain::MemberRef& ref) const {
  domain::MemberId id;
  if (ref.id.has_value()) {
    id = *ref.id;
  } else if (const std::optional<RequestKey> key = OriginOf(ref); key.has_value()) {
    const auto origin = origins.find(*key);
    if (origin == origins.end()) return nullptr;
    id = origin->second;
  } else {
    const auto owner = aliases.find(ref.alias);
    if (owner == aliases.end()) return nullptr;
    id = owner->second;
  }
  const auto member = members.find(id);
  return member == members.end() ? nullptr : &member->second;
}

const domain::MemberState* Loaded::FindNext(domain::Meaning meaning,
                                            const domain::MemberState& state) const {
  if (!domain::LeadsOn(meaning, state.member)) return nullptr;
  const auto next = members.find(state.member.merged->into);
  return next == members.end() ? nullptr : &next->second;
}

const domain::MemberState* Loaded::Find(const domain::MemberRef& ref) const {
  const domain::MemberState* found = FindNamed(ref);
  for (size_t hop = 0; found != nullptr && hop <= members.size(); ++hop) {
    const domain::MemberState* const next = FindNext(ref.meaning, *found);
    if (next == nullptr) return found;
    found = next;
  }
  return nullptr;
}

std::optional<domain::MemberId> Loaded::FindOther(const domain::MemberRef& ref) const {
  const domain::MemberState* const found = Find(ref);
  if (found == nullptr) return std::nullopt;
  if (domain::LeadsOn(ref.meaning, found->member)) return found->member.merged->into;
  if (found == FindNamed(ref)) return std::nullopt;
  return found->member.id;
}

const domain::MemberState* Loaded::FindPerson(const domain::MemberRef& ref) const {
  if (ref.meaning != domain::Meaning::kOwner) return nullptr;
  domain::MemberRef person = ref;
  person.meaning = domain::Meaning::kPerson;
  const domain::MemberState* const found = Find(person);
  return found == Find(ref) ? nullptr : found;
}

absl::StatusOr<Loaded> LoadFollowing(Transaction& transaction, KeySet& keys) {
  return LoadAll(transaction, keys);
}

absl::StatusOr<Loaded> LoadFollowing(Reader& reader, KeySet& keys) { return LoadAll(reader, keys); }

}  // namespace dangol::storage
