// kill -9 at any moment under load: nothing that was acknowledged is lost, and
// nothing happens twice.

#include <signal.h>

#include <atomic>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/e2e/dangold.h"
#include "tests/e2e/tills.h"

namespace dangol::e2e {
namespace {

constexpr unsigned kSeed = 20'261'122;
constexpr int kCycles = 20;
constexpr int kTills = 6;
constexpr int kMembers = 5;

class CrashTest : public DangoldTest {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(Start());
    for (int i = 0; i < kMembers; ++i) Enroll(absl::StrCat(i));
  }

  // Has tills record purchases, and kills the server once it has answered so
  // many of them.
  void RecordUntilKilled(int cycle, size_t answers, unsigned seed) {
    const size_t until = journal_.answered() + answers;
    std::atomic<bool> reached = false;
    Tills tills({kTills, kMembers, seed, absl::StrCat("c", cycle, "-")}, [&](int) -> Tills::Send {
      return [&, client = MakeImpatientClient()](const v1::Purchase& purchase) mutable {
        const auto response = client.RecordPurchase(purchase);
        journal_.Note(purchase, response);
        // By the till itself, while the others wait for their answers.
        if (journal_.answered() >= until && !reached.exchange(true)) process().Signal(SIGKILL);
        return response.ok();
      };
    });
    tills.Join();
    process().Wait();
  }

  Journal journal_;
};

TEST_F(CrashTest, NothingIsLostAndNothingIsDoneTwice) {
  std::mt19937 random(kSeed);
  RecordProperty("seed", kSeed);
  int replayed = 0;
  for (int cycle = 0; cycle < kCycles; ++cycle) {
    SCOPED_TRACE(absl::StrCat("cycle ", cycle, " of seed ", kSeed));
    const size_t answers = 1 + random() % 150;
    RecordUntilKilled(cycle, answers, static_cast<unsigned>(random()));
    ASSERT_NO_FATAL_FAILURE(Start());
    for (int i = 0; i < kMembers; ++i) {
      ASSERT_TRUE(MakeClient().GetMember(Card(absl::StrCat(i))).ok()) << "lost member " << i;
    }
    replayed += journal_.RetryUnanswered(MakeClient());
    journal_.ExpectStored(MakeClient());
    if (HasFailure()) return;
  }
  RecordProperty("recorded_but_not_acknowledged", replayed);
}

// One purchase of each member after another: the balance is the ledger's last.
TEST_F(CrashTest, LedgerHasNoGapsAfterACrash) {
  RecordUntilKilled(0, 200, kSeed + 1);
  ASSERT_NO_FATAL_FAILURE(Start());
  journal_.RetryUnanswered(MakeClient());
  ExpectLedgersWithoutGaps(MakeClient(), kMembers);
}

}  // namespace
}  // namespace dangol::e2e
