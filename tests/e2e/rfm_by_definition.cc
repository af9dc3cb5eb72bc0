#include "tests/e2e/rfm_by_definition.h"

#include <algorithm>
#include <cstddef>

namespace dangol::e2e {
namespace {

constexpr int64_t kScores = 5;

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

RfmByDefinition::RfmByDefinition(const std::vector<HistoryRow>& rows, absl::CivilDay day) {
  KeptInvoices invoices;
  for (const HistoryRow& row : rows) invoices.Add(row);
  Measure(invoices, day);
  Score();
}

void RfmByDefinition::Measure(const KeptInvoices& kept, absl::CivilDay day) {
  for (const auto& [name, invoices] : kept.by_customer()) {
    Customer customer;
    bool has_any = false;
    for (const KeptInvoices::Invoice& invoice : invoices) {
      if (!invoice.Counts() || invoice.Day() > day) continue;
      const int64_t days = day - invoice.Day();
      customer.days = has_any ? std::min(customer.days, days) : days;
      has_any = true;
      if (days >= 365) continue;
      ++customer.purchases;
      customer.pence += invoice.NetPence();
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
