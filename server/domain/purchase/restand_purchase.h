#ifndef DANGOL_SERVER_DOMAIN_PURCHASE_RESTAND_PURCHASE_H_
#define DANGOL_SERVER_DOMAIN_PURCHASE_RESTAND_PURCHASE_H_

#include <map>
#include <string>

#include "absl/status/status.h"
#include "server/domain/decide.h"
#include "server/domain/draft.h"
#include "server/domain/program/program.h"
#include "server/domain/purchase/purchase.h"

namespace dangol::domain {

// Judges what remains of a purchase by the program that judged the whole, and posts the
// difference between what should stand of what it earned and what stands: in each wallet the
// lesser of what it first earned and what the rest earns. That follows from what remains, so
// every way to split a return ends alike. Points that had paid for what has come back come
// first, then what was earned is taken.
//
// `before` is the purchase as it was, `purchase` the same with what has come back by now: what
// stands in it is brought up to date, and the history of its person with it. What happens is
// added to `changes`, by wallet. `now`: the program that says what becomes of points that are not
// there any more.
absl::Status RestandPurchase(const Program& program, const Program& now, const Cause& cause,
                             const Purchase& before, Purchase& purchase, Draft& draft,
                             std::map<std::string, ReversedPoints>& changes);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_PURCHASE_RESTAND_PURCHASE_H_
