#ifndef DANGOL_TESTS_E2E_TILLS_H_
#define DANGOL_TESTS_E2E_TILLS_H_

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "dangol/client.h"

// Tills that sell at the same time, and the journal of what they sent and were
// told, against which the store is held afterwards.
namespace dangol::e2e {

// Thread-safe.
class Journal {
 public:
  // Notes what became of a purchase, each time that it is sent. One that may have
  // been recorded or not is to be sent again; any other error fails the test, and
  // so does another answer than the last time.
  void Note(const v1::Purchase& purchase,
            const absl::StatusOr<v1::RecordPurchaseResponse>& response);

  // How many purchases were answered, and how often one was not.
  size_t answered() const;
  size_t unanswered() const;

  // Waits until it is so many; false if that takes minutes.
  bool Await(size_t answered) const;

  // Sends again what had no answer. How much of it had been recorded nevertheless.
  int RetryUnanswered(Client client);

  // Expects that the totals are those of what was answered, each once.
  void ExpectTotals(Client client) const;

  // And that the store has each of these purchases, and no other one.
  void ExpectStored(Client client) const;

 private:
  mutable absl::Mutex mutex_;
  std::vector<v1::Purchase> unanswered_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, v1::PurchaseOutcome> answered_ ABSL_GUARDED_BY(mutex_);
};

// Expects that the ledger of each of these cards has every number once, and that
// its last entry has the balance.
void ExpectLedgersWithoutGaps(Client client, int members);

// Threads that each send random purchases of the members card:0, card:1 and so on,
// one after another.
class Tills {
 public:
  struct Options {
    int tills = 6;
    int members = 5;
    unsigned seed = 0;
    std::string prefix;  // Of all purchase ids.
  };
  // Sends a purchase; whether to go on.
  using Send = std::function<bool(const v1::Purchase&)>;

  // `open` makes what the till of that number sends with, on the till's thread.
  Tills(const Options& options, const std::function<Send(int till)>& open);
  ~Tills() { Stop(); }
  Tills(const Tills&) = delete;
  Tills& operator=(const Tills&) = delete;

  // Waits until every till has ended by itself.
  void Join();

  // Has every till finish what it sends, and waits until it has ended.
  void Stop();

 private:
  bool IsOpen() const;

  mutable absl::Mutex mutex_;
  bool open_ ABSL_GUARDED_BY(mutex_) = true;
  std::vector<std::thread> threads_;
};

}  // namespace dangol::e2e

#endif  // DANGOL_TESTS_E2E_TILLS_H_
