#include "tests/e2e/kept_invoices.h"

#include <algorithm>
#include <utility>

namespace dangol::e2e {
namespace {

absl::CivilDay DayOf(const std::string& moment) {
  absl::CivilDay day;
  absl::ParseCivilTime(moment.substr(0, 10), &day);
  return day;
}

}  // namespace

absl::CivilDay KeptInvoices::Invoice::Day() const { return DayOf(moment); }

bool KeptInvoices::Invoice::Counts() const {
  const bool stands = std::any_of(lines.begin(), lines.end(),
                                  [](const Line& line) { return line.back < line.quantity; });
  return stands && pence > 0 && repaid < pence;
}

void KeptInvoices::Buy(const HistoryRow& row) {
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
void KeptInvoices::TakeBack(const HistoryRow& row) {
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

}  // namespace dangol::e2e
