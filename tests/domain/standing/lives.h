#ifndef DANGOL_TESTS_DOMAIN_STANDING_LIVES_H_
#define DANGOL_TESTS_DOMAIN_STANDING_LIVES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/domain/decide.h"
#include "server/domain/purchase/purchase_fact.h"
#include "tests/domain/standing/climber.h"
#include "tests/support/programs.h"

namespace dangol::domain {

// Two persons who may be merged, decided as a lane would and as fast as can be: for lives that
// are lived many times, one way and another.
class Lives {
 public:
  explicit Lives(const ProgramCatalog& catalog, absl::Time begin) : catalog_(catalog) {
    for (size_t who = 0; who < states_.size(); ++who) {
      states_[who].member.id = testing::MemberNumber(who + 1);
      states_[who].member.advanced_until = begin;
      states_[who].has_lots = states_[who].has_purchases = true;
    }
  }

  // Who somebody has become.
  size_t Now(size_t who) const { return merged_ ? 1 : who; }
  const MemberState& of(size_t who) const { return states_[Now(who)]; }
  bool is_merged() const { return merged_; }

  absl::StatusOr<Outcome> Do(size_t who, Action action, absl::Time now) {
    MemberState& state = states_[Now(who)];
    const State seen{&state, &aliases_, nullptr};
    absl::StatusOr<Decision> decision = Decide({std::move(action), "till"}, seen, catalog_, now);
    if (!decision.ok()) return decision.status();
    Apply(decision->effects, state);
    NoteAdjusted(decision->effects, state);
    return std::move(decision->outcome);
  }

  // Points that were given by mistake are taken back, and nothing was bought in between.
  absl::Status AdjustAndUndo(size_t who, int64_t points, absl::Time now, absl::Time undone) {
    AdjustPoints adjust;
    adjust.member.id = of(who).member.id;
    adjust.wallet = "points";
    adjust.points = points;
    adjust.reason = "oops";
    adjust.adjustment_id = absl::StrCat("a-", ++adjustments_);
    MemberState& state = states_[Now(who)];
    state.adjusted_lots.clear();
    state.adjusted_entries.clear();
    if (const absl::Status status = Do(who, adjust, now).status(); !status.ok()) return status;
    AdjustPoints undo;
    undo.member = adjust.member;
    undo.reason = "oops";
    undo.adjustment_id = absl::StrCat("u-", adjustments_);
    undo.undoes = adjust.adjustment_id;
    return Do(who, undo, undone).status();
  }

  absl::Status Buy(size_t who, const Purchase& purchase, absl::Time now) {
    RecordPurchase record;
    record.member.id = of(who).member.id;
    record.purchase = purchase;
    record.occurred_at = purchase.occurred_at;
    return Do(who, std::move(record), now).status();
  }

  absl::Status Return(size_t who, RecordReturn back, absl::Time now) {
    back.member.id = of(who).member.id;
    back.return_id = absl::StrCat("t-", ++returns_);
    back.occurred_at = now;
    return Do(who, std::move(back), now).status();
  }

  // The last return was a mistake.
  absl::Status UndoReturn(size_t who, absl::Time now) {
    domain::UndoReturn undo;
    undo.member.id = of(who).member.id;
    undo.return_id = absl::StrCat("t-", returns_);
    return Do(who, std::move(undo), now).status();
  }

  absl::Status Act(size_t who, const Activity& activity, absl::Time now) {
    RecordActivity record;
    record.member.id = of(who).member.id;
    record.activity = activity;
    record.occurred_at = activity.occurred_at;
    return Do(who, std::move(record), now).status();
  }

  absl::Status UndoActivity(size_t who, const std::string& id, absl::Time now) {
    domain::UndoActivity undo;
    undo.member.id = of(who).member.id;
    undo.activity_id = id;
    return Do(who, std::move(undo), now).status();
  }

  absl::Status Import(size_t who, ImportLifetimeSums import, absl::Time now) {
    import.member.id = of(who).member.id;
    import.request_id = absl::StrCat("i-", ++imports_);
    return Do(who, std::move(import), now).status();
  }

  absl::Status Merge(absl::Time now) {
    MergeMembers merge;
    merge.member.id = states_[0].member.id;
    merge.into.id = states_[1].member.id;
    merge.merge_id = "m-1";
    State seen{&states_[0], &aliases_, nullptr};
    seen.other = &states_[1];
    absl::StatusOr<Decision> decision = Decide({std::move(merge), "till"}, seen, catalog_, now);
    if (!decision.ok()) return decision.status();
    Apply(decision->effects, states_[0]);
    Apply(decision->consequence->effects, states_[1]);
    ApplyMove(*decision->effects.move, states_[0], states_[1]);
    merged_ = true;
    return absl::OkStatus();
  }

  void AdvanceTo(absl::Time now) {
    for (MemberState& state : states_) Apply(Advance(state, catalog_, now), state);
  }

  const Purchase* FindPurchase(const std::string& id) const {
    for (const MemberState& state : states_) {
      for (const Purchase& purchase : state.purchases) {
        if (purchase.purchase_id == id) return &purchase;
      }
    }
    return nullptr;
  }

  // Balances, debts, history and what of purchases stands, whoever it is of by now.
  std::string Told(size_t who, absl::Time now) const {
    const MemberState& state = of(who);
    const DayNumber today = NumberOf(absl::ToCivilDay(now, absl::UTCTimeZone()));
    std::string text;
    for (const Wallet& wallet : catalog_.versions().back().program->wallets) {
      const Account account = AccountOf(state, wallet.id);
      int64_t owed = 0;
      for (const Lot& lot : state.lots) {
        if (lot.wallet == wallet.id && lot.remaining < 0) owed -= lot.remaining;
      }
      absl::StrAppend(&text, wallet.id, " ", account.pending, "/", account.available, "/",
                      account.held, " owed ", owed, "; ");
    }
    std::map<std::pair<int, std::string>, std::map<DayNumber, int64_t>> sums;
    for (const History& history : state.member.histories) {
      for (const Series& series : history.series) {
        auto& days = sums[{static_cast<int>(series.measure), series.of}];
        if (series.before != 0) days[0] += series.before;
        // Old days are summed up when the series is written next.
        const DayNumber kept_from = KeptFrom(series.measure, today);
        for (size_t i = 0; i < series.days.size(); ++i) {
          days[series.days[i] < kept_from ? 0 : series.days[i]] += series.sums[i];
        }
      }
    }
    for (const auto& [measure, days] : sums) {
      absl::StrAppend(&text, measure.first, " ", measure.second);
      for (const auto& [day, sum] : days) absl::StrAppend(&text, " ", day, ":", sum);
      absl::StrAppend(&text, "; ");
    }
    absl::StrAppend(&text, Climber::Tell(state.member));
    std::map<std::string, std::string> purchases;
    for (const Purchase& purchase : state.purchases) {
      std::string& told = purchases[purchase.purchase_id];
      absl::StrAppend(&told, " back ", purchase.returned_minor);
      for (const EarnedPoints& earned : purchase.earned) {
        absl::StrAppend(&told, " ", earned.stands, "(", earned.qualifying_stands, ") of ",
                        earned.points, " up ", earned.written_off);
      }
    }
    for (const auto& [id, told] : purchases) absl::StrAppend(&text, id, told, "; ");
    return text;
  }

 private:
  // What a store finds in the ledger of an adjustment that is to be undone: the lots that it gave
  // to, and all that happened to them.
  static void NoteAdjusted(const Effects& effects, MemberState& state) {
    for (const LedgerEntry& entry : effects.entries) {
      if (entry.kind != EntryKind::kAdjust || entry.credit == LedgerAccount::kAdjusted) continue;
      for (const Lot& lot : effects.lots) {
        if (lot.lot != entry.lot || lot.purse != entry.lot_purse) continue;
        state.adjusted_lots.push_back(lot);
        for (const LedgerEntry& of_lot : effects.entries) {
          const bool is_of = of_lot.lot == lot.lot && of_lot.lot_purse == lot.purse;
          if (is_of) state.adjusted_entries.push_back(of_lot);
        }
      }
    }
  }

  const ProgramCatalog& catalog_;
  std::array<MemberState, 2> states_;
  AliasOwners aliases_;
  bool merged_ = false;
  int returns_ = 0;
  int adjustments_ = 0;
  int imports_ = 0;
};

// How many lives to live: as the environment says, or so many.
inline int64_t LivesToLive(const char* variable, int64_t usual) {
  int64_t count = usual;
  const char* const said = std::getenv(variable);
  if (said != nullptr) (void)absl::SimpleAtoi(said, &count);
  return count;
}

}  // namespace dangol::domain

#endif  // DANGOL_TESTS_DOMAIN_STANDING_LIVES_H_
