#include "server/domain/news.h"

#include <algorithm>

namespace dangol::domain {
namespace {

int64_t ChangeOf(const LedgerEntry& entry, LedgerAccount account) {
  if (entry.credit == account) return entry.points;
  if (entry.debit == account) return -entry.points;
  return 0;
}

void AddEntry(const LedgerEntry& entry, std::vector<PointsNews>& points) {
  auto sum = std::find_if(points.begin(), points.end(), [&](const PointsNews& known) {
    return known.kind == entry.kind && known.wallet == entry.wallet;
  });
  if (sum == points.end()) {
    points.push_back({.wallet = entry.wallet, .kind = entry.kind});
    sum = points.end() - 1;
  }
  sum->pending += ChangeOf(entry, LedgerAccount::kPending);
  sum->available += ChangeOf(entry, LedgerAccount::kAvailable);
  sum->held += ChangeOf(entry, LedgerAccount::kHeld);
}

void Add(const Effects& effects, News& news) {
  for (const LedgerEntry& entry : effects.entries) AddEntry(entry, news.points);
  for (const TierRecord& record : effects.tier_records) {
    news.tiers.push_back({.ladder = record.ladder,
                          .tier = record.span.tier,
                          .reason = record.span.reason,
                          .day = record.span.day,
                          .withdrawn = record.withdrawn});
  }
  for (const Award& award : effects.awards) {
    news.awards.push_back({award.cause, award.number, award.fallen});
  }
  for (const Coupon& coupon : effects.coupons) {
    news.coupons.push_back({coupon.coupon_id, coupon.reward_id, coupon.status});
  }
  for (const WorkItem& item : effects.work_items) {
    news.work.push_back({item.kind, item.item_id, item.status});
  }
}

}  // namespace

News NewsOf(const Effects& effects) {
  News news;
  Add(effects, news);
  for (const Effects& theirs : effects.of_person) Add(theirs, news);
  if (effects.program.has_value()) news.program_version = effects.program->version;
  return news;
}

}  // namespace dangol::domain
