#ifndef DANGOL_SERVER_DOMAIN_PURCHASE_PURCHASE_LOT_H_
#define DANGOL_SERVER_DOMAIN_PURCHASE_PURCHASE_LOT_H_

#include "absl/time/time.h"
#include "server/domain/points/expiry.h"
#include "server/domain/points/ledger.h"
#include "server/domain/program/calendar.h"
#include "server/domain/program/program.h"
#include "server/domain/purchase/purchase.h"

namespace dangol::domain {

// The lot of what a purchase earns in a wallet, without its points and its name.
inline Lot LotOf(const Purchase& purchase, const Wallet& wallet, absl::TimeZone zone) {
  Lot lot;
  lot.wallet = wallet.id;
  lot.purchase_id = purchase.purchase_id;
  lot.person = purchase.person;
  lot.earned_at = purchase.occurred_at;
  lot.available_from = AvailableFrom(wallet, purchase.occurred_at, zone);
  SetExpiry(wallet, zone, lot);
  return lot;
}

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_PURCHASE_PURCHASE_LOT_H_
