#include "tests/e2e/rfm_by_definition.h"

#include <algorithm>
#include <cstddef>

namespace dangol::e2e {
namespace {

constexpr int64_t kScores = 5;

absl::CivilDay DayOf(const std::string& moment) {
  absl::CivilDay day;
  absl::ParseCivilTime(moment.substr(0, 10), &day);
  return day;
}

// The i-th quantile of type 7, so many fifths of it: at (n - 1) * i / 5, and between two values
// in proportion.
std::vector<int64_t> FifthsOf(std::vector<int64_t> values) {
  std::sort(values.begin(), values.end());
  std::vector<int64_t> points;
  for (int64_t i = 1; i < kScores; ++i) {
    const int64_t place = (static_cast<int64_t>(values.size()) - 1) * i;
    const int64_t low = values[static_cast<size_t>(place / kScores)];
    const int64_t high =
        values[std::min(static_cast<size_t>(place / kScores) + 1, values.size() - 1)];
    points.push_back(low * (kScores - place % kScores) + high * (place % kScores));
  }
  return points;
}

int CountBelow(const std::vector<int64_t>& points, int64_t value) {
  int below = 0;
  for (const int64_t point : points) below += point < value * kScores ? 1 : 0;
  return below;
}

// The picture of the guide.
std::string SegmentOf(int r, int f, int m) {
  if (r >= 3 && f >= 4) return r >= 4 && m >= 4 ? "champions" : "loyal";
  if (r >= 4 && f >= 2) return "potential-loyalist";
  if (r >= 4) return r == 5 ? "new" : "promising";
  if (r == 3) return f == 3 ? "need-attention" : "about-to-sleep";
  if (f >= 3) return f >= 4 && m >= 4 ? "cant-lose" : "at-risk";
  return r == 2 ? "hibernating" : "lost";
}

}  // namespace

absl::CivilDay RfmByDefinition::Invoice::Day() const { return DayOf(moment); }

bool RfmByDefinition::Invoice::Counts() const {
  const bool stands = std::any_of(lines.begin(), lines.end(),
                                  [](const Line& line) { return line.back < line.quantity; });
  return stands && pence > 0 && repaid < pence;
}

RfmByDefinition::RfmByDefinition(const std::vector<HistoryRow>& rows, absl::CivilDay day) {
  for (const HistoryRow& row : rows) row.IsReturn() ? TakeBack(row) : Buy(row);
  Measure(day);
  Score();
}

void RfmByDefinition::Buy(const HistoryRow& row) {
  std::vector<Invoice>& invoices = invoices_[row.customer];
  auto invoice = std::find_if(invoices.begin(), invoices.end(),
                              [&](const Invoice& one) { return one.number == row.invoice; });
  if (invoice == invoices.end()) {
    invoice = invoices.insert(invoices.end(), {row.invoice, row.moment, {}, 0, 0});
  }
  invoice->lines.push_back({row.article, row.quantity, row.pence, 0, 0});
  invoice->pence += row.pence;
}

// The newest pieces of the article in the 90 days before that are not back yet. What is repaid is
// spread over the pieces of the row, up to what each part of them had cost.
void RfmByDefinition::TakeBack(const HistoryRow& row) {
  const std::string& moment = returned_at_.try_emplace(row.invoice, row.moment).first->second;
  std::vector<Invoice*> newest;
  for (Invoice& invoice : invoices_[row.customer]) {
    if (invoice.moment <= moment && invoice.Day() >= DayOf(moment) - 90) newest.push_back(&invoice);
  }
  std::sort(newest.begin(), newest.end(), [](const Invoice* a, const Invoice* b) {
    return std::pair(a->moment, a->number) > std::pair(b->moment, b->number);
  });
  int64_t found = 0;
  for (Invoice* invoice : newest) {
    for (Line& line : invoice->lines) {
      if (line.article != row.article) continue;
      const int64_t part = std::min(line.quantity - line.back, row.quantity - found);
      if (part == 0) continue;
      const int64_t repaid =
          row.pence * (found + part) / row.quantity - row.pence * found / row.quantity;
      const int64_t cost = line.pence * (line.back + part) / line.quantity - line.back_pence;
      found += part;
      line.back += part;
      line.back_pence += cost;
      invoice->repaid += std::min(repaid, cost);
    }
  }
}

void RfmByDefinition::Measure(absl::CivilDay day) {
  for (const auto& [name, invoices] : invoices_) {
    Customer customer;
    bool has_any = false;
    for (const Invoice& invoice : invoices) {
      if (!invoice.Counts() || invoice.Day() > day) continue;
      const int64_t days = day - invoice.Day();
      customer.days = has_any ? std::min(customer.days, days) : days;
      has_any = true;
      if (days >= 365) continue;
      ++customer.purchases;
      customer.pence += invoice.pence - invoice.repaid;
    }
    if (has_any) customers_.emplace(name, customer);
  }
}

void RfmByDefinition::Score() {
  std::vector<int64_t> days;
  std::vector<int64_t> purchases;
  std::vector<int64_t> pence;
  for (const auto& [name, customer] : customers_) {
    days.push_back(customer.days);
    purchases.push_back(customer.purchases);
    pence.push_back(customer.pence);
  }
  cut_points_ = {FifthsOf(days), FifthsOf(purchases), FifthsOf(pence)};
  for (auto& [name, customer] : customers_) {
    customer.r = static_cast<int>(kScores) - CountBelow(cut_points_.days, customer.days);
    customer.f = 1 + CountBelow(cut_points_.purchases, customer.purchases);
    customer.m = 1 + CountBelow(cut_points_.pence, customer.pence);
    customer.segment = SegmentOf(customer.r, customer.f, customer.m);
  }
}

}  // namespace dangol::e2e
