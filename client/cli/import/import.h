#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "cli/import/input.h"
#include "cli/import/report.h"
#include "cli/import/rows.h"
#include "cli/import/sender.h"
#include "dangol/client.h"

namespace dangol::cli {

// Told now and then how many rows have been read.
using ProgressSink = std::function<void(int64_t rows)>;

// Records all purchases of a source, with `currency` where they name none, and
// returns what was done. Running it again with the same file records nothing
// twice. An error means that the import stopped in the middle.
absl::StatusOr<ImportTotals> ImportPurchases(PurchaseSource& source, const std::string& currency,
                                             Client client, SenderOptions options,
                                             ImportReport& report, const ProgressSink& progress);

}  // namespace dangol::cli
