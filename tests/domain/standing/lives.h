#ifndef DANGOL_TESTS_DOMAIN_STANDING_LIVES_H_
#define DANGOL_TESTS_DOMAIN_STANDING_LIVES_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
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
    Note(decision->effects);
    return std::move(decision->outcome);
  }

  // Points are given by hand, or taken.
  absl::Status Adjust(size_t who, int64_t points, absl::Time now) {
    AdjustPoints adjust;
    adjust.member.id = of(who).member.id;
    adjust.wallet = "points";
    adjust.points = points;
    adjust.reason = "oops";
    adjust.adjustment_id = absl::StrCat("a-", ++adjustments_);
    return Do(who, std::move(adjust), now).status();
  }

  // The last adjustment was a mistake.
  absl::Status UndoAdjustment(size_t who, absl::Time now) {
    AdjustPoints undo;
    undo.member.id = of(who).member.id;
    undo.reason = "oops";
    undo.adjustment_id = absl::StrCat("u-", adjustments_);
    undo.undoes = absl::StrCat("a-", adjustments_);
    LoadAdjusted(undo.undoes, states_[Now(who)]);
    return Do(who, std::move(undo), now).status();
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

  // Somebody decides on their tier, from today on.
  absl::Status Override(size_t who, OverrideTier decided, absl::Time now) {
    decided.member.id = of(who).member.id;
    return Do(who, std::move(decided), now).status();
  }

  absl::Status EndOverride(size_t who, const std::string& id, absl::Time now) {
    EndTierOverride ended;
    ended.member.id = of(who).member.id;
    ended.override_id = id;
    ended.request_id = absl::StrCat("end of ", id);
    return Do(who, std::move(ended), now).status();
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

  // By their own id, merged or not.
  absl::Status Import(size_t who, ImportLifetimeSums import, absl::Time now) {
    import.member.id = states_[who].member.id;
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
    Note(decision->effects);
    Apply(decision->consequences.front().effects, states_[1]);
    Note(decision->consequences.front().effects);
    ApplyMove(*decision->effects.move, states_[0], states_[1]);
    merged_ = true;
    return absl::OkStatus();
  }

  void AdvanceTo(absl::Time now) {
    for (MemberState& state : states_) {
      const Effects effects = domain::Advance(state, catalog_, now);
      Apply(effects, state);
      Note(effects);
    }
  }

  const Purchase* FindPurchase(const std::string& id) const {
    for (const MemberState& state : states_) {
      for (const Purchase& purchase : state.purchases) {
        if (purchase.purchase_id == id) return &purchase;
      }
    }
    return nullptr;
  }

  // "main: bronze, 2024-03-01 gold, 2024-06-01 silver; by o-1, next gold, after review bronze; ":
  // with what somebody has decided.
  std::string ToldOfTiers(const Member& person, absl::Time now) const {
    std::string text;
    for (const Ladder& ladder : catalog_.At(now)->program->ladders) {
      std::set<DayNumber> days;  // On which it may change.
      if (const LadderStanding* standing = FindStanding(person, ladder.id); standing != nullptr) {
        for (const TierSpan& span : standing->spans) days.insert(span.day);
      }
      for (const History& history : person.histories) {
        for (const TierOverride& decided : history.overrides) {
          days.insert({decided.from, decided.until + 1});
        }
      }
      const auto name_of = [&](int tier) {
        return tier < 0 ? "none" : ladder.tiers[static_cast<size_t>(tier)].id;
      };
      int tier = TierOn(person, ladder, days.empty() ? 0 : *days.begin() - 1);
      absl::StrAppend(&text, ladder.id, ": ", name_of(tier));
      for (const DayNumber day : days) {
        const int then = TierOn(person, ladder, day);
        if (then == tier) continue;
        absl::StrAppend(&text, ", ", absl::FormatCivilTime(DayOf(day)), " ", name_of(then));
        tier = then;
      }
      absl::StrAppend(&text, "; ");
    }
    for (const TierStatus& status : StatusOf(person, catalog_, now)) {
      absl::StrAppend(&text, "by ",
                      status.decided.has_value() ? status.decided->request_id : "none", ", next ",
                      status.next.id, ", after review ", status.review.tier.id, "; ");
    }
    return text;
  }

  // Those that stand: "incentive:i0 2024-03-01; ".
  std::string ToldOfAwards(size_t who) const {
    std::multiset<std::string> told;
    for (const Award& award : of(who).awards) {
      if (award.fallen) continue;
      told.insert(absl::StrCat(award.cause, " ", absl::FormatCivilTime(DayOf(award.day)), "; "));
    }
    return absl::StrJoin(told, "");
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
    absl::StrAppend(&text, Climber::Tell(state.member), ToldOfTiers(state.member, now));
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
  void Note(const Effects& effects) {
    if (!effects.member.has_value()) return;
    entries_.insert(entries_.end(), effects.entries.begin(), effects.entries.end());
    for (const Lot& lot : effects.lots) lots_[{effects.member->id, NameOf(lot)}] = lot;
  }

  // What a store finds in ledgers of an adjustment that is to be undone: the lots that it gave to
  // or took from, and all that happened to them, in this purse and where its points lay before.
  void LoadAdjusted(const std::string& adjustment, MemberState& state) const {
    state.adjusted_lots.clear();
    state.adjusted_entries.clear();
    const auto is_here = [&](const LedgerEntry& entry) {
      const std::vector<MemberId>& purses = state.member.purses;
      return entry.member_id == state.member.id ||
             std::find(purses.begin(), purses.end(), entry.member_id) != purses.end();
    };
    std::set<std::pair<MemberId, int64_t>> names;
    for (const LedgerEntry& entry : entries_) {
      const bool is_of = entry.kind == EntryKind::kAdjust && entry.reference == adjustment;
      const std::pair<MemberId, int64_t> name{entry.lot_purse, entry.lot};
      if (!is_of || !is_here(entry) || !names.insert(name).second) continue;
      state.adjusted_lots.push_back(lots_.at({entry.member_id, name}));
    }
    for (const LedgerEntry& entry : entries_) {
      const bool is_of = names.contains({entry.lot_purse, entry.lot});
      if (is_of && is_here(entry)) state.adjusted_entries.push_back(entry);
    }
  }

  const ProgramCatalog& catalog_;
  std::array<MemberState, 2> states_;
  AliasOwners aliases_;
  std::vector<LedgerEntry> entries_;
  // By the member in whose purse it lies, and its name.
  std::map<std::pair<MemberId, std::pair<MemberId, int64_t>>, Lot> lots_;
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
