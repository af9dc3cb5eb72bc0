#ifndef DANGOL_TESTS_E2E_MADE_UP_HISTORY_H_
#define DANGOL_TESTS_E2E_MADE_UP_HISTORY_H_

#include <string>

#include "absl/status/status.h"

namespace dangol::e2e {

// Writes a purchase history that looks like the Online Retail one, with about so many
// invoices of three or four lines, gzipped: a year of a wholesaler's invoices in the
// order of their times, among them
//   - cancellations ("C..."), of what was bought lately, in part or in full, of what was
//     bought too long ago, of more than was bought, and of what never was;
//   - customers who only ever bring something back;
//   - rows without a customer, two of them with a negative price;
//   - free items, prices of three decimals, the same article twice in an invoice,
//     descriptions with commas, quotes and none at all.
// The same size makes the same file everywhere.
absl::Status MakeUpHistory(const std::string& path, int invoices);

}  // namespace dangol::e2e

#endif  // DANGOL_TESTS_E2E_MADE_UP_HISTORY_H_
