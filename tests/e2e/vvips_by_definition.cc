#include "tests/e2e/vvips_by_definition.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace dangol::e2e {

bool VvipsByDefinition::Place::IsBefore(const Place& other) const {
  return std::tie(other.pence, other.purchases, enrolment.at, enrolment.member_id) <
         std::tie(pence, purchases, other.enrolment.at, other.enrolment.member_id);
}

VvipsByDefinition::VvipsByDefinition(Shares shares, std::map<std::string, Enrolment> customers)
    : shares_(shares), customers_(std::move(customers)) {}

void VvipsByDefinition::Live(absl::CivilDay day, const std::vector<HistoryRow>& rows) {
  std::set<std::string> came;
  std::set<std::string> brought_back;
  for (const HistoryRow& row : rows) {
    invoices_.Add(row);
    (row.IsReturn() ? brought_back : came).insert(row.customer);
  }
  came.insert(brought_back.begin(), brought_back.end());
  for (const std::string& customer : came) Learn(customer);
  // What they had bought before is less now.
  for (const std::string& customer : brought_back) {
    days_.erase(customer);
    for (const auto& [judged, bar] : bars_) {
      if (judged < day) Judge(customer, judged);
    }
  }
  for (const auto& [customer, bought] : bought_) Judge(customer, day);
  bars_[day + 2] = BarOf(day);
}

void VvipsByDefinition::Learn(const std::string& customer) {
  const auto invoices = invoices_.by_customer().find(customer);
  if (invoices == invoices_.by_customer().end()) return;
  std::map<absl::CivilDay, Sum>& bought = bought_[customer];
  bought.clear();
  for (const KeptInvoices::Invoice& invoice : invoices->second) {
    if (!invoice.Counts()) continue;
    Sum& sum = bought[invoice.Day()];
    sum.pence += invoice.NetPence();
    ++sum.purchases;
  }
}

// By what they bought in the 365 days that end with a day.
VvipsByDefinition::Place VvipsByDefinition::PlaceOf(const std::string& customer,
                                                    absl::CivilDay day) const {
  Place place{0, 0, customers_.at(customer)};
  const auto bought = bought_.find(customer);
  if (bought == bought_.end()) return place;
  for (const auto& [on, sum] : bought->second) {
    if (on <= day - 365 || on > day) continue;
    place.pence += sum.pence;
    place.purchases += sum.purchases;
  }
  return place;
}

VvipsByDefinition::Bar VvipsByDefinition::BarOf(absl::CivilDay day) const {
  std::vector<Place> places;
  for (const auto& [customer, bought] : bought_) {
    Place place = PlaceOf(customer, day);
    if (place.pence > 0) places.push_back(std::move(place));
  }
  const size_t enter = (places.size() * shares_.enter + 9'999) / 10'000;
  const size_t stay = (places.size() * shares_.stay + 9'999) / 10'000;
  std::partial_sort(places.begin(), places.begin() + static_cast<std::ptrdiff_t>(stay),
                    places.end(), [](const Place& a, const Place& b) { return a.IsBefore(b); });
  Bar bar{places.size(), std::nullopt, std::nullopt};
  if (enter > 0) bar.enter = places[enter - 1];
  if (stay > 0) bar.stay = places[stay - 1];
  return bar;
}

void VvipsByDefinition::Judge(const std::string& customer, absl::CivilDay day) {
  const auto bar = bars_.find(day);
  if (bar == bars_.end()) return;
  const Place place = PlaceOf(customer, day - 2);
  if (place.pence == 0) return;
  const auto known = days_.find(customer);
  const bool was = known != days_.end() && known->second.contains(day - 1);
  const std::optional<Place>& last = was ? bar->second.stay : bar->second.enter;
  if (!last.has_value()) return;
  // The last one is one, also where something came back since.
  const bool is_last = last->enrolment.member_id == place.enrolment.member_id;
  if (is_last || !last->IsBefore(place)) days_[customer].insert(day);
}

std::set<std::string> VvipsByDefinition::On(absl::CivilDay day) const {
  std::set<std::string> customers;
  for (const auto& [customer, days] : days_) {
    if (days.contains(day)) customers.insert(customer);
  }
  return customers;
}

int VvipsByDefinition::CountStays() const {
  int stays = 0;
  for (const auto& [customer, days] : days_) {
    for (const absl::CivilDay day : days) {
      const std::optional<Place>& enter = bars_.at(day).enter;
      if (enter.has_value() && enter->IsBefore(PlaceOf(customer, day - 2))) ++stays;
    }
  }
  return stays;
}

}  // namespace dangol::e2e
