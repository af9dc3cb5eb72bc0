#include "tests/domain/member/town.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "server/domain/points/expiry.h"
#include "server/domain/purchase/purchase_fact.h"
#include "tests/support/histories.h"
#include "tests/support/programs.h"

namespace dangol::domain {

Town::Town(const Program& program, size_t people)
    : catalog_(testing::CatalogOf(program)), now_(testing::Utc("2026-01-15 12:00:00")) {
  for (size_t i = 0; i < people; ++i) {
    MemberState& state = people_.emplace_back();
    state.member.id = testing::MemberNumber(i + 1);
    state.member.enrolled_at = state.member.advanced_until = now_;
    state.member.known_rules = catalog_.rules();
    state.has_lots = state.has_purchases = true;
  }
}

size_t Town::IndexOf(const MemberId& id) const {
  return static_cast<size_t>(
      std::find_if(people_.begin(), people_.end(),
                   [&](const MemberState& state) { return state.member.id == id; }) -
      people_.begin());
}

size_t Town::PurseOf(size_t who) const {
  while (!IsAlone(who)) who = IndexOf(people_[who].member.joined->into);
  return who;
}

size_t Town::PersonOf(size_t who) const {
  while (!IsAlone(who) && !people_[who].member.joined->household) {
    who = IndexOf(people_[who].member.joined->into);
  }
  return who;
}

MemberRef Town::RefTo(size_t who) const {
  MemberRef ref;
  ref.id = people_[who].member.id;
  return ref;
}

absl::Status Town::Do(size_t who, Action action) {
  const size_t purse = PurseOf(who);
  const size_t person = PersonOf(who);
  State state;
  state.member = &people_[purse];
  if (person != purse) state.person = &people_[person];
  state.aliases = &aliases_;
  return DoUpon(state, std::move(action));
}

absl::Status Town::DoUpon(State& state, Action action) {
  state.counters = &counters_;
  const Command command{std::move(action), "till-1"};
  absl::StatusOr<Decision> decision = Decide(command, state, catalog_, now_);
  while (decision.ok() && !decision->asks_for.empty()) {
    for (const MemberId& id : decision->asks_for) AddWithPurses(IndexOf(id), state.also);
    decision = Decide(command, state, catalog_, now_);
  }
  if (absl::IsInternal(decision.status())) Complain(decision.status().ToString());
  if (!decision.ok()) return decision.status();
  Take(decision->effects);
  std::optional<Move> move = decision->effects.move;
  for (const Consequence& consequence : decision->consequences) {
    Take(consequence.effects);
    // The first is the other half of a merge.
    if (move.has_value())
      ApplyMove(*move, people_[IndexOf(move->from)], people_[IndexOf(move->to)]);
    move.reset();
  }
  Check();
  return absl::OkStatus();
}

void Town::AddWithPurses(size_t who, std::vector<const MemberState*>& states) const {
  states.push_back(&people_[who]);
  if (!IsAlone(who)) AddWithPurses(IndexOf(people_[who].member.joined->into), states);
}

absl::Status Town::Together(size_t giver, size_t taker, Action action) {
  State state;
  state.member = &people_[giver];
  state.other = &people_[taker];
  state.aliases = &aliases_;
  return DoUpon(state, std::move(action));
}

void Town::Take(const Effects& effects) {
  for (const CounterUse& use : effects.counters) counters_[use.name].used = use.after;
  for (const Effects& theirs : effects.of_person) Take(theirs);
  if (effects.member.has_value()) Apply(effects, people_[IndexOf(effects.member->id)]);
}

absl::Status Town::Buy(size_t who, const std::string& purchase_id, int64_t points) {
  RecordPurchase record;
  record.member = RefTo(who);
  record.purchase = testing::PurchaseOf({testing::Line(points * 100)});
  record.purchase.purchase_id = purchase_id;
  bought_by_[purchase_id] = people_[PersonOf(who)].member.id;
  return Do(who, std::move(record));
}

absl::Status Town::Return(size_t who, const std::string& purchase_id, int64_t points) {
  RecordReturn back;
  back.member = RefTo(who);
  back.return_id = absl::StrCat("back-", ++requests_);
  back.purchase_id = purchase_id;
  back.amount_minor = points * 100;
  return Do(who, std::move(back));
}

absl::Status Town::Reserve(size_t who, const std::string& id, int64_t points, bool capture) {
  ReservePoints reserve;
  reserve.member = RefTo(who);
  reserve.reservation_id = id;
  reserve.points = points;
  reserve.time_to_live = absl::Hours(24);
  reserve.capture = capture;
  return Do(who, std::move(reserve));
}

absl::Status Town::Capture(size_t who, const std::string& id, int64_t points) {
  CapturePoints capture;
  capture.member = RefTo(who);
  capture.reservation_id = id;
  capture.points = points;
  return Do(who, std::move(capture));
}

absl::Status Town::Void(size_t who, const std::string& id) {
  VoidReservation release;
  release.member = RefTo(who);
  release.reservation_id = id;
  return Do(who, std::move(release));
}

absl::Status Town::Transfer(size_t who, size_t to, int64_t points) {
  TransferPoints transfer;
  transfer.member = RefTo(who);
  transfer.to = RefTo(to);
  transfer.transfer_id = absl::StrCat("transfer-", ++requests_);
  transfer.points = points;
  const size_t purse = PurseOf(who);
  const size_t theirs = PurseOf(to);
  State state;
  state.member = &people_[purse];
  state.other = &people_[theirs];
  if (PersonOf(who) != purse) state.person = &people_[PersonOf(who)];
  if (PersonOf(to) != theirs) state.other_person = &people_[PersonOf(to)];
  return DoUpon(state, std::move(transfer));
}

absl::Status Town::Refer(size_t who, size_t by) {
  RecordReferral record;
  record.member = RefTo(who);
  record.referred_by = RefTo(by);
  record.request_id = absl::StrCat("referral-", ++requests_);
  // As the server finds them.
  const Member& referrer = people_[PersonOf(by)].member;
  record.referrer = {referrer.id, referrer.enrolled_at, true};
  return Do(who, std::move(record));
}

absl::Status Town::SetStatus(size_t who, MemberStatus status) {
  return Do(who, ChangeStatus{RefTo(who), status});
}

absl::Status Town::Unite(size_t who, size_t with, bool household) {
  MergeMembers merge;
  merge.household = household;
  merge.member = RefTo(who);
  merge.into = RefTo(with);
  merge.merge_id = absl::StrCat("merge-", ++requests_);
  // As the server finds them: of a household the head is resolved.
  return Together(who, household ? PurseOf(with) : PersonOf(with), std::move(merge));
}

absl::Status Town::Part(size_t who, bool household) {
  UnmergeMember unmerge;
  unmerge.household = household;
  unmerge.member = RefTo(who);
  unmerge.unmerge_id = absl::StrCat("unmerge-", ++requests_);
  return Together(PurseOf(who), who, std::move(unmerge));
}

void Town::Advance() {
  for (size_t who = 0; who < size(); ++who) {
    Take(domain::Advance(people_[who], catalog_, now_));
  }
  Check();
}

bool Town::PartAll() {
  for (size_t round = 0; round < size(); ++round) {
    bool all_alone = true;
    for (size_t who = 0; who < size(); ++who) {
      if (IsAlone(who)) continue;
      all_alone = false;
      (void)Part(who, people_[who].member.joined->household);
    }
    if (all_alone) return true;
  }
  return false;
}

MemberState Town::Having(size_t who) const {
  MemberState state = people_[who];
  state.member.entry_count = 0;
  state.member.next_due_at = state.member.advanced_until = absl::InfinitePast();
  state.member.points_due_at.reset();
  state.member.former_owners.clear();
  state.member.purses.clear();
  state.gone.clear();
  std::erase_if(state.accounts,
                [](const Account& account) { return account == Account{account.wallet}; });
  const auto sort = [](auto& rows, auto key) {
    std::sort(rows.begin(), rows.end(),
              [&](const auto& a, const auto& b) { return key(a) < key(b); });
  };
  sort(state.accounts, [](const Account& row) { return row.wallet; });
  sort(state.purchases, [](const Purchase& row) { return row.purchase_id; });
  sort(state.reservations, [](const Reservation& row) { return row.reservation_id; });
  return state;
}

// Balances are the sums of lots and of what is held, and no two lots anywhere have one name.
void Town::Check() {
  std::set<std::pair<MemberId, int64_t>> names;
  for (const MemberState& state : people_) {
    CheckPurse(state);
    CheckFacts(state);
    for (const Lot& lot : state.lots) {
      if (!names.insert(NameOf(lot)).second) {
        Complain(absl::StrCat("two lots are called ", lot.lot, " of ", lot.purse.ToString()));
      }
      if (!Shares(state.member, lot.person)) Complain("a lot lies in a stranger's purse");
    }
  }
}

void Town::CheckPurse(const MemberState& state) {
  const absl::Time now = state.member.advanced_until;
  int64_t pending = 0;
  int64_t available = 0;
  int64_t held = 0;
  for (const Lot& lot : state.lots) {
    (AccountAt(lot, now) == LedgerAccount::kPending ? pending : available) += lot.remaining;
  }
  for (const Reservation& reservation : state.reservations) {
    if (reservation.status != ReservationStatus::kHeld) continue;
    for (const Lot& lot : reservation.lots) held += lot.remaining;
  }
  const Account account = AccountOf(state, "points");
  if (account.pending != pending || account.available != available || account.held != held) {
    Complain(absl::StrCat("the balance is ", account.pending, "/", account.available, "/",
                          account.held, ", the lots hold ", pending, "/", available, "/", held));
  }
}

// What counts toward tiers is that of one's own purchases.
void Town::CheckFacts(const MemberState& state) {
  if (state.member.status == MemberStatus::kMerged) return;
  int64_t qualifying = 0;
  int64_t standing = 0;
  for (const Purchase& purchase : state.purchases) {
    if (purchase.member_id != state.member.id) Complain("a purchase is kept with another");
    if (Stands(purchase)) ++standing;
    for (const EarnedPoints& earned : purchase.earned) qualifying += earned.qualifying_stands;
  }
  const int64_t counted = testing::QualifyingOf(state.member);
  if (counted != qualifying) {
    Complain(absl::StrCat(counted, " points count toward tiers, of purchases ", qualifying));
  }
  if (testing::PurchasesOf(state.member) != standing) {
    Complain("the count of purchases is another one");
  }
  const bool is_by_themselves = IsAlone(IndexOf(state.member.id)) && state.member.sharers.empty();
  for (const Purchase& purchase : state.purchases) {
    if (is_by_themselves && bought_by_[purchase.purchase_id] != state.member.id) {
      Complain(absl::StrCat(purchase.purchase_id, " is another's"));
    }
  }
}

void Town::Complain(const std::string& what) {
  if (complaints_.size() < 1'000) absl::StrAppend(&complaints_, what, "\n");
}

}  // namespace dangol::domain
