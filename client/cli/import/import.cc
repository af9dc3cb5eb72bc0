#include "cli/import/import.h"

#include <utility>

namespace dangol::cli {

absl::StatusOr<ImportTotals> ImportPurchases(PurchaseSource& source, const std::string& currency,
                                             Client client, SenderOptions options,
                                             ImportReport& report, const ProgressSink& progress) {
  Sender sender(std::move(client), std::move(options), report);
  while (true) {
    ReadPurchase purchase;
    const absl::StatusOr<bool> more = source.Next(purchase);
    if (!more.ok()) return more.status();
    if (!*more) break;
    if (purchase.purchase.currency().empty()) purchase.purchase.set_currency(currency);
    if (absl::Status status = sender.Add(std::move(purchase)); !status.ok()) return status;
    progress(source.rows_read());
  }
  if (absl::Status status = sender.Finish(); !status.ok()) return status;
  if (absl::Status status = report.Close(); !status.ok()) return status;
  ImportTotals totals = report.totals();
  totals.rows_read = source.rows_read();
  return totals;
}

}  // namespace dangol::cli
