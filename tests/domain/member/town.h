#ifndef DANGOL_TESTS_DOMAIN_MEMBER_TOWN_H_
#define DANGOL_TESTS_DOMAIN_MEMBER_TOWN_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/domain/decide.h"

namespace dangol::domain {

// Some members who buy, spend, become one and part again, decided as a lane would; after
// every step it is checked that what the ledger says must be so is so.
class Town {
 public:
  explicit Town(const Program& program, size_t people);

  size_t size() const { return people_.size(); }
  const MemberState& of(size_t who) const { return people_[who]; }
  int64_t Available(size_t who) const { return AccountOf(people_[who], "points").available; }
  // Who has the points of this one.
  size_t PurseOf(size_t who) const;
  // Who this one has become.
  size_t PersonOf(size_t who) const;
  bool IsAlone(size_t who) const { return !people_[who].member.joined.has_value(); }

  // Each returns why it was refused.
  absl::Status Buy(size_t who, const std::string& purchase_id, int64_t points);
  absl::Status Return(size_t who, const std::string& purchase_id, int64_t points);
  absl::Status Reserve(size_t who, const std::string& id, int64_t points, bool capture = false);
  absl::Status Capture(size_t who, const std::string& id, int64_t points);
  absl::Status Void(size_t who, const std::string& id);
  absl::Status Transfer(size_t who, size_t to, int64_t points);
  absl::Status Refer(size_t who, size_t by);
  absl::Status SetStatus(size_t who, MemberStatus status);
  absl::Status Merge(size_t who, size_t into) { return Unite(who, into, /*household=*/false); }
  absl::Status Join(size_t who, size_t into) { return Unite(who, into, /*household=*/true); }
  absl::Status Unmerge(size_t who) { return Part(who, /*household=*/false); }
  absl::Status Leave(size_t who) { return Part(who, /*household=*/true); }
  void Wait(absl::Duration duration) { now_ += duration; }
  // Lets time have its effect on everybody.
  void Advance();

  // Parts everybody from everybody. False where somebody is stuck.
  bool PartAll();

  // What has been found wrong; empty where nothing is.
  const std::string& complaints() const { return complaints_; }

  // What somebody has, whatever way it took.
  MemberState Having(size_t who) const;

 private:
  absl::Status Do(size_t who, Action action);
  absl::Status Unite(size_t who, size_t with, bool household);
  absl::Status Part(size_t who, bool household);
  absl::Status Together(size_t giver, size_t taker, Action action);
  absl::Status DoUpon(State& state, Action action);
  void AddWithPurses(size_t who, std::vector<const MemberState*>& states) const;
  void Take(const Effects& effects);
  size_t IndexOf(const MemberId& id) const;
  MemberRef RefTo(size_t who) const;
  void Check();
  void CheckPurse(const MemberState& state);
  void CheckFacts(const MemberState& state);
  void Complain(const std::string& what);

  ProgramCatalog catalog_;
  std::deque<MemberState> people_;
  std::map<std::string, MemberId> bought_by_;  // Who recorded a purchase.
  absl::Time now_;
  AliasOwners aliases_;
  SharedCounters counters_;
  int requests_ = 0;
  std::string complaints_;
};

}  // namespace dangol::domain

#endif  // DANGOL_TESTS_DOMAIN_MEMBER_TOWN_H_
