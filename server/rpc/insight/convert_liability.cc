#include "server/rpc/insight/convert_liability.h"

#include "absl/time/civil_time.h"

namespace dangol::rpc {
namespace {

void ToPart(const std::vector<insight::WalletLiability::Month>& months,
            google::protobuf::RepeatedPtrField<v1::MonthPoints>& out) {
  for (const insight::WalletLiability::Month& month : months) {
    v1::MonthPoints& points = *out.Add();
    if (month.month.has_value()) points.set_month(absl::FormatCivilTime(*month.month));
    points.set_points(month.points);
  }
}

}  // namespace

void ToProto(const std::vector<insight::WalletLiability>& wallets,
             v1::GetLiabilityResponse& response) {
  for (const insight::WalletLiability& wallet : wallets) {
    v1::WalletLiability& out = *response.add_wallets();
    out.set_wallet(wallet.wallet);
    out.set_outstanding(wallet.outstanding);
    out.set_pending(wallet.balance.pending);
    out.set_available(wallet.balance.available + wallet.balance.owed);
    out.set_held(wallet.balance.held);
    out.set_owed(wallet.balance.owed);
    ToPart(wallet.by_month_earned, *out.mutable_earned());
    ToPart(wallet.by_month_of_expiry, *out.mutable_expiring());
    out.set_expected_to_expire(wallet.expected_to_expire);
    out.set_beyond_history(wallet.beyond_history);
    out.set_history_months(wallet.history_months);
    if (!wallet.cost.has_value()) continue;
    v1::LiabilityCost& cost = *out.mutable_cost();
    cost.set_currency(wallet.cost->currency);
    cost.set_minor(wallet.cost->all_minor);
    cost.set_expected_minor(wallet.cost->expected_minor);
  }
}

}  // namespace dangol::rpc
