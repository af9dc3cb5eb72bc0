// What the model makes of purchases and returns.

#include <algorithm>
#include <map>
#include <set>

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

// What has come back of `points` of a line in all: after its amount, or after its
// quantity where it cost nothing.
int64_t ReturnedOf(int64_t points, const Model::Line& line) {
  if (line.said.amount_minor == 0) {
    return PartOf(points, line.returned_quantity, line.said.quantity);
  }
  return PartOf(points, line.returned_minor, line.said.amount_minor);
}

// What is paid back for a quantity of a line.
int64_t ValueOf(const Model::Line& line, int64_t quantity) {
  const int64_t in_all =
      PartOf(line.said.amount_minor, line.returned_quantity + quantity, line.said.quantity);
  return std::max<int64_t>(in_all - line.returned_minor, 0);
}

void ComesBack(Model::Bought& bought, Model::Line& line, int64_t quantity, int64_t amount_minor) {
  line.returned_quantity += quantity;
  line.returned_minor += amount_minor;
  bought.returned_minor += amount_minor;
}

}  // namespace

// --- Purchases ---

std::string Model::Obey(const domain::RecordPurchase& record) {
  domain::Purchase said = record.purchase;
  said.occurred_at = record.occurred_at.value_or(clock_);
  if (said.occurred_at > clock_ + absl::Minutes(1)) return "TIME_IN_FUTURE";
  if (!HasCurrency(program_, said.currency)) return "CURRENCY_NOT_DECLARED";
  if (status_ == domain::MemberStatus::kClosed) return "MEMBER_CLOSED";
  if (!said.reservation_id.empty()) {
    const auto hold = holds_.find(said.reservation_id);
    if (hold == holds_.end()) return "RESERVATION_NOT_FOUND";
    const domain::ReservationStatus status = hold->second.answer.status;
    if (status == domain::ReservationStatus::kVoided ||
        status == domain::ReservationStatus::kLapsed) {
      return "RESERVATION_ENDED";
    }
  }
  Act(said.occurred_at);
  ++ids_;
  Bought bought;
  bought.person = said.reservation_id.empty() ? person_ : holds_[said.reservation_id].person;
  bought.currency = said.currency;
  bought.reservation_id = said.reservation_id;
  bought.occurred_at = said.occurred_at;
  for (const domain::PurchaseLine& line : said.lines) {
    bought.total_minor += line.amount_minor;
    bought.lines.push_back({line});
  }
  if (status_ == domain::MemberStatus::kActive) Earn(said, bought);
  purchase_ids_.push_back(said.purchase_id);
  purchases_[said.purchase_id] = bought;
  return "";
}

// What earns: the lines without what points paid, which is spread over all of them.
std::vector<int64_t> Model::Basis(const domain::Purchase& purchase) const {
  std::vector<int64_t> basis;
  for (const domain::PurchaseLine& line : purchase.lines) basis.push_back(line.amount_minor);
  const std::vector<int64_t> paid = Distribute(purchase.paid_with_points_minor, basis);
  for (size_t i = 0; i < basis.size(); ++i) basis[i] -= paid[i];
  return basis;
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
      if (counts && before.rule_id == rule.id) left -= before.points;
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
    grants_.push_back({rule.id, day, granted});
  }
  if (granted < wanted) answer_.was_limited = true;
  return granted;
}

// One base rule for each wallet, and perhaps a multiplier of what it gives.
void Model::Earn(const domain::Purchase& purchase, Bought& bought) {
  const std::vector<int64_t> basis = Basis(purchase);
  for (size_t w = 0; w < program_.wallets.size(); ++w) {
    const std::string& wallet = program_.wallets[w].id;
    int64_t points = 0;
    int64_t qualifying = 0;
    const auto add = [&](const std::vector<int64_t>& shares, bool qualifies) {
      for (size_t i = 0; i < shares.size(); ++i) {
        Share& share = bought.lines[i].shares[wallet];
        share.points += shares[i];
        points += shares[i];
        share.qualifying += qualifies ? shares[i] : 0;
        qualifying += qualifies ? shares[i] : 0;
      }
    };
    std::vector<int64_t> base(basis.size(), 0);
    for (const domain::EarningRule& rule : program_.earning_rules) {
      if (rule.wallet != static_cast<int>(w)) continue;
      const domain::Rate& rate = rule.rates.front();
      const int64_t wanted = Sum(basis) * rate.points / rate.per_minor;
      base = Distribute(Granted(rule, wanted, bought), basis);
      add(base, rule.qualifying);
    }
    for (const domain::Multiplier& multiplier : program_.multipliers) {
      if (multiplier.wallet != static_cast<int>(w)) continue;
      std::vector<int64_t> multiplied = base;
      for (size_t i = 0; i < multiplied.size(); ++i) {
        if (!IsOneOf(purchase.lines[i].category, multiplier.when.categories)) multiplied[i] = 0;
      }
      const int64_t wanted = Sum(multiplied) * (multiplier.numerator - multiplier.denominator) /
                             multiplier.denominator;
      const int64_t more = Granted(multiplier, wanted, bought);
      add(Distribute(more, multiplied), multiplier.qualifying);
    }
    answer_.wallets[wallet].earned = points;
    answer_.wallets[wallet].qualifying_earned = qualifying;
    qualifying_[wallet] += qualifying;
    Give(wallet, purchase.purchase_id, points, purchase.occurred_at, /*may_be_pending=*/true,
         bought.person);
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
    if (occurred_at < purchases_[record.purchase_id].occurred_at) return "TIME_TOO_EARLY";
    const std::string refusal = record.lines.empty() ? ReturnAmount(record) : ReturnLines(record);
    if (!refusal.empty()) return refusal;
  } else {
    if (!HasCurrency(program_, record.currency)) return "CURRENCY_NOT_DECLARED";
    for (const domain::RecordReturn::Line& said : record.lines) {
      ReturnWithoutReceipt(said, record, occurred_at, changed);
    }
  }
  for (const std::string& id : changed) {
    const std::string refusal = TakeBack(id);
    if (!refusal.empty()) return refusal;
    GiveBack(id);
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
    const int64_t amount_minor = ValueOf(line, said.quantity);
    answer_.returned_minor += amount_minor;
    ComesBack(bought, line, said.quantity, amount_minor);
  }
  return "";
}

std::string Model::ReturnAmount(const domain::RecordReturn& record) {
  Bought& bought = purchases_[record.purchase_id];
  if (record.amount_minor > bought.total_minor - bought.returned_minor) return "RETURN_TOO_LARGE";
  std::vector<int64_t> left;
  for (const Line& line : bought.lines) {
    left.push_back(line.said.amount_minor - line.returned_minor);
  }
  const std::vector<int64_t> parts = Distribute(record.amount_minor, left);
  for (size_t i = 0; i < parts.size(); ++i) ComesBack(bought, bought.lines[i], 0, parts[i]);
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
        bought.occurred_at <= occurred_at) {
      newest_first.emplace_back(bought.occurred_at, id);
    }
  }
  std::sort(newest_first.rbegin(), newest_first.rend());
  int64_t matched = 0;
  for (const auto& [time, id] : newest_first) {
    for (Line& line : purchases_[id].lines) {
      while (line.said.sku == said.sku && matched < said.quantity &&
             line.returned_quantity < line.said.quantity) {
        ComesBack(purchases_[id], line, 1, ValueOf(line, 1));
        changed.insert(id);
        ++matched;
      }
    }
  }
  answer_.returned_minor += said.amount_minor;
  answer_.unmatched_minor += said.amount_minor - PartOf(said.amount_minor, matched, said.quantity);
}

std::string Model::TakeBack(const std::string& purchase_id) {
  std::map<std::string, int64_t> points;
  for (Line& line : purchases_[purchase_id].lines) {
    for (auto& [wallet, share] : line.shares) {
      WalletAnswer& answer = answer_.wallets[wallet];
      const int64_t qualifying = ReturnedOf(share.qualifying, line) - share.qualifying_reversed;
      share.qualifying_reversed += qualifying;
      qualifying_[wallet] -= qualifying;
      answer.qualifying_reversed += qualifying;
      const int64_t reversed = ReturnedOf(share.points, line) - share.reversed;
      share.reversed += reversed;
      answer.reversed += reversed;
      points[wallet] += reversed;
    }
  }
  for (const auto& [wallet, count] : points) {
    const std::string refusal = TakePoints(wallet, purchase_id, count);
    if (!refusal.empty()) return refusal;
  }
  return "";
}

// From the purchase's own points, those last that have expired: nobody had anything of
// them, so nothing else is taken in their place. Then from others, then as the program
// says.
std::string Model::TakePoints(const std::string& wallet, const std::string& purchase_id,
                              int64_t points) {
  const Debt owed{wallet, now_, purchases_[purchase_id].person};
  for (const size_t own : OfPurchase(wallet, purchase_id)) {
    if (points == 0) break;
    if (points_[own].where == Where::kExpired) ++answer_.wallets[wallet].expired;
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
    return "";
  }
  answer_.wallets[wallet].owed += points;
  debts_.insert(debts_.end(), static_cast<size_t>(points), owed);
  return "";
}

// Those that were taken last come back first.
void Model::GiveBack(const std::string& purchase_id) {
  const Bought& bought = purchases_[purchase_id];
  const auto found = holds_.find(bought.reservation_id);
  if (found == holds_.end()) return;
  Hold& hold = found->second;
  int64_t whole = bought.total_minor;
  int64_t part = bought.returned_minor;
  if (whole == 0) {
    for (const Line& line : bought.lines) {
      whole += line.said.quantity;
      part += line.returned_quantity;
    }
  }
  const int64_t in_all = PartOf(hold.answer.captured, part, whole);
  while (hold.answer.restored < in_all) {
    const size_t last = hold.points.back();
    hold.points.pop_back();
    ++hold.answer.restored;
    ++answer_.wallets[hold.wallet].restored;
    ComeBack(last, now_);
  }
}

}  // namespace dangol::model
