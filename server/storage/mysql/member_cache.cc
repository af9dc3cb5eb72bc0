#include "server/storage/mysql/member_cache.h"

#include <iterator>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "server/common/record.h"

namespace dangol::storage::mysql {
namespace {

// Places in the list and in the table, what counts the owners, and what the allocator
// adds to each.
constexpr size_t kPlaceBytes = 160;

// A member with more, by their lots, is read each time: copying them takes as long.
constexpr size_t kMaxStateBytes = 16 << 10;

// A string within its object has none of its own.
size_t BytesOf(const std::string& text) { return text.capacity() < 16 ? 0 : text.capacity(); }

size_t BytesOf(const std::vector<domain::Lot>& lots) {
  size_t bytes = lots.size() * sizeof(domain::Lot);
  for (const domain::Lot& lot : lots) bytes += BytesOf(lot.wallet) + BytesOf(lot.purchase_id);
  return bytes;
}

// Adds up what a record has outside of itself, by its list of fields.
class Counting {
 public:
  template <typename Field>
  void operator()(uint32_t, const Field& field) {
    using Item = typename record_internal::ItemOf<Field>::Type;
    if constexpr (std::is_same_v<Field, std::string>) {
      bytes_ += BytesOf(field);
    } else if constexpr (!std::is_void_v<Item>) {
      bytes_ += field.size() * sizeof(Item);
      for (const Item& item : field) (*this)(1, item);
    } else if constexpr (requires(Counting & counting) { Field::Fields(field, counting); }) {
      Field::Fields(field, *this);
    }
  }

  size_t bytes() const { return bytes_; }

 private:
  size_t bytes_ = 0;
};

template <typename Record>
size_t BytesOfRecord(const Record& record) {
  Counting counting;
  counting(1, record);
  return counting.bytes();
}

size_t BytesOf(const domain::MemberState& state) {
  size_t bytes = kPlaceBytes + sizeof(state);
  for (const auto& [key, value] : state.member.attributes) {
    bytes += 2 * sizeof(std::string) + BytesOf(key) + BytesOf(value);
  }
  const domain::Member& member = state.member;
  for (const domain::History& history : member.histories) {
    bytes += sizeof(history);
    if (history.referral.has_value()) {
      bytes += history.referral->told.size() * sizeof(domain::Conversion);
    }
    bytes += BytesOfRecord(history.advocate) + BytesOfRecord(history.care);
    for (const domain::Series& series : history.series) {
      bytes += sizeof(series) + BytesOf(series.of) +
               series.days.size() * (sizeof(domain::DayNumber) + sizeof(int64_t));
    }
  }
  bytes += BytesOfRecord(member.advocacy);
  bytes += member.sharers.size() * sizeof(domain::Sharer) +
           member.purses.size() * sizeof(domain::MemberId) +
           member.former_owners.size() * sizeof(domain::FormerOwner);
  if (member.joined.has_value()) {
    for (const domain::Alias& alias : member.joined->aliases) {
      bytes += sizeof(alias) + BytesOf(alias.kind) + BytesOf(alias.value);
    }
  }
  for (const domain::Alias& alias : state.aliases) {
    // In the list of the member, and with the member's id in the table.
    bytes += 3 * sizeof(alias) + 2 * (BytesOf(alias.kind) + BytesOf(alias.value));
  }
  for (const domain::Account& account : state.accounts) {
    bytes += sizeof(account) + BytesOf(account.wallet);
  }
  for (const domain::Reservation& reservation : state.reservations) {
    bytes += sizeof(reservation) + BytesOf(reservation.reservation_id) +
             BytesOf(reservation.wallet) + BytesOf(reservation.lots);
  }
  for (const domain::Coupon& coupon : state.coupons) {
    bytes += sizeof(coupon) + BytesOf(coupon.coupon_id) + BytesOf(coupon.code) +
             BytesOf(coupon.reward_id) + BytesOf(coupon.prize_id) + BytesOf(coupon.wallet) +
             BytesOf(coupon.lots);
  }
  for (const domain::Award& award : state.awards) {
    bytes += sizeof(award) + BytesOf(award.cause) + BytesOf(award.wallet);
  }
  return bytes + BytesOf(state.lots);
}

}  // namespace

void MemberCache::Begin(int64_t generation) {
  absl::MutexLock lock(&mutex_);
  generation_ = generation;
  places_.clear();
  by_id_.clear();
  by_alias_.clear();
  bytes_ = 0;
}

MemberCache::Entry MemberCache::Find(int64_t generation, const domain::MemberId& id) {
  absl::MutexLock lock(&mutex_);
  if (generation != generation_) return nullptr;
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return nullptr;
  places_.splice(places_.begin(), places_, found->second);
  return found->second->state;
}

std::optional<domain::MemberId> MemberCache::FindOwner(int64_t generation,
                                                       const domain::Alias& alias) {
  absl::MutexLock lock(&mutex_);
  const auto owner = by_alias_.find(alias);
  if (generation != generation_ || owner == by_alias_.end()) return std::nullopt;
  return owner->second;
}

void MemberCache::Put(int64_t generation, Entry state) {
  const size_t bytes = BytesOf(*state);
  absl::MutexLock lock(&mutex_);
  if (generation != generation_ || bytes > kMaxStateBytes) return;
  const auto [known, is_new] = by_id_.try_emplace(state->member.id);
  if (!is_new) {
    bytes_ -= known->second->bytes;
    ForgetAliases(*known->second->state);
    places_.erase(known->second);
  }
  for (const domain::Alias& alias : state->aliases) by_alias_[alias] = state->member.id;
  known->second = places_.insert(places_.begin(), {std::move(state), bytes});
  bytes_ += bytes;
  while (bytes_ > max_bytes_) Remove(std::prev(places_.end()));
}

void MemberCache::Remove(Places::iterator place) {
  bytes_ -= place->bytes;
  ForgetAliases(*place->state);
  by_id_.erase(place->state->member.id);
  places_.erase(place);
}

// Some may be another member's by now.
void MemberCache::ForgetAliases(const domain::MemberState& state) {
  for (const domain::Alias& alias : state.aliases) {
    const auto owner = by_alias_.find(alias);
    if (owner != by_alias_.end() && owner->second == state.member.id) by_alias_.erase(owner);
  }
}

}  // namespace dangol::storage::mysql
