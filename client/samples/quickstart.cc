// Records a purchase and prints what it earned. README.md quotes the body.
#include <dangol/client.h>

#include <iostream>

int main() {
  dangol::Client client(dangol::MakeConnection());
  dangol::v1::EnrollMemberRequest newcomer;
  *newcomer.add_aliases() = dangol::MakeAlias("card", "4005");
  client.EnrollMember(newcomer).IgnoreError();  // Somebody has the card already? Fine.

  dangol::PurchaseBuilder purchase("receipt-4711", dangol::MemberByAlias("card", "4005"));
  purchase.Currency("KRW").Goods("americano", 2, 9'000);
  const auto recorded = client.RecordPurchase(purchase.Build());
  if (recorded.ok()) std::cout << recorded->outcome().earned(0).points() << " points\n";
  return recorded.ok() ? 0 : 1;
}
