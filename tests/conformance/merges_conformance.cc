// What merges ask of a store.

#include <gmock/gmock.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
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
  needs.lots = needs.aliases = needs.gone = true;
  needs.work_items = {"w-1", "w-3"};
  needs.purchases_within = {absl::InfinitePast(), absl::InfiniteFuture(), 100};
  return needs;
}

// Member 1 has something of each kind, some of it of person 3, who was merged into them;
// member 2 nothing.
class MergesConformance : public StorageConformance {
 protected:
  MergesConformance() {
    WriteSet writes = WithMember(NewMember(1));
    domain::Reservation held = NewReservation("hold");
    domain::Reservation brought = NewReservation("brought");
    brought.person = MemberNumber(3);
    for (domain::Lot& lot : brought.lots) lot.purse = lot.person = MemberNumber(3);
    writes.members[0].reservations = {held, brought};
    domain::Coupon coupon;
    coupon.coupon_id = coupon.code = "c-1";
    coupon.person = MemberNumber(1);
    coupon.lots = {NewLot(3, kNoon, absl::InfiniteFuture())};
    writes.members[0].coupons = {coupon};
    for (const uint64_t person : {1, 3}) {
      domain::WorkItem item;
      item.item_id = absl::StrCat("w-", person);
      item.person = MemberNumber(person);
      item.department = item.owner = "\\'\" 단골";
      item.opened_at = kNoon;
      item.due_at = kNoon + absl::Hours(person);
      item.body = std::string("\0body", 5);
      writes.members[0].work_items.push_back(item);
    }
    domain::Purchase own = NewPurchase(1, "own", kNoon);
    domain::Purchase other = NewPurchase(1, "other", kNoon + absl::Hours(1));
    own.reservation_id = other.reservation_id = "";
    other.person = MemberNumber(3);
    CommandWrite returned = NewCommand(RequestScope::kReturn, "r-1", 1);
    returned.record.kind = domain::kKindOf<domain::RecordReturn>;
    returned.purchase_return = NewReturn(1, "r-1", kNoon);
    CommandWrite did = NewCommand(RequestScope::kActivity, "a-1", 1);
    did.record.kind = domain::kKindOf<domain::RecordActivity>;
    did.activity = NewActivity(1, "a-1", kNoon);
    writes.commands = {NewPurchaseCommand(own), NewPurchaseCommand(other), returned, did};
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

  // Whatever a member has, and whose it is.
  static std::vector<std::string> HadBy(const domain::MemberState& state) {
    std::vector<std::string> rows;
    const auto add = [&](const std::string& id, const domain::MemberId& person) {
      for (const uint64_t number : {1, 3}) {
        if (person == MemberNumber(number)) rows.push_back(absl::StrCat(id, " of ", number));
      }
    };
    for (const auto& row : state.purchases) add(row.purchase_id, row.person);
    for (const auto& row : state.reservations) add(row.reservation_id, row.person);
    for (const auto& row : state.coupons) add(row.coupon_id, row.person);
    for (const auto& row : state.work_items) add(row.item_id, row.person);
    return rows;
  }
};

// The queue of work is what is open, by when it is due.
TEST_F(MergesConformance, WorkIsListedByWhenItIsDue) {
  const auto listed = [&](const WorkCursor& after, int limit) {
    std::vector<std::string> ids;
    const auto found = NewReader()->ListOpenWork(after, limit);
    for (const FoundWork& work : *found) {
      ids.push_back(work.item.item_id);
      EXPECT_EQ(work.member_id, MemberNumber(1));
      EXPECT_EQ(work.item.department, "\\'\" 단골");
      EXPECT_EQ(work.item.body, std::string("\0body", 5));
    }
    return ids;
  };
  EXPECT_THAT(listed({}, 10), ElementsAre("w-1", "w-3"));
  EXPECT_THAT(listed({}, 1), ElementsAre("w-1"));
  EXPECT_THAT(listed({kNoon + absl::Hours(1), MemberNumber(1), 1, "w-1"}, 10), ElementsAre("w-3"));
  EXPECT_THAT(listed({kNoon + absl::Hours(1), MemberNumber(1), 1, "w-0"}, 10),
              ElementsAre("w-1", "w-3"));
  WriteSet writes;
  MemberWrite& write = writes.members.emplace_back();
  write.member = StateOf(1).member;
  write.work_items = StateOf(1).work_items;
  for (domain::WorkItem& item : write.work_items) {
    if (item.item_id == "w-1") item.status = domain::WorkStatus::kDone;
  }
  ASSERT_TRUE(Commit(*store_, writes).ok());
  EXPECT_THAT(listed({}, 10), ElementsAre("w-3"));
  const auto all = NewReader()->ListWorkOf(MemberNumber(1), domain::WorkKind::kComplaint, "", 10);
  ASSERT_THAT(*all, SizeIs(2));
  EXPECT_EQ(all->front().status, domain::WorkStatus::kDone);
  EXPECT_THAT(*NewReader()->ListWorkOf(MemberNumber(1), domain::WorkKind::kComplaint, "w-1", 10),
              SizeIs(1));
}

// Those who speak for the house are found among all, page by page.
TEST_F(MergesConformance, AdvocatesAreListed) {
  const auto listed = [&](int limit, std::optional<domain::MemberId> after) {
    MemberFilter filter;
    filter.bare = filter.advocates = true;
    filter.after = after;
    std::vector<domain::MemberId> ids;
    const auto members = NewReader()->ListMembers(filter, limit);
    for (const domain::MemberState& state : *members) {
      ids.push_back(state.member.id);
      EXPECT_TRUE(domain::HasAdvocateRecords(state.member));
    }
    return ids;
  };
  EXPECT_THAT(listed(10, {}), IsEmpty());
  WriteSet writes;
  for (const uint64_t member : {1, 2}) {
    MemberWrite& write = writes.members.emplace_back();
    write.member = StateOf(member).member;
    domain::HistoryOf(write.member.id, write.member).advocate.emplace_back().record_id = "n";
    write.rare_changed = true;
  }
  ASSERT_TRUE(Commit(*store_, writes).ok());
  EXPECT_THAT(listed(10, {}), ElementsAre(MemberNumber(1), MemberNumber(2)));
  EXPECT_THAT(listed(1, {}), ElementsAre(MemberNumber(1)));
  EXPECT_THAT(listed(10, MemberNumber(1)), ElementsAre(MemberNumber(2)));
  writes.members.resize(1);
  writes.members[0].member = StateOf(1).member;
  writes.members[0].member.histories.clear();
  writes.members[0].rare_changed = true;
  ASSERT_TRUE(Commit(*store_, writes).ok());
  EXPECT_THAT(listed(10, {}), ElementsAre(MemberNumber(2)));
}

// Whom one member brought is found, page by page, and no longer where the referral that counts is
// another one.
TEST_F(MergesConformance, WhomAMemberBroughtIsListed) {
  const auto listed = [&](uint64_t referrer, int limit, std::optional<domain::MemberId> after) {
    MemberFilter filter;
    filter.bare = true;
    filter.referrer = MemberNumber(referrer);
    filter.after = after;
    std::vector<domain::MemberId> ids;
    const auto members = NewReader()->ListMembers(filter, limit);
    for (const domain::MemberState& state : *members) ids.push_back(state.member.id);
    return ids;
  };
  WriteSet writes;
  for (const uint64_t member : {1, 2}) {
    MemberWrite& write = writes.members.emplace_back();
    write.member = StateOf(member).member;
    domain::HistoryOf(write.member.id, write.member).referral =
        domain::Referral{MemberNumber(3), 20'000, {}, 0};
    write.rare_changed = true;
  }
  ASSERT_TRUE(Commit(*store_, writes).ok());
  EXPECT_THAT(listed(3, 10, {}), ElementsAre(MemberNumber(1), MemberNumber(2)));
  EXPECT_THAT(listed(3, 1, {}), ElementsAre(MemberNumber(1)));
  EXPECT_THAT(listed(3, 10, MemberNumber(1)), ElementsAre(MemberNumber(2)));
  EXPECT_THAT(listed(1, 10, {}), IsEmpty());
  writes.members.resize(1);
  writes.members[0].member = StateOf(1).member;
  domain::HistoryOf(MemberNumber(1), writes.members[0].member).referral.reset();
  writes.members[0].rare_changed = true;
  ASSERT_TRUE(Commit(*store_, writes).ok());
  EXPECT_THAT(listed(3, 10, {}), ElementsAre(MemberNumber(2)));
}

TEST_F(MergesConformance, EverythingGoesOverAndComesBackByPerson) {
  const std::vector<domain::MemberId> both = {MemberNumber(1), MemberNumber(3)};
  const domain::MemberState before = StateOf(1);
  EXPECT_THAT(HadBy(before),
              UnorderedElementsAre("own of 1", "other of 3", "hold of 1", "brought of 3",
                                   "c-1 of 1", "w-1 of 1", "w-3 of 3"));
  ASSERT_TRUE(Hand({MemberNumber(1), MemberNumber(2), both, both}).ok());
  EXPECT_THAT(HadBy(StateOf(1)), IsEmpty());
  const domain::MemberState there = StateOf(2);
  EXPECT_THAT(HadBy(there),
              UnorderedElementsAre("own of 1", "other of 3", "hold of 1", "brought of 3",
                                   "c-1 of 1", "w-1 of 1", "w-3 of 3"));
  for (const domain::Purchase& purchase : there.purchases) {
    EXPECT_EQ(purchase.member_id, MemberNumber(2));
  }
  EXPECT_EQ(there.coupons[0].lots, before.coupons[0].lots);
  EXPECT_THAT(*NewReader()->ListPurchases({MemberNumber(2), absl::InfinitePast()}, 10), SizeIs(2));
  const auto returns = NewReader()->ListReturns({MemberNumber(2), {}}, 10);
  ASSERT_THAT(*returns, SizeIs(1));
  EXPECT_EQ(returns->front().person, MemberNumber(1));
  const auto activities = NewReader()->ListActivities({MemberNumber(2), ""}, 10);
  ASSERT_THAT(*activities, SizeIs(1));
  EXPECT_EQ(activities->front().person, MemberNumber(1));
  EXPECT_EQ((*NewReader()->FindPurchase("own"))->member_id, MemberNumber(2));

  // Only what is theirs goes back.
  const std::vector<domain::MemberId> one = {MemberNumber(3)};
  ASSERT_TRUE(Hand({MemberNumber(2), MemberNumber(1), one, one}).ok());
  EXPECT_THAT(HadBy(StateOf(1)), UnorderedElementsAre("other of 3", "brought of 3", "w-3 of 3"));
  const std::vector<domain::MemberId> rest = {MemberNumber(1)};
  ASSERT_TRUE(Hand({MemberNumber(2), MemberNumber(1), rest, rest}).ok());
  const domain::MemberState after = StateOf(1);
  EXPECT_EQ(after.purchases, before.purchases);
  EXPECT_EQ(after.reservations, before.reservations);
  EXPECT_EQ(after.coupons, before.coupons);
}

// Who joins a household shares a purse and nothing else.
TEST_F(MergesConformance, APurseMayGoOverWithoutTheFacts) {
  ASSERT_TRUE(Hand({MemberNumber(1), MemberNumber(2), {MemberNumber(1)}, {}}).ok());
  EXPECT_THAT(HadBy(StateOf(1)), UnorderedElementsAre("own of 1", "other of 3", "brought of 3",
                                                      "w-1 of 1", "w-3 of 3"));
  EXPECT_THAT(HadBy(StateOf(2)), UnorderedElementsAre("hold of 1", "c-1 of 1"));
}

TEST_F(MergesConformance, KnowsWhoWasMergedIntoWhom) {
  domain::Joined joined;
  joined.into = MemberNumber(2);
  joined.since = kNoon + absl::Microseconds(1);
  joined.aliases = {{"card", kHardWord}};
  WriteSet writes = WithMember(NewMember(1));
  writes.members[0].member.version = 1;
  writes.members[0].member.joined = joined;
  writes.members[0].rare_changed = true;
  writes.members.emplace_back().member = NewMember(2);
  writes.members[1].member.version = 1;
  domain::Member& survivor = writes.members[1].member;
  survivor.sharers = {{MemberNumber(1), MemberNumber(2), false, kNoon},
                      {MemberNumber(7), MemberNumber(1), true, std::nullopt}};
  survivor.own_activity_at = kNoon + absl::Microseconds(3);
  survivor.purses = {MemberNumber(1), MemberNumber(8)};
  survivor.former_owners = {{MemberNumber(9), kNoon, kNoon + absl::Hours(2)}};
  writes.members[1].rare_changed = true;
  ASSERT_TRUE(Commit(*store_, writes).ok());
  EXPECT_EQ(StateOf(1).member.joined, joined);
  EXPECT_EQ(StateOf(2).member.sharers, survivor.sharers);
  EXPECT_EQ(StateOf(2).member.own_activity_at, survivor.own_activity_at);
  EXPECT_EQ(StateOf(2).member.purses, survivor.purses);
  EXPECT_EQ(StateOf(2).member.former_owners, survivor.former_owners);
  EXPECT_EQ((*NewReader()->ListMembers({}, 10))[0].member.joined, joined);

  // Who names the one is led to the other, unless the one is resolved.
  KeySet keys;
  keys.members = {ById(1)};
  const auto reader = NewReader();
  const auto loaded = LoadFollowing(*reader, keys);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->Find({MemberNumber(1), {}})->member.id, MemberNumber(2));
  EXPECT_EQ(loaded->Find({.id = MemberNumber(1), .resolve = domain::Resolve::kToItself})->member.id,
            MemberNumber(1));
  KeySet itself;
  itself.members = {{{.id = MemberNumber(1), .resolve = domain::Resolve::kToItself}, {}}};
  EXPECT_THAT(LoadFollowing(*reader, itself)->members, SizeIs(1));

  writes.members[0].member.version = 2;
  writes.members[0].member.joined.reset();
  writes.members.pop_back();
  ASSERT_TRUE(Commit(*store_, writes).ok());
  EXPECT_EQ(StateOf(1).member.joined, std::nullopt);
}

TEST_F(MergesConformance, KnowsWhatHasExpiredInPursesWherePointsLayBefore) {
  WriteSet writes = WithMember(NewMember(1));
  writes.members[0].member.version = 1;
  writes.members[0].member.purses = {MemberNumber(2)};
  writes.members[0].rare_changed = true;
  domain::LedgerEntry expired = NewEntry(1, 1);
  expired.kind = domain::EntryKind::kExpire;
  expired.purchase_id = "own";
  expired.points = 3;
  domain::LedgerEntry elsewhere = expired;
  elsewhere.member_id = MemberNumber(2);
  elsewhere.points = 4;
  writes.entries = {expired, elsewhere};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  const auto in = [](uint64_t purse, int64_t points) {
    return domain::GonePoints{MemberNumber(purse), "own", "points", points};
  };
  EXPECT_THAT(StateOf(1).gone, UnorderedElementsAre(in(1, 3), in(2, 4)));
  EXPECT_THAT(StateOf(2).gone, UnorderedElementsAre(in(2, 4)));
  // Also of who has been known before, and was merged with somebody since.
  writes.entries.clear();
  writes.members[0].member.version = 2;
  writes.members[0].member.purses = {MemberNumber(2), MemberNumber(3)};
  writes.moves = {{MemberNumber(3), MemberNumber(1), {MemberNumber(3)}, {MemberNumber(3)}}};
  elsewhere.member_id = MemberNumber(3);
  elsewhere.points = 5;
  writes.entries = {elsewhere};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  EXPECT_THAT(StateOf(1).gone, UnorderedElementsAre(in(1, 3), in(2, 4), in(3, 5)));
}

// The lots as they were left where the adjustment was made, and what happened to them anywhere.
TEST_F(MergesConformance, FindsAnAdjustmentInPursesWherePointsLayBefore) {
  const auto entry = [](uint64_t purse, int64_t number, domain::EntryKind kind, int64_t lot,
                        const std::string& reference) {
    domain::LedgerEntry made = NewEntry(purse, number);
    made.kind = kind;
    made.lot = lot;
    made.lot_purse = lot == 0 ? domain::MemberId() : MemberNumber(2);
    made.reference = reference;
    return made;
  };
  domain::Lot left = NewLot(8, kNoon, absl::InfiniteFuture());
  left.purse = left.person = MemberNumber(2);
  left.remaining = 0;
  domain::Lot there = left;
  there.remaining = 5;
  WriteSet writes;
  for (const uint64_t member : {1, 2})
    writes.members.emplace_back().member = StateOf(member).member;
  writes.members[0].member.purses = {MemberNumber(2)};
  writes.members[0].rare_changed = true;
  writes.members[0].lots = {there};
  domain::Lot other = left;
  other.lot = 9;
  writes.members[1].lots = {left, other};
  using domain::EntryKind;
  writes.entries = {entry(2, 8, EntryKind::kAdjust, 8, kHardText),
                    entry(2, 9, EntryKind::kAdjust, 9, "another"),
                    entry(2, 10, EntryKind::kMerge, 8, "merge"),
                    entry(1, 10, EntryKind::kMerge, 8, "merge"),
                    entry(1, 11, EntryKind::kMerge, 9, "merge"),
                    entry(1, 12, EntryKind::kExpire, 8, ""),
                    entry(1, 13, EntryKind::kWriteOff, 0, kHardText),
                    entry(1, 14, EntryKind::kWriteOff, 0, "another")};
  ASSERT_TRUE(Commit(*store_, writes).ok());

  domain::MemberNeeds needs;
  needs.adjustments = {kHardText};
  KeySet keys;
  keys.members = {ById(1, needs), ById(2, needs)};
  const auto loaded = Read(*store_, keys);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  const domain::MemberState& one = loaded->members.at(MemberNumber(1));
  EXPECT_THAT(one.adjusted_lots, ElementsAre(left));
  EXPECT_THAT(one.adjusted_entries,
              UnorderedElementsAre(writes.entries[0], writes.entries[2], writes.entries[3],
                                   writes.entries[5], writes.entries[6]));
  const domain::MemberState& two = loaded->members.at(MemberNumber(2));
  EXPECT_THAT(two.adjusted_lots, ElementsAre(left));
  EXPECT_THAT(two.adjusted_entries, UnorderedElementsAre(writes.entries[0], writes.entries[2]));
}

// Whose purse it was is in the log, and who acted is what a reservation is found by.
TEST_F(MergesConformance, FindsAReservationByWhoMadeIt) {
  WriteSet writes;
  for (const uint64_t member : {1, 2})
    writes.members.emplace_back().member = StateOf(member).member;
  writes.commands = {NewCommand(RequestScope::kRequest, "theirs", 1)};
  writes.commands[0].record.kind = domain::kKindOf<domain::ReservePoints>;
  writes.commands[0].record.inputs.person = MemberNumber(2);
  ASSERT_TRUE(Commit(*store_, writes).ok());
  domain::MemberRef ref;
  ref.reservation_id = "theirs";
  KeySet keys;
  keys.members = {{ref, {}}};
  const auto loaded = Read(*store_, keys);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->Find(ref)->member.id, MemberNumber(2));
  const auto records = NewReader()->ReadRecords(std::nullopt);
  ASSERT_TRUE(records.ok()) << records.status();
  EXPECT_EQ(records->family.front().commands.back().inputs.person, MemberNumber(2));
}

TEST_F(MergesConformance, ReadsTheRecordsOfAllWhoWereEverMerged) {
  WriteSet writes;
  const auto add = [&](domain::ActionKind kind, RequestScope scope, uint64_t member) {
    CommandWrite& write = writes.commands.emplace_back(NewCommand(scope, "merge", member));
    write.record.kind = kind;
  };
  add(domain::kKindOf<domain::MergeMembers>, RequestScope::kRequest, 1);
  add(domain::kKindOf<domain::AbsorbMember>, RequestScope::kConsequence, 2);
  const std::vector<domain::MemberId> persons = {MemberNumber(1), MemberNumber(3)};
  writes.moves = {{MemberNumber(1), MemberNumber(2), persons, persons}};
  writes.members.emplace_back().member = NewMember(3);
  ASSERT_TRUE(Commit(*store_, writes).ok());
  const auto first = NewReader()->ReadRecords(std::nullopt);
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_THAT(first->family, SizeIs(2));
  EXPECT_EQ(first->family[0].state.member.id, MemberNumber(1));
  EXPECT_EQ(first->family[1].state.member.id, MemberNumber(2));
  // What was bought by the one and is the other's now is in the log of the one.
  EXPECT_THAT(first->family[0].commands, SizeIs(5));
  EXPECT_THAT(first->family[1].commands, SizeIs(1));
  EXPECT_THAT(first->family[1].state.purchases, SizeIs(2));
  // The other comes with the one, and not once more.
  const auto second = NewReader()->ReadRecords(MemberNumber(1));
  EXPECT_EQ(second->first, MemberNumber(2));
  EXPECT_THAT(second->family, IsEmpty());
  EXPECT_THAT(NewReader()->ReadRecords(MemberNumber(2))->family, SizeIs(1));
  EXPECT_EQ(NewReader()->ReadRecords(MemberNumber(3))->first, std::nullopt);
}

TEST_F(MergesConformance, TellsBothMembersOfACommandOfTwo) {
  WriteSet writes;
  for (const uint64_t member : {1, 2})
    writes.members.emplace_back().member = StateOf(member).member;
  CommandWrite given = NewCommand(RequestScope::kRequest, "gift", 1);
  given.record.kind = domain::kKindOf<domain::TransferPoints>;
  CommandWrite received = NewCommand(RequestScope::kConsequence, "gift", 2);
  received.record.kind = domain::kKindOf<domain::ReceivePoints>;
  CommandWrite other = NewCommand(RequestScope::kRequest, "other", 1);
  other.record.kind = domain::kKindOf<domain::ReservePoints>;
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
