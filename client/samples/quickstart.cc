// Records a purchase and prints what it earned.
#include <dangol/client.h>

#include <iostream>

int main() {
  dangol::Client client(dangol::MakeConnection());
  dangol::v1::MemberServiceEnrollRequest newcomer;
  *newcomer.add_aliases() = dangol::MakeAlias("card", "4005");
  client.Enroll(newcomer).IgnoreError();  // Somebody has the card already? Fine.

  auto purchase = dangol::PurchaseBuilder("receipt-4711", dangol::MemberByAlias("card", "4005"))
                      .Currency("KRW")
                      .Goods("americano", 2, 9'000)
                      .Build();
  auto recorded = client.RecordPurchase(purchase);
  if (!recorded.ok()) return std::cerr << recorded.status() << "\n", 1;
  for (const auto& earned : recorded->outcome().earned()) {
    std::cout << earned.points() << " " << earned.wallet() << "\n";
  }
}
