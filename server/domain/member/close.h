#ifndef DANGOL_SERVER_DOMAIN_MEMBER_CLOSE_H_
#define DANGOL_SERVER_DOMAIN_MEMBER_CLOSE_H_

#include "server/domain/draft.h"

namespace dangol::domain {

// Ends all that the member has: holds are released, points and coupons expire, debts are
// given up, and those that were repaid stay so.
void Close(const Cause& cause, Draft& draft);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_MEMBER_CLOSE_H_
