// What the model makes of purchases and returns.

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "tests/model/model.h"
#include "tests/model/plain.h"

namespace dangol::model {
namespace {

bool HasCurrency(const domain::Program& program, const std::string& code) {
  for (const domain::Currency& currency : program.currencies) {
    if (currency.code == code) return true;
  }
  return false;
}

bool IsOneOf(const std::string& category, const std::vector<std::string>& categories) {
  return categories.empty() ||
         std::find(categories.begin(), categories.end(), category) != categories.end();
}

int64_t Sum(const std::vector<int64_t>& numbers) {
  int64_t sum = 0;
  for (const int64_t number : numbers) sum += number;
  return sum;
}

// What each line is worth without what has come back. Of an amount of the whole, what lines
// are worth of which no piece is left goes first.
std::vector<int64_t> Left(const Model::Bought& bought) {
  std::vector<int64_t> left;
  std::vector<int64_t> of_nothing;
  for (const Model::Line& line : bought.lines) {
    const bool is_gone = line.returned_quantity == line.said.quantity;
    left.push_back(line.said.amount_minor - line.returned_minor);
    of_nothing.push_back(is_gone ? left.back() : 0);
  }
  int64_t amount = bought.returned_by_amount;
  for (const std::vector<int64_t>* weights : {&of_nothing, &left}) {
    const std::vector<int64_t> from = *weights;
    const int64_t part = std::min(amount, Sum(from));
    const std::vector<int64_t> parts = Distribute(part, from);
    for (size_t i = 0; i < left.size(); ++i) left[i] -= parts[i];
    amount -= part;
  }
  return left;
}

// What is paid back for a quantity of a line.
int64_t ValueOf(const Model::Bought& bought, size_t index, int64_t quantity) {
  const Model::Line& line = bought.lines[index];
  if (bought.returned_by_amount > 0) {
    return PartOf(Left(bought)[index], quantity, line.said.quantity - line.returned_quantity);
  }
  return PartOf(line.said.amount_minor, line.returned_quantity + quantity, line.said.quantity) -
         line.returned_minor;
}

// So many pieces come back, for no more than `most`.
int64_t ComesBack(Model::Bought& bought, size_t index, int64_t quantity,
                  int64_t most = std::numeric_limits<int64_t>::max()) {
  const int64_t value_minor = ValueOf(bought, index, quantity);
  const int64_t amount_minor = std::min(most, value_minor);
  bought.lines[index].returned_quantity += quantity;
  bought.lines[index].returned_minor += value_minor;
  bought.returned_minor += amount_minor;
  return amount_minor;
}

bool CountsOverPurchases(const domain::Rule& rule) {
  for (const domain::Cap& cap : rule.caps) {
    if (cap.per != domain::CapPeriod::kPurchase) return true;
  }
  return false;
}

}  // namespace

// --- Purchases ---

// A hold pays for the first purchase that names it while it is held or spent, and goods are of
// whoever set points aside for them. (Stories take nothing of holds that have ended.)
int Model::Pay(const domain::Purchase& said) {
  if (said.reservation_id.empty()) return person_;
  Hold& hold = holds_[said.reservation_id];
  if (!hold.pays_for.empty()) return person_;
  const domain::ReservationStatus status = hold.answer.status;
  const bool pays =
      status == domain::ReservationStatus::kHeld || status == domain::ReservationStatus::kCaptured;
  if (pays) hold.pays_for = said.purchase_id;
  return hold.person;
}

std::string Model::Obey(const domain::RecordPurchase& record) {
  domain::Purchase said = record.purchase;
  said.occurred_at = record.occurred_at.value_or(clock_);
  if (said.occurred_at > clock_ + absl::Minutes(1)) return "TIME_IN_FUTURE";
  if (!HasCurrency(program_, said.currency)) return "CURRENCY_NOT_DECLARED";
  if (status_ == domain::MemberStatus::kClosed) return "MEMBER_CLOSED";
  if (!said.reservation_id.empty()) {
    const auto hold = holds_.find(said.reservation_id);
    if (hold == holds_.end()) return "RESERVATION_NOT_FOUND";
  }
  Act(said.occurred_at);
  ++ids_;
  Bought bought;
  bought.person = Pay(said);
  bought.currency = said.currency;
  bought.reservation_id = said.reservation_id;
  bought.occurred_at = said.occurred_at;
  for (const domain::PurchaseLine& line : said.lines) {
    bought.total_minor += line.amount_minor;
    bought.lines.push_back({line});
  }
  bought.id = said.purchase_id;
  bought.paid_with_points_minor = said.paid_with_points_minor;
  if (status_ == domain::MemberStatus::kActive) Earn(bought);
  purchase_ids_.push_back(said.purchase_id);
  purchases_[said.purchase_id] = bought;
  return "";
}

// What caps and budget leave of it. What was given before is counted anew each time.
int64_t Model::Granted(const domain::Rule& rule, int64_t wanted, const Bought& bought) {
  const absl::Time occurred_at = bought.occurred_at;
  const absl::CivilDay day = absl::ToCivilDay(occurred_at, program_.time_zone);
  int64_t granted = wanted;
  for (const domain::Cap& cap : rule.caps) {
    int64_t left = cap.points;
    for (const Grant& before : grants_) {
      const bool counts = cap.per == domain::CapPeriod::kEver ||
                          (cap.per == domain::CapPeriod::kDay && before.day == day) ||
                          (cap.per == domain::CapPeriod::kMonth &&
                           absl::CivilMonth(before.day) == absl::CivilMonth(day));
      if (counts && before.rule_id == rule.id) left -= before.stands;
    }
    granted = std::min(granted, std::max<int64_t>(left, 0));
  }
  if (rule.budget > 0) {
    int64_t left = rule.budget;
    for (const Grant& before : grants_) {
      if (before.rule_id == rule.id) left -= before.points;
    }
    granted = std::min(granted, left);
  }
  if (rule.budget > 0 || !rule.caps.empty()) {
    grants_.push_back({bought.id, rule.id, day, granted, granted});
  }
  if (granted < wanted) answer_.was_limited = true;
  return granted;
}

// One base rule for each wallet, and perhaps a multiplier of what it gives.
std::vector<Model::Gift> Model::GiftsFor(
    const std::vector<Line>& lines, const std::vector<int64_t>& amounts, int64_t paid,
    const std::function<int64_t(const domain::Rule&, int64_t)>& granted) {
  std::vector<int64_t> basis = amounts;
  const std::vector<int64_t> paid_of = Distribute(paid, amounts);
  for (size_t i = 0; i < basis.size(); ++i) basis[i] -= paid_of[i];
  std::vector<Gift> gifts;
  for (size_t w = 0; w < program_.wallets.size(); ++w) {
    const std::string& wallet = program_.wallets[w].id;
    std::vector<int64_t> base(basis.size(), 0);
    for (const domain::EarningRule& rule : program_.earning_rules) {
      if (rule.wallet != static_cast<int>(w)) continue;
      const domain::Rate& rate = rule.rates.front();
      const int64_t points = granted(rule, Sum(basis) * rate.points / rate.per_minor);
      base = Distribute(points, basis);
      gifts.push_back({&rule, wallet, points});
    }
    for (const domain::Multiplier& multiplier : program_.multipliers) {
      if (multiplier.wallet != static_cast<int>(w)) continue;
      std::vector<int64_t> multiplied = base;
      for (size_t i = 0; i < multiplied.size(); ++i) {
        if (!IsOneOf(lines[i].said.category, multiplier.when.categories)) multiplied[i] = 0;
      }
      const int64_t wanted = Sum(multiplied) * (multiplier.numerator - multiplier.denominator) /
                             multiplier.denominator;
      gifts.push_back({&multiplier, wallet, granted(multiplier, wanted)});
    }
  }
  return gifts;
}

std::map<std::string, Model::Sums> Model::SumsOf(const std::vector<Gift>& gifts) const {
  std::map<std::string, Sums> sums;
  for (const domain::Wallet& wallet : program_.wallets) sums[wallet.id];
  for (const Gift& gift : gifts) {
    sums[gift.wallet].points += gift.points;
    if (gift.rule->qualifying) sums[gift.wallet].qualifying += gift.points;
  }
  return sums;
}

void Model::Earn(Bought& bought) {
  std::vector<int64_t> amounts;
  for (const Line& line : bought.lines) amounts.push_back(line.said.amount_minor);
  const std::vector<Gift> gifts = GiftsFor(
      bought.lines, amounts, bought.paid_with_points_minor,
      [&](const domain::Rule& rule, int64_t wanted) { return Granted(rule, wanted, bought); });
  for (const Gift& gift : gifts) bought.first[gift.rule->id] = gift.points;
  bought.earned = bought.stands = SumsOf(gifts);
  for (const auto& [wallet, sums] : bought.earned) {
    answer_.wallets[wallet].earned = sums.points;
    answer_.wallets[wallet].qualifying_earned = sums.qualifying;
    qualifying_[wallet] += sums.qualifying;
  }
  for (const domain::Wallet& wallet : program_.wallets) {
    Give(wallet.id, bought.id, bought.earned[wallet.id].points, bought.occurred_at,
         /*may_be_pending=*/true, bought.person);
  }
}

std::string Model::Obey(const domain::ConfirmPurchase& confirm) {
  if (!purchases_.contains(confirm.purchase_id)) return "PURCHASE_NOT_FOUND";
  if (status_ == domain::MemberStatus::kClosed) return "MEMBER_CLOSED";
  for (Point& point : points_) {
    if (point.where != Where::kPending || point.purchase_id != confirm.purchase_id) continue;
    if (!FindWallet(point.wallet)->pending_until_confirmed) continue;
    point.where = Where::kAvailable;
    RepayDebts(point.wallet, now_);
  }
  return "";
}

// --- Returns ---

std::string Model::Obey(const domain::RecordReturn& record) {
  const absl::Time occurred_at = record.occurred_at.value_or(clock_);
  const bool has_receipt = !record.purchase_id.empty();
  if (occurred_at > clock_ + absl::Minutes(1)) return "TIME_IN_FUTURE";
  if (has_receipt && !purchases_.contains(record.purchase_id)) return "PURCHASE_NOT_FOUND";
  if (status_ == domain::MemberStatus::kClosed) return "MEMBER_CLOSED";
  std::set<std::string> changed;
  if (has_receipt) {
    changed.insert(record.purchase_id);
    const absl::Time bought_at = purchases_[record.purchase_id].occurred_at;
    if (occurred_at < bought_at - absl::Minutes(1)) return "TIME_TOO_EARLY";
    const std::string refusal = record.lines.empty() ? ReturnAmount(record) : ReturnLines(record);
    if (!refusal.empty()) return refusal;
  } else {
    if (!HasCurrency(program_, record.currency)) return "CURRENCY_NOT_DECLARED";
    for (const domain::RecordReturn::Line& said : record.lines) {
      ReturnWithoutReceipt(said, record, occurred_at, changed);
    }
  }
  for (const std::string& id : changed) {
    const std::string refusal = JudgeAgain(purchases_[id]);
    if (!refusal.empty()) return refusal;
  }
  return "";
}

std::string Model::ReturnLines(const domain::RecordReturn& record) {
  Bought& bought = purchases_[record.purchase_id];
  for (const domain::RecordReturn::Line& said : record.lines) {
    if (said.line < 0 || said.line >= static_cast<int>(bought.lines.size())) {
      return "INVALID_FIELDS";
    }
    Line& line = bought.lines[static_cast<size_t>(said.line)];
    if (said.quantity > line.said.quantity - line.returned_quantity) return "RETURN_TOO_LARGE";
    answer_.returned_minor += ComesBack(bought, static_cast<size_t>(said.line), said.quantity);
  }
  return "";
}

std::string Model::ReturnAmount(const domain::RecordReturn& record) {
  Bought& bought = purchases_[record.purchase_id];
  if (record.amount_minor > bought.total_minor - bought.returned_minor) return "RETURN_TOO_LARGE";
  bought.returned_by_amount += record.amount_minor;
  bought.returned_minor += record.amount_minor;
  answer_.returned_minor = record.amount_minor;
  return "";
}

// Piece by piece, each from the newest purchase within the window that has one left.
void Model::ReturnWithoutReceipt(const domain::RecordReturn::Line& said,
                                 const domain::RecordReturn& record, absl::Time occurred_at,
                                 std::set<std::string>& changed) {
  const absl::CivilDay today = absl::ToCivilDay(occurred_at, program_.time_zone);
  const absl::Time from = FirstInstantOf(today - program_.return_window_days, program_.time_zone);
  std::vector<std::pair<absl::Time, std::string>> newest_first;
  for (const auto& [id, bought] : purchases_) {
    if (bought.currency == record.currency && bought.occurred_at >= from &&
        bought.occurred_at <= occurred_at + absl::Minutes(1)) {
      newest_first.emplace_back(bought.occurred_at, id);
    }
  }
  std::sort(newest_first.rbegin(), newest_first.rend());
  int64_t matched = 0;
  int64_t rest = said.amount_minor;  // What was paid back and belongs to no purchase.
  for (const auto& [time, id] : newest_first) {
    Bought& bought = purchases_[id];
    for (size_t i = 0; i < bought.lines.size(); ++i) {
      const Line& line = bought.lines[i];
      const int64_t there = line.said.quantity - line.returned_quantity;
      const int64_t part = std::min(there, said.quantity - matched);
      if (line.said.sku != said.sku || part == 0) continue;
      const bool is_refunded =
          bought.returned_by_amount > 0 && line.said.amount_minor > 0 && Left(bought)[i] == 0;
      if (is_refunded) continue;
      const int64_t paid_back = PartOf(said.amount_minor, matched + part, said.quantity) -
                                PartOf(said.amount_minor, matched, said.quantity);
      rest -= ComesBack(bought, i, part, paid_back);
      changed.insert(id);
      matched += part;
    }
  }
  answer_.returned_minor += said.amount_minor;
  answer_.unmatched_minor += rest;
}

// What remains is judged as if it had been bought alone then; no wallet has more of it than of
// the whole.
std::string Model::JudgeAgain(Bought& bought) {
  const int64_t gone = bought.total_minor - Sum(Left(bought));
  const int64_t paid = gone == 0
                           ? bought.paid_with_points_minor
                           : bought.paid_with_points_minor -
                                 PartOf(bought.paid_with_points_minor, gone, bought.total_minor);
  const auto granted = [&](const domain::Rule& rule, int64_t wanted) {
    const bool is_limited = rule.budget > 0 || CountsOverPurchases(rule);
    if (is_limited) return std::min(wanted, bought.first[rule.id]);
    for (const domain::Cap& cap : rule.caps) wanted = std::min(wanted, cap.points);
    return wanted;
  };
  std::map<std::string, Sums> should;
  if (!bought.earned.empty()) {
    const std::vector<Gift> gifts = GiftsFor(bought.lines, Left(bought), paid, granted);
    should = SumsOf(gifts);
    for (const Gift& gift : gifts) {
      for (Grant& grant : grants_) {
        if (grant.purchase_id != bought.id || grant.rule_id != gift.rule->id) continue;
        grant.stands = std::min(grant.points, gift.points);
      }
    }
  }
  const std::map<std::string, int64_t> came_back = GiveBack(bought);
  for (auto& [wallet, sums] : should) {
    sums.points = std::min(sums.points, bought.earned[wallet].points);
    sums.qualifying = std::min(sums.qualifying, bought.earned[wallet].qualifying);
    const Sums stood = std::exchange(bought.stands[wallet], sums);
    qualifying_[wallet] -= stood.qualifying - sums.qualifying;
    answer_.wallets[wallet].qualifying_reversed += stood.qualifying - sums.qualifying;
    answer_.wallets[wallet].reversed += stood.points - sums.points;
    if (stood.points < sums.points)
      GiveAgain(wallet, bought, sums.points - stood.points, stood.points);
    // What was given up of the same goods is not, where points come back with them.
    const auto back = came_back.find(wallet);
    const int64_t again =
        back == came_back.end() ? 0 : std::min(back->second, bought.given_up[wallet]);
    bought.given_up[wallet] -= again;
    answer_.wallets[wallet].written_off -= again;
    const int64_t due = std::max<int64_t>(stood.points - sums.points, 0) + again;
    const std::string refusal = TakePoints(wallet, bought, due);
    if (!refusal.empty()) return refusal;
  }
  return "";
}

// From the purchase's own points, those last that have expired: nobody had anything of
// them, so nothing else is taken in their place. Then from others, then as the program
// says.
std::string Model::TakePoints(const std::string& wallet, Bought& bought, int64_t points) {
  const Debt owed{wallet, now_, bought.person, bought.id};
  for (const size_t own : OfPurchase(wallet, bought.id)) {
    if (points == 0) break;
    if (points_[own].where == Where::kExpired) {
      ++answer_.wallets[wallet].expired;
      ++bought.expired[wallet];
    }
    points_[own].where = Where::kGone;
    --points;
  }
  // Where a debt is allowed, each owes for their own goods; else the whole purse pays, as far
  // as it is free.
  const bool may_owe = program_.debt_policy == domain::DebtPolicy::kAllowDebt;
  int64_t free = may_owe ? points : std::max<int64_t>(Available(wallet), 0);
  for (const size_t other : InSpendingOrder(wallet)) {
    if (points == 0 || free == 0) break;
    if (may_owe && points_[other].person != owed.person) continue;
    points_[other].where = Where::kGone;
    --points;
    --free;
  }
  if (points == 0) return "";
  if (program_.debt_policy == domain::DebtPolicy::kReject) return "INSUFFICIENT_POINTS";
  if (program_.debt_policy == domain::DebtPolicy::kWriteOff) {
    answer_.wallets[wallet].written_off += points;
    bought.given_up[wallet] += points;
    return "";
  }
  answer_.wallets[wallet].owed += points;
  debts_.insert(debts_.end(), static_cast<size_t>(points), owed);
  return "";
}

// What was given up is not, what is owed for the purchase is not, and the rest is there again.
void Model::GiveAgain(const std::string& wallet, Bought& bought, int64_t points, int64_t stood) {
  const int64_t taken =
      bought.earned[wallet].points - stood - bought.expired[wallet] - bought.given_up[wallet];
  const int64_t given_up = std::min(points, bought.given_up[wallet]);
  bought.given_up[wallet] -= given_up;
  answer_.wallets[wallet].written_off -= given_up;
  points -= given_up;
  // What had expired was never taken, and comes last.
  const int64_t expired = std::min(points, std::max<int64_t>(points - taken, 0));
  bought.expired[wallet] -= expired;
  answer_.wallets[wallet].expired -= expired;
  points -= expired;
  for (auto debt = debts_.begin(); debt != debts_.end() && points > 0;) {
    if (debt->wallet == wallet && debt->purchase_id == bought.id) {
      debt = debts_.erase(debt);
      --points;
    } else {
      ++debt;
    }
  }
  if (points == 0) return;
  const absl::Time expires_at = EndsAt(*FindWallet(wallet), bought.occurred_at, program_.time_zone);
  std::optional<Point> like;
  for (const Point& point : points_) {
    const bool is_there = point.where == Where::kAvailable || point.where == Where::kPending;
    if (is_there && point.wallet == wallet && point.purchase_id == bought.id &&
        point.expires_at == expires_at) {
      like = point;
    }
  }
  const size_t first = points_.size();
  Give(wallet, bought.id, points, bought.occurred_at, /*may_be_pending=*/true, bought.person);
  if (!like.has_value()) return;
  for (size_t i = first; i < points_.size(); ++i) points_[i].turn = like->turn;
}

// Those that were taken last come back first.
std::map<std::string, int64_t> Model::GiveBack(const Bought& bought) {
  const auto found = holds_.find(bought.reservation_id);
  if (found == holds_.end() || found->second.pays_for != bought.id) return {};
  const int64_t given = GiveBackFor(bought, found->second);
  answer_.wallets[found->second.wallet].restored += given;
  return {{found->second.wallet, given}};
}

int64_t Model::GiveBackFor(const Bought& bought, Hold& hold) {
  int64_t whole = bought.total_minor;
  int64_t part = bought.returned_minor;
  if (whole == 0) {
    for (const Line& line : bought.lines) {
      whole += line.said.quantity;
      part += line.returned_quantity;
    }
  }
  const int64_t in_all = PartOf(hold.answer.captured, part, whole);
  int64_t given = 0;
  for (; hold.answer.restored < in_all; ++given) {
    const size_t last = hold.points.back();
    hold.points.pop_back();
    ++hold.answer.restored;
    ComeBack(last, now_);
  }
  return given;
}

}  // namespace dangol::model
