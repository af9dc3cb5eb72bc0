#include "server/domain/purchase/matching.h"

#include <algorithm>

namespace dangol::domain {
namespace {

template <typename T>
bool IsAnyOf(const T& value, const std::vector<T>& values) {
  return values.empty() || std::find(values.begin(), values.end(), value) != values.end();
}

bool InHours(const std::optional<HourRange>& hours, absl::CivilSecond time) {
  if (!hours.has_value()) return true;
  const int minute = time.hour() * 60 + time.minute();
  const bool has_begun = hours->from_minute <= minute;
  const bool has_not_ended = minute < hours->until_minute;
  const bool spans_midnight = hours->until_minute < hours->from_minute;
  return spans_midnight ? has_begun || has_not_ended : has_begun && has_not_ended;
}

bool InBasket(const Conditions& conditions, const PurchaseFacts& facts) {
  const auto limit = [&](const std::vector<MinorAmount>& amounts) {
    return std::find_if(amounts.begin(), amounts.end(), [&](const MinorAmount& amount) {
      return amount.currency == facts.currency;
    });
  };
  const int64_t basket_minor =
      conditions.basket_without_points ? facts.basket_without_points_minor : facts.basket_minor;
  if (!conditions.min_basket.empty()) {
    const auto least = limit(conditions.min_basket);
    if (least == conditions.min_basket.end() || basket_minor < least->minor) return false;
  }
  if (!conditions.max_basket.empty()) {
    const auto greatest = limit(conditions.max_basket);
    if (greatest == conditions.max_basket.end() || basket_minor > greatest->minor) return false;
  }
  return true;
}

}  // namespace

bool MatchesPurchase(const Conditions& conditions, const PurchaseFacts& facts) {
  return IsAnyOf(facts.purchase->channel, conditions.channels) &&
         IsAnyOf(facts.purchase->store_id, conditions.store_ids) &&
         IsAnyOf(facts.weekday, conditions.weekdays) &&
         InHours(conditions.hours, facts.occurred_at) &&
         IncludesDay(conditions, absl::CivilDay(facts.occurred_at)) && InBasket(conditions, facts);
}

bool AskAboutMember(const Conditions& conditions) {
  return conditions.first_purchase || !conditions.attributes.empty() || !conditions.tiers.empty();
}

bool MatchesMember(const Conditions& conditions, const Attributes& attributes, bool is_first) {
  return (!conditions.first_purchase || is_first) &&
         std::all_of(
             conditions.attributes.begin(), conditions.attributes.end(), [&](const auto& wanted) {
               return std::find(attributes.begin(), attributes.end(), wanted) != attributes.end();
             });
}

bool IncludesDay(const Conditions& conditions, absl::CivilDay day) {
  return (!conditions.first_day.has_value() || *conditions.first_day <= day) &&
         (!conditions.last_day.has_value() || day <= *conditions.last_day);
}

bool MatchesLine(const Conditions& conditions, const PurchaseLine& line) {
  return IsAnyOf(line.category, conditions.categories) && IsAnyOf(line.sku, conditions.skus);
}

}  // namespace dangol::domain
