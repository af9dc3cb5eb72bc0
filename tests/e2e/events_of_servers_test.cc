// Events of three servers on one database.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/e2e/dangold.h"
#include "tests/e2e/events.h"
#include "tests/e2e/servers.h"
#include "tests/e2e/tills.h"

namespace dangol::e2e {
namespace {

class EventsOfServersTest : public ServersTest {};

// Who follows one server is told what the others commit, in the order of each partition, and goes
// on with another server where theirs is killed.
TEST_F(EventsOfServersTest, OneStreamOverSeveralServers) {
  for (int i = 0; i < 5; ++i) EnrollCard(MakeClient(0), absl::StrCat(i));
  Options options;
  options.endpoint = absl::StrCat("ipv4:", address(0), ",", address(1), ",", address(2));
  Client client(MakeConnection(options));
  const auto stream = client.WatchEvents();
  std::vector<v1::Event> events;
  std::atomic<size_t> count = 0;
  std::thread reading([&] {
    while (const auto reply = stream->Read()) {
      events.insert(events.end(), reply->events().begin(), reply->events().end());
      count = events.size();
    }
  });
  Journal journal;
  {
    Tills tills({.tills = 3}, [&](int till) -> Tills::Send {
      return [&journal, sender = MakeClient(till)](const v1::Purchase& purchase) mutable {
        journal.Note(purchase, sender.RecordPurchase(purchase));
        return true;
      };
    });
    for (int i = 0; i < kServers; ++i) {
      EXPECT_TRUE(journal.Await(journal.answered() + 200));
      servers_.Kill(i);
      servers_.Restart(i);
    }
    EXPECT_TRUE(journal.Await(journal.answered() + 200));
  }
  journal.RetryUnanswered(MakeClient(0));
  const Told all = ReadAll(MakeClient(1), UntilNow());
  // Whoever follows comes to where the log ends.
  while (count < all.events.size()) std::this_thread::yield();
  stream->Cancel();
  reading.join();
  ExpectGapless(all.events);
  // What was told twice aside, it was told the same, in the same order of each partition.
  std::map<int, int64_t> last;
  events.erase(std::remove_if(events.begin(), events.end(),
                              [&](const v1::Event& event) {
                                int64_t& known = last[event.partition()];
                                const bool is_again = event.position() <= known;
                                known = std::max(known, event.position());
                                return is_again;
                              }),
               events.end());
  ExpectGapless(events);
  EXPECT_EQ(events.size(), all.events.size());
  EXPECT_EQ(CountPurchases(events).size(), journal.answered());
}

}  // namespace
}  // namespace dangol::e2e
