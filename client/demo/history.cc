#include "client/demo/history.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "client/demo/catalogue.h"
#include "client/demo/random.h"

namespace dangol::demo {
namespace {

// BG/NBD: purchases per day are Gamma(shape, rate), chances to leave Beta(a, b).
constexpr double kRateShape = 0.75;
constexpr double kRateRate = 9.5;
constexpr double kLeaveA = 0.3;
constexpr double kLeaveB = 1.4;

// How many of the members join in the weeks after the opening.
constexpr double kFounders = 0.22;
constexpr double kFounderDays = 60;

// Demand by month, January first: Seollal, the summer holidays, Chuseok, and
// the end of the year.
constexpr double kMonths[] = {1.02, 1.06, 0.95, 0.97, 1.02, 0.95,
                              0.86, 0.84, 1.12, 1.00, 1.04, 1.30};
// Demand by weekday, Monday first.
constexpr double kWeekdays[] = {0.88, 0.90, 0.95, 0.98, 1.12, 1.25, 1.05};
constexpr double kDemandMax = 1.30 * 1.25;

// Demand by hour of the day. Shops are open from 8 to 22; online never closes.
constexpr double kShopHours[24] = {0, 0, 0, 0, 0, 0, 0, 0, 6, 5, 4, 6,
                                   9, 7, 5, 5, 5, 6, 8, 7, 5, 3, 0, 0};
constexpr double kOnlineHours[24] = {2, 1, 0.5, 0.3, 0.3, 0.5, 1, 2, 4, 4, 4, 4,
                                     6, 5, 4,   4,   4,   4,   5, 6, 7, 8, 7, 5};

// What makes one member different from another.
struct Customer {
  double purchases_per_day;
  double leaves;
  std::size_t favourite_store;
  double online;
  double app;
  double more_lines;
  std::vector<double> tastes;
};

Customer MakeCustomer(Random& random) {
  std::vector<double> stores;
  for (const Store& store : Stores()) {
    stores.push_back(store.weight);
  }
  Customer customer;
  customer.purchases_per_day = random.Gamma(kRateShape, kRateRate);
  customer.leaves = random.Beta(kLeaveA, kLeaveB);
  customer.favourite_store = random.Pick(stores);
  customer.online = random.Beta(0.6, 3.0);
  customer.app = random.Beta(2.0, 1.0);
  customer.more_lines = random.Beta(3.0, 3.5);
  for (const Category& category : Categories()) {
    // A small shape makes favourites: most taste is for a few categories.
    customer.tastes.push_back(category.weight * random.Gamma(0.8, 0.8));
  }
  return customer;
}

double DemandAt(absl::Time time) {
  const absl::CivilDay day = absl::ToCivilDay(time, ShopTimeZone());
  const auto weekday = static_cast<std::size_t>(absl::GetWeekday(day));
  return kMonths[static_cast<std::size_t>(day.month() - 1)] * kWeekdays[weekday];
}

// A moment on the day of `time`, at an hour at which people buy.
absl::Time AtUsualHour(absl::Time time, bool online, Random& random) {
  const auto hour = static_cast<int>(random.Pick(online ? kOnlineHours : kShopHours));
  const absl::CivilDay day = absl::ToCivilDay(time, ShopTimeZone());
  const absl::CivilSecond moment(day.year(), day.month(), day.day(), hour, random.Integer(0, 59),
                                 random.Integer(0, 59));
  return absl::FromCivil(moment, ShopTimeZone());
}

LinePlan MakeLine(const Customer& customer, Random& random) {
  const Category& category = Categories()[random.Pick(customer.tastes)];
  std::vector<double> weights;
  for (const Article& article : category.articles) {
    weights.push_back(article.weight);
  }
  const Article& article = category.articles[random.Pick(weights)];
  // People take several of what is cheap.
  const int more = random.Geometric(article.price_won < 10000 ? 0.72 : 0.93);
  return {.article = &article, .quantity = 1 + std::min(more, 11)};
}

PurchasePlan MakePurchase(std::size_t member, absl::Time time, bool online,
                          const Customer& customer, Random& random) {
  PurchasePlan purchase;
  purchase.member = member;
  purchase.occurred_at = time;
  if (online) {
    purchase.channel = random.Chance(customer.app) ? "app" : "web";
  } else {
    const bool away = random.Chance(0.15);
    const std::size_t store =
        away ? static_cast<std::size_t>(random.Integer(0, static_cast<int>(Stores().size()) - 1))
             : customer.favourite_store;
    purchase.channel = "store";
    purchase.store_id = std::string(Stores()[store].id);
  }
  const int lines = 1 + std::min(random.Geometric(1 - 0.9 * customer.more_lines), 14);
  for (int line = 0; line < lines; ++line) {
    purchase.lines.push_back(MakeLine(customer, random));
  }
  return purchase;
}

// Founders join soon after the opening, the others whenever.
absl::Time MakeEnrolment(const HistoryOptions& options, Random& random) {
  const double days = options.days;
  const bool founder = random.Chance(kFounders);
  const double after = founder ? std::min(random.Exponential(1 / (kFounderDays / 2)), kFounderDays)
                               : random.Uniform() * (days - 1);
  const absl::Time day = options.until - absl::Hours(24 * (days - std::min(after, days - 1)));
  return AtUsualHour(day, /*online=*/false, random);
}

std::string MakeName(Random& random) {
  std::vector<double> weights;
  for (const FamilyName& family : FamilyNames()) {
    weights.push_back(family.weight);
  }
  const absl::string_view family = FamilyNames()[random.Pick(weights)].name;
  const auto last = static_cast<int>(GivenNames().size()) - 1;
  return absl::StrCat(family, " ", GivenNames()[static_cast<std::size_t>(random.Integer(0, last))]);
}

// The purchases of one member: the first as they join at the till, then one
// after the other until the member leaves or the history ends. Demand changes
// with the day, so moments are drawn at the highest demand and thinned out.
void AddPurchases(std::size_t member, absl::Time enrolled_at, absl::Time until,
                  const Customer& customer, Random& random, std::vector<PurchasePlan>& purchases) {
  purchases.push_back(
      MakePurchase(member, enrolled_at + absl::Minutes(2), /*online=*/false, customer, random));
  absl::Time time = enrolled_at;
  while (!random.Chance(customer.leaves)) {
    absl::Time moment = absl::InfinitePast();
    bool online = false;
    while (moment <= enrolled_at) {
      time += absl::Hours(24 * random.Exponential(customer.purchases_per_day * kDemandMax));
      if (time >= until) {
        return;
      }
      if (random.Chance(DemandAt(time) / kDemandMax)) {
        online = random.Chance(customer.online);
        moment = AtUsualHour(time, online, random);
      }
    }
    if (moment >= until) {
      return;
    }
    purchases.push_back(MakePurchase(member, moment, online, customer, random));
  }
}

}  // namespace

absl::TimeZone ShopTimeZone() { return absl::FixedTimeZone(9 * 60 * 60); }

History GenerateHistory(const HistoryOptions& options) {
  History history;
  for (int number = 0; number < options.members; ++number) {
    // A stream for each member, so that more members leave the others as they are.
    Random random(options.seed, static_cast<uint64_t>(number));
    const Customer customer = MakeCustomer(random);
    const auto member = static_cast<std::size_t>(number);
    const absl::Time enrolled_at = MakeEnrolment(options, random);
    history.members.push_back({.card = absl::StrFormat("8800%06d", number + 1),
                               .name = MakeName(random),
                               .city = std::string(Stores()[customer.favourite_store].city),
                               .enrolled_at = enrolled_at});
    AddPurchases(member, enrolled_at, options.until, customer, random, history.purchases);
  }
  std::stable_sort(history.purchases.begin(), history.purchases.end(),
                   [](const PurchasePlan& left, const PurchasePlan& right) {
                     return left.occurred_at < right.occurred_at;
                   });
  return history;
}

}  // namespace dangol::demo
