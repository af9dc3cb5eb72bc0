// kill -9 at any moment under load: nothing that was acknowledged is lost, and
// nothing happens twice.

#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {
namespace {

constexpr unsigned kSeed = 20'261'122;
constexpr int kCycles = 20;
constexpr int kTills = 6;
constexpr int kMembers = 5;

// What the tills know: what they sent, and what they were told.
struct Journal {
  std::mutex mutex;
  std::vector<v1::Purchase> unanswered;
  std::map<std::string, v1::PurchaseOutcome> answered;

  void Note(const v1::Purchase& purchase,
            const absl::StatusOr<v1::RecordPurchaseResponse>& response) {
    const std::lock_guard<std::mutex> lock(mutex);
    if (response.ok()) {
      answered[purchase.purchase_id()] = response->outcome();
    } else {
      EXPECT_TRUE(absl::IsUnavailable(response.status())) << response.status();
      unanswered.push_back(purchase);
    }
  }

  size_t answered_count() {
    const std::lock_guard<std::mutex> lock(mutex);
    return answered.size();
  }
};

class CrashTest : public DangoldTest {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(Start());
    for (int i = 0; i < kMembers; ++i) Enroll(absl::StrCat(i));
  }

  v1::Purchase RandomPurchase(const std::string& id, std::mt19937& random) {
    v1::Purchase purchase = SmallPurchase(id, 1 + random() % 10'000);
    *purchase.mutable_member() = Card(absl::StrCat(random() % kMembers));
    return purchase;
  }

  // Has tills record purchases, and kills the server once it has answered so
  // many of them.
  void RecordUntilKilled(int cycle, size_t answers, std::mt19937& random) {
    std::vector<std::thread> tills;
    const size_t until = journal_.answered_count() + answers;
    std::atomic<bool> reached = false;
    for (int till = 0; till < kTills; ++till) {
      const unsigned seed = random();
      tills.emplace_back([this, cycle, till, seed, until, &reached] {
        std::mt19937 own(seed);
        Client client = MakeImpatientClient();
        for (int i = 0;; ++i) {
          const v1::Purchase purchase =
              RandomPurchase(absl::StrCat("c", cycle, "-t", till, "-", i), own);
          const auto response = client.RecordPurchase(purchase);
          journal_.Note(purchase, response);
          if (journal_.answered_count() >= until && !reached.exchange(true)) {
            process().Signal(SIGKILL);
          }
          if (!response.ok()) return;
        }
      });
    }
    for (std::thread& till : tills) till.join();
    process().Wait();
  }

  // Sends again what had no answer. It may have been recorded or not.
  void RetryUnanswered() {
    Client client = MakeClient();
    for (const v1::Purchase& purchase : std::exchange(journal_.unanswered, {})) {
      const auto response = client.RecordPurchase(purchase);
      ASSERT_TRUE(response.ok()) << purchase.purchase_id() << ": " << response.status();
      replayed_ += response->replayed() ? 1 : 0;
      journal_.answered[purchase.purchase_id()] = response->outcome();
    }
  }

  // Expects that the store has what was answered, each once, and nothing else.
  void ExpectStoreAgrees(const std::string& prefix) {
    Client client = MakeClient();
    int64_t gross = 0;
    int64_t points = 0;
    for (const auto& [id, outcome] : journal_.answered) {
      gross += outcome.total_minor();
      for (const v1::EarnedPoints& earned : outcome.earned()) points += earned.points();
      if (id.rfind(prefix, 0) != 0) continue;
      const auto stored = client.GetPurchase(id);
      ASSERT_TRUE(stored.ok()) << "acknowledged and lost: " << id << ", " << stored.status();
      EXPECT_EQ(stored->total_minor(), outcome.total_minor()) << id;
      EXPECT_EQ(BytesOf(stored->recorded_at()), BytesOf(outcome.recorded_at())) << id;
    }
    const v1::GetTotalsResponse totals = TotalsOf(client);
    EXPECT_EQ(totals.purchases(), static_cast<int64_t>(journal_.answered.size()));
    EXPECT_EQ(totals.purchase_lines(), totals.purchases());
    EXPECT_EQ(GrossMinor(totals, "GBP"), gross);
    EXPECT_EQ(Points(totals).issued(), points);
    EXPECT_EQ(totals.trial_balance(), 0);
  }

  Journal journal_;
  int replayed_ = 0;
};

TEST_F(CrashTest, NothingIsLostAndNothingIsDoneTwice) {
  std::mt19937 random(kSeed);
  RecordProperty("seed", kSeed);
  for (int cycle = 0; cycle < kCycles; ++cycle) {
    SCOPED_TRACE(absl::StrCat("cycle ", cycle, " of seed ", kSeed));
    RecordUntilKilled(cycle, 1 + random() % 150, random);
    ASSERT_NO_FATAL_FAILURE(Start());
    for (int i = 0; i < kMembers; ++i) {
      ASSERT_TRUE(MakeClient().GetMember(Card(absl::StrCat(i))).ok()) << "lost member " << i;
    }
    ASSERT_NO_FATAL_FAILURE(RetryUnanswered());
    ASSERT_NO_FATAL_FAILURE(ExpectStoreAgrees(absl::StrCat("c", cycle, "-")));
    if (HasFailure()) return;
  }
  ExpectStoreAgrees("");
  RecordProperty("recorded_but_not_acknowledged", replayed_);
}

// One purchase of each member after another: the balance is the ledger's last.
TEST_F(CrashTest, LedgerHasNoGapsAfterACrash) {
  std::mt19937 random(kSeed + 1);
  RecordUntilKilled(0, 200, random);
  ASSERT_NO_FATAL_FAILURE(Start());
  ASSERT_NO_FATAL_FAILURE(RetryUnanswered());
  for (int i = 0; i < kMembers; ++i) {
    const v1::MemberRef member = Card(absl::StrCat(i));
    const v1::WalletBalance balance = MakeClient().GetBalance(member).value().wallets(0);
    int64_t next = -1;
    for (absl::StatusOr<v1::LedgerEntry>& entry : MakeClient().ListLedgerEntries(member)) {
      ASSERT_TRUE(entry.ok()) << entry.status();
      if (next < 0) {
        EXPECT_EQ(entry->pending_after(), balance.pending());
        EXPECT_EQ(entry->available_after(), balance.available());
      } else {
        EXPECT_EQ(entry->number(), next);
      }
      next = entry->number() - 1;
    }
    EXPECT_EQ(next, 0) << "the ledger does not begin with entry 1";
  }
}

}  // namespace
}  // namespace dangol::e2e
