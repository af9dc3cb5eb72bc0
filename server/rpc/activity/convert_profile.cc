#include "server/rpc/activity/convert_profile.h"

#include <algorithm>
#include <string>
#include <vector>

#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/rpc/activity/convert_activity.h"
#include "server/rpc/day.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

void AddFavourites(const std::vector<domain::Favourite>& favourites,
                   google::protobuf::RepeatedPtrField<v1::Favourite>& out) {
  for (const domain::Favourite& favourite : favourites) {
    v1::Favourite& added = *out.Add();
    added.set_name(favourite.name);
    added.set_net_minor(favourite.net_minor);
    added.set_share_ppm(static_cast<int32_t>(favourite.share_ppm));
  }
}

void AddSpend(const domain::Profile& profile, v1::GetProfileResponse& out) {
  for (const auto& [currency, spend] : profile.spend) {
    v1::Spend& added = *out.add_spend();
    added.set_currency(currency);
    added.set_purchase_count(spend.purchases);
    added.set_gross_minor(spend.gross_minor);
    added.set_returned_minor(spend.returned_minor);
    added.set_unmatched_minor(spend.unmatched_minor);
    added.set_net_minor(spend.net_minor);
    added.set_mean_basket_minor(spend.mean_basket_minor);
    AddFavourites(spend.categories, *added.mutable_categories());
    AddFavourites(spend.channels, *added.mutable_channels());
  }
}

void TellQuality(const domain::Profile& profile, v1::Quality& out) {
  out.set_cancellations(profile.cancellations);
  out.set_returns(profile.returns);
  out.set_exchanges(profile.exchanges);
  out.set_unmatched_returns(profile.unmatched_returns);
  for (const auto& [currency, amount] : profile.returned) {
    v1::ReturnedAmount& added = *out.add_amounts();
    added.set_currency(currency);
    added.set_cancelled_minor(amount.cancelled_minor);
    added.set_returned_minor(amount.returned_minor);
    added.set_unmatched_minor(amount.unmatched_minor);
  }
}

std::string NameOf(domain::DayNumber day) { return absl::FormatCivilTime(domain::DayOf(day)); }

}  // namespace

absl::StatusOr<ProfileQuery> ToQuery(const v1::GetProfileRequest& message) {
  Validator validator;
  ProfileQuery query;
  query.member = validator.MemberRef(Path("member"), message.has_member(), message.member());
  query.member.resolve = domain::Resolve::kToPerson;
  query.first_day = ReadDay(Path("first_day"), message.first_day(), validator);
  query.last_day = ReadDay(Path("last_day"), message.last_day(), validator);
  const bool is_window = !query.first_day.has_value() || !query.last_day.has_value() ||
                         *query.first_day <= *query.last_day;
  validator.Check(is_window, Path("last_day"), "must not lie before first_day");
  validator.Check(message.favourites() >= 0 && message.favourites() <= limits::kMaxFavourites,
                  Path("favourites"), "must be 0 to 100");
  RETURN_IF_ERROR(validator.status());
  query.favourites = message.favourites() == 0 ? limits::kDefaultFavourites
                                               : static_cast<size_t>(message.favourites());
  return query;
}

domain::Days WindowOf(const ProfileQuery& query, domain::DayNumber today) {
  domain::DayNumber last = today;
  // A window that is to begin later than today has one day.
  if (query.first_day.has_value()) last = std::max(today, domain::NumberOf(*query.first_day));
  if (query.last_day.has_value()) last = domain::NumberOf(*query.last_day);
  domain::DayNumber first = last - limits::kProfileDays + 1;
  if (query.first_day.has_value()) first = domain::NumberOf(*query.first_day);
  return {first, last + 1};
}

void ToProto(const domain::Profile& profile, v1::GetProfileResponse& out) {
  out.set_first_day(NameOf(profile.days.from));
  out.set_last_day(NameOf(profile.days.until - 1));
  if (profile.last_purchase.has_value()) {
    out.set_last_purchase_day(NameOf(*profile.last_purchase));
  }
  out.set_recency_days(static_cast<int32_t>(profile.recency_days));
  out.set_purchase_count(profile.purchases);
  out.set_quantity(profile.quantity);
  AddSpend(profile, out);
  out.set_visits(profile.visits);
  out.set_visit_days(profile.visit_days);
  out.set_mean_visit_interval_millidays(profile.mean_visit_interval_millidays);
  for (const auto& [kind, engagement] : profile.engagement) {
    v1::Engagement& added = *out.add_engagement();
    added.set_kind(kind);
    ToProto(engagement.counted, *added.mutable_counted());
    ToProto(engagement.recorded, *added.mutable_recorded());
  }
  TellQuality(profile, *out.mutable_quality());
}

}  // namespace dangol::rpc
