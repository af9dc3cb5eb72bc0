#include "server/domain/member/member.h"

#include <algorithm>

#include "absl/algorithm/container.h"

namespace dangol::domain {
namespace {

void AddPurse(const MemberId& purse, Member& member) {
  const bool is_known = purse == member.id || absl::c_linear_search(member.purses, purse);
  if (!is_known) member.purses.push_back(purse);
}

// Points go from one to the other, with whom they are of: they may have lain wherever any have.
void AddPursesOf(const Member& from, Member& to) {
  AddPurse(from.id, to);
  for (const MemberId& former : from.purses) AddPurse(former, to);
}

// However they came.
void SortById(std::vector<Sharer>& sharers) {
  absl::c_sort(sharers, [](const Sharer& a, const Sharer& b) { return a.id < b.id; });
}

// With their own, where nobody else uses their purse.
std::optional<absl::Time> OwnActivity(const Member& member) {
  return member.sharers.empty() ? member.last_activity_at : member.own_activity_at;
}

void SumActivity(std::optional<absl::Time> own, Member& purse) {
  purse.own_activity_at = purse.sharers.empty() ? std::nullopt : own;
  purse.last_activity_at = own;
  for (const Sharer& sharer : purse.sharers) {
    purse.last_activity_at = std::max(purse.last_activity_at, sharer.last_activity_at);
  }
}

}  // namespace

History& HistoryOf(const MemberId& person, Member& member) {
  const MemberId key = person == member.id ? MemberId() : person;
  for (History& history : member.histories) {
    if (history.person == key) return history;
  }
  return member.histories.emplace_back(History{key, {}});
}

std::optional<MemberId> OwnerAt(const Member& member, absl::Time time) {
  if (member.joined.has_value() && member.joined->since <= time) return member.joined->into;
  for (const FormerOwner& owner : member.former_owners) {
    if (owner.since <= time && time < owner.until) return owner.id;
  }
  return std::nullopt;
}

bool Shares(const Member& purse, const MemberId& person) {
  return person == purse.id ||
         absl::c_any_of(purse.sharers, [&](const Sharer& sharer) { return sharer.id == person; });
}

std::vector<Sharer> SharersUnder(const Member& purse, const MemberId& person, bool merged) {
  std::vector<Sharer> found;
  for (const Sharer& sharer : purse.sharers) {
    if (sharer.id == person) found.push_back(sharer);
  }
  if (found.empty()) found.push_back({person, person});
  for (size_t i = 0; i < found.size(); ++i) {
    const MemberId via = found[i].id;
    for (const Sharer& sharer : purse.sharers) {
      if (sharer.via == via && !(merged && sharer.household)) found.push_back(sharer);
    }
  }
  return found;
}

void NoteActivity(const MemberId& person, absl::Time at, Member& purse) {
  const auto note = [at](std::optional<absl::Time>& time) {
    time = std::max(time.value_or(at), at);
  };
  note(purse.last_activity_at);
  if (purse.sharers.empty()) return;
  if (person == purse.id) note(purse.own_activity_at);
  for (Sharer& sharer : purse.sharers) {
    if (sharer.id == person) note(sharer.last_activity_at);
  }
}

void JoinPurse(Member& purse, Member& into, bool household) {
  const std::optional<absl::Time> own = OwnActivity(into);
  into.sharers.push_back({purse.id, into.id, household, OwnActivity(purse)});
  into.sharers.insert(into.sharers.end(), purse.sharers.begin(), purse.sharers.end());
  SortById(into.sharers);
  SumActivity(own, into);
  const std::optional<absl::Time> theirs = OwnActivity(purse);
  purse.sharers.clear();
  SumActivity(theirs, purse);
  AddPursesOf(purse, into);
  AddPurse(into.id, purse);
}

void PartPurse(Member& purse, Member& person) {
  const std::optional<absl::Time> own = OwnActivity(purse);
  std::vector<Sharer> parted = SharersUnder(purse, person.id);
  std::erase_if(purse.sharers, [&](const Sharer& sharer) {
    return absl::c_any_of(parted, [&](const Sharer& other) { return other.id == sharer.id; });
  });
  SumActivity(own, purse);
  const std::optional<absl::Time> theirs = parted.front().last_activity_at;
  parted.erase(parted.begin());
  SortById(parted);
  person.sharers = std::move(parted);
  AddPursesOf(purse, person);
  SumActivity(theirs, person);
}

}  // namespace dangol::domain
