#include "server/domain/member/close.h"

#include "server/domain/points/holds.h"
#include "server/domain/reward/coupons.h"

namespace dangol::domain {

void Close(const Cause& cause, Draft& draft) {
  Book& book = draft.book();
  EndCoupons(draft);
  for (Reservation* reservation : draft.Held()) {
    Release(*reservation, ReservationStatus::kVoided, cause, book.now(), book);
  }
  for (size_t i = 0; i < book.lots().size(); ++i) {
    if (book.lots()[i].remaining > 0) book.Expire(i, book.now(), cause);
  }
  for (size_t i = 0; i < book.lots().size(); ++i) {
    const int64_t owed = -book.lots()[i].remaining;
    if (owed == 0) continue;
    book.Post(i,
              {EntryKind::kWriteOff, owed, LedgerAccount::kWrittenOff, LedgerAccount::kAvailable},
              book.now(), cause);
  }
}

}  // namespace dangol::domain
