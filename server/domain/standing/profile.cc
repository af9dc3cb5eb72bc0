#include "server/domain/standing/profile.h"

#include <algorithm>
#include <set>

#include "absl/numeric/int128.h"
#include "server/domain/program/calendar.h"
#include "server/domain/purchase/purchase_fact.h"
#include "server/domain/purchase/rest.h"

namespace dangol::domain {
namespace {

constexpr int64_t kMillion = 1'000'000;

// Most first, ties by name.
std::vector<Favourite> TopOf(const std::map<std::string, int64_t>& shares, size_t count) {
  int64_t all = 0;
  std::vector<Favourite> top;
  for (const auto& [name, net] : shares) {
    if (net <= 0) continue;
    all += net;
    top.push_back({name, net});
  }
  std::sort(top.begin(), top.end(), [](const Favourite& a, const Favourite& b) {
    return a.net_minor != b.net_minor ? a.net_minor > b.net_minor : a.name < b.name;
  });
  if (top.size() > count) top.resize(count);
  for (Favourite& favourite : top) {
    favourite.share_ppm = static_cast<int64_t>(absl::int128(favourite.net_minor) * kMillion / all);
  }
  return top;
}

}  // namespace

ProfileBuilder::ProfileBuilder(Days days, DayNumber today, const ProgramCatalog& catalog)
    : days_(days), today_(today), catalog_(catalog) {
  profile_.days = days;
}

// Zones differ by 26 hours at most.
absl::Time ProfileBuilder::from() const {
  return StartOfDay(DayOf(days_.from - 2), absl::UTCTimeZone());
}

absl::Time ProfileBuilder::until() const {
  return StartOfDay(DayOf(days_.until + 2), absl::UTCTimeZone());
}

std::optional<DayNumber> ProfileBuilder::DayWithin(absl::Time time, int64_t version) const {
  const ProgramVersion* const judged_by = catalog_.Find(version);
  if (judged_by == nullptr) return std::nullopt;
  const DayNumber day = NumberOf(absl::ToCivilDay(time, judged_by->program->time_zone));
  return days_.Contains(day) ? std::make_optional(day) : std::nullopt;
}

void ProfileBuilder::Add(const Purchase& purchase) {
  const std::optional<DayNumber> day = DayWithin(purchase.occurred_at, purchase.program_version);
  if (!day.has_value()) return;
  AddSpend(purchase);
  if (!Stands(purchase)) {
    ++profile_.cancellations;
    profile_.returned[purchase.currency].cancelled_minor += purchase.total_minor;
    return;
  }
  ++purchases_[*day];
  const auto is_back = [](const PurchaseLine& line) { return line.returned_quantity > 0; };
  if (purchase.returned_minor > 0 ||
      std::any_of(purchase.lines.begin(), purchase.lines.end(), is_back)) {
    returning_[purchase.purchase_id] = *day;
  }
  for (const PurchaseLine& line : purchase.lines) {
    if (line.kind == LineKind::kGoods) profile_.quantity += QuantityLeft(line);
  }
  // Who bought nothing has visited, and no more.
  if (purchase.total_minor == 0) return;
  ++profile_.purchases;
  ++profile_.spend[purchase.currency].purchases;
  places_[purchase.currency].standing_minor += purchase.total_minor - purchase.returned_minor;
  profile_.last_purchase = std::max(profile_.last_purchase.value_or(*day), *day);
}

void ProfileBuilder::AddSpend(const Purchase& purchase) {
  Spend& spend = profile_.spend[purchase.currency];
  spend.gross_minor += purchase.total_minor;
  spend.returned_minor += purchase.returned_minor;
  Places& places = places_[purchase.currency];
  const std::vector<int64_t> left = AmountsLeft(purchase);
  for (size_t i = 0; i < left.size(); ++i) {
    places.categories[purchase.lines[i].category] += left[i];
    places.channels[purchase.channel] += left[i];
  }
}

void ProfileBuilder::Add(const Return& returned) {
  if (returned.undone_at != absl::InfiniteFuture()) return;
  const ProgramVersion* const judged_by = catalog_.At(returned.occurred_at);
  if (judged_by == nullptr) return;
  const auto day = DayWithin(returned.occurred_at, judged_by->version);
  if (!day.has_value()) return;
  ++profile_.returns;
  if (IsExchange(returned, *day)) ++profile_.exchanges;
  const auto of_nothing = [](const ReturnedLine& line) { return line.purchase_id.empty(); };
  if (std::any_of(returned.lines.begin(), returned.lines.end(), of_nothing)) {
    ++profile_.unmatched_returns;
  }
  ReturnedAmount& amount = profile_.returned[returned.currency];
  amount.returned_minor += returned.amount_minor;
  amount.unmatched_minor += returned.unmatched_minor;
  if (returned.unmatched_minor > 0) {
    profile_.spend[returned.currency].unmatched_minor += returned.unmatched_minor;
  }
}

// Whether something was bought on that day that stands, beside what came back.
bool ProfileBuilder::IsExchange(const Return& returned, DayNumber day) const {
  const auto bought = purchases_.find(day);
  if (bought == purchases_.end()) return false;
  std::set<std::string> of_that_day;
  for (const ReturnedLine& line : returned.lines) {
    const auto known = returning_.find(line.purchase_id);
    if (known != returning_.end() && known->second == day) of_that_day.insert(known->first);
  }
  return bought->second > static_cast<int64_t>(of_that_day.size());
}

void ProfileBuilder::Add(const Activity& activity) {
  const std::optional<DayNumber> day = DayWithin(activity.occurred_at, activity.program_version);
  if (!day.has_value() || !Stands(activity)) return;
  ActivityCount& count = activities_[activity.kind][*day];
  ++(activity.rewarded ? count.rewarded : count.spontaneous);
}

void ProfileBuilder::AddEngagement() {
  for (const auto& [kind, days] : activities_) {
    EngagementOfKind& engagement = profile_.engagement[kind];
    for (const auto& [day, recorded] : days) {
      const ActivityCount counted = UnderCap(recorded, DailyCapOf(kind, day, catalog_));
      engagement.recorded.spontaneous += recorded.spontaneous;
      engagement.recorded.rewarded += recorded.rewarded;
      engagement.counted.spontaneous += counted.spontaneous;
      engagement.counted.rewarded += counted.rewarded;
      if (kind == kVisitKind) visits_[day] += counted.all();
    }
  }
}

void ProfileBuilder::AddVisits() {
  for (const auto& [day, count] : purchases_) visits_[day] += count;
  for (const auto& [day, count] : visits_) profile_.visits += count;
  profile_.visit_days = static_cast<int64_t>(visits_.size());
  if (visits_.size() < 2) return;
  const int64_t span = visits_.rbegin()->first - visits_.begin()->first;
  profile_.mean_visit_interval_millidays = span * 1'000 / (profile_.visit_days - 1);
}

Profile ProfileBuilder::Finish(size_t favourites) {
  AddEngagement();
  AddVisits();
  if (profile_.last_purchase.has_value()) {
    const DayNumber end = std::min<DayNumber>(days_.until - 1, today_);
    profile_.recency_days = std::max<DayNumber>(end - *profile_.last_purchase, 0);
  }
  for (auto& [currency, spend] : profile_.spend) {
    spend.net_minor = spend.gross_minor - spend.returned_minor - spend.unmatched_minor;
    const Places& places = places_[currency];
    if (spend.purchases > 0) spend.mean_basket_minor = places.standing_minor / spend.purchases;
    spend.categories = TopOf(places.categories, favourites);
    spend.channels = TopOf(places.channels, favourites);
  }
  return std::move(profile_);
}

}  // namespace dangol::domain
