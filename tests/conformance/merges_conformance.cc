// What merges ask of a store.

#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/conformance/sample_rows.h"
#include "tests/conformance/storage_conformance.h"

namespace dangol::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

const absl::Time kNoon = Utc("2026-01-15 12:00:00");

domain::MemberNeeds Everything() {
  domain::MemberNeeds needs;
  needs.lots = needs.aliases = needs.expired = needs.all_purchases = true;
  needs.cap_periods = {"2026-01-15", "ever"};
  return needs;
}

// Member 1 has something of each kind, some of it with origin 1; member 2 nothing.
class MergesConformance : public StorageConformance {
 protected:
  MergesConformance() {
    WriteSet writes = WithMember(NewMember(1));
    domain::Reservation held = NewReservation("hold");
    domain::Reservation brought = NewReservation("brought");
    brought.origin = 1;
    for (domain::Lot& lot : brought.lots) lot.lot = domain::ShiftLot(lot.lot, 1);
    writes.members[0].reservations = {held, brought};
    domain::Coupon coupon;
    coupon.coupon_id = coupon.code = "c-1";
    coupon.lots = {NewLot(3, kNoon, absl::InfiniteFuture())};
    writes.members[0].coupons = {coupon};
    writes.members[0].cap_usage = {
        {"2026-01-15", "base", 5}, {"ever", "base", 7}, {"ever", "base", 3, 1}};
    domain::Purchase own = NewPurchase(1, "own", kNoon);
    domain::Purchase other = NewPurchase(1, "other", kNoon + absl::Hours(1));
    own.reservation_id = other.reservation_id = "";
    other.origin = 1;
    CommandWrite returned = NewCommand(RequestScope::kReturn, "r-1", 1);
    returned.record.kind = CommandKind::kRecordReturn;
    returned.purchase_return = NewReturn(1, "r-1", kNoon);
    writes.commands = {NewPurchaseCommand(own), NewPurchaseCommand(other), returned};
    writes.members.emplace_back().member = NewMember(2);
    EXPECT_TRUE(Commit(*store_, writes).ok());
  }

  // As with a merge, both members are written.
  absl::Status Hand(const domain::Move& move) {
    WriteSet writes;
    for (const uint64_t member : {1, 2})
      writes.members.emplace_back().member = StateOf(member).member;
    writes.moves = {move};
    return Commit(*store_, writes);
  }

  domain::MemberState StateOf(uint64_t member) {
    KeySet keys;
    keys.members = {ById(member, Everything())};
    const auto loaded = Read(*store_, keys);
    EXPECT_TRUE(loaded.ok()) << loaded.status();
    return *loaded->Find({MemberNumber(member), {}});
  }

  static std::vector<std::pair<std::string, int>> OriginsOf(const domain::MemberState& state) {
    std::vector<std::pair<std::string, int>> origins;
    for (const auto& row : state.purchases) origins.emplace_back(row.purchase_id, row.origin);
    for (const auto& row : state.reservations) origins.emplace_back(row.reservation_id, row.origin);
    for (const auto& row : state.coupons) origins.emplace_back(row.coupon_id, row.origin);
    return origins;
  }

  static std::vector<int64_t> LotsOf(const std::vector<domain::Lot>& lots) {
    std::vector<int64_t> numbers;
    for (const domain::Lot& lot : lots) numbers.push_back(lot.lot);
    return numbers;
  }
};

TEST_F(MergesConformance, EverythingGoesOverAndComesBack) {
  const domain::MemberState before = StateOf(1);
  EXPECT_THAT(OriginsOf(before),
              UnorderedElementsAre(std::pair("own", 0), std::pair("other", 1), std::pair("hold", 0),
                                   std::pair("brought", 1), std::pair("c-1", 0)));
  ASSERT_TRUE(Hand({MemberNumber(1), MemberNumber(2), 0, 1, 4}).ok());
  EXPECT_THAT(OriginsOf(StateOf(1)), IsEmpty());
  const domain::MemberState there = StateOf(2);
  EXPECT_THAT(OriginsOf(there),
              UnorderedElementsAre(std::pair("own", 4), std::pair("other", 5), std::pair("hold", 4),
                                   std::pair("brought", 5), std::pair("c-1", 4)));
  for (const domain::Purchase& purchase : there.purchases) {
    EXPECT_EQ(purchase.member_id, MemberNumber(2));
  }
  EXPECT_THAT(LotsOf(there.coupons[0].lots), ElementsAre(domain::ShiftLot(3, 4)));
  EXPECT_THAT(*NewReader()->ListPurchases({MemberNumber(2), absl::InfinitePast()}, 10), SizeIs(2));
  const auto returns = NewReader()->ListReturns({MemberNumber(2), {}}, 10);
  ASSERT_THAT(*returns, SizeIs(1));
  EXPECT_EQ(returns->front().origin, 4);
  EXPECT_EQ((*NewReader()->FindPurchase("own"))->member_id, MemberNumber(2));

  // Only what came with it goes back.
  ASSERT_TRUE(Hand({MemberNumber(2), MemberNumber(1), 5, 5, -4}).ok());
  EXPECT_THAT(OriginsOf(StateOf(1)),
              UnorderedElementsAre(std::pair("other", 1), std::pair("brought", 1)));
  ASSERT_TRUE(Hand({MemberNumber(2), MemberNumber(1), 4, 4, -4}).ok());
  const domain::MemberState after = StateOf(1);
  EXPECT_EQ(after.purchases, before.purchases);
  EXPECT_EQ(after.reservations, before.reservations);
  EXPECT_EQ(after.coupons, before.coupons);
  EXPECT_EQ(after.cap_usage, before.cap_usage);
}

TEST_F(MergesConformance, WhatChangesOnTheWayKeepsItsOriginAndItsLots) {
  ASSERT_TRUE(Hand({MemberNumber(1), MemberNumber(2), 0, 1, 4}).ok());
  WriteSet writes = WithMember(StateOf(2).member);
  writes.members[0].coupons = StateOf(2).coupons;
  writes.members[0].coupons[0].reference = "used";
  for (domain::Reservation held : StateOf(2).reservations) {
    held.captured = 1;
    writes.members[0].reservations.push_back(held);
  }
  ASSERT_TRUE(Commit(*store_, writes).ok());
  const domain::MemberState there = StateOf(2);
  EXPECT_EQ(there.reservations, writes.members[0].reservations);
  EXPECT_EQ(there.coupons, writes.members[0].coupons);
  ASSERT_TRUE(Hand({MemberNumber(2), MemberNumber(1), 4, 5, -4}).ok());
  EXPECT_THAT(LotsOf(StateOf(1).coupons[0].lots), ElementsAre(3));
}

TEST_F(MergesConformance, KnowsWhoWasMergedIntoWhom) {
  domain::Merged merged;
  merged.into = MemberNumber(2);
  merged.origin = 1;
  merged.last_origin = 4;
  merged.since = kNoon + absl::Microseconds(1);
  merged.aliases = {{"card", kHardWord}};
  WriteSet writes = WithMember(NewMember(1));
  writes.members[0].member.version = 1;
  writes.members[0].member.merged = merged;
  writes.members[0].merge_changed = true;
  writes.members.emplace_back().member = NewMember(2);
  writes.members[1].member.version = 1;
  domain::Member& survivor = writes.members[1].member;
  survivor.origins.last = 2;
  survivor.origins.kept = 1;
  survivor.origins.lots_ahead = 1'000'000;
  survivor.origins.activities = {{0, std::nullopt}, {1, kNoon}};
  survivor.origins.repayments = {{NewLot(1, kNoon, absl::InfiniteFuture()),
                                  NewLot(domain::ShiftLot(5, 1), kNoon, kNoon + absl::Hours(1)),
                                  true}};
  survivor.former_owners = {{MemberNumber(9), kNoon, kNoon + absl::Hours(2)}};
  writes.members[1].merge_changed = true;
  ASSERT_TRUE(Commit(*store_, writes).ok());
  EXPECT_EQ(StateOf(1).member.merged, merged);
  EXPECT_EQ(StateOf(2).member.origins, survivor.origins);
  EXPECT_EQ(StateOf(2).member.former_owners, survivor.former_owners);
  EXPECT_EQ((*NewReader()->ListMembers({}, 10))[0].member.merged, merged);

  // Who names the one is led to the other, unless the one is meant.
  KeySet keys;
  keys.members = {ById(1)};
  const auto reader = NewReader();
  const auto loaded = LoadFollowing(*reader, keys);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->Find({MemberNumber(1), {}})->member.id, MemberNumber(2));
  EXPECT_EQ(loaded->Find({.id = MemberNumber(1), .meaning = domain::Meaning::kItself})->member.id,
            MemberNumber(1));
  KeySet itself;
  itself.members = {{{.id = MemberNumber(1), .meaning = domain::Meaning::kItself}, {}}};
  EXPECT_THAT(LoadFollowing(*reader, itself)->members, SizeIs(1));

  writes.members[0].member.version = 2;
  writes.members[0].member.merged.reset();
  writes.members.pop_back();
  ASSERT_TRUE(Commit(*store_, writes).ok());
  EXPECT_EQ(StateOf(1).member.merged, std::nullopt);
}

TEST_F(MergesConformance, KnowsWhatHadExpiredElsewhere) {
  WriteSet writes = WithMember(NewMember(1));
  writes.members[0].member.version = 1;
  domain::LedgerEntry expired = NewEntry(1, 1);
  expired.kind = domain::EntryKind::kExpire;
  expired.purchase_id = "own";
  expired.points = 3;
  writes.entries = {expired};
  writes.members[0].expired = {{"own", "points", 4}, {"other", "miles", 5}};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  EXPECT_THAT(StateOf(1).expired, UnorderedElementsAre(domain::ExpiredPoints{"own", "points", 7},
                                                       domain::ExpiredPoints{"other", "miles", 5}));
  writes.entries.clear();
  writes.members[0].member.version = 2;
  writes.members[0].expired = {{"other", "miles", -5}};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  KeySet keys;
  domain::MemberNeeds needs;
  needs.expired = true;
  keys.members = {ById(1, needs)};
  EXPECT_THAT(Read(*store_, keys)->Find({MemberNumber(1), {}})->expired,
              UnorderedElementsAre(domain::ExpiredPoints{"own", "points", 7},
                                   domain::ExpiredPoints{"other", "miles", 0}));
}

TEST_F(MergesConformance, ReadsTheRecordsOfAllWhoWereEverMerged) {
  WriteSet writes;
  const auto add = [&](CommandKind kind, RequestScope scope, uint64_t member) {
    CommandWrite& write = writes.commands.emplace_back(NewCommand(scope, "merge", member));
    write.record.kind = kind;
  };
  add(CommandKind::kMerge, RequestScope::kRequest, 1);
  add(CommandKind::kAbsorb, RequestScope::kConsequence, 2);
  writes.moves = {{MemberNumber(1), MemberNumber(2), 0, 1, 4}};
  writes.members.emplace_back().member = NewMember(3);
  ASSERT_TRUE(Commit(*store_, writes).ok());
  const auto first = NewReader()->ReadRecords(std::nullopt);
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_THAT(*first, SizeIs(2));
  EXPECT_EQ((*first)[0].stored.state.member.id, MemberNumber(1));
  EXPECT_EQ((*first)[1].stored.state.member.id, MemberNumber(2));
  // What was bought by the one and is the other's now is in the log of the one.
  EXPECT_THAT((*first)[0].commands, SizeIs(4));
  EXPECT_THAT((*first)[1].commands, SizeIs(1));
  EXPECT_THAT((*first)[1].stored.state.purchases, SizeIs(2));
  EXPECT_THAT(*NewReader()->ReadRecords(MemberNumber(1)), SizeIs(2));
  EXPECT_THAT(*NewReader()->ReadRecords(MemberNumber(2)), SizeIs(1));
  EXPECT_THAT(*NewReader()->ReadRecords(MemberNumber(3)), IsEmpty());
}

TEST_F(MergesConformance, TellsBothMembersOfACommandOfTwo) {
  WriteSet writes;
  for (const uint64_t member : {1, 2})
    writes.members.emplace_back().member = StateOf(member).member;
  CommandWrite given = NewCommand(RequestScope::kRequest, "gift", 1);
  given.record.kind = CommandKind::kTransfer;
  CommandWrite received = NewCommand(RequestScope::kConsequence, "gift", 2);
  received.record.kind = CommandKind::kReceive;
  CommandWrite other = NewCommand(RequestScope::kRequest, "other", 1);
  other.record.kind = CommandKind::kReserve;
  writes.commands = {given, received, other};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  const auto both = NewReader()->FindBoth({"gift", "nobody's", "r-1"});
  ASSERT_TRUE(both.ok()) << both.status();
  EXPECT_THAT(*both, UnorderedElementsAre(::testing::Pair(
                         "gift", UnorderedElementsAre(MemberNumber(1), MemberNumber(2)))));
  EXPECT_THAT(*NewReader()->FindBoth({}), IsEmpty());
}

}  // namespace
}  // namespace dangol::storage
