#include "server/domain/purchase/record_return.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/domain/errors.h"
#include "server/domain/points/draft.h"
#include "server/domain/points/spend.h"
#include "server/domain/program/arithmetic.h"
#include "server/domain/program/calendar.h"
#include "server/domain/purchase/earning.h"
#include "server/domain/purchase/record_purchase.h"

namespace dangol::domain {
namespace {

// floor(whole * part / of); the whole where there is nothing to divide by.
int64_t Share(int64_t whole, int64_t part, int64_t of) {
  if (part >= of) return whole;
  return static_cast<int64_t>(Scale(whole, part, of, Rounding::kFloor));
}

int64_t QuantityLeft(const PurchaseLine& line) { return line.quantity - line.returned_quantity; }
int64_t AmountLeft(const PurchaseLine& line) { return line.amount_minor - line.returned_minor; }

// What a quantity of a line is worth: its share of what the line cost, so that the last
// part brings the rest. Never more than what is left, where amounts came back before.
int64_t ValueOf(const PurchaseLine& line, int64_t quantity) {
  const int64_t returned = line.returned_quantity + quantity;
  const int64_t in_all = Share(line.amount_minor, returned, line.quantity);
  return std::max<int64_t>(in_all - line.returned_minor, 0);
}

// The part of the points of a line that has come back, after the amounts in it.
int64_t Returned(int64_t points, const PurchaseLine& line) {
  return line.amount_minor > 0 ? Share(points, line.returned_minor, line.amount_minor)
                               : Share(points, line.returned_quantity, line.quantity);
}

// Works out one return, step by step.
class Returner {
 public:
  Returner(const RecordReturn& command, absl::string_view principal, const MemberState& member,
           const ProgramVersion& version, Draft& draft)
      : command_(command),
        program_(*version.program),
        draft_(draft),
        cause_{std::string(principal), command.return_id, ""} {
    for (const Purchase& purchase : member.purchases) purchases_.push_back(&purchase);
    // The newest first; among equals, as they are listed.
    std::sort(purchases_.begin(), purchases_.end(), [](const Purchase* a, const Purchase* b) {
      return std::tie(a->occurred_at, a->purchase_id) > std::tie(b->occurred_at, b->purchase_id);
    });
  }

  absl::Status Run(Return& recorded) {
    recorded_ = &recorded;
    if (command_.purchase_id.empty()) {
      RETURN_IF_ERROR(CheckCurrency(command_.currency, program_));
      recorded.currency = command_.currency;
      for (const RecordReturn::Line& line : command_.lines) Match(line);
    } else {
      const Purchase* bought = FindPurchase();
      if (bought == nullptr) return PurchaseNotFound(command_.purchase_id);
      if (recorded.occurred_at < bought->occurred_at) {
        return ReturnTooEarly(recorded.occurred_at, bought->occurred_at);
      }
      recorded.currency = bought->currency;
      recorded.person = bought->person;
      RETURN_IF_ERROR(command_.lines.empty() ? ReturnAmount(Changed(*bought))
                                             : ReturnLines(Changed(*bought)));
    }
    for (const ReturnedLine& line : recorded.lines) {
      recorded.amount_minor += line.amount_minor;
      if (line.purchase_id.empty()) recorded.unmatched_minor += line.amount_minor;
    }
    for (auto& [id, purchase] : changed_) {
      RETURN_IF_ERROR(TakeBack(purchase));
      GiveBack(purchase);
    }
    return absl::OkStatus();
  }

  std::vector<Purchase> TakeChanged() {
    std::vector<Purchase> purchases;
    for (auto& [id, purchase] : changed_) purchases.push_back(std::move(purchase));
    return purchases;
  }

  std::vector<ReversedPoints> TakePoints() {
    std::vector<ReversedPoints> points;
    for (auto& [wallet, reversed] : points_) points.push_back(std::move(reversed));
    return points;
  }

 private:
  const Purchase* FindPurchase() const {
    for (const Purchase* purchase : purchases_) {
      if (purchase->purchase_id == command_.purchase_id) return purchase;
    }
    return nullptr;
  }

  // The purchase with what this return has changed in it so far.
  Purchase& Changed(const Purchase& purchase) {
    return changed_.try_emplace(purchase.purchase_id, purchase).first->second;
  }

  const Purchase& Latest(const Purchase& purchase) const {
    const auto changed = changed_.find(purchase.purchase_id);
    return changed == changed_.end() ? purchase : changed->second;
  }

  void AddLine(const Purchase& purchase, size_t line, int64_t quantity, int64_t amount_minor) {
    recorded_->lines.push_back({purchase.purchase_id, static_cast<int>(line),
                                purchase.lines[line].sku, quantity, amount_minor});
  }

  static void Note(Purchase& purchase, size_t index, int64_t quantity, int64_t amount_minor) {
    purchase.lines[index].returned_quantity += quantity;
    purchase.lines[index].returned_minor += amount_minor;
    purchase.returned_minor += amount_minor;
  }

  absl::Status ReturnLines(Purchase& purchase) {
    for (size_t i = 0; i < command_.lines.size(); ++i) {
      const RecordReturn::Line& said = command_.lines[i];
      if (said.line < 0 || said.line >= static_cast<int>(purchase.lines.size())) {
        return LineNotFound(i, said.line, purchase.lines.size());
      }
      const auto index = static_cast<size_t>(said.line);
      const PurchaseLine& line = purchase.lines[index];
      if (said.quantity > QuantityLeft(line)) {
        return ReturnTooLarge(absl::StrCat("of line ", said.line, ", ", QuantityLeft(line),
                                           " are left to come back, not ", said.quantity));
      }
      const int64_t amount_minor = ValueOf(line, said.quantity);
      AddLine(purchase, index, said.quantity, amount_minor);
      Note(purchase, index, said.quantity, amount_minor);
    }
    return absl::OkStatus();
  }

  // Quantities are not known then, and stay as they are.
  absl::Status ReturnAmount(Purchase& purchase) {
    std::vector<int64_t> left;
    for (const PurchaseLine& line : purchase.lines) left.push_back(AmountLeft(line));
    const int64_t total_left = purchase.total_minor - purchase.returned_minor;
    if (command_.amount_minor > total_left) {
      return ReturnTooLarge(absl::StrCat(total_left, " minor units are left to come back, not ",
                                         command_.amount_minor));
    }
    const std::vector<int64_t> parts = Spread(command_.amount_minor, left);
    for (size_t i = 0; i < parts.size(); ++i) {
      if (parts[i] == 0) continue;
      AddLine(purchase, i, 0, parts[i]);
      Note(purchase, i, 0, parts[i]);
    }
    return absl::OkStatus();
  }

  // Without a receipt: the newest goods of the article that have not come back yet.
  // What was paid back is spread over them by quantity.
  void Match(const RecordReturn::Line& said) {
    int64_t quantity = 0;
    int64_t paid_back = 0;
    const auto take = [&](int64_t part) {
      quantity += part;
      const int64_t in_all = Share(said.amount_minor, quantity, said.quantity);
      return in_all - std::exchange(paid_back, in_all);
    };
    for (const Purchase* purchase : Candidates()) {
      for (size_t i = 0; i < purchase->lines.size() && quantity < said.quantity; ++i) {
        const PurchaseLine& line = Latest(*purchase).lines[i];
        const int64_t part = std::min(QuantityLeft(line), said.quantity - quantity);
        if (line.sku != said.sku || part <= 0) continue;
        AddLine(*purchase, i, part, take(part));
        Note(Changed(*purchase), i, part, ValueOf(line, part));
      }
    }
    if (quantity == said.quantity) return;
    const int64_t unmatched = said.quantity - quantity;
    recorded_->lines.push_back({"", -1, said.sku, unmatched, take(unmatched)});
  }

  // No more than are loaded, whatever else is known of the member.
  std::vector<const Purchase*> Candidates() const {
    const absl::Time begin = ReturnWindowBegins(program_, recorded_->occurred_at);
    std::vector<const Purchase*> candidates;
    size_t loaded = 0;
    for (const Purchase* purchase : purchases_) {
      if (purchase->occurred_at < begin || ++loaded > limits::kMaxPurchasesPerReturn) break;
      const bool is_candidate = purchase->currency == command_.currency &&
                                purchase->occurred_at <= recorded_->occurred_at;
      if (is_candidate) candidates.push_back(purchase);
    }
    return candidates;
  }

  // Takes back what the returned goods had earned.
  absl::Status TakeBack(Purchase& purchase) {
    std::map<std::string, ReversedPoints> due;
    for (PurchaseLine& line : purchase.lines) {
      for (LinePoints& earned : line.earned) {
        const int64_t points = Returned(earned.points, line);
        const int64_t qualifying = Returned(earned.qualifying, line);
        ReversedPoints& wallet = due[earned.wallet];
        wallet.points += points - std::exchange(earned.reversed, points);
        wallet.qualifying += qualifying - std::exchange(earned.qualifying_reversed, qualifying);
      }
    }
    for (const auto& [wallet, reversed] : due) {
      if (reversed.points == 0 && reversed.qualifying == 0) continue;
      draft_.AddQualifying(wallet, -reversed.qualifying);
      PointsOf(wallet).qualifying += reversed.qualifying;
      RETURN_IF_ERROR(TakeBackPoints(wallet, reversed.points, purchase));
    }
    return absl::OkStatus();
  }

  // From the purchase's own lots, then from others, and then as the program says. What
  // has expired of them was never spent, and need not come from anywhere.
  absl::Status TakeBackPoints(const std::string& wallet, int64_t points, Purchase& purchase) {
    const std::string& purchase_id = purchase.purchase_id;
    ReversedPoints& sum = PointsOf(wallet);
    sum.points += points;
    int64_t left = points - draft_.ReverseLotsOf(purchase_id, wallet, points, cause_);
    const int64_t expired = NoteExpired(wallet, left, purchase);
    sum.expired += expired;
    left -= expired;
    left -= draft_.ReverseOthers(wallet, purchase, left, program_.debt_policy, cause_);
    if (left == 0) return absl::OkStatus();
    switch (program_.debt_policy) {
      case DebtPolicy::kReject:
        return InsufficientPoints(wallet, points - expired, points - expired - left);
      case DebtPolicy::kWriteOff:
        sum.written_off += left;
        draft_.WriteOff(wallet, purchase_id, left, cause_);
        break;
      case DebtPolicy::kAllowDebt:
        sum.owed += left;
        draft_.Owe(wallet, purchase, left, cause_);
        break;
    }
    return absl::OkStatus();
  }

  // Counts up to so many points as expired, those of earlier returns aside; how many.
  int64_t NoteExpired(const std::string& wallet, int64_t points, Purchase& purchase) const {
    int64_t left = draft_.ExpiredOf(purchase.purchase_id, wallet);
    for (const PurchaseLine& line : purchase.lines) {
      for (const LinePoints& earned : line.earned) {
        if (earned.wallet == wallet) left -= earned.expired;
      }
    }
    const int64_t counted = std::min(points, std::max<int64_t>(left, 0));
    left = counted;
    for (PurchaseLine& line : purchase.lines) {
      for (LinePoints& earned : line.earned) {
        if (earned.wallet != wallet) continue;
        const int64_t part = std::min(left, earned.reversed - earned.expired);
        earned.expired += part;
        left -= part;
      }
    }
    return counted;
  }

  // Gives back the points that had paid for the goods: in all as large a part of them
  // as has come back of the purchase. The lots that were taken last come back first.
  void GiveBack(const Purchase& purchase) {
    Reservation* const paid = draft_.FindReservation(purchase.reservation_id);
    if (paid == nullptr || paid->status != ReservationStatus::kCaptured) return;
    const int64_t in_all = ReturnedShareOf(purchase, paid->captured);
    int64_t left = std::max<int64_t>(in_all - paid->restored, 0);
    if (left == 0) return;
    int64_t skip = paid->restored;
    paid->restored += left;
    const std::vector<Lot> lots = paid->lots;
    PointsOf(paid->wallet).restored += left;
    for (auto lot = lots.rbegin(); lot != lots.rend() && left > 0; ++lot) {
      const int64_t skipped = std::min(skip, lot->remaining);
      const int64_t part = std::min(left, lot->remaining - skipped);
      skip -= skipped;
      left -= part;
      draft_.PutBack(*lot, part, EntryKind::kRestore, LedgerAccount::kRedeemed, cause_);
    }
  }

  static int64_t ReturnedShareOf(const Purchase& purchase, int64_t points) {
    if (purchase.total_minor > 0) {
      return Share(points, purchase.returned_minor, purchase.total_minor);
    }
    int64_t quantity = 0;
    int64_t returned = 0;
    for (const PurchaseLine& line : purchase.lines) {
      quantity += line.quantity;
      returned += line.returned_quantity;
    }
    return Share(points, returned, quantity);
  }

  ReversedPoints& PointsOf(const std::string& wallet) {
    ReversedPoints& points = points_[wallet];
    points.wallet = wallet;
    return points;
  }

  const RecordReturn& command_;
  const Program& program_;
  Draft& draft_;
  const Draft::Cause cause_;
  std::vector<const Purchase*> purchases_;
  std::map<std::string, Purchase> changed_;  // By id.
  std::map<std::string, ReversedPoints> points_;
  Return* recorded_ = nullptr;
};

}  // namespace

absl::StatusOr<Decision> DecideRecordReturn(const RecordReturn& command,
                                            absl::string_view principal, const State& state,
                                            const ProgramCatalog& catalog, absl::Time now) {
  Return recorded;
  recorded.return_id = command.return_id;
  recorded.purchase_id = command.purchase_id;
  recorded.occurred_at = command.occurred_at.value_or(now);
  recorded.recorded_at = now;
  recorded.reason = command.reason;
  const ProgramVersion* version = catalog.At(now);
  if (version == nullptr) return ProgramMissing();
  RETURN_IF_ERROR(CheckOccurred("occurred_at", recorded.occurred_at, now));
  if (state.member == nullptr) {
    return command.purchase_id.empty() ? MemberNotFound(command.member)
                                       : PurchaseNotFound(command.purchase_id);
  }
  RETURN_IF_ERROR(CheckNotClosed(state));
  const MemberState& buyer = *PersonOf(state);
  recorded.member_id = recorded.person = buyer.member.id;

  Draft draft(state, catalog, now);
  draft.Advance();
  Returner returner(command, principal, buyer, *version, draft);
  RETURN_IF_ERROR(returner.Run(recorded));
  Decision decision;
  decision.outcome = ReturnOutcome{recorded, returner.TakePoints(), draft.Accounts()};
  decision.effects = draft.Finish();
  Effects& own = OfPerson(decision.effects);
  own.returned_purchases = returner.TakeChanged();
  own.purchase_return = std::move(recorded);
  return decision;
}

absl::Time ReturnWindowBegins(const Program& program, absl::Time returned_at) {
  const absl::CivilDay day = absl::ToCivilDay(returned_at, program.time_zone);
  return StartOfDay(day - program.return_window_days, program.time_zone);
}

}  // namespace dangol::domain
