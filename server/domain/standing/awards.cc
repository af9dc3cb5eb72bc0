#include "server/domain/standing/awards.h"

#include <algorithm>
#include <string>
#include <utility>

#include "server/common/status_macros.h"
#include "server/domain/errors.h"
#include "server/domain/incentive/incentives_due.h"
#include "server/domain/points/expiry.h"
#include "server/domain/points/missing.h"
#include "server/domain/points/timeline.h"
#include "server/domain/program/calendar.h"
#include "server/domain/standing/tier_gifts.h"

namespace dangol::domain {
namespace {

// What a decision changes in what is due.
struct Difference {
  std::vector<AwardDue> gone;
  std::vector<AwardDue> come;
  std::vector<std::pair<AwardDue, AwardDue>> moved;  // The same, of another day or worth.
};

Difference Compare(const std::vector<AwardDue>& before, std::vector<AwardDue> now) {
  Difference difference;
  for (const AwardDue& award : before) {
    const auto same = std::find(now.begin(), now.end(), award);
    if (same == now.end()) {
      difference.gone.push_back(award);
    } else {
      now.erase(same);
    }
  }
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

class Giver {
 public:
  Giver(const ProgramCatalog& catalog, const Cause& cause, Member& person, Book& book,
        CounterDraft& counters)
      : program_(*catalog.At(book.now())->program),
        cause_(cause),
        person_(person),
        persons_(SharersUnder(book.owner(), person.id, /*merged=*/true)),
        book_(book),
        counters_(counters) {}

  absl::Status Give(const AwardDue& due) {
    if (due.once && Find(due, /*fallen=*/false) != nullptr) return absl::OkStatus();
    if (Award* const fallen = Find(due, /*fallen=*/true)) return GiveAgain(due, *fallen);
    const int64_t points = WithinBudget(due, due.reward.points);
    const Wallet* const wallet = FindWallet(due.reward.wallet);
    if (wallet == nullptr || points == 0) return absl::OkStatus();
    Award award;
    award.person = person_.id;
    award.number = ++person_.award_count;
    award.cause = due.cause;
    award.day = due.day;
    award.wallet = due.reward.wallet;
    award.points = award.given = points;
    award.recorded_at = book_.now();
    Lot lot;
    lot.wallet = wallet->id;
    lot.person = person_.id;
    // A day that is over gives at its end: they expire as if it had been known in time.
    lot.earned_at = lot.available_from = std::min(
        book_.now(), StartOfDay(DayOf(due.day + 1), program_.time_zone) - absl::Microseconds(1));
    SetExpiry(*wallet, program_.time_zone, lot);
    if (due.reward.expiry_days > 0) {
      lot.idle_months = lot.idle_days = 0;
      lot.expires_at =
          EndOfPeriod(lot.earned_at, /*months=*/0, due.reward.expiry_days, program_.time_zone);
    }
    RETURN_IF_ERROR(Open(std::move(lot), {due.cause, EntryKind::kBonus, points}, cause_, award));
    book_.awards().push_back(std::move(award));
    return absl::OkStatus();
  }

  // As it was given, whatever the program has come to give since, and as far as it was: what was
  // reached by a merge was not.
  absl::Status TakeBack(const AwardDue& due) {
    Award* const award = Find(due, /*fallen=*/false);
    return award == nullptr ? absl::OkStatus() : Reverse(*award);
  }

  // It was given for another day than was thought, or is worth more or less than that.
  absl::Status Move(const AwardDue& was, const AwardDue& is) {
    Award* const award = Find(was, /*fallen=*/false);
    if (award == nullptr) return absl::OkStatus();
    award->day = is.day;
    if (!is.varies || award->given == is.reward.points) return absl::OkStatus();
    RETURN_IF_ERROR(Reverse(*award));
    return GiveAgain(is, *award);
  }

 private:
  const Wallet* FindWallet(const std::string& id) const {
    const auto wallet = std::find_if(program_.wallets.begin(), program_.wallets.end(),
                                     [&](const Wallet& known) { return known.id == id; });
    return wallet == program_.wallets.end() ? nullptr : &*wallet;
  }

  bool IsOurs(const Award& award) const {
    return std::any_of(persons_.begin(), persons_.end(),
                       [&](const Sharer& sharer) { return sharer.id == award.person; });
  }

  // That of its day, or else the newest that is the same; null where there is none.
  Award* Find(const AwardDue& due, bool fallen) {
    Award* found = nullptr;
    for (Award& award : book_.awards()) {
      const bool is_same = award.cause == due.cause && due.again.Contains(award.day);
      if (!is_same || award.fallen != fallen || !IsOurs(award)) continue;
      const auto rank = [&](const Award& one) { return std::pair(one.day == due.day, one.day); };
      if (found == nullptr || rank(award) > rank(*found)) found = &award;
    }
    return found;
  }

  // What is left of it, and draws on it.
  int64_t WithinBudget(const AwardDue& due, int64_t wanted) {
    if (due.budget == 0) return wanted;
    const std::string counter = BudgetCounter(due.cause);
    const int64_t left = std::max<int64_t>(due.budget - counters_.used(counter), 0);
    const int64_t points = std::min(wanted, left);
    counters_.Add(counter, points);
    return points;
  }

  // Opens a lot for an award.
  absl::Status Open(Lot lot, const Source& source, const Cause& cause, Award& award) {
    award.expires_at = lot.expires_at;
    const size_t before = book_.entries().size();
    RETURN_IF_ERROR(OpenLot(std::move(lot), {source}, cause, book_));
    book_.Require(book_.entries().size() > before, "an award has no entry");
    if (book_.entries().size() == before) return absl::OkStatus();
    award.purse = book_.entries()[before].lot_purse;
    award.lot = book_.entries()[before].lot;
    return absl::OkStatus();
  }

  // What was taken comes back, to be gone when it would have been; what was given up then is not
  // given now.
  absl::Status GiveAgain(const AwardDue& due, Award& award) {
    if (due.varies) {
      int64_t more = due.reward.points - award.given;
      if (more > 0) more = WithinBudget(due, more);
      award.given += more;
      award.points = std::max(award.points + more, award.written_off);
    }
    const int64_t points = award.points - award.written_off;
    if (award.written_off > 0) {
      Lot none;
      none.wallet = award.wallet;
      book_.PostBeside(none,
                       {EntryKind::kWriteOff, award.written_off, LedgerAccount::kReversed,
                        LedgerAccount::kWrittenOff},
                       book_.now(), For(award));
    }
    award.fallen = false;
    award.written_off = 0;
    award.day = due.day;
    if (points == 0) return absl::OkStatus();
    Lot lot;
    lot.wallet = award.wallet;
    lot.person = person_.id;
    lot.earned_at = lot.available_from = book_.now();
    lot.expires_at = award.expires_at;
    return Open(std::move(lot), {"", EntryKind::kRestore, points, LedgerAccount::kReversed},
                For(award), award);
  }

  absl::Status Reverse(Award& award) {
    const int64_t points = award.points;
    int64_t left = points;
    const auto is_own = [&](const Lot& lot) {
      return NameOf(lot) == std::pair(award.purse, award.lot);
    };
    for (const size_t index : book_.InSpendingOrder(is_own)) {
      const Lot& lot = book_.lots()[index];
      const int64_t part = std::min(left, lot.remaining);
      left -= part;
      book_.Post(index,
                 {EntryKind::kReverse, part, AccountAt(lot, book_.now()), LedgerAccount::kReversed},
                 book_.now(), For(award));
    }
    award.fallen = true;
    award.points = points - left;
    // What has expired need not come from anywhere, and what was spent before cannot be told.
    if (left == 0 || award.expires_at <= book_.now()) return absl::OkStatus();
    const int64_t there = std::clamp<int64_t>(book_.Available(award.wallet), 0, left);
    if (there > 0) {
      book_.Take(award.wallet, there, EntryKind::kReverse, LedgerAccount::kReversed, For(award));
    }
    Lot of;
    of.wallet = award.wallet;
    of.person = person_.id;
    const Missing missing =
        TakeMissing(program_.debt_policy, of, left - there, EntryKind::kReverse,
                    LedgerAccount::kReversed, For(award), book_);
    if (missing.refused > 0) return InsufficientPoints(award.wallet, left, there);
    award.points = points;
    award.written_off = missing.written_off;
    return absl::OkStatus();
  }

  // Its entries say what they are for, without being those that gave it.
  Cause For(const Award& award) const {
    Cause cause = cause_;
    cause.reason = award.cause;
    return cause;
  }

  const Program& program_;
  const Cause& cause_;
  Member& person_;
  const std::vector<Sharer> persons_;
  Book& book_;
  CounterDraft& counters_;
};

}  // namespace

std::vector<AwardDue> AwardsDue(const ProgramCatalog& catalog, absl::Time now, DayNumber from,
                                const Member& person) {
  if (!catalog.HasAwards()) return {};
  std::vector<AwardDue> due = TierGiftsDue(catalog, now, person);
  AddIncentivesDue(catalog, now, from, person, due);
  std::stable_sort(due.begin(), due.end(),
                   [](const AwardDue& a, const AwardDue& b) { return a.day < b.day; });
  return due;
}

absl::Status PostAwards(const std::vector<AwardDue>& before, std::vector<AwardDue> now,
                        const ProgramCatalog& catalog, const Cause& cause, Member& person,
                        Book& book, CounterDraft& counters) {
  if (before == now) return absl::OkStatus();
  Giver giver(catalog, cause, person, book, counters);
  const Difference difference = Compare(before, std::move(now));
  for (const AwardDue& award : difference.gone) RETURN_IF_ERROR(giver.TakeBack(award));
  for (const auto& [was, is] : difference.moved) RETURN_IF_ERROR(giver.Move(was, is));
  for (const AwardDue& award : difference.come) RETURN_IF_ERROR(giver.Give(award));
  return absl::OkStatus();
}

}  // namespace dangol::domain
