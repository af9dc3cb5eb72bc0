#include "server/domain/state.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <variant>

#include "server/common/limits.h"
#include "server/domain/incentive/status.h"
#include "server/domain/program/calendar.h"
#include "server/domain/purchase/earning.h"
#include "server/domain/purchase/purchase_fact.h"
#include "server/domain/purchase/record_return.h"
#include "server/domain/reward/rewards.h"

namespace dangol::domain {
namespace {

auto SpendingOrder(const Lot& lot) { return std::tie(lot.expires_at, lot.lot, lot.purse); }

void ApplyLot(const Lot& lot, std::vector<Lot>& lots) {
  auto place = std::lower_bound(lots.begin(), lots.end(), lot, [](const Lot& a, const Lot& b) {
    return SpendingOrder(a) < SpendingOrder(b);
  });
  const bool known = place != lots.end() && NameOf(*place) == NameOf(lot);
  if (lot.remaining == 0) {
    if (known) lots.erase(place);
  } else if (known) {
    *place = lot;
  } else {
    lots.insert(place, lot);
  }
}

void ApplyAlias(const AliasChange& change, std::vector<Alias>& aliases) {
  auto place = std::lower_bound(aliases.begin(), aliases.end(), change.alias);
  const bool known = place != aliases.end() && *place == change.alias;
  if (change.added && !known) aliases.insert(place, change.alias);
  if (!change.added && known) aliases.erase(place);
}

// What an earlier command of a batch did to the lots of an adjustment, such as let them expire.
void ApplyAdjusted(const Effects& effects, MemberState& state) {
  for (Lot& known : state.adjusted_lots) {
    for (const Lot& lot : effects.lots) {
      if (NameOf(lot) == NameOf(known)) known = lot;
    }
    for (const LedgerEntry& entry : effects.entries) {
      const bool is_of = entry.lot == known.lot && entry.lot_purse == known.purse;
      if (is_of) state.adjusted_entries.push_back(entry);
    }
  }
}

// Puts `row` in the place of the one with the same key, or at the end.
template <typename Row, typename SameKey>
void Put(const Row& row, std::vector<Row>& rows, SameKey same_key) {
  auto place =
      std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return same_key(r, row); });
  if (place != rows.end()) {
    *place = row;
  } else {
    rows.push_back(row);
  }
}

MemberNeeds NeedsOfMerge() {
  MemberNeeds needs;
  needs.lots = needs.aliases = needs.gone = true;
  return needs;
}

// Whether it is of a day that is over when it is decided, a little later than this.
bool IsOfEarlierDay(absl::Time occurred_at, const ProgramCatalog& catalog, absl::Time now) {
  const absl::TimeZone zone = catalog.At(now)->program->time_zone;
  return absl::ToCivilDay(occurred_at, zone) < absl::ToCivilDay(now + absl::Minutes(1), zone);
}

// What each action needs beside the member and their accounts.
struct NeedsOf {
  const ProgramCatalog& catalog;
  const absl::Time now;
  Reads& reads;

  void operator()(const EnrollMember& enroll) const { reads.aliases = enroll.aliases; }
  void operator()(const AddAlias& add) const {
    reads.needs.aliases = true;
    reads.aliases.push_back(add.alias);
  }
  // Locked before the member, as by everybody who names a member by it.
  void operator()(const RemoveAlias& remove) const {
    reads.needs.aliases = true;
    reads.aliases.push_back(remove.alias);
  }
  void operator()(const RecordPurchase& record) const {
    const std::string& reservation = record.purchase.reservation_id;
    // Points are taken now where the hold has ended.
    if (!reservation.empty()) NeedReservation(reservation);
    const absl::Time occurred_at = record.occurred_at.value_or(now);
    NeedAwards(occurred_at);
    if (const ProgramVersion* version = catalog.At(occurred_at); version != nullptr) {
      const ProgramVersion* const before = catalog.At(occurred_at - kBeforeChangeOfZone);
      reads.needs.purchases_within = PurchasesOfCaps(
          *version->program, before == nullptr ? *version->program : *before->program, occurred_at,
          now);
      for (std::string& counter : BudgetCounters(*version->program, occurred_at)) {
        reads.counters.push_back(std::move(counter));
      }
    }
  }
  void operator()(const ActivateProgram&) const {}
  void operator()(const WithdrawProgram&) const {}
  void operator()(const RecordNorms&) const {}
  void operator()(const AdvanceMember&) const {
    if (catalog.HasDates()) NeedAllAwards();
  }
  void operator()(const RecordReturn& record) const {
    reads.needs.lots = reads.needs.gone = true;
    if (!record.purchase_id.empty()) {
      reads.needs.purchases.push_back(record.purchase_id);
    } else if (const ProgramVersion* version = catalog.At(now); version != nullptr) {
      reads.needs.purchases_within =
          PurchasesWithin{ReturnWindowBegins(*version->program, record.occurred_at.value_or(now)),
                          absl::InfiniteFuture(), limits::kMaxPurchasesPerReturn};
    }
  }
  // With a return its purchases are loaded.
  void operator()(const UndoReturn&) const { reads.needs.lots = reads.needs.gone = true; }
  void operator()(const RecordActivity& record) const {
    NeedAwards(record.occurred_at.value_or(now));
  }
  void operator()(const UndoActivity& undo) const {
    if (catalog.HasAwards()) reads.needs.lots = true;
    reads.needs.activities.push_back(undo.activity_id);
  }
  void operator()(const UpdateMember&) const { reads.needs.aliases = true; }
  // An award may be taken back.
  void operator()(const OverrideTier&) const { NeedAllAwards(); }
  void operator()(const EndTierOverride&) const { NeedAllAwards(); }
  void operator()(const ImportLifetimeSums&) const { NeedAllAwards(); }
  void operator()(const RecordReferral& record) const {
    NeedAllAwards();
    reads.needs.aliases = true;
    const absl::Time at = record.occurred_at.value_or(now);
    const ProgramVersion* const version = catalog.At(now);
    if (version == nullptr) return;
    const absl::TimeZone zone = version->program->time_zone;
    // Of earlier days the history tells.
    reads.needs.purchases_within = PurchasesWithin{StartOfDay(absl::ToCivilDay(at, zone), zone), at,
                                                   limits::kMaxPurchasesPerPeriod};
  }
  void operator()(const CountReferral&) const { NeedAllAwards(); }
  void operator()(const RecordAdvocate&) const {}
  void operator()(const UndoAdvocateRecord&) const {}
  void operator()(const FileComplaint&) const {}
  void operator()(const RecordSurvey&) const {}
  void operator()(const CompleteWork&) const {}
  void operator()(const RecordInfluence&) const {}
  void operator()(const ChangeComplaint& change) const {
    if (change.points != 0) reads.needs.lots = true;
    reads.needs.work_items.push_back(change.complaint_id);
  }
  void operator()(const ConfirmPurchase&) const { reads.needs.lots = true; }
  void operator()(const ReservePoints&) const { reads.needs.lots = true; }
  void operator()(const CapturePoints& capture) const { NeedReservation(capture.reservation_id); }
  void operator()(const VoidReservation& release) const { NeedReservation(release.reservation_id); }
  void operator()(const AdjustPoints& adjust) const {
    reads.needs.lots = true;
    if (!adjust.undoes.empty()) reads.needs.adjustments.push_back(adjust.undoes);
  }
  void operator()(const TransferPoints&) const {
    reads.needs.lots = true;
    reads.other_needs.lots = true;
  }
  void operator()(const ReceivePoints&) const { reads.needs.lots = true; }
  void operator()(const MergeMembers&) const { reads.needs = reads.other_needs = NeedsOfMerge(); }
  void operator()(const UnmergeMember&) const { reads.needs = reads.other_needs = NeedsOfMerge(); }
  // Come of the two above, which have read everything.
  void operator()(const AbsorbMember&) const {}
  void operator()(const RestoreMember&) const {}
  void operator()(const ChangeStatus&) const {
    reads.needs.lots = true;
    reads.needs.aliases = true;
  }
  void operator()(const EraseMember&) const {
    reads.needs.lots = true;
    reads.needs.aliases = true;
  }
  void operator()(const EraseMerged&) const {}
  void operator()(const IssueCoupon& issue) const { AddReads(issue, catalog, now, reads); }
  void operator()(const UseCoupon& use) const { reads.needs.coupons.push_back(use.code); }
  void operator()(const CancelCoupon& cancel) const { AddReads(cancel, catalog, reads); }

  // What comes late may show that an award was none. What comes in time never does, but where
  // the worth of an award follows its day, or another of its group goes before it.
  void NeedAwards(absl::Time occurred_at) const {
    const bool may_change =
        MayChangeInTime() || (catalog.HasAwards() && IsOfEarlierDay(occurred_at, catalog, now));
    if (may_change) reads.needs.lots = true;
  }
  bool MayChangeInTime() const {
    return std::any_of(
        catalog.versions().begin(), catalog.versions().end(), [](const ProgramVersion& version) {
          return std::any_of(version.program->incentives.begin(), version.program->incentives.end(),
                             [](const Incentive& incentive) {
                               return incentive.boost.has_value() || !incentive.group.empty();
                             });
        });
  }
  void NeedAllAwards() const { reads.needs.lots = true; }
  void NeedReservation(const std::string& id) const {
    reads.needs.lots = true;
    reads.needs.reservations.push_back(id);
  }
};

}  // namespace

void AddGone(const LedgerEntry& entry, std::vector<GonePoints>& gone) {
  const bool is_given =
      entry.kind == EntryKind::kTransfer && entry.debit == LedgerAccount::kAvailable;
  if (entry.kind != EntryKind::kExpire && !is_given) return;
  auto known = std::find_if(gone.begin(), gone.end(), [&](const GonePoints& row) {
    return row.purse == entry.member_id && row.purchase_id == entry.purchase_id &&
           row.wallet == entry.wallet;
  });
  if (known == gone.end()) {
    known = gone.insert(known, {entry.member_id, entry.purchase_id, entry.wallet});
  }
  (is_given ? known->given : known->expired) += entry.points;
}

void JoinGone(const std::vector<GonePoints>& more, std::vector<GonePoints>& gone) {
  for (const GonePoints& other : more) {
    const auto known = std::find_if(gone.begin(), gone.end(), [&](const GonePoints& row) {
      return row.purse == other.purse && row.purchase_id == other.purchase_id &&
             row.wallet == other.wallet;
    });
    if (known == gone.end()) {
      gone.push_back(other);
    } else {
      known->expired = std::max(known->expired, other.expired);
      known->given = std::max(known->given, other.given);
    }
  }
}

bool NeedsLots(const Member& member, const std::vector<Account>& accounts, absl::Time now) {
  if (member.points_due_at.has_value() && *member.points_due_at <= now) return true;
  const bool may_take_back =
      member.next_due_at <= now && (member.award_count > 0 || !member.sharers.empty());
  return may_take_back || member.fallen_awards > 0 ||
         std::any_of(accounts.begin(), accounts.end(),
                     [](const Account& account) { return account.owed != 0; });
}

Reads ReadsOf(const Command& command, const ProgramCatalog& catalog, absl::Time now) {
  Reads reads;
  reads.member = MemberOf(command);
  reads.other = OtherMemberOf(command);
  std::visit(NeedsOf{catalog, now, reads}, command.action);
  return reads;
}

void Apply(const Effects& effects, MemberState& state) {
  if (effects.member.has_value()) state.member = *effects.member;
  for (const Account& account : effects.accounts) {
    Put(account, state.accounts,
        [](const Account& a, const Account& b) { return a.wallet == b.wallet; });
  }
  if (state.has_lots) {
    for (const Lot& lot : effects.lots) ApplyLot(lot, state.lots);
  }
  const auto same_purchase = [](const Purchase& a, const Purchase& b) {
    return a.purchase_id == b.purchase_id;
  };
  if (state.has_purchases && effects.purchase.has_value())
    Put(*effects.purchase, state.purchases, same_purchase);
  for (const Purchase& purchase : effects.returned_purchases) {
    Put(purchase, state.purchases, same_purchase);
  }
  if (state.has_purchases && effects.purchase_return.has_value()) {
    state.returns.push_back(*effects.purchase_return);
  }
  if (effects.undone_return.has_value()) {
    Put(*effects.undone_return, state.returns,
        [](const Return& a, const Return& b) { return a.return_id == b.return_id; });
  }
  if (state.has_purchases && effects.activity.has_value()) {
    state.activities.push_back(*effects.activity);
  }
  if (effects.undone_activity.has_value()) {
    Put(*effects.undone_activity, state.activities,
        [](const Activity& a, const Activity& b) { return a.activity_id == b.activity_id; });
  }
  for (const LedgerEntry& entry : effects.entries) {
    AddGone(entry, state.gone);
  }
  ApplyAdjusted(effects, state);
  JoinGone(effects.gone, state.gone);
  for (const Reservation& reservation : effects.reservations) {
    Put(reservation, state.reservations, [](const Reservation& a, const Reservation& b) {
      return a.reservation_id == b.reservation_id;
    });
  }
  for (const Coupon& coupon : effects.coupons) {
    Put(coupon, state.coupons,
        [](const Coupon& a, const Coupon& b) { return a.coupon_id == b.coupon_id; });
  }
  for (const Award& award : effects.awards) {
    Put(award, state.awards, [](const Award& a, const Award& b) {
      return a.person == b.person && a.number == b.number;
    });
  }
  for (const WorkItem& item : effects.work_items) {
    Put(item, state.work_items, [](const WorkItem& a, const WorkItem& b) {
      return a.kind == b.kind && a.item_id == b.item_id;
    });
  }
  state.tier_records.insert(state.tier_records.end(), effects.tier_records.begin(),
                            effects.tier_records.end());
  for (const AliasChange& change : effects.aliases) ApplyAlias(change, state.aliases);
}

void ApplyMove(const Move& move, MemberState& from, MemberState& to) {
  const auto as_it_is = [](const auto&) {};
  MoveRows(move.facts_of, from.purchases, to.purchases,
           [&](Purchase& purchase) { purchase.member_id = move.to; });
  MoveRows(move.facts_of, from.returns, to.returns,
           [&](Return& returned) { returned.member_id = move.to; });
  MoveRows(move.facts_of, from.activities, to.activities,
           [&](Activity& activity) { activity.member_id = move.to; });
  MoveRows(move.facts_of, from.work_items, to.work_items, as_it_is);
  MoveRows(move.purse_of, from.reservations, to.reservations, as_it_is);
  MoveRows(move.purse_of, from.coupons, to.coupons, as_it_is);
  MoveRows(move.purse_of, from.awards, to.awards, as_it_is);
}

Account AccountOf(const MemberState& state, const std::string& wallet) {
  for (const Account& account : state.accounts) {
    if (account.wallet == wallet) return account;
  }
  Account empty;
  empty.wallet = wallet;
  return empty;
}

}  // namespace dangol::domain
