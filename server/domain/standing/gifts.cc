#include "server/domain/standing/gifts.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/common/status_macros.h"
#include "server/domain/errors.h"
#include "server/domain/points/expiry.h"
#include "server/domain/points/missing.h"
#include "server/domain/points/timeline.h"
#include "server/domain/program/calendar.h"
#include "server/domain/standing/assessor.h"
#include "server/domain/standing/judge.h"
#include "server/domain/standing/tally.h"

namespace dangol::domain {
namespace {

// Of a window that is no year.
constexpr int kMonthsBetweenGifts = 12;

bool IsSame(const GiftDue& a, const GiftDue& b) {
  return a.ladder == b.ladder && a.tier == b.tier && a.wallet == b.wallet && a.points == b.points;
}

// Whether a tier that is entered on this day was given a gift in the same period.
bool IsOfPeriod(const Ladder& ladder, DayNumber enrolled, DayNumber given, DayNumber day) {
  if (const auto year = YearOf(ladder.qualification, enrolled, day)) return year->Contains(given);
  const int months = ladder.qualification.months > 0 || ladder.qualification.days > 0
                         ? ladder.qualification.months
                         : kMonthsBetweenGifts;
  return DayOf(day) < AddMonths(DayOf(given), months) + ladder.qualification.days;
}

// The gifts along one ladder. Whoever reaches a tier has passed those below: so it does not matter
// on how many days somebody climbs.
class Climb {
 public:
  Climb(const ProgramCatalog& catalog, absl::Time now, absl::TimeZone zone, const Member& person,
        std::vector<GiftDue>& due)
      : catalog_(catalog),
        now_(now),
        zone_(zone),
        enrolled_(NumberOf(absl::ToCivilDay(person.enrolled_at, zone))),
        due_(due) {}

  void AddDue(const LadderStanding& standing) {
    TierSpan before;
    for (const TierSpan& span : standing.spans) {
      if (span.reason == TierReason::kReached) Enter(standing.ladder, before, span);
      before = span;
    }
  }

 private:
  void Enter(const std::string& name, const TierSpan& before, const TierSpan& span) {
    // Of a version that begins later today nobody has anything yet.
    const ProgramVersion* const version =
        catalog_.At(std::min(now_, StartOfDay(DayOf(span.day + 1), zone_) - absl::Microseconds(1)));
    const Ladder* const ladder = version == nullptr ? nullptr : FindLadder(*version->program, name);
    if (ladder == nullptr) return;
    for (int place = PlaceOf(before, *ladder) + 1; place <= PlaceOf(span, *ladder); ++place) {
      const Tier& tier = ladder->tiers[static_cast<size_t>(place)];
      if (!tier.gift.has_value()) continue;
      auto given = last_.find(tier.id);
      if (given == last_.end()) given = last_.find(tier.takes_over);
      if (given != last_.end() && IsOfPeriod(*ladder, enrolled_, given->second, span.day)) continue;
      last_[tier.id] = span.day;
      const Wallet& wallet = version->program->wallets[static_cast<size_t>(tier.gift->wallet)];
      due_.push_back({name, tier.id, wallet.id, tier.gift->points, span.day});
    }
  }

  const ProgramCatalog& catalog_;
  const absl::Time now_;
  const absl::TimeZone zone_;
  const DayNumber enrolled_;
  std::vector<GiftDue>& due_;
  std::map<std::string, DayNumber> last_;  // By tier: when it was given.
};

// What a decision changes in what is due.
struct Difference {
  std::vector<GiftDue> gone;
  std::vector<GiftDue> come;
  std::vector<std::pair<GiftDue, GiftDue>> moved;  // The same, of another day.
};

Difference Compare(const std::vector<GiftDue>& before, std::vector<GiftDue> now) {
  Difference difference;
  for (const GiftDue& gift : before) {
    const auto same = std::find(now.begin(), now.end(), gift);
    if (same == now.end()) {
      difference.gone.push_back(gift);
    } else {
      now.erase(same);
    }
  }
  std::erase_if(difference.gone, [&](const GiftDue& gift) {
    const auto same = std::find_if(now.begin(), now.end(),
                                   [&](const GiftDue& other) { return IsSame(gift, other); });
    if (same == now.end()) return false;
    difference.moved.emplace_back(gift, *same);
    now.erase(same);
    return true;
  });
  difference.come = std::move(now);
  return difference;
}

class Giver {
 public:
  Giver(const ProgramCatalog& catalog, const Cause& cause, Member& person, Book& book)
      : version_(*catalog.At(book.now())),
        program_(*version_.program),
        cause_(cause),
        person_(person),
        book_(book) {}

  absl::Status Give(const GiftDue& due) {
    const auto wallet = std::find_if(program_.wallets.begin(), program_.wallets.end(),
                                     [&](const Wallet& known) { return known.id == due.wallet; });
    if (wallet == program_.wallets.end()) return absl::OkStatus();
    Lot lot;
    lot.wallet = due.wallet;
    lot.person = person_.id;
    // A day that is over gives at its end: they expire as if it had been known in time.
    lot.earned_at = lot.available_from = std::min(
        book_.now(), StartOfDay(DayOf(due.day + 1), program_.time_zone) - absl::Microseconds(1));
    SetExpiry(*wallet, program_.time_zone, lot);
    const Source source{absl::StrCat("tier:", due.ladder, "/", due.tier), EntryKind::kBonus,
                        due.points};
    const absl::Time expires_at = lot.expires_at;
    RETURN_IF_ERROR(OpenLot(std::move(lot), {source}, cause_, book_));
    const LedgerEntry* opened = nullptr;
    for (const LedgerEntry& entry : book_.entries()) {
      if (entry.rule_id == source.rule_id) opened = &entry;
    }
    book_.Require(opened != nullptr, "a gift has no entry");
    if (opened == nullptr) return absl::OkStatus();
    HistoryOf(person_.id, person_)
        .gifts.push_back({due.ladder, due.tier, due.wallet, due.points, opened->lot_purse,
                          opened->lot, expires_at, due.day});
    return absl::OkStatus();
  }

  // As it was given, whatever the program has come to give since, and as far as it was: what was
  // reached by a merge was not.
  absl::Status TakeBack(const GiftDue& due) {
    for (History& history : person_.histories) {
      const auto gift = FindGiven(due, history);
      if (gift == history.gifts.end()) continue;
      const TierGift given = *gift;
      history.gifts.erase(gift);
      return Reverse(given);
    }
    return absl::OkStatus();
  }

  // It was given for another day than it was thought.
  void Move(const GiftDue& due, DayNumber day) {
    for (History& history : person_.histories) {
      const auto gift = FindGiven(due, history);
      if (gift == history.gifts.end()) continue;
      gift->day = day;
      return;
    }
  }

 private:
  // Of one period there is one; a merge may have made it that of another day.
  std::vector<TierGift>::iterator FindGiven(const GiftDue& due, History& history) const {
    const Ladder* const ladder = FindLadder(program_, due.ladder);
    const DayNumber enrolled = NumberOf(absl::ToCivilDay(person_.enrolled_at, program_.time_zone));
    return std::find_if(history.gifts.begin(), history.gifts.end(), [&](const TierGift& given) {
      return ladder != nullptr && given.ladder == due.ladder && given.tier == due.tier &&
             IsOfPeriod(*ladder, enrolled, std::min(given.day, due.day),
                        std::max(given.day, due.day));
    });
  }

  absl::Status Reverse(const TierGift& gift) {
    int64_t left = gift.points;
    const auto is_own = [&](const Lot& lot) {
      return NameOf(lot) == std::pair(gift.purse, gift.lot);
    };
    for (const size_t index : book_.InSpendingOrder(is_own)) {
      const Lot& lot = book_.lots()[index];
      const int64_t part = std::min(left, lot.remaining);
      left -= part;
      book_.Post(index,
                 {EntryKind::kReverse, part, AccountAt(lot, book_.now()), LedgerAccount::kReversed},
                 book_.now(), cause_);
    }
    // What has expired need not come from anywhere, and what was spent before cannot be told.
    if (left == 0 || gift.expires_at <= book_.now()) return absl::OkStatus();
    const int64_t there = std::clamp<int64_t>(book_.Available(gift.wallet), 0, left);
    if (there > 0) {
      book_.Take(gift.wallet, there, EntryKind::kReverse, LedgerAccount::kReversed, cause_);
    }
    Lot of;
    of.wallet = gift.wallet;
    of.person = person_.id;
    const Missing missing = TakeMissing(program_.debt_policy, of, left - there, EntryKind::kReverse,
                                        LedgerAccount::kReversed, cause_, book_);
    if (missing.refused > 0) return InsufficientPoints(gift.wallet, left, there);
    return absl::OkStatus();
  }

  const ProgramVersion& version_;
  const Program& program_;
  const Cause& cause_;
  Member& person_;
  Book& book_;
};

}  // namespace

std::vector<GiftDue> GiftsDue(const ProgramCatalog& catalog, absl::Time now, const Member& person) {
  std::vector<GiftDue> due;
  const ProgramVersion* const version = catalog.At(now);
  if (version == nullptr || !catalog.HasGifts()) return due;
  for (const Ladder& ladder : version->program->ladders) {
    const LadderStanding* const standing = FindStanding(person, ladder.id);
    if (standing == nullptr) continue;
    Climb(catalog, now, version->program->time_zone, person, due).AddDue(*standing);
  }
  return due;
}

absl::Status PostGifts(const std::vector<GiftDue>& before, const ProgramCatalog& catalog,
                       const Cause& cause, Member& person, Book& book) {
  const std::vector<GiftDue> now = GiftsDue(catalog, book.now(), person);
  if (before.empty() && now.empty()) return absl::OkStatus();
  Giver giver(catalog, cause, person, book);
  const Difference difference = Compare(before, now);
  for (const GiftDue& gift : difference.gone) RETURN_IF_ERROR(giver.TakeBack(gift));
  for (const auto& [was, is] : difference.moved) giver.Move(was, is.day);
  for (const GiftDue& gift : difference.come) RETURN_IF_ERROR(giver.Give(gift));
  return absl::OkStatus();
}

}  // namespace dangol::domain
