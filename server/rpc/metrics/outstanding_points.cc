#include "server/rpc/metrics/outstanding_points.h"

#include <utility>

#include "absl/time/clock.h"
#include "server/common/limits.h"

namespace dangol::rpc {
namespace {

void Add(const std::string& wallet, int64_t points, prometheus::MetricFamily& family) {
  prometheus::ClientMetric& metric = family.metric.emplace_back();
  metric.label.push_back({"wallet", wallet});
  metric.gauge.value = static_cast<double>(points);
}

}  // namespace

std::vector<prometheus::MetricFamily> OutstandingPoints::Collect() const {
  prometheus::MetricFamily points;
  points.name = "dangol_points_outstanding";
  points.help = "Points that members have, by wallet; what has expired and nobody looked is there.";
  points.type = prometheus::MetricType::Gauge;
  prometheus::MetricFamily owed;
  owed.name = "dangol_points_owed";
  owed.help = "Points that members owe, by wallet.";
  owed.type = prometheus::MetricType::Gauge;
  bool asks = false;
  {
    absl::MutexLock lock(&mutex_);
    for (const domain::InUse& wallet : wallets_) {
      Add(wallet.name, wallet.count, points);
      Add(wallet.name, wallet.owed, owed);
    }
    const absl::Time now = absl::Now();
    asks = now - asked_at_ >= limits::kOutstandingRefresh;
    if (asks) asked_at_ = now;
  }
  if (asks) {
    reads_.Run([self = shared_from_this()](absl::StatusOr<storage::Reader*> reader) {
      if (!reader.ok()) return;
      self->Note((*reader)->ListInUse(domain::PartKind::kWallet, self->clock_.Now(),
                                      [](const domain::MemberState&) {}));
    });
  }
  return {std::move(points), std::move(owed)};
}

// Where it could not be read, the next look asks again.
void OutstandingPoints::Note(const absl::StatusOr<std::vector<domain::InUse>>& found) const {
  absl::MutexLock lock(&mutex_);
  if (found.ok()) {
    wallets_ = *found;
  } else {
    asked_at_ = absl::InfinitePast();
  }
}

}  // namespace dangol::rpc
