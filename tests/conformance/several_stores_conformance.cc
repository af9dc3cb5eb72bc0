// Several stores are open on one database, and each keeps something in memory.

#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "tests/conformance/sample_rows.h"
#include "tests/conformance/storage_conformance.h"

namespace dangol::storage {
namespace {

class SeveralStoresConformance : public StorageConformance {};

// Reserves, captures and lets lapse.
void ChangeReservations(const domain::MemberState& before, std::mt19937& random,
                        MemberWrite& write) {
  for (const domain::Reservation& reservation : before.reservations) {
    if (random() % 3 == 0) continue;
    write.reservations.push_back(reservation);
    domain::Reservation& after = write.reservations.back();
    after.restored += 1;
    if (random() % 2 == 0) after.status = domain::ReservationStatus::kCaptured;
  }
  if (random() % 2 == 0) {
    write.reservations.push_back(NewReservation(absl::StrCat("r-", before.member.entry_count)));
  }
}

// Changes a member at random, as a decision may: time passes only over lots that were
// loaded, and leaves nothing in those that expire.
MemberWrite RandomChange(const domain::MemberState& before, std::mt19937& random) {
  MemberWrite write;
  write.next_due_at_before = before.member.next_due_at;
  write.member = before.member;
  domain::Restand({19'000 + static_cast<int>(random() % 9), {{domain::Measure::kPurchases, "", 1}}},
                  {}, 19'010, domain::HistoryOf(write.member.id, write.member));
  if (before.has_lots) write.member.advanced_until += absl::Hours(random() % 3);
  const absl::Time due = write.member.advanced_until + absl::Hours(random() % 3);
  write.member.next_due_at = random() % 2 == 0 ? due : absl::InfiniteFuture();
  write.member.points_due_at.reset();
  if (random() % 2 == 0) write.member.points_due_at = write.member.next_due_at;
  domain::Account account = domain::AccountOf(before, random() % 2 == 0 ? "points" : "miles");
  account.available += static_cast<int64_t>(random() % 5) - 2;
  account.owed = std::max<int64_t>(-account.available, 0);  // Who owes comes with lots.
  write.accounts.push_back(account);
  for (const domain::Lot& lot : before.lots) {
    const bool expired = lot.expires_at <= write.member.advanced_until;
    if (!expired && random() % 4 != 0) continue;
    write.lots.push_back(lot);
    write.lots.back().remaining = expired || random() % 2 == 0 ? 0 : lot.remaining - 1;
  }
  write.member.entry_count += 1;
  write.lots.push_back(NewLot(write.member.entry_count, Utc("2026-01-01 12:00:00"),
                              write.member.advanced_until + absl::Hours(1 + random() % 9)));
  if (random() % 4 == 0) write.lots.back().remaining = -1;
  if (before.has_lots) ChangeReservations(before, random, write);
  return write;
}

// A store may give lots that were not asked for, and what is held of them.
std::string Describe(const domain::MemberState& state, bool with_lots,
                     const std::vector<std::string>& reservations) {
  std::string text = absl::StrCat("version ", state.member.version, " did ",
                                  absl::CHexEscape(EncodeRecord(state.member)), " until ",
                                  absl::FormatTime(state.member.advanced_until), " due ",
                                  absl::FormatTime(state.member.next_due_at),
                                  state.has_lots || !with_lots ? "" : " without lots");
  std::map<std::string, int64_t> available;  // They come in any order.
  for (const domain::Account& account : state.accounts) {
    available[account.wallet] = account.available;
  }
  for (const auto& [wallet, points] : available) absl::StrAppend(&text, " ", wallet, "=", points);
  for (const domain::Reservation& reservation : state.reservations) {
    const std::string& id = reservation.reservation_id;
    if (!with_lots && std::count(reservations.begin(), reservations.end(), id) == 0) continue;
    absl::StrAppend(&text, " ", id, "=", static_cast<int>(reservation.status), " restored ",
                    reservation.restored);
  }
  if (!with_lots) return text;
  for (const domain::Lot& lot : state.lots) {
    absl::StrAppend(&text, " #", lot.lot, "=", lot.remaining, " until ",
                    absl::FormatTime(lot.expires_at));
  }
  return text;
}

void ExpectTheSame(const Loaded& seen, const Loaded& stored,
                   const std::vector<std::string>& reservations) {
  ASSERT_EQ(seen.members.size(), stored.members.size());
  for (const auto& [id, state] : stored.members) {
    ASSERT_EQ(Describe(seen.members.at(id), state.has_lots, reservations),
              Describe(state, state.has_lots, reservations));
  }
}

// One transaction, which is not always committed.
void ChangeAtRandom(Store& store, const Loaded& stored, const KeySet& keys,
                    const std::vector<std::string>& reservations, std::mt19937& random) {
  const auto transaction = store.Begin();
  const auto loaded = (*transaction)->Load(keys);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  ASSERT_NO_FATAL_FAILURE(ExpectTheSame(*loaded, stored, reservations));
  WriteSet writes;
  for (const MemberQuery& query : keys.members) {
    if (random() % 2 == 0) writes.members.push_back(RandomChange(*loaded->Find(query.ref), random));
  }
  ASSERT_TRUE((*transaction)->Write(writes).ok());
  if (random() % 8 == 0) return;
  ASSERT_TRUE((*transaction)->Commit().ok());
}

// Whatever a store keeps in memory, it never shows what is not stored.
TEST_F(SeveralStoresConformance, SeveralStoresOnOneDatabaseSeeTheSame) {
  const std::unique_ptr<Store> other = database_.Open();
  std::mt19937 random(20'261'126);
  constexpr uint64_t kMembers = 3;
  for (uint64_t i = 1; i <= kMembers; ++i) {
    ASSERT_TRUE(Commit(*store_, WithMember(NewMember(i))).ok());
  }
  const std::unique_ptr<Reader> readers[] = {*store_->NewReader(), *other->NewReader()};
  for (int round = 0; round < 300; ++round) {
    KeySet keys;
    keys.now = Utc("2026-01-02 00:00:00") + absl::Hours(random() % 400);
    // Some that are there and some that are not, of some rounds.
    std::vector<std::string> reservations;
    if (random() % 4 == 0) reservations = {absl::StrCat("r-", random() % (1 + round / 3)), "none"};
    for (uint64_t i = 1; i <= kMembers; ++i) {
      if (random() % 3 == 0) continue;
      keys.members.push_back(ById(i));
      keys.members.back().needs.lots = random() % 3 == 0;
      keys.members.back().needs.aliases = random() % 8 == 0;
      keys.members.back().needs.reservations = reservations;
    }
    SCOPED_TRACE(absl::StrCat("round ", round));
    // A new store has nothing in memory.
    ASSERT_NO_FATAL_FAILURE(ChangeAtRandom(random() % 2 == 0 ? *store_ : *other,
                                           *Read(*database_.Open(), keys), keys, reservations,
                                           random));
    const auto stored = Read(*database_.Open(), keys);
    for (const std::unique_ptr<Reader>& reader : readers) {
      const auto seen = reader->Load(keys);
      ASSERT_TRUE(seen.ok()) << seen.status();
      ASSERT_NO_FATAL_FAILURE(ExpectTheSame(*seen, *stored, reservations));
    }
  }
}

// Writes both members, as a merge and its unmerge do, and takes all facts of person 1 along.
absl::Status TakeAlong(Store& store, uint64_t from, uint64_t to) {
  const auto transaction = store.Begin();
  if (!transaction.ok()) return transaction.status();
  KeySet keys;
  keys.members = {ById(1), ById(2)};
  const auto loaded = (*transaction)->Load(keys);
  if (!loaded.ok()) return loaded.status();
  WriteSet writes;
  for (const MemberQuery& query : keys.members) {
    writes.members.emplace_back().member = loaded->Find(query.ref)->member;
  }
  const std::vector<domain::MemberId> person = {MemberNumber(1)};
  writes.moves = {{MemberNumber(from), MemberNumber(to), person, person}};
  const absl::Status written = (*transaction)->Write(writes);
  return written.ok() ? (*transaction)->Commit() : written;
}

// What a return names may go to another member while it is looked for: then it is looked for
// again, and never found with a member who has not got it any more.
TEST_F(SeveralStoresConformance, WhatIsNamedIsFoundWithWhoHasIt) {
  WriteSet writes = WithMember(NewMember(1));
  writes.members.emplace_back().member = NewMember(2);
  domain::Purchase bought = NewPurchase(1, "bought", Utc("2026-01-15 12:00:00"));
  bought.reservation_id = "";
  CommandWrite returned = NewCommand(RequestScope::kReturn, "back", 1);
  returned.record.kind = domain::kKindOf<domain::RecordReturn>;
  returned.purchase_return = NewReturn(1, "back", Utc("2026-01-16 12:00:00"));
  returned.purchase_return->lines[0].purchase_id = "bought";
  writes.commands = {NewPurchaseCommand(bought), returned};
  ASSERT_TRUE(Commit(*store_, writes).ok());

  std::atomic<bool> is_done = false;
  std::thread mover([&, other = database_.Open()] {
    for (uint64_t from = 1; !is_done;) {
      if (TakeAlong(*other, from, 3 - from).ok()) from = 3 - from;
    }
  });
  KeySet keys;
  keys.members.emplace_back().ref.return_id = "back";
  int found = 0;
  while (found < 200) {
    const auto loaded = Read(*store_, keys);
    if (!loaded.ok()) {
      EXPECT_TRUE(absl::IsAborted(loaded.status())) << loaded.status();
      continue;
    }
    const domain::MemberState* const state = loaded->Find(keys.members[0].ref);
    ASSERT_NE(state, nullptr);
    ASSERT_EQ(state->purchases.size(), 1U);
    EXPECT_EQ(state->purchases[0].member_id, state->member.id);
    ++found;
  }
  is_done = true;
  mover.join();
}

}  // namespace
}  // namespace dangol::storage
