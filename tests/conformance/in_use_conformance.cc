// What members have of wallets, currencies and rewards, as a store adds it up, and what they gave
// away of points whose goods have come back.

#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/conformance/sample_rows.h"
#include "tests/conformance/storage_conformance.h"

namespace dangol::storage {
namespace {

using domain::Account;
using domain::CouponStatus;
using domain::EntryKind;
using domain::LedgerAccount;
using domain::PartKind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

const absl::Time kNow = Utc("2026-03-15 00:00:00");

class InUseConformance : public StorageConformance {
 protected:
  // "name: members, count, owed", in the order of the store; who is due is told of in due_.
  std::vector<std::string> List(PartKind kind, absl::Time now = kNow) {
    due_.clear();
    const auto listed = NewReader()->ListInUse(kind, now, [&](const domain::MemberState& state) {
      EXPECT_TRUE(state.has_lots);
      due_.push_back(state);
    });
    EXPECT_TRUE(listed.ok()) << listed.status();
    std::vector<std::string> shown;
    for (const domain::InUse& use : listed.value_or(std::vector<domain::InUse>())) {
      shown.push_back(absl::StrCat(use.name, ": ", use.members, ", ", use.count, ", ", use.owed));
    }
    return shown;
  }

  // What each of the members has in their wallets, from the first on.
  void StoreAccounts(const std::vector<std::vector<Account>>& accounts) {
    WriteSet writes;
    uint64_t number = 0;
    for (const std::vector<Account>& of_member : accounts) {
      writes.members.emplace_back().member = NewMember(++number);
      writes.members.back().accounts = of_member;
    }
    ASSERT_TRUE(Commit(*store_, writes).ok());
  }

  static domain::Coupon CouponOf(const std::string& id, const std::string& reward,
                                 CouponStatus status = CouponStatus::kIssued) {
    domain::Coupon coupon;
    coupon.coupon_id = id;
    coupon.code = absl::StrCat("CODE-", id);
    coupon.person = MemberNumber(1);
    coupon.reward_id = reward;
    coupon.wallet = "points";
    coupon.status = status;
    coupon.issued_at = Utc("2026-01-15 12:00:00");
    coupon.expires_at = Utc("2026-03-01 00:00:00");
    return coupon;
  }

  static domain::Purchase PurchaseIn(const std::string& currency, uint64_t member,
                                     const std::string& id, int64_t total, int64_t returned) {
    domain::Purchase purchase = NewPurchase(member, id, Utc("2026-01-15 12:00:00"));
    purchase.currency = currency;
    purchase.total_minor = total;
    purchase.returned_minor = returned;
    return purchase;
  }

  std::vector<domain::MemberState> due_;
};

TEST_F(InUseConformance, OfAnEmptyStoreNothingIs) {
  for (const PartKind kind : {PartKind::kWallet, PartKind::kCurrency, PartKind::kReward}) {
    EXPECT_THAT(List(kind), IsEmpty());
    EXPECT_THAT(due_, IsEmpty());
  }
}

// A member has something of a wallet who has any points there, or owes some: what is available is
// less what is owed.
TEST_F(InUseConformance, PointsOfWhateverKind) {
  struct Row {
    const char* what;
    std::vector<std::vector<Account>> accounts;
    std::vector<std::string> listed;
  };
  const std::vector<Row> rows = {
      {"pending", {{{"a", 7, 0, 0, 0}}}, {"a: 1, 7, 0"}},
      {"available", {{{"a", 0, 7, 0, 0}}}, {"a: 1, 7, 0"}},
      {"held", {{{"a", 0, 0, 7, 0}}}, {"a: 1, 7, 0"}},
      {"all of these", {{{"a", 1, 2, 4, 0}}}, {"a: 1, 7, 0"}},
      {"owed", {{{"a", 0, -7, 0, 7}}}, {"a: 1, 0, 7"}},
      {"as many as another of the purse owes", {{{"a", 0, 0, 0, 7}}}, {"a: 1, 7, 7"}},
      {"pending beside a debt", {{{"a", 5, -7, 0, 7}}}, {"a: 1, 5, 7"}},
      {"none any more", {{{"a", 0, 0, 0, 0}}}, {}},
      {"of several members",
       {{{"a", 1, 0, 0, 0}}, {}, {{"a", 0, 0, 0, 0}}, {{"a", 0, 2, 0, 0}}},
       {"a: 2, 3, 0"}},
      {"of several wallets, by name",
       {{{"b", 0, 1, 0, 0}, {"a", 0, 2, 0, 0}}, {{"b", 0, 3, 0, 0}, {"c", 0, 0, 0, 0}}},
       {"a: 1, 2, 0", "b: 2, 4, 0"}},
  };
  for (const Row& row : rows) {
    const testing::TestStore database;
    store_ = database.Open();
    StoreAccounts(row.accounts);
    EXPECT_EQ(List(PartKind::kWallet), row.listed) << row.what;
    store_.reset();
  }
}

// Whose next_due_at has come, that moment included, with what time may change.
TEST_F(InUseConformance, WhoIsDueIsToldOfWithLots) {
  WriteSet writes;
  for (uint64_t number = 1; number <= 3; ++number) {
    writes.members.emplace_back().member = NewMember(number);
    writes.members.back().member.next_due_at =
        kNow + absl::Microseconds(number) - absl::Microseconds(2);
    writes.members.back().accounts = {{"points", 0, 10, 0, 0}};
  }
  writes.members.emplace_back().member = NewMember(4);
  writes.members[0].lots = {NewLot(1, Utc("2026-01-02 12:00:00"), Utc("2026-03-01 00:00:00"))};
  writes.members[0].coupons = {CouponOf("c-1", "latte"),
                               CouponOf("c-2", "latte", CouponStatus::kUsed)};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  EXPECT_THAT(List(PartKind::kWallet), ElementsAre("points: 3, 30, 0")) << "as it is stored";
  ASSERT_EQ(due_.size(), 2u);
  if (due_[0].member.id != MemberNumber(1)) std::swap(due_[0], due_[1]);
  EXPECT_EQ(due_[0].member.id, MemberNumber(1));
  EXPECT_EQ(due_[1].member.id, MemberNumber(2));
  EXPECT_EQ(due_[0].lots, writes.members[0].lots);
  EXPECT_EQ(due_[0].accounts, writes.members[0].accounts);
  ASSERT_EQ(due_[0].coupons.size(), 1u);
  EXPECT_EQ(due_[0].coupons[0].coupon_id, "c-1");
  EXPECT_THAT(List(PartKind::kReward), ElementsAre("latte: 1, 1, 0"));
  EXPECT_EQ(due_.size(), 2u);
  EXPECT_THAT(List(PartKind::kCurrency), IsEmpty());
  EXPECT_THAT(due_, IsEmpty()) << "time changes nothing of purchases";
}

TEST_F(InUseConformance, PurchasesOfWhichSomethingMayComeBack) {
  WriteSet writes;
  for (uint64_t number = 1; number <= 2; ++number) {
    writes.members.emplace_back().member = NewMember(number);
  }
  for (const domain::Purchase& purchase :
       {PurchaseIn("USD", 1, "p-1", 1'000, 0), PurchaseIn("USD", 1, "p-2", 1'000, 999),
        PurchaseIn("USD", 2, "p-3", 1'000, 1'000), PurchaseIn("EUR", 1, "p-4", 1, 0),
        PurchaseIn("EUR", 2, "p-5", 1, 0), PurchaseIn("KRW", 1, "p-6", 500, 500),
        PurchaseIn("JPY", 2, "p-7", 0, 0)}) {
    writes.commands.push_back(NewPurchaseCommand(purchase));
  }
  ASSERT_TRUE(Commit(*store_, writes).ok());
  EXPECT_THAT(List(PartKind::kCurrency), ElementsAre("EUR: 2, 2, 0", "USD: 1, 2, 0"));
}

TEST_F(InUseConformance, CouponsThatAreIssued) {
  WriteSet writes = WithMember(NewMember(1));
  writes.members[0].coupons = {CouponOf("c-1", "latte"),
                               CouponOf("c-2", "latte"),
                               CouponOf("c-3", "mug", CouponStatus::kUsed),
                               CouponOf("c-4", "mug", CouponStatus::kExpired),
                               CouponOf("c-5", "mug", CouponStatus::kCancelled),
                               CouponOf("c-6", "cake")};
  writes.members.emplace_back().member = NewMember(2);
  writes.members[1].coupons = {CouponOf("c-7", "latte"),
                               CouponOf("c-8", "cake", CouponStatus::kUsed)};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  EXPECT_THAT(List(PartKind::kReward), ElementsAre("cake: 1, 1, 0", "latte: 2, 3, 0"));
}

class GivenAwayConformance : public StorageConformance {
 protected:
  // "purchase of member: points wallet", in any order.
  std::vector<std::string> List(absl::Time from = absl::InfinitePast(),
                                absl::Time until = absl::InfiniteFuture()) {
    const auto listed = NewReader()->ListGivenAway(from, until);
    EXPECT_TRUE(listed.ok()) << listed.status();
    std::vector<std::string> shown;
    for (const domain::GivenAway& given : listed.value_or(std::vector<domain::GivenAway>())) {
      const bool is_of_first = given.member_id == MemberNumber(1);
      shown.push_back(absl::StrCat(given.purchase_id, " of ", is_of_first ? 1 : 2, ": ",
                                   given.points, " ", given.wallet));
    }
    return shown;
  }

  // Of which so many points stand, and something has come back or nothing.
  static domain::Purchase Bought(uint64_t member, const std::string& id, int64_t stands,
                                 int64_t returned_minor = 1,
                                 absl::Time at = Utc("2026-01-15 12:00:00")) {
    domain::Purchase purchase = NewPurchase(member, id, at);
    purchase.returned_minor = returned_minor;
    domain::EarnedPoints points;
    points.wallet = "points";
    points.points = 100;
    points.stands = stands;
    purchase.earned = {points};
    return purchase;
  }

  domain::LedgerEntry Entry(uint64_t member, const std::string& purchase_id, int64_t points,
                            const std::string& wallet = "points",
                            EntryKind kind = EntryKind::kTransfer,
                            LedgerAccount debit = LedgerAccount::kAvailable) {
    domain::LedgerEntry entry = NewEntry(member, ++numbers_, wallet);
    entry.kind = kind;
    entry.debit = debit;
    entry.credit = LedgerAccount::kTransferred;
    entry.points = points;
    entry.purchase_id = purchase_id;
    return entry;
  }

  void Store(const std::vector<domain::Purchase>& purchases,
             std::vector<domain::LedgerEntry> entries) {
    WriteSet writes = WithMember(NewMember(1));
    writes.members.emplace_back().member = NewMember(2);
    writes.entries = std::move(entries);
    for (const domain::Purchase& purchase : purchases) {
      writes.commands.push_back(NewPurchaseCommand(purchase));
    }
    ASSERT_TRUE(Commit(*store_, writes).ok());
  }

 private:
  int64_t numbers_ = 0;
};

TEST_F(GivenAwayConformance, OfAnEmptyStoreNothingIs) { EXPECT_THAT(List(), IsEmpty()); }

TEST_F(GivenAwayConformance, WhatWentToOthersBeyondWhatStands) {
  struct Row {
    const char* what;
    int64_t stands;
    int64_t returned_minor;
    std::vector<int64_t> given;
    std::vector<std::string> listed;
  };
  const std::vector<Row> rows = {
      {"all has come back", 0, 1'000, {30}, {"p of 1: 30 points"}},
      {"several times", 0, 1'000, {30, 20}, {"p of 1: 50 points"}},
      {"what stands, stands for what was given", 30, 700, {30}, {}},
      {"the rest does not", 20, 800, {30}, {"p of 1: 10 points"}},
      {"nothing has come back", 0, 0, {30}, {}},
      {"nothing was given", 0, 1'000, {}, {}},
  };
  for (const Row& row : rows) {
    const testing::TestStore database;
    store_ = database.Open();
    std::vector<domain::LedgerEntry> entries;
    for (const int64_t points : row.given) entries.push_back(Entry(1, "p", points));
    Store({Bought(1, "p", row.stands, row.returned_minor)}, entries);
    EXPECT_EQ(List(), row.listed) << row.what;
    store_.reset();
  }
}

// Only what left with a transfer, from what was available.
TEST_F(GivenAwayConformance, OnlyWhatWentToOthersCounts) {
  Store({Bought(1, "p-1", 0)},
        {Entry(1, "p-1", 1), Entry(1, "p-1", 2, "points", EntryKind::kMerge),
         Entry(1, "p-1", 4, "points", EntryKind::kRedeem),
         Entry(1, "p-1", 8, "points", EntryKind::kExpire),
         Entry(1, "p-1", 16, "points", EntryKind::kTransfer, LedgerAccount::kTransferred),
         Entry(1, "", 32), Entry(1, "another", 64)});
  EXPECT_THAT(List(), ElementsAre("p-1 of 1: 1 points"));
}

// Wherever the points lay when they were given, and whichever wallet they were of.
TEST_F(GivenAwayConformance, ByPurchaseAndWallet) {
  Store({Bought(1, "p-1", 0), Bought(2, "p-2", 3), Bought(2, "P-1", 0)},
        {Entry(1, "p-1", 5), Entry(1, "p-1", 7, "miles"), Entry(1, "p-2", 2), Entry(2, "p-1", 10),
         Entry(2, "p-2", 4), Entry(2, "P-1", 1)});
  EXPECT_THAT(List(), UnorderedElementsAre("p-1 of 1: 15 points", "p-1 of 1: 7 miles",
                                           "p-2 of 2: 3 points", "P-1 of 2: 1 points"));
}

TEST_F(GivenAwayConformance, ByWhenThePurchaseOccurred) {
  const absl::Time noon = Utc("2026-01-15 12:00:00");
  const absl::Duration tick = absl::Microseconds(1);
  Store({Bought(1, "before", 0, 1, noon - tick), Bought(1, "at", 0, 1, noon),
         Bought(1, "after", 0, 1, noon + tick)},
        {Entry(1, "before", 1), Entry(1, "at", 1), Entry(1, "after", 1)});
  EXPECT_THAT(List(noon, noon + tick), ElementsAre("at of 1: 1 points"));
  EXPECT_THAT(List(noon), UnorderedElementsAre("at of 1: 1 points", "after of 1: 1 points"));
  EXPECT_THAT(List(absl::InfinitePast(), noon), ElementsAre("before of 1: 1 points"));
  EXPECT_THAT(List(noon, noon), IsEmpty());
}

}  // namespace
}  // namespace dangol::storage
