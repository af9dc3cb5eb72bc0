// What returns and reservations ask of a store.

#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/common/limits.h"
#include "tests/conformance/sample_rows.h"
#include "tests/conformance/storage_conformance.h"

namespace dangol::storage {
namespace {

domain::PurchasesWithin Since(absl::Time from) {
  return {from, absl::InfiniteFuture(), limits::kMaxPurchasesPerReturn};
}

using domain::ReservationStatus;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

const absl::Time kNoon = Utc("2026-01-15 12:00:00");

domain::MemberRef OfPurchase(const std::string& id) { return {.purchase_id = id}; }
domain::MemberRef OfReservation(const std::string& id) { return {.reservation_id = id}; }

KeySet Asking(uint64_t member, domain::MemberNeeds needs) {
  KeySet keys;
  keys.members = {ById(member, std::move(needs))};
  return keys;
}

KeySet AskingForLots(uint64_t member) { return Asking(member, {.lots = true}); }

std::string PurchasesOf(const domain::MemberState& state) {
  std::string ids;
  for (const domain::Purchase& purchase : state.purchases) ids += purchase.purchase_id;
  return ids;
}

class ReturnsConformance : public StorageConformance {
 protected:
  // What a load has found of a member.
  domain::MemberState StateOf(uint64_t member, const KeySet& keys) {
    const auto loaded = Read(*store_, keys);
    EXPECT_TRUE(loaded.ok()) << loaded.status();
    const domain::MemberState* state = loaded->Find({MemberNumber(member), {}});
    return state == nullptr ? domain::MemberState() : *state;
  }

  // A purchase that names no reservation.
  void Buy(uint64_t member, const std::string& id, absl::Time occurred_at) {
    domain::Purchase purchase = NewPurchase(member, id, occurred_at);
    purchase.reservation_id = "";
    WriteSet writes;
    writes.commands = {NewPurchaseCommand(purchase)};
    ASSERT_TRUE(Commit(*store_, writes).ok());
  }
};

TEST_F(ReturnsConformance, HeldReservationsComeWithTheLots) {
  WriteSet writes = WithMember(NewMember(1));
  writes.members[0].reservations = {NewReservation("held 2"), NewReservation(kHardText),
                                    NewReservation("captured", ReservationStatus::kCaptured),
                                    NewReservation("voided", ReservationStatus::kVoided),
                                    NewReservation("lapsed", ReservationStatus::kLapsed)};
  writes.members.emplace_back().member = NewMember(2);
  writes.members[1].reservations = {NewReservation("another's")};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  EXPECT_THAT(StateOf(1, AskingForLots(1)).reservations,
              ElementsAre(NewReservation(kHardText), NewReservation("held 2")));
  EXPECT_THAT(StateOf(1, Asking(1, {})).reservations, IsEmpty());
}

TEST_F(ReturnsConformance, AReservationIsPutInPlace) {
  WriteSet writes = WithMember(NewMember(1));
  writes.members[0].reservations = {NewReservation("r-1")};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  writes.members[0].member.version = 1;
  domain::Reservation& reservation = writes.members[0].reservations[0];
  reservation.status = ReservationStatus::kCaptured;
  reservation.captured = 7;
  reservation.restored = 6;
  reservation.lots.pop_back();
  ASSERT_TRUE(Commit(*store_, writes).ok());
  EXPECT_THAT(StateOf(1, AskingForLots(1)).reservations, IsEmpty());
  EXPECT_THAT(StateOf(1, Asking(1, {.reservations = {"r-1"}})).reservations,
              ElementsAre(reservation));
}

TEST_F(ReturnsConformance, LoadsTheReservationsAskedFor) {
  WriteSet writes = WithMember(NewMember(1));
  const domain::Reservation held = NewReservation("a");
  const domain::Reservation captured = NewReservation("b", ReservationStatus::kCaptured);
  writes.members[0].reservations = {held, captured, NewReservation("c")};
  writes.members.emplace_back().member = NewMember(2);
  writes.members[1].reservations = {NewReservation("d")};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  // Neither in other letters nor of somebody else.
  KeySet keys = Asking(1, {.reservations = {"a", "b", "b", "B", "d", "none"}});
  EXPECT_THAT(StateOf(1, keys).reservations, ElementsAre(held, captured));
  EXPECT_FALSE(StateOf(1, keys).has_lots);
  // Once, also where they come with the lots.
  keys.members.push_back(ById(1, {.lots = true, .reservations = {"b", "c"}}));
  keys.members.push_back(ById(2, {.reservations = {"a"}}));
  EXPECT_THAT(StateOf(1, keys).reservations, ElementsAre(held, captured, NewReservation("c")));
  EXPECT_THAT(StateOf(2, keys).reservations, IsEmpty());
}

TEST_F(ReturnsConformance, ATransactionLoadsThemToo) {
  WriteSet writes = WithMember(NewMember(1));
  writes.members[0].reservations = {NewReservation("a"),
                                    NewReservation("b", ReservationStatus::kCaptured)};
  domain::Purchase purchase = NewPurchase(1, "p", kNoon);
  purchase.reservation_id = "b";
  writes.commands = {NewPurchaseCommand(purchase)};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  KeySet keys;
  keys.members = {{OfPurchase("p"), {.lots = true, .purchases = {"p"}}}};
  const auto transaction = store_->Begin();
  const auto loaded = (*transaction)->Load(keys);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  const domain::MemberState* state = loaded->Find(OfPurchase("p"));
  ASSERT_NE(state, nullptr);
  EXPECT_THAT(state->reservations,
              ElementsAre(writes.members[0].reservations[0], writes.members[0].reservations[1]));
  EXPECT_THAT(state->purchases, ElementsAre(purchase));
}

TEST_F(ReturnsConformance, DebtsAreLots) {
  WriteSet writes = WithMember(NewMember(1));
  domain::Lot debt = NewLot(2, kNoon, absl::InfiniteFuture());
  debt.points = debt.remaining = -7;
  writes.members[0].lots = {NewLot(1, kNoon, absl::InfiniteFuture()), debt};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  EXPECT_THAT(StateOf(1, AskingForLots(1)).lots,
              ElementsAre(NewLot(1, kNoon, absl::InfiniteFuture()), debt));
}

// Whatever it is about: new points repay what is owed.
TEST_F(ReturnsConformance, WhoOwesComesWithLots) {
  WriteSet writes = WithMember(NewMember(1));
  domain::Lot debt = NewLot(2, kNoon, absl::InfiniteFuture());
  debt.remaining = -7;
  writes.members[0].lots = {debt};
  writes.members[0].reservations = {NewReservation("a")};
  writes.members[0].accounts = {{"miles", 0, 9, 0}, {"points", 0, 0, 0}};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  EXPECT_FALSE(StateOf(1, Asking(1, {})).has_lots);
  writes.members[0].member.version = 1;
  writes.members[0].accounts = {{"points", 20, -7, 0, 7}};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  const domain::MemberState owing = StateOf(1, Asking(1, {}));
  EXPECT_TRUE(owing.has_lots);
  EXPECT_THAT(owing.lots, ElementsAre(debt));
  EXPECT_THAT(owing.reservations, ElementsAre(NewReservation("a")));
}

TEST_F(ReturnsConformance, FindsMembersByTheirPurchasesAndReservations) {
  WriteSet writes = WithMember(NewMember(1));
  writes.members.emplace_back().member = NewMember(2);
  writes.commands = {NewCommand(RequestScope::kPurchase, kHardText, 1),
                     NewCommand(RequestScope::kRequest, kHardText, 2),
                     NewCommand(RequestScope::kReturn, "returned", 1),
                     NewCommand(RequestScope::kRequest, "of nobody", 1)};
  writes.commands[3].record.member_id = {};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  KeySet keys;
  keys.members = {{OfPurchase(kHardText), {.lots = true}},
                  {OfReservation(kHardText), {}},
                  {OfPurchase(kHardText), {}},
                  {OfPurchase("returned"), {}},
                  {OfPurchase("none"), {}},
                  {OfReservation("of nobody"), {}}};
  const auto loaded = Read(*store_, keys);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_THAT(loaded->origins,
              UnorderedElementsAre(
                  std::pair(RequestKey{RequestScope::kPurchase, kHardText}, MemberNumber(1)),
                  std::pair(RequestKey{RequestScope::kRequest, kHardText}, MemberNumber(2))));
  EXPECT_THAT(loaded->members, SizeIs(2));
  EXPECT_THAT(loaded->aliases, IsEmpty());
  EXPECT_EQ(loaded->Find(OfPurchase(kHardText))->member.id, MemberNumber(1));
  EXPECT_TRUE(loaded->Find(OfPurchase(kHardText))->has_lots);
  EXPECT_EQ(loaded->Find(OfReservation(kHardText))->member.id, MemberNumber(2));
  EXPECT_EQ(loaded->Find(OfPurchase("returned")), nullptr);
  EXPECT_EQ(loaded->Find(OfPurchase("none")), nullptr);
  EXPECT_EQ(loaded->Find(OfReservation("of nobody")), nullptr);
}

TEST_F(ReturnsConformance, MembersAreNamedInEveryWayAtOnce) {
  WriteSet writes;
  for (const uint64_t number : {1, 2, 3}) writes.members.emplace_back().member = NewMember(number);
  writes.aliases = {{{"card", "1"}, MemberNumber(1), true}};
  writes.commands = {NewCommand(RequestScope::kPurchase, "p", 2)};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  KeySet keys;
  keys.members = {ById(3), {{std::nullopt, {"card", "1"}}, {}}, {OfPurchase("p"), {}}};
  const auto loaded = Read(*store_, keys);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_THAT(loaded->members, SizeIs(3));
  EXPECT_EQ(loaded->Find(OfPurchase("p"))->member.id, MemberNumber(2));
  EXPECT_EQ(loaded->Find({std::nullopt, {"card", "1"}})->member.id, MemberNumber(1));
}

TEST_F(ReturnsConformance, LoadsThePurchasesAskedForWithTheirReservations) {
  WriteSet writes = WithMember(NewMember(1));
  writes.members.emplace_back().member = NewMember(2);
  const domain::Reservation paid = NewReservation(kHardText, ReservationStatus::kCaptured);
  writes.members[0].reservations = {paid, NewReservation("other", ReservationStatus::kCaptured)};
  const domain::Purchase purchase = NewPurchase(1, kHardText, kNoon);
  writes.commands = {NewPurchaseCommand(purchase), NewPurchaseCommand(NewPurchase(1, "b", kNoon)),
                     NewPurchaseCommand(NewPurchase(2, "c", kNoon))};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  KeySet keys = Asking(1, {.purchases = {kHardText, kHardText, "c", "B", "none"}});
  const domain::MemberState state = StateOf(1, keys);
  EXPECT_THAT(state.purchases, ElementsAre(purchase));
  EXPECT_THAT(state.reservations, ElementsAre(paid));
  EXPECT_FALSE(state.has_lots);
  // Each member gets what was asked of them.
  keys.members.push_back(ById(2, {.purchases = {"b", "c"}}));
  EXPECT_EQ(PurchasesOf(StateOf(1, keys)), kHardText);
  EXPECT_EQ(PurchasesOf(StateOf(2, keys)), "c");
}

TEST_F(ReturnsConformance, LoadsThePurchasesSinceThenTheNewestFirst) {
  WriteSet writes = WithMember(NewMember(1));
  const domain::Reservation paid = NewReservation("paid", ReservationStatus::kCaptured);
  writes.members[0].reservations = {paid};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  const absl::Duration hour = absl::Hours(1);
  Buy(1, "a", kNoon - absl::Microseconds(1));
  Buy(1, "b", kNoon);
  Buy(1, "d", kNoon + hour);
  Buy(1, "c", kNoon + hour);
  Buy(2, "x", kNoon + hour);
  domain::Purchase last = NewPurchase(1, "e", kNoon + 2 * hour);
  last.reservation_id = "paid";
  writes = {};
  writes.commands = {NewPurchaseCommand(last)};
  ASSERT_TRUE(Commit(*store_, writes).ok());

  KeySet keys = Asking(1, {.purchases_within = Since(kNoon)});
  EXPECT_EQ(PurchasesOf(StateOf(1, keys)), "edcb");
  EXPECT_THAT(StateOf(1, keys).reservations, ElementsAre(paid));
  // Who asks from different times gets them once.
  keys.members.push_back(ById(1, {.purchases_within = Since(kNoon + hour)}));
  EXPECT_EQ(PurchasesOf(StateOf(1, keys)), "edcb");
  // Those that are also asked for by their ids come once, in whatever order.
  keys.members.push_back(ById(1, {.purchases = {"a", "c"}}));
  std::string all = PurchasesOf(StateOf(1, keys));
  std::sort(all.begin(), all.end());
  EXPECT_EQ(all, "abcde");
  EXPECT_EQ(PurchasesOf(StateOf(1, Asking(1, {.purchases_within = Since(absl::InfiniteFuture())}))),
            "");
}

TEST_F(ReturnsConformance, LoadsPurchasesToATime) {
  const absl::Duration hour = absl::Hours(1);
  WriteSet writes = WithMember(NewMember(1));
  for (int i = 0; i < 5; ++i) {
    domain::Purchase purchase =
        NewPurchase(1, std::string(1, static_cast<char>('a' + i)), kNoon + i * hour);
    purchase.reservation_id = "";
    writes.commands.push_back(NewPurchaseCommand(purchase));
  }
  ASSERT_TRUE(Commit(*store_, writes).ok());
  const domain::PurchasesWithin middle = {kNoon + hour, kNoon + 3 * hour, 10};
  KeySet keys = Asking(1, {.purchases_within = middle});
  EXPECT_EQ(PurchasesOf(StateOf(1, keys)), "cb");
  // With others that overlap, each comes once.
  keys.members.push_back(ById(1, {.purchases_within = Since(kNoon + 2 * hour)}));
  std::string all = PurchasesOf(StateOf(1, keys));
  std::sort(all.begin(), all.end());
  EXPECT_EQ(all, "bcde");
}

TEST_F(ReturnsConformance, LoadsNoMorePurchasesThanAReturnMayLookAt) {
  WriteSet writes = WithMember(NewMember(1));
  for (size_t i = 0; i <= limits::kMaxPurchasesPerReturn; ++i) {
    domain::Purchase purchase =
        NewPurchase(1, absl::StrCat("p-", i), kNoon + absl::Seconds(static_cast<int64_t>(i)));
    purchase.reservation_id = "";
    writes.commands.push_back(NewPurchaseCommand(purchase));
  }
  ASSERT_TRUE(Commit(*store_, writes).ok());
  const auto purchases = StateOf(1, Asking(1, {.purchases_within = Since(kNoon)})).purchases;
  ASSERT_THAT(purchases, SizeIs(limits::kMaxPurchasesPerReturn));
  EXPECT_EQ(purchases.front(), writes.commands.back().purchase);
  EXPECT_EQ(purchases.back(), writes.commands[1].purchase);
}

TEST_F(ReturnsConformance, KeepsWhatReturnsChangeInPurchases) {
  domain::Purchase purchase = NewPurchase(1, kHardText, kNoon);
  const domain::Purchase other = NewPurchase(1, "other", kNoon);
  WriteSet writes = WithMember(NewMember(1));
  writes.commands = {NewPurchaseCommand(purchase), NewPurchaseCommand(other)};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  purchase.returned_minor = 900;
  purchase.lines[0].returned_quantity = 2;
  purchase.lines[0].returned_minor = 900;
  purchase.earned[0].stands = 1;
  purchase.earned[0].qualifying_stands = 0;
  purchase.earned[0].expired = 2;
  purchase.earned[0].written_off = 3;
  purchase.returned_by_amount_minor = 4;
  writes = WithMember(NewMember(1));
  writes.members[0].member.version = 1;
  writes.members[0].purchases = {purchase};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  EXPECT_EQ(*NewReader()->FindPurchase(kHardText), purchase);
  EXPECT_EQ(*NewReader()->FindPurchase("other"), other);
  EXPECT_THAT(StateOf(1, Asking(1, {.purchases = {kHardText}})).purchases, ElementsAre(purchase));
}

TEST_F(ReturnsConformance, APurchaseMayBeReturnedInItsOwnBatch) {
  domain::Purchase purchase = NewPurchase(1, "p", kNoon);
  WriteSet writes = WithMember(NewMember(1));
  writes.commands = {NewPurchaseCommand(purchase)};
  purchase.returned_minor = 1'000;
  writes.members[0].purchases = {purchase};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  EXPECT_EQ(*NewReader()->FindPurchase("p"), purchase);
}

TEST_F(ReturnsConformance, ListsReturnsLatestFirst) {
  const domain::Return returns[] = {
      NewReturn(1, "b", kNoon), NewReturn(1, "a", kNoon), NewReturn(1, "c", kNoon - absl::Hours(1)),
      NewReturn(1, kHardText, kNoon + absl::Hours(1)), NewReturn(2, "e", kNoon)};
  WriteSet writes;
  for (const domain::Return& returned : returns) {
    writes.commands.push_back(NewCommand(RequestScope::kReturn, returned.return_id, 1));
    writes.commands.back().record.member_id = returned.member_id;
    writes.commands.back().purchase_return = returned;
  }
  ASSERT_TRUE(Commit(*store_, writes).ok());
  const auto reader = NewReader();
  ReturnFilter filter;
  filter.member_id = MemberNumber(1);
  EXPECT_THAT(*reader->ListReturns(filter, 10),
              ElementsAre(returns[3], returns[0], returns[1], returns[2]));
  EXPECT_THAT(*reader->ListReturns(filter, 1), ElementsAre(returns[3]));
  filter.before = PurchaseCursor{kNoon, "b"};
  EXPECT_THAT(*reader->ListReturns(filter, 10), ElementsAre(returns[1], returns[2]));
  filter.member_id = MemberNumber(3);
  EXPECT_THAT(*reader->ListReturns(filter, 10), IsEmpty());
}

TEST_F(ReturnsConformance, AReturnIsRecordedOnce) {
  WriteSet writes;
  writes.commands = {NewCommand(RequestScope::kReturn, "1", 1)};
  writes.commands[0].purchase_return = NewReturn(1, "1", kNoon);
  ASSERT_TRUE(Commit(*store_, writes).ok());
  writes.commands[0].record.key.id = "2";
  EXPECT_TRUE(absl::IsAborted(Commit(*store_, writes)));
  EXPECT_THAT(*NewReader()->ListReturns({MemberNumber(1), {}}, 10), SizeIs(1));
}

}  // namespace
}  // namespace dangol::storage
