#ifndef DANGOL_TESTS_SUPPORT_PURCHASE_MESSAGE_H_
#define DANGOL_TESTS_SUPPORT_PURCHASE_MESSAGE_H_

#include "dangol/v1/purchase_service.pb.h"
#include "server/domain/purchase/purchase.h"

namespace dangol::testing {

// The message of what the till says in a purchase; without its member and its time, which a
// test names as it likes.
inline v1::Purchase MessageOf(const domain::Purchase& purchase) {
  v1::Purchase message;
  message.set_purchase_id(purchase.purchase_id);
  message.set_currency(purchase.currency);
  message.set_channel(purchase.channel);
  message.set_store_id(purchase.store_id);
  for (const domain::PurchaseLine& line : purchase.lines) {
    v1::PurchaseLine& out = *message.add_lines();
    out.set_sku(line.sku);
    out.set_category(line.category);
    out.set_quantity(line.quantity);
    out.set_amount_minor(line.amount_minor);
    out.set_tax_minor(line.tax_minor);
    out.set_kind(static_cast<v1::LineKind>(line.kind));
  }
  message.set_paid_with_points_minor(purchase.paid_with_points_minor);
  message.set_reservation_id(purchase.reservation_id);
  return message;
}

}  // namespace dangol::testing

#endif  // DANGOL_TESTS_SUPPORT_PURCHASE_MESSAGE_H_
