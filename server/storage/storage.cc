#include "server/storage/storage.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"

namespace dangol::storage {
namespace {

// The members whom queries resolve to beside those whom they name, by the index of the query: what
// it asks for is to be loaded of them.
using Resolved = absl::flat_hash_map<size_t, domain::MemberId>;

// Adds queries for those whom names resolve to and not asked for yet. False where there are none.
bool AddResolved(const Loaded& loaded, size_t queries, Resolved& resolved, KeySet& keys) {
  const bool has_merged =
      std::any_of(loaded.members.begin(), loaded.members.end(),
                  [](const auto& entry) { return entry.second.member.joined.has_value(); });
  if (!has_merged) return false;
  bool is_any = false;
  for (size_t i = 0; i < queries; ++i) {
    const MemberQuery query = keys.members[i];
    const std::optional<domain::MemberId> other = loaded.FindResolved(query.ref);
    if (!other.has_value()) continue;
    const auto [place, is_first] = resolved.try_emplace(i, *other);
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
    return entry.second.member.joined.has_value() && loaded.Find({entry.first, {}}) == nullptr;
  });
}

// Who is named, whatever became of them.
std::optional<domain::MemberId> NamedBy(const domain::MemberRef& ref, const Loaded& loaded) {
  if (ref.id.has_value()) return ref.id;
  domain::MemberRef itself = ref;
  itself.resolve = domain::Resolve::kToItself;
  const domain::MemberState* const found = loaded.Find(itself);
  return found == nullptr ? std::nullopt : std::make_optional(found->member.id);
}

// What is asked of those whose names resolve to others, and of these, whoever asks it: they are
// loaded together, because of some it depends on the others what is to be found.
KeySet KeysOfResolved(const Loaded& loaded, size_t queries, const Resolved& resolved,
                      const KeySet& keys) {
  absl::flat_hash_set<domain::MemberId> members;
  for (const auto& [query, other] : resolved) {
    members.insert(other);
    const auto named = NamedBy(keys.members[query].ref, loaded);
    if (named.has_value()) members.insert(*named);
  }
  // Those over whom the last of them were found.
  for (size_t i = queries; i < keys.members.size(); ++i) members.insert(*keys.members[i].ref.id);

  KeySet more;
  more.more = true;
  more.now = keys.now;
  more.known_rules = keys.known_rules;
  // Whatever was executed since the first load may show in what this one finds.
  more.requests = keys.requests;
  more.requests_without_member = keys.requests_without_member;
  for (const MemberQuery& query : keys.members) {
    const auto named = NamedBy(query.ref, loaded);
    if (named.has_value() && members.contains(*named)) more.members.push_back(query);
  }
  return more;
}

template <typename Map>
void Take(Map from, Map& into) {
  for (auto& [key, value] : from) into.insert_or_assign(key, std::move(value));
}

void TakeMore(Loaded more, Loaded& loaded) {
  Take(std::move(more.requests), loaded.requests);
  Take(std::move(more.aliases), loaded.aliases);
  Take(std::move(more.past_owners), loaded.past_owners);
  Take(std::move(more.origins), loaded.origins);
  Take(std::move(more.members), loaded.members);
  std::move(more.rules.begin(), more.rules.end(), std::back_inserter(loaded.rules));
}

template <typename Source>
absl::StatusOr<Loaded> LoadAll(Source& source, KeySet& keys) {
  const size_t queries = keys.members.size();
  Resolved resolved;
  ASSIGN_OR_RETURN(Loaded loaded, source.Load(keys));
  for (int hop = 0; hop < limits::kMaxMergeHops; ++hop) {
    if (HasCircle(loaded)) {
      keys.may_recall = false;
    } else if (!AddResolved(loaded, queries, resolved, keys)) {
      return loaded;
    } else if (loaded.is_current) {
      ASSIGN_OR_RETURN(Loaded more, source.Load(KeysOfResolved(loaded, queries, resolved, keys)));
      TakeMore(std::move(more), loaded);
      continue;
    }
    // What was recalled costs little, and nothing that was is mixed with what is loaded.
    ASSIGN_OR_RETURN(loaded, source.Load(keys));
  }
  return absl::DataLossError("members have handed everything to each other in a circle");
}

}  // namespace

std::optional<RequestKey> OriginOf(const domain::MemberRef& ref) {
  if (!ref.purchase_id.empty()) return RequestKey{RequestScope::kPurchase, ref.purchase_id};
  if (!ref.reservation_id.empty()) return RequestKey{RequestScope::kRequest, ref.reservation_id};
  if (!ref.complaint_id.empty()) return RequestKey{RequestScope::kRequest, ref.complaint_id};
  if (!ref.return_id.empty()) return RequestKey{RequestScope::kReturn, ref.return_id};
  if (!ref.activity_id.empty()) return RequestKey{RequestScope::kActivity, ref.activity_id};
  if (!ref.coupon_code.empty()) return RequestKey{RequestScope::kCoupon, ref.coupon_code};
  return std::nullopt;
}

std::optional<domain::MemberId> Loaded::FindOwner(const domain::MemberRef& ref) const {
  if (ref.as_of.has_value()) {
    const auto past = past_owners.find({ref.alias, *ref.as_of});
    if (past != past_owners.end()) return past->second;
  }
  const auto owner = aliases.find(ref.alias);
  return owner == aliases.end() ? std::nullopt : std::make_optional(owner->second);
}

bool AsksForPast(const domain::MemberRef& ref, absl::Time now) {
  return ref.as_of.has_value() && *ref.as_of < now - limits::kMaxClockSkew && !ref.id.has_value() &&
         !OriginOf(ref).has_value();
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
    const std::optional<domain::MemberId> owner = FindOwner(ref);
    if (!owner.has_value()) return nullptr;
    id = *owner;
  }
  const auto member = members.find(id);
  return member == members.end() ? nullptr : &member->second;
}

const domain::MemberState* Loaded::ResolveOnce(domain::Resolve resolve,
                                               const domain::MemberState& state) const {
  if (!domain::ResolvesFurther(resolve, state.member)) return nullptr;
  const auto next = members.find(state.member.joined->into);
  return next == members.end() ? nullptr : &next->second;
}

const domain::MemberState* Loaded::Find(const domain::MemberRef& ref) const {
  const domain::MemberState* found = FindNamed(ref);
  for (size_t hop = 0; found != nullptr && hop <= members.size(); ++hop) {
    const domain::MemberState* const next = ResolveOnce(ref.resolve, *found);
    if (next == nullptr) return found;
    found = next;
  }
  return nullptr;
}

std::optional<domain::MemberId> Loaded::FindResolved(const domain::MemberRef& ref) const {
  const domain::MemberState* const found = Find(ref);
  if (found == nullptr) return std::nullopt;
  if (domain::ResolvesFurther(ref.resolve, found->member)) return found->member.joined->into;
  if (found == FindNamed(ref)) return std::nullopt;
  return found->member.id;
}

const domain::MemberState* Loaded::FindPerson(const domain::MemberRef& ref) const {
  if (ref.resolve != domain::Resolve::kToOwner) return nullptr;
  domain::MemberRef person = ref;
  person.resolve = domain::Resolve::kToPerson;
  const domain::MemberState* const found = Find(person);
  return found == Find(ref) ? nullptr : found;
}

absl::StatusOr<Loaded> LoadFollowing(Transaction& transaction, KeySet& keys) {
  return LoadAll(transaction, keys);
}

absl::StatusOr<Loaded> LoadFollowing(Reader& reader, KeySet& keys) { return LoadAll(reader, keys); }

}  // namespace dangol::storage
