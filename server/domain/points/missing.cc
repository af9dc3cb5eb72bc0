#include "server/domain/points/missing.h"

#include <utility>

namespace dangol::domain {

Missing TakeMissing(DebtPolicy policy, const Lot& of, int64_t points, EntryKind kind,
                    LedgerAccount to, const Cause& cause, Book& book) {
  Missing missing;
  if (points == 0) return missing;
  Lot debt;
  debt.person = of.person;
  debt.wallet = of.wallet;
  debt.purchase_id = of.purchase_id;
  debt.points = -points;
  debt.earned_at = debt.available_from = book.now();
  switch (policy) {
    case DebtPolicy::kReject:
      missing.refused = points;
      break;
    case DebtPolicy::kWriteOff:
      missing.written_off = points;
      book.PostBeside(debt, {EntryKind::kWriteOff, points, LedgerAccount::kWrittenOff, to},
                      book.now(), cause);
      break;
    case DebtPolicy::kAllowDebt:
      missing.owed = points;
      missing.debt = book.Open(std::move(debt));
      book.Post(*missing.debt, {kind, points, LedgerAccount::kAvailable, to}, book.now(), cause);
      break;
  }
  return missing;
}

}  // namespace dangol::domain
