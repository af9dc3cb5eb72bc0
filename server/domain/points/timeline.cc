#include "server/domain/points/timeline.h"

#include <set>
#include <utility>

#include "server/common/status_macros.h"

namespace dangol::domain {

void AddEvents(const Book& book, size_t index, absl::Time from, Timeline& timeline) {
  const Lot& lot = book.lots()[index];
  const bool is_others = lot.person != book.owner().id;
  const auto passes = [&](absl::Time time) { return from < time && time <= book.now(); };
  if (StartsPending(lot) && passes(lot.available_from)) {
    timeline.push({lot.available_from, Due::kMature, is_others, index, lot.lot});
  }
  const absl::Time expiry = book.ExpiryOf(lot);
  if (passes(expiry)) timeline.push({expiry, Due::kExpire, is_others, index, lot.lot});
}

void PassTime(Timeline timeline, absl::FunctionRef<void(const DueEvent&, Timeline&)> lapse,
              Book& book) {
  std::set<std::string> matured;  // Wallets.
  while (!timeline.empty()) {
    const DueEvent event = timeline.top();
    timeline.pop();
    if (event.due == Due::kLapse) {
      lapse(event, timeline);
      continue;
    }
    const Lot& lot = book.lots()[event.index];
    if (event.due == Due::kExpire) {
      if (lot.remaining > 0) book.Expire(event.index, event.at, OfTime());
      continue;
    }
    matured.insert(lot.wallet);
    if (lot.remaining > 0) book.Mature(event.index, event.at, OfTime());
    // What matures at one moment does so before any of it repays a debt.
    const bool more =
        !timeline.empty() && timeline.top().at == event.at && timeline.top().due == Due::kMature;
    if (more) continue;
    for (const std::string& wallet : std::exchange(matured, {})) book.Settle(wallet, event.at);
  }
}

absl::Status OpenLot(Lot lot, const std::vector<Source>& sources, const Cause& cause, Book& book) {
  lot.points = 0;
  for (const Source& source : sources) lot.points += source.points;
  RETURN_IF_ERROR(book.CheckRoom(lot.wallet, lot.points));
  const absl::Time earned_at = lot.earned_at;
  const std::string wallet = lot.wallet;
  const LedgerAccount credit = AccountAt(lot, earned_at);
  const size_t index = book.Open(std::move(lot));
  for (const Source& source : sources) {
    book.Post(index, {source.kind, source.points, source.debit, credit, source.rule_id}, earned_at,
              cause);
  }
  book.Settle(wallet, earned_at);
  Timeline timeline;
  AddEvents(book, index, earned_at, timeline);
  PassTime(
      std::move(timeline), [](const DueEvent&, Timeline&) {}, book);
  // What a purchase that arrives late has left today repays younger debts too.
  book.Settle(wallet, book.now());
  return absl::OkStatus();
}

}  // namespace dangol::domain
