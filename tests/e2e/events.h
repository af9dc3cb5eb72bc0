#ifndef DANGOL_TESTS_E2E_EVENTS_H_
#define DANGOL_TESTS_E2E_EVENTS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "dangol/client.h"

// Events as a reader has them.
namespace dangol::e2e {

// Asks for all there is.
v1::WatchEventsRequest UntilNow(const std::string& resume_token = "");

// What a stream that ends has told, and where it came to.
struct Told {
  std::vector<v1::Event> events;
  std::string token;
  absl::Status end;
};

Told ReadAll(EventStream& stream);
Told ReadAll(Client client, const v1::WatchEventsRequest& request);

// Expects that within each partition events go on without a gap.
void ExpectGapless(const std::vector<v1::Event>& events);

// How often each purchase was told, by its id.
std::map<std::string, int> CountPurchases(const std::vector<v1::Event>& events);

}  // namespace dangol::e2e

#endif  // DANGOL_TESTS_E2E_EVENTS_H_
