#include "server/domain/purchase/given_away.h"

#include <algorithm>

namespace dangol::domain {

int64_t GivenWithoutGoods(const Purchase& purchase, const std::string& wallet, int64_t given) {
  int64_t stands = 0;
  for (const EarnedPoints& earned : purchase.earned) {
    if (earned.wallet == wallet) stands += earned.stands;
  }
  return std::max<int64_t>(given - stands, 0);
}

}  // namespace dangol::domain
