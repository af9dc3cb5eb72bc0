#pragma once

#include <memory>

#include "absl/time/time.h"
#include "cli/import/csv_purchases.h"
#include "cli/import/input.h"
#include "cli/import/rows.h"

namespace dangol::cli {

// How to read what the file itself does not say. A currency that the file does
// not name is left empty.
struct FormatOptions {
  // The zone of times without an offset.
  absl::TimeZone time_zone = absl::UTCTimeZone();
  // How many digits the minor unit of prices has.
  int minor_digits = 2;
};

// The columns of the Online Retail data set: one row for each line of an
// invoice, prices in major units, local time, cancellations as invoices whose numbers
// begin with C.
std::unique_ptr<RowParser> MakeOnlineRetailParser(const FormatOptions& options);

// Dangol's own CSV: columns named like the fields of dangol.v1.Purchase.
std::unique_ptr<RowParser> MakeDangolParser(const FormatOptions& options);

// Dangol's own JSON lines: each line is a dangol.v1.Purchase in protobuf's
// JSON form. `input` must outlive the source.
std::unique_ptr<PurchaseSource> MakeJsonSource(Input& input, RejectSink reject);

// Either of Dangol's own forms: JSON lines when the first character is "{".
std::unique_ptr<PurchaseSource> MakeDangolSource(Input& input, const FormatOptions& options,
                                                 RejectSink reject);

}  // namespace dangol::cli
