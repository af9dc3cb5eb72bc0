#include "tests/e2e/tills.h"

#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {
namespace {

constexpr absl::Duration kPatience = absl::Minutes(2);

v1::Purchase RandomPurchase(const std::string& id, int members, std::mt19937& random) {
  v1::Purchase purchase = SmallPurchase(id, 1 + random() % 10'000);
  *purchase.mutable_member() = Card(absl::StrCat(random() % static_cast<unsigned>(members)));
  return purchase;
}

}  // namespace

void Journal::Note(const v1::Purchase& purchase,
                   const absl::StatusOr<v1::RecordPurchaseResponse>& response) {
  const absl::MutexLock lock(&mutex_);
  if (response.ok()) {
    const auto [known, is_new] = answered_.try_emplace(purchase.purchase_id(), response->outcome());
    EXPECT_TRUE(is_new || BytesOf(known->second) == BytesOf(response->outcome()))
        << known->second.ShortDebugString() << "\n"
        << response->outcome().ShortDebugString();
    return;
  }
  EXPECT_TRUE(absl::IsUnavailable(response.status())) << response.status();
  unanswered_.push_back(purchase);
}

size_t Journal::answered() const {
  const absl::MutexLock lock(&mutex_);
  return answered_.size();
}

size_t Journal::unanswered() const {
  const absl::MutexLock lock(&mutex_);
  return unanswered_.size();
}

bool Journal::Await(size_t answered) const {
  const absl::MutexLock lock(&mutex_);
  const auto reached = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return answered_.size() >= answered;
  };
  return mutex_.AwaitWithTimeout(absl::Condition(&reached), kPatience);
}

int Journal::RetryUnanswered(Client client) {
  std::vector<v1::Purchase> unanswered;
  {
    const absl::MutexLock lock(&mutex_);
    unanswered = std::exchange(unanswered_, {});
  }
  int replayed = 0;
  for (const v1::Purchase& purchase : unanswered) {
    const auto response = client.RecordPurchase(purchase);
    EXPECT_TRUE(response.ok()) << purchase.purchase_id() << ": " << response.status();
    if (!response.ok()) break;
    replayed += response->replayed() ? 1 : 0;
    Note(purchase, response);
  }
  return replayed;
}

void Journal::ExpectTotals(Client client) const {
  const absl::MutexLock lock(&mutex_);
  int64_t gross = 0;
  int64_t points = 0;
  for (const auto& [id, outcome] : answered_) {
    gross += outcome.total_minor();
    for (const v1::EarnedPoints& earned : outcome.earned()) points += earned.points();
  }
  const v1::GetTotalsResponse totals = TotalsOf(std::move(client));
  EXPECT_EQ(totals.purchases(), static_cast<int64_t>(answered_.size()));
  EXPECT_EQ(totals.purchase_lines(), totals.purchases());
  EXPECT_EQ(GrossMinor(totals, "GBP"), gross);
  EXPECT_EQ(Points(totals).issued(), points);
  EXPECT_EQ(totals.trial_balance(), 0);
}

void Journal::ExpectStored(Client client) const {
  ExpectTotals(client);
  const absl::MutexLock lock(&mutex_);
  std::set<std::string> members;
  for (const auto& [id, outcome] : answered_) members.insert(outcome.member_id());
  std::map<std::string, v1::RecordedPurchase> stored;
  for (const std::string& member : members) {
    v1::ListPurchasesRequest request;
    *request.mutable_member() = MemberById(member);
    request.set_page_size(1'000);
    for (absl::StatusOr<v1::RecordedPurchase>& purchase : client.ListPurchases(request)) {
      ASSERT_TRUE(purchase.ok()) << purchase.status();
      EXPECT_EQ(purchase->member_id(), member);
      EXPECT_TRUE(answered_.contains(purchase->purchase_id()))
          << "nobody knows of " << purchase->purchase_id();
      stored.try_emplace(purchase->purchase_id(), *purchase);
    }
  }
  for (const auto& [id, outcome] : answered_) {
    const auto purchase = stored.find(id);
    ASSERT_TRUE(purchase != stored.end()) << "acknowledged and lost: " << id;
    EXPECT_EQ(purchase->second.member_id(), outcome.member_id()) << id;
    EXPECT_EQ(purchase->second.total_minor(), outcome.total_minor()) << id;
    EXPECT_EQ(BytesOf(purchase->second.recorded_at()), BytesOf(outcome.recorded_at())) << id;
  }
}

void ExpectLedgersWithoutGaps(Client client, int members) {
  for (int i = 0; i < members; ++i) {
    SCOPED_TRACE(absl::StrCat("card ", i));
    const v1::MemberRef member = Card(absl::StrCat(i));
    const auto balance = client.GetBalance(member);
    ASSERT_TRUE(balance.ok()) << balance.status();
    std::optional<int64_t> next;
    for (absl::StatusOr<v1::LedgerEntry>& entry : client.ListLedgerEntries(member)) {
      ASSERT_TRUE(entry.ok()) << entry.status();
      if (next.has_value()) {
        EXPECT_EQ(entry->number(), *next);
      } else {
        EXPECT_EQ(entry->pending_after(), balance->wallets(0).pending());
        EXPECT_EQ(entry->available_after(), balance->wallets(0).available());
      }
      next = entry->number() - 1;
    }
    EXPECT_EQ(next.value_or(0), 0) << "the ledger does not begin with entry 1";
  }
}

Tills::Tills(const Options& options, const std::function<Send(int till)>& open) {
  std::mt19937 random(options.seed);
  for (int till = 0; till < options.tills; ++till) {
    threads_.emplace_back([this, options, open, till, seed = random()] {
      std::mt19937 own(static_cast<unsigned>(seed));
      const Send send = open(till);
      for (int i = 0; IsOpen(); ++i) {
        const std::string id = absl::StrCat(options.prefix, "t", till, "-", i);
        if (!send(RandomPurchase(id, options.members, own))) return;
      }
    });
  }
}

void Tills::Join() {
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void Tills::Stop() {
  {
    const absl::MutexLock lock(&mutex_);
    open_ = false;
  }
  Join();
}

bool Tills::IsOpen() const {
  const absl::MutexLock lock(&mutex_);
  return open_;
}

}  // namespace dangol::e2e
