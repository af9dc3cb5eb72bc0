// In whatever order facts become known to a server, and whatever calls they come in, what
// follows is the same. Of the rules alone: tests/domain/standing/any_order_test.cc.
//
// DANGOL_ORDERS=N tries so many sets of facts instead of the default. A failure names the
// number of the set, which is also its seed.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {
namespace {

constexpr int kDefaultSets = 1'000;
constexpr int kDeliverers = 8;

// Points that count toward tiers, are pending at first and expire; miles that do neither; and
// points that are there only while enough of a purchase remains.
constexpr char kProgram[] =
    "name: \"any order\"\n"
    "time_zone: \"UTC\"\n"
    "currencies { code: \"GBP\" minor_digits: 2 }\n"
    "wallets { id: \"points\" pending_days: 4 expiry { after { days: 30 } } }\n"
    "wallets { id: \"miles\" expiry { never {} } }\n"
    "earning_rules { id: \"base\" wallet: \"points\" qualifying: true\n"
    "  rates { currency: \"GBP\" points: 1 per_minor: 10 } }\n"
    "earning_rules { id: \"far\" wallet: \"miles\" qualifying: true\n"
    "  rates { currency: \"GBP\" points: 1 per_minor: 70 } }\n"
    "multipliers { id: \"much\" wallet: \"points\" factor { numerator: 2 denominator: 1 }\n"
    "  when { min_basket { currency: \"GBP\" minor: 4000 } } }\n"
    "ladders { id: \"main\" qualification { rolling { days: 30 } } validity { after { days: 20 } "
    "}\n"
    "  grace_days: 5 late_returns: LATE_RETURNS_WITHDRAW tiers { id: \"bronze\" }\n"
    "  tiers { id: \"silver\" reach { net_spend: \"GBP\" at_least: 4000 } }\n"
    "  tiers { id: \"gold\" reach { net_spend: \"GBP\" at_least: 9000 }\n"
    "    reach { purchases {} at_least: 2 } } }\n";

// Purchases of two persons, what comes back of them, part by part, and what somebody decides on
// their tiers today.
class Facts {
 public:
  Facts(unsigned number, absl::Time now) : random_(number), now_(now) {
    const int purchases = 1 + UpTo(5);
    for (int i = 0; i < purchases; ++i) MakePurchase(i);
    const int decisions = UpTo(1) * UpTo(3);
    for (int i = 0; i < decisions; ++i) MakeDecision(i);
  }

  // Tells a server of them in a random order, a return after its purchase, as what two new
  // members did; one is merged into the other at any moment. What it knows at the end.
  std::string Deliver(Client client, const std::string& name) {
    EnrollCard(client, absl::StrCat(name, "-0"));
    EnrollCard(client, absl::StrCat(name, "-1"));
    const std::vector<Delivery> deliveries = Shuffled();
    const size_t merge_before = static_cast<size_t>(UpTo(static_cast<int>(deliveries.size())));
    std::vector<v1::Purchase> batch;
    // The newest decision counts, so they keep their order.
    size_t decided = 0;
    for (size_t i = 0; i < deliveries.size(); ++i) {
      const Delivery& delivery = deliveries[i];
      const bool decides = decided < decisions_.size() && Often(2);
      if (i == merge_before || delivery.is_return || decides || Often(3)) Send(client, batch);
      if (i == merge_before) Merge(client, name);
      if (decides) Decide(client, name, decisions_[decided++]);
      if (delivery.is_return) {
        v1::Return back = delivery.back;
        back.set_return_id(absl::StrCat(name, "-", back.return_id()));
        back.set_purchase_id(absl::StrCat(name, "-", back.purchase_id()));
        Require(client.RecordReturn(back).status());
      } else {
        v1::Purchase purchase = delivery.purchase;
        purchase.set_purchase_id(absl::StrCat(name, "-", purchase.purchase_id()));
        *purchase.mutable_member() = Card(absl::StrCat(name, "-", delivery.who));
        batch.push_back(std::move(purchase));
      }
    }
    Send(client, batch);
    const bool decides_first = Often(2);
    if (merge_before == deliveries.size() && !decides_first) Merge(client, name);
    while (decided < decisions_.size()) Decide(client, name, decisions_[decided++]);
    if (merge_before == deliveries.size() && decides_first) Merge(client, name);
    return Told(client, Card(absl::StrCat(name, "-1")));
  }

  const std::string& fault() const { return fault_; }

 private:
  struct Delivery {
    int who = 0;
    bool is_return = false;
    v1::Purchase purchase;
    v1::Return back;
  };

  // The number of a decision to be ended, or a new one.
  struct Decided {
    int who = 0;
    int ends = -1;
    v1::OverrideTierRequest decision;
  };

  int UpTo(int last) { return static_cast<int>(random_() % static_cast<unsigned>(last + 1)); }
  bool Often(int one_of) { return UpTo(one_of - 1) == 0; }

  void MakePurchase(int number) {
    Delivery bought;
    bought.who = UpTo(1);
    const std::string id = absl::StrCat("p", number);
    PurchaseBuilder builder(id, {});
    // Many on few days, some of which are so long ago that the points have expired.
    builder.OccurredAt(now_ - absl::Hours(24 * 3 * UpTo(Often(3) ? 15 : 2) + 1) -
                       absl::Seconds(UpTo(3'600)));
    builder.Currency("GBP");
    const int lines = 1 + UpTo(2);
    for (int i = 0; i < lines; ++i) {
      const int quantity = 1 + UpTo(3);
      builder.Goods(absl::StrCat("tea-", i), quantity, UpTo(3'000));
      for (int left = UpTo(1) * UpTo(quantity); left > 0;) {
        Delivery back;
        back.is_return = true;
        const int part = 1 + UpTo(left - 1);
        back.back = ReturnBuilder::OfPurchase(absl::StrCat("r", returns_++), id)
                        .Line(i, part)
                        .OccurredAt(now_ - absl::Seconds(UpTo(3'600)))
                        .Build();
        left -= part;
        deliveries_.push_back(back);
      }
    }
    bought.purchase = builder.Build();
    deliveries_.push_back(std::move(bought));
  }

  void MakeDecision(int number) {
    Decided decided;
    decided.who = UpTo(1);
    if (number > 0 && Often(3)) {
      decided.ends = UpTo(number - 1);
      decided.who = decisions_[static_cast<size_t>(decided.ends)].who;
    }
    v1::OverrideTierRequest& decision = decided.decision;
    decision.set_request_id(absl::StrCat("o", number));
    decision.set_ladder("main");
    decision.set_tier(std::vector{"bronze", "silver", "gold"}[static_cast<size_t>(UpTo(2))]);
    decision.set_kind(static_cast<v1::TierDecisionKind>(1 + UpTo(2)));
    if (Often(2)) {
      decision.set_until(
          absl::FormatCivilTime(absl::ToCivilDay(now_, absl::UTCTimeZone()) + 1 + UpTo(30)));
    }
    decision.set_reason("a test");
    decisions_.push_back(std::move(decided));
  }

  void Decide(Client client, const std::string& name, const Decided& decided) {
    const v1::MemberRef who = Card(absl::StrCat(name, "-", decided.who));
    v1::OverrideTierRequest decision = decided.decision;
    const std::string id = absl::StrCat(name, "-", decision.request_id());
    if (decided.ends < 0) {
      decision.set_request_id(id);
      *decision.mutable_member() = who;
      Require(client.OverrideTier(decision).status());
      return;
    }
    v1::EndTierOverrideRequest ended;
    ended.set_request_id(id);
    *ended.mutable_member() = who;
    ended.set_override_id(absl::StrCat(name, "-o", decided.ends));
    const absl::Status status = client.EndTierOverride(ended).status();
    // What is no decision, or was ended before, cannot be.
    if (!absl::IsNotFound(status) && !absl::IsFailedPrecondition(status)) Require(status);
  }

  std::vector<Delivery> Shuffled() {
    std::vector<Delivery> shuffled = deliveries_;
    std::shuffle(shuffled.begin(), shuffled.end(), random_);
    // What comes back before it was bought comes right after it instead.
    std::vector<Delivery> order;
    std::map<std::string, std::vector<Delivery>> waiting;
    std::map<std::string, bool> is_bought;
    for (Delivery& delivery : shuffled) {
      if (delivery.is_return) {
        const std::string& id = delivery.back.purchase_id();
        (is_bought[id] ? order : waiting[id]).push_back(std::move(delivery));
        continue;
      }
      const std::string id = delivery.purchase.purchase_id();
      is_bought[id] = true;
      order.push_back(std::move(delivery));
      for (Delivery& back : waiting[id]) order.push_back(std::move(back));
    }
    return order;
  }

  void Send(Client client, std::vector<v1::Purchase>& batch) {
    if (batch.size() == 1) Require(client.RecordPurchase(batch[0]).status());
    if (batch.size() > 1) {
      const auto recorded = client.BatchRecordPurchases(batch);
      Require(recorded.status());
      if (!recorded.ok()) return;
      for (const v1::RecordPurchaseResult& result : recorded->results()) {
        if (result.has_error()) Require(absl::InternalError(result.ShortDebugString()));
      }
    }
    batch.clear();
  }

  void Merge(Client client, const std::string& name) {
    v1::MergeMembersRequest merge;
    merge.set_request_id(absl::StrCat(name, "-merge"));
    *merge.mutable_member() = Card(absl::StrCat(name, "-0"));
    *merge.mutable_into() = Card(absl::StrCat(name, "-1"));
    Require(client.MergeMembers(merge).status());
  }

  // Tomorrow, and when what they bought matures and expires.
  std::string Told(Client client, const v1::MemberRef& who) {
    const auto member = client.GetMember(who);
    Require(member.status());
    if (!member.ok()) return "";
    std::string told =
        absl::StrCat(member->purchase_count(), " purchases, ", member->first_purchase_day(), " to ",
                     member->last_purchase_day());
    for (const int days : {1, 3, 20, 40}) {
      auto balance = client.GetBalance(who, now_ + absl::Hours(24 * days));
      Require(balance.status());
      if (!balance.ok()) return "";
      for (v1::WalletBalance& wallet : *balance->mutable_wallets()) {
        absl::StrAppend(&told, "\nin ", days, " days ", wallet.ShortDebugString());
      }
    }
    return absl::StrCat(told, "\n", ToldOfTiers(client, who));
  }

  // The tier with why and what comes next, and what it was day by day.
  std::string ToldOfTiers(Client client, const v1::MemberRef& who) {
    auto status = client.GetTierStatus(who);
    Require(status.status());
    if (!status.ok()) return "";
    v1::TierStatus& ladder = *status->mutable_ladders(0);
    ladder.mutable_decision()->clear_override_id();  // Every delivery has ids of its own.
    std::string told = ladder.ShortDebugString();
    v1::ListTierHistoryRequest request;
    *request.mutable_member() = who;
    for (auto& entry : client.ListTierHistory(request)) {
      Require(entry.status());
      if (!entry.ok()) break;
      entry->mutable_decision()->clear_override_id();
      absl::StrAppend(&told, "\n", entry->ShortDebugString());
    }
    return told;
  }

  void Require(const absl::Status& status) {
    if (!status.ok() && fault_.empty()) fault_ = status.ToString();
  }

  std::mt19937 random_;
  const absl::Time now_;
  std::vector<Delivery> deliveries_;
  std::vector<Decided> decisions_;
  int returns_ = 0;
  std::string fault_;
};

class AnyOrderTest : public DangoldTest {
 protected:
  void SetUp() override {
    std::ofstream(File("program.txtpb")) << kProgram;
    ASSERT_NO_FATAL_FAILURE(Start({"--program=" + File("program.txtpb")}));
  }

  static bool IsToday(absl::Time time) {
    return absl::ToCivilDay(time, absl::UTCTimeZone()) ==
           absl::ToCivilDay(absl::Now(), absl::UTCTimeZone());
  }
};

TEST_F(AnyOrderTest, EndsInTheSameState) {
  const int sets = CountFromEnvironment("DANGOL_ORDERS", kDefaultSets);
  const absl::Time now = absl::Now();
  std::atomic<int> next = 0;
  std::vector<std::thread> deliverers;
  for (int i = 0; i < kDeliverers; ++i) {
    deliverers.emplace_back([&] {
      Client client = MakeClient();
      for (int number = next++; number < sets && !HasFailure(); number = next++) {
        Facts facts(static_cast<unsigned>(number), now);
        const std::string one = facts.Deliver(client, absl::StrCat(number, "-a"));
        const std::string other = facts.Deliver(client, absl::StrCat(number, "-b"));
        EXPECT_EQ(facts.fault(), "") << "set " << number;
        // What is decided after midnight is decided on another day.
        if (IsToday(now)) {
          EXPECT_EQ(one, other) << "set " << number;
        }
      }
    });
  }
  for (std::thread& deliverer : deliverers) deliverer.join();
}

}  // namespace
}  // namespace dangol::e2e
