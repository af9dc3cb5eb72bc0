#include "server/domain/standing/awards.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/match.h"
#include "absl/types/span.h"
#include "server/common/status_macros.h"
#include "server/domain/advocate/judge_advocacy.h"
#include "server/domain/errors.h"
#include "server/domain/points/expiry.h"
#include "server/domain/points/missing.h"
#include "server/domain/points/timeline.h"
#include "server/domain/program/calendar.h"
#include "server/domain/purchase/reversal.h"
#include "server/domain/standing/tier_gifts.h"

namespace dangol::domain {
namespace {

// What a decision changes in what is due.
struct Difference {
  std::vector<AwardDue> gone;
  std::vector<AwardDue> come;
  std::vector<std::pair<AwardDue, AwardDue>> moved;  // The same, of another day or worth.
};

auto KeyOf(const AwardDue& award) {
  return std::tie(award.day, award.cause, award.reward.wallet, award.reward.points,
                  award.reward.expiry_days);
}

// Those of `all` that are not in `others`, in their order. Somebody may have hundreds.
std::vector<AwardDue> Without(absl::Span<const AwardDue> all, absl::Span<const AwardDue> others) {
  const auto sorted = [](absl::Span<const AwardDue> awards) {
    std::vector<const AwardDue*> pointers;
    pointers.reserve(awards.size());
    for (const AwardDue& award : awards) pointers.push_back(&award);
    std::sort(pointers.begin(), pointers.end(),
              [](const auto* a, const auto* b) { return KeyOf(*a) < KeyOf(*b); });
    return pointers;
  };
  const std::vector<const AwardDue*> left = sorted(all);
  const std::vector<const AwardDue*> right = sorted(others);
  std::vector<const AwardDue*> rest;
  std::set_difference(left.begin(), left.end(), right.begin(), right.end(),
                      std::back_inserter(rest),
                      [](const auto* a, const auto* b) { return KeyOf(*a) < KeyOf(*b); });
  std::sort(rest.begin(), rest.end());
  std::vector<AwardDue> result;
  result.reserve(rest.size());
  for (const AwardDue* award : rest) result.push_back(*award);
  return result;
}

Difference Compare(const std::vector<AwardDue>& before, const std::vector<AwardDue>& after) {
  // Most of it is the same, in the same place.
  const auto [first, first_now] =
      std::mismatch(before.begin(), before.end(), after.begin(), after.end());
  const absl::Span<const AwardDue> was(before.data() + (first - before.begin()),
                                       static_cast<size_t>(before.end() - first));
  const absl::Span<const AwardDue> is(after.data() + (first_now - after.begin()),
                                      static_cast<size_t>(after.end() - first_now));
  Difference difference;
  difference.gone = Without(was, is);
  std::vector<AwardDue> now = Without(is, was);
  std::erase_if(difference.gone, [&](const AwardDue& award) {
    const auto same = std::find_if(now.begin(), now.end(), [&](const AwardDue& other) {
      return award.cause == other.cause && other.again.Contains(award.day);
    });
    if (same == now.end()) return false;
    difference.moved.emplace_back(award, *same);
    now.erase(same);
    return true;
  });
  difference.come = std::move(now);
  return difference;
}

// Gives and takes back. `due`: what is due now, of incentives from that day on.
class Giver {
 public:
  Giver(const std::vector<AwardDue>& due, DayNumber from, const ProgramCatalog& catalog,
        const Cause& cause, DebtPolicy policy, Member& person, Book& book, CounterDraft& counters)
      : due_(due),
        from_(from),
        program_(*catalog.At(book.now())->program),
        cause_(cause),
        policy_(policy),
        person_(person),
        persons_(SharersUnder(book.owner(), person.id, /*merged=*/true)),
        book_(book),
        counters_(counters) {}

  absl::Status Give(const AwardDue& due) {
    if (due.once && Find(due, Stands) != nullptr) return absl::OkStatus();
    const auto has_fallen = [](const Award& award) { return award.fallen; };
    if (Award* const fallen = Find(due, has_fallen)) return GiveAgain(due, *fallen);
    if (FindWallet(due.reward.wallet) == nullptr) return absl::OkStatus();
    Award award;
    award.person = person_.id;
    award.number = ++person_.award_count;
    award.cause = due.cause;
    award.day = due.day;
    award.wallet = due.reward.wallet;
    award.points = award.given = IsRefused(due) ? 0 : WithinBudget(due);
    award.recorded_at = book_.now();
    // What is refused or found no budget is noted, too: it is what falls when its day does.
    RETURN_IF_ERROR(Open(due, {due.cause, EntryKind::kBonus, award.points}, cause_, award));
    book_.awards().push_back(std::move(award));
    return absl::OkStatus();
  }

  // As it was given, whatever the program has come to give since, and as far as it was: what was
  // reached by a merge was not.
  absl::Status TakeBack(const AwardDue& due) {
    if (Standing(due) <= StillDue(due)) return absl::OkStatus();
    Award* const award = Claim(due);
    if (award == nullptr) return absl::OkStatus();
    award->fallen = true;
    return Take(award->points, *award);
  }

  // They were given for other days than was thought, or are worth more or less than that. All are
  // found before any moves: one may go to the day that another leaves.
  absl::Status Move(const std::vector<std::pair<AwardDue, AwardDue>>& moved) {
    std::vector<Award*> awards;
    awards.reserve(moved.size());
    for (const auto& [was, is] : moved) awards.push_back(Claim(was));
    for (size_t i = 0; i < moved.size(); ++i) {
      if (awards[i] == nullptr) continue;
      const AwardDue& is = moved[i].second;
      awards[i]->day = is.day;
      if (is.varies) RETURN_IF_ERROR(Resize(is, *awards[i]));
    }
    return absl::OkStatus();
  }

 private:
  const Wallet* FindWallet(const std::string& id) const {
    const auto wallet = std::find_if(program_.wallets.begin(), program_.wallets.end(),
                                     [&](const Wallet& known) { return known.id == id; });
    return wallet == program_.wallets.end() ? nullptr : &*wallet;
  }

  // Nobody is paid for speaking for the house who did so when the day began.
  bool IsRefused(const AwardDue& due) const {
    const absl::Time begin = StartOfDay(DayOf(due.day), program_.time_zone);
    return due.for_advocacy && SpeaksForTheHouse(person_, program_.time_zone, begin);
  }

  bool IsOurs(const Award& award) const {
    return std::any_of(persons_.begin(), persons_.end(),
                       [&](const Sharer& sharer) { return sharer.id == award.person; });
  }

  bool IsSame(const Award& award, const AwardDue& due) const {
    return award.cause == due.cause && due.again.Contains(award.day) && IsOurs(award);
  }

  // How many that are the same were given and stand, of those days.
  int64_t Standing(const AwardDue& due) {
    const DayNumber from = absl::StartsWith(due.cause, kIncentiveCause) ? from_ : kAnyDay.from;
    return std::count_if(book_.awards().begin(), book_.awards().end(), [&](const Award& award) {
      return !award.fallen && award.day >= from && IsSame(award, due);
    });
  }

  // How many of them are due.
  int64_t StillDue(const AwardDue& due) const {
    return std::count_if(due_.begin(), due_.end(), [&](const AwardDue& other) {
      return other.cause == due.cause && due.again.Contains(other.day);
    });
  }

  static bool Stands(const Award& award) { return !award.fallen; }

  // One that stands, each at most once.
  Award* Claim(const AwardDue& due) {
    Award* const award = Find(due, [this](const Award& one) {
      return !one.fallen && absl::c_find(claimed_, &one) == claimed_.end();
    });
    if (award != nullptr) claimed_.push_back(award);
    return award;
  }

  // That of its day, or else the newest that is the same; null where there is none. Of several of
  // one day it does not matter in which order a store has them.
  Award* Find(const AwardDue& due, absl::FunctionRef<bool(const Award&)> is_wanted) {
    Award* found = nullptr;
    for (Award& award : book_.awards()) {
      if (!is_wanted(award) || !IsSame(award, due)) continue;
      const auto rank = [&](const Award& one) {
        return std::tuple(one.day == due.day, one.day, one.person, one.number);
      };
      if (found == nullptr || rank(award) > rank(*found)) found = &award;
    }
    return found;
  }

  // What is left of it for an award, and draws on it.
  int64_t WithinBudget(const AwardDue& due) {
    if (due.budget == 0) return due.reward.points;
    const std::string counter = BudgetCounter(due.cause);
    const int64_t left = std::max<int64_t>(due.budget - counters_.used(counter), 0);
    const int64_t points = std::min(due.reward.points, left);
    counters_.Add(counter, points);
    return points;
  }

  // Opens a lot for an award, with the points of a source.
  absl::Status Open(const AwardDue& due, const Source& source, const Cause& cause, Award& award) {
    const Wallet* const wallet = FindWallet(award.wallet);
    if (wallet == nullptr || source.points == 0) return absl::OkStatus();
    Lot lot;
    lot.wallet = wallet->id;
    lot.person = award.person;
    // A day that is over gives at its end: they expire as if it had been known in time.
    lot.earned_at = lot.available_from = std::min(
        book_.now(), StartOfDay(DayOf(due.day + 1), program_.time_zone) - absl::Microseconds(1));
    SetExpiry(*wallet, program_.time_zone, lot);
    if (due.reward.expiry_days > 0) {
      lot.idle_months = lot.idle_days = 0;
      lot.expires_at =
          EndOfPeriod(lot.earned_at, /*months=*/0, due.reward.expiry_days, program_.time_zone);
    }
    award.expires_at = lot.expires_at;
    const size_t before = book_.entries().size();
    RETURN_IF_ERROR(OpenLot(std::move(lot), {source}, cause, book_));
    book_.Require(book_.entries().size() > before, "an award has no entry");
    if (book_.entries().size() == before) return absl::OkStatus();
    award.purse = book_.entries()[before].lot_purse;
    award.lot = book_.entries()[before].lot;
    // What has expired since its day was never there for anybody (Book::NoteExpired).
    for (size_t i = before; i < book_.entries().size(); ++i) {
      const LedgerEntry& entry = book_.entries()[i];
      const bool is_of = entry.lot == award.lot && entry.lot_purse == award.purse;
      if (is_of && entry.kind == EntryKind::kExpire) award.points -= entry.points;
    }
    return absl::OkStatus();
  }

  // What was taken comes back, with the expiry of the day on which it is due now; what was given
  // up then, or had expired, is not given again.
  absl::Status GiveAgain(const AwardDue& due, Award& award) {
    award.fallen = false;
    award.day = due.day;
    const int64_t points = award.points;
    const int64_t given_up = award.written_off;
    WithdrawWriteOff(given_up, award);
    RETURN_IF_ERROR(Open(due, Again(points - given_up), For(award), award));
    return due.varies ? Resize(due, award) : absl::OkStatus();
  }

  // Posts the difference to what it is worth now.
  absl::Status Resize(const AwardDue& due, Award& award) {
    const int64_t more = due.reward.points - award.given;
    award.given = due.reward.points;
    if (more < 0) {
      const int64_t less = std::min(-more, award.points);
      award.points -= less;
      return Take(less, award);
    }
    award.points += more;
    const int64_t given_up = std::min(more, award.written_off);
    WithdrawWriteOff(given_up, award);
    return Open(due, Again(more - given_up), For(award), award);
  }

  static Source Again(int64_t points) {
    return {"", EntryKind::kRestore, points, LedgerAccount::kReversed};
  }

  void WithdrawWriteOff(int64_t points, Award& award) {
    award.written_off -= points;
    if (points == 0) return;
    Lot none;
    none.wallet = award.wallet;
    book_.PostBeside(
        none, {EntryKind::kWriteOff, points, LedgerAccount::kReversed, LedgerAccount::kWrittenOff},
        book_.now(), For(award));
  }

  // Of its own lot, then of others of the same person, and then as the program says of debts.
  absl::Status Take(int64_t points, Award& award) {
    int64_t left = points;
    const auto is_own = [&](const Lot& lot) {
      return NameOf(lot) == std::pair(award.purse, award.lot);
    };
    for (const size_t index : book_.InSpendingOrder(is_own)) {
      const Lot& lot = book_.lots()[index];
      const int64_t part = std::min(left, lot.remaining);
      if (part == 0) break;
      left -= part;
      book_.Post(index,
                 {EntryKind::kReverse, part, AccountAt(lot, book_.now()), LedgerAccount::kReversed},
                 book_.now(), For(award));
    }
    if (left == 0) return absl::OkStatus();
    Purchase of;
    of.person = award.person;
    const int64_t there = ReverseOthers(award.wallet, of, left, policy_, For(award), book_);
    Lot owed;
    owed.wallet = award.wallet;
    owed.person = award.person;
    const Missing missing = TakeMissing(policy_, owed, left - there, EntryKind::kReverse,
                                        LedgerAccount::kReversed, For(award), book_);
    if (missing.refused > 0) return InsufficientPoints(award.wallet, left, there);
    award.written_off += missing.written_off;
    return absl::OkStatus();
  }

  // Its entries say what they are for, without being those that gave it.
  Cause For(const Award& award) const {
    Cause cause = cause_;
    cause.reason = award.cause;
    return cause;
  }

  const std::vector<AwardDue>& due_;
  const DayNumber from_;
  const Program& program_;
  const Cause& cause_;
  const DebtPolicy policy_;
  Member& person_;
  const std::vector<Sharer> persons_;
  Book& book_;
  CounterDraft& counters_;
  // Before any is given: those stay where they are.
  std::vector<const Award*> claimed_;
};

}  // namespace

std::vector<AwardDue> AwardsDue(const ProgramCatalog& catalog, absl::Time now, DayNumber from,
                                const Member& person, std::vector<IncentiveStanding>* standings) {
  if (!catalog.HasAwards()) return {};
  std::vector<AwardDue> due = TierGiftsDue(catalog, now, person);
  AddIncentivesDue(catalog, now, from, person, due, standings);
  std::stable_sort(due.begin(), due.end(),
                   [](const AwardDue& a, const AwardDue& b) { return a.day < b.day; });
  return due;
}

absl::Status PostAwards(const std::vector<AwardDue>& before, const std::vector<AwardDue>& now,
                        DayNumber from, const ProgramCatalog& catalog, const Cause& cause,
                        bool may_refuse, Member& person, Book& book, CounterDraft& counters) {
  if (before == now) return absl::OkStatus();
  DebtPolicy policy = catalog.At(book.now())->program->debt_policy;
  if (policy == DebtPolicy::kReject && !may_refuse) policy = DebtPolicy::kAllowDebt;
  Giver giver(now, from, catalog, cause, policy, person, book, counters);
  const Difference difference = Compare(before, now);
  // Moves come first: what is taken back counts those that stand on their days of now.
  RETURN_IF_ERROR(giver.Move(difference.moved));
  for (const AwardDue& award : difference.gone) RETURN_IF_ERROR(giver.TakeBack(award));
  for (const AwardDue& award : difference.come) RETURN_IF_ERROR(giver.Give(award));
  return absl::OkStatus();
}

}  // namespace dangol::domain
