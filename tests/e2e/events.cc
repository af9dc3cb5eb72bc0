#include "tests/e2e/events.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"

namespace dangol::e2e {

v1::WatchEventsRequest UntilNow(const std::string& resume_token) {
  v1::WatchEventsRequest request;
  request.set_until_now(true);
  request.set_resume_token(resume_token);
  return request;
}

Told ReadAll(EventStream& stream) {
  Told told;
  while (const auto reply = stream.Read()) {
    told.events.insert(told.events.end(), reply->events().begin(), reply->events().end());
    told.token = reply->resume_token();
  }
  told.end = stream.Finish();
  return told;
}

Told ReadAll(Client client, const v1::WatchEventsRequest& request) {
  return ReadAll(*client.WatchEvents(request));
}

void ExpectGapless(const std::vector<v1::Event>& events) {
  std::map<int, int64_t> after;
  for (const v1::Event& event : events) {
    EXPECT_EQ(event.position(), ++after[event.partition()]) << event.event_id();
    EXPECT_EQ(event.event_id(), absl::StrCat(event.partition(), "-", event.position()));
  }
}

std::map<std::string, int> CountPurchases(const std::vector<v1::Event>& events) {
  std::map<std::string, int> counts;
  for (const v1::Event& event : events) {
    if (event.kind() == v1::EVENT_KIND_RECORD_PURCHASE) ++counts[event.request_id()];
  }
  return counts;
}

}  // namespace dangol::e2e
