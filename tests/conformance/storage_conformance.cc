#include "tests/conformance/storage_conformance.h"

#include <gmock/gmock.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/common/status_macros.h"
#include "tests/conformance/sample_rows.h"

namespace dangol::storage {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

absl::Status StorageConformance::Commit(Store& store, const WriteSet& writes) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Transaction> transaction, store.Begin());
  RETURN_IF_ERROR(transaction->Write(writes));
  return transaction->Commit();
}

absl::StatusOr<Loaded> StorageConformance::Read(Store& store, const KeySet& keys) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Reader> reader, store.NewReader());
  return reader->Load(keys);
}

namespace {

TEST_F(StorageConformance, AnEmptyStoreHasNothing) {
  KeySet keys;
  keys.requests = {{RequestScope::kPurchase, "p-1"}};
  keys.members = {ById(1), {{std::nullopt, {"card", "1"}}, {}}};
  keys.aliases = {{"card", "2"}};
  const auto loaded = Read(*store_, keys);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_THAT(loaded->requests, IsEmpty());
  EXPECT_THAT(loaded->members, IsEmpty());
  EXPECT_THAT(loaded->aliases, IsEmpty());
  EXPECT_THAT(loaded->rules, IsEmpty());
  EXPECT_EQ(loaded->Find({MemberNumber(1), {}}), nullptr);
  EXPECT_EQ(loaded->Find({std::nullopt, {"card", "1"}}), nullptr);
}

TEST_F(StorageConformance, KeepsMembersAsTheyAre) {
  domain::Member member = NewMember(1);
  member.status = domain::MemberStatus::kSuspended;
  member.attributes = {{"city", kHardText}, {"x", ""}};
  domain::Series series;
  series.measure = domain::Measure::kQualifying;
  series.of = kHardWord;
  series.days = {20'000, 20'001, 20'400};
  series.sums = {1, 300, int64_t{1} << 62};
  series.before = 7;
  series.first_day = 19'000;
  series.begins = 19'900;
  member.histories = {{domain::MemberId(), {series, {}}}, {MemberNumber(2), {series}}};
  member.histories[0].overrides = {{"o-1", "main", kHardWord, domain::TierOverride::Kind::kAtMost,
                                    20'000, 20'100, kHardText, "desk"}};
  member.histories[0].imports = {{"i-1",
                                  kHardText,
                                  20'000,
                                  {{domain::Indicator::kNetSpend, kHardWord, int64_t{1} << 62},
                                   {domain::Indicator::kPurchases, "", 1}},
                                  "desk"}};
  member.award_count = 3;
  member.fallen_awards = 1;
  member.ladders = {{"main",
                     {{20'000, "gold", domain::TierReason::kGrace, 19'000, 20'100, 19'999, 20'001,
                       int64_t{1} << 62},
                      {20'101}},
                     20'050}};
  member.last_activity_at = Utc("2026-01-03 00:00:00") + absl::Microseconds(1);
  member.entry_count = 12;
  member.next_due_at = Utc("2026-02-01 00:00:00");
  member.points_due_at = Utc("2026-03-01 00:00:00");
  ASSERT_TRUE(Commit(*store_, WithMember(member)).ok());
  KeySet keys;
  keys.members = {ById(1)};
  const auto loaded = Read(*store_, keys);
  ASSERT_TRUE(loaded.ok());
  member.version = 1;
  EXPECT_EQ(loaded->Find({member.id, {}})->member, member);
}

TEST_F(StorageConformance, AWriteNeedsTheVersionThatItWasMadeFrom) {
  domain::Member member = NewMember(1);
  ASSERT_TRUE(Commit(*store_, WithMember(member)).ok());
  member.version = 1;
  member.entry_count = 1;
  ASSERT_TRUE(Commit(*store_, WithMember(member)).ok());
  member.entry_count = 99;
  EXPECT_TRUE(absl::IsAborted(Commit(*store_, WithMember(member))));  // Version 1 is gone.
  member.version = 3;
  EXPECT_TRUE(absl::IsAborted(Commit(*store_, WithMember(member))));  // And 3 is not there yet.
  EXPECT_TRUE(
      absl::IsAborted(Commit(*store_, WithMember(NewMember(1)))));  // Nor is the member new.
  KeySet keys;
  keys.members = {ById(1)};
  const auto loaded = Read(*store_, keys);
  EXPECT_EQ(loaded->Find({member.id, {}})->member.entry_count, 1);
  EXPECT_EQ(loaded->Find({member.id, {}})->member.version, 2);
}

TEST_F(StorageConformance, AFailedWriteLeavesNothing) {
  ASSERT_TRUE(Commit(*store_, WithMember(NewMember(1))).ok());
  WriteSet writes = WithMember(NewMember(2));
  writes.entries = {NewEntry(2, 1)};
  writes.members.emplace_back().member = NewMember(1);  // Is there already.
  EXPECT_TRUE(absl::IsAborted(Commit(*store_, writes)));
  KeySet keys;
  keys.members = {ById(2)};
  EXPECT_THAT(Read(*store_, keys)->members, IsEmpty());
  EXPECT_THAT(*NewReader()->ListEntries({MemberNumber(2), "", {}, {}}, 10), IsEmpty());
}

TEST_F(StorageConformance, WithoutACommitNothingHappens) {
  {
    const auto transaction = store_->Begin();
    ASSERT_TRUE((*transaction)->Write(WithMember(NewMember(1))).ok());
  }
  KeySet keys;
  keys.members = {ById(1)};
  EXPECT_THAT(Read(*store_, keys)->members, IsEmpty());
  EXPECT_TRUE(Commit(*store_, WithMember(NewMember(1))).ok());
}

TEST_F(StorageConformance, FindsMembersByAliases) {
  WriteSet writes = WithMember(NewMember(1));
  writes.aliases = {{{"phone", "2"}, MemberNumber(1), true},
                    {{"card", "1"}, MemberNumber(1), true},
                    {{"card", kHardText}, MemberNumber(1), true}};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  domain::MemberNeeds needs;
  needs.aliases = true;
  KeySet keys;
  keys.members = {{{std::nullopt, {"card", kHardText}}, needs}};
  keys.aliases = {{"phone", "2"}, {"phone", "3"}};
  const auto loaded = Read(*store_, keys);
  ASSERT_TRUE(loaded.ok());
  const domain::MemberState* state = loaded->Find({std::nullopt, {"card", kHardText}});
  ASSERT_NE(state, nullptr);
  EXPECT_THAT(state->aliases, ElementsAre(domain::Alias{"card", kHardText},
                                          domain::Alias{"card", "1"}, domain::Alias{"phone", "2"}));
  EXPECT_THAT(loaded->aliases, SizeIs(2));
  EXPECT_EQ(loaded->aliases.at({"phone", "2"}), MemberNumber(1));
}

TEST_F(StorageConformance, AliasesAreComparedByteForByte) {
  WriteSet writes = WithMember(NewMember(1));
  writes.aliases = {{{"email", "kim@example.com"}, MemberNumber(1), true}};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  writes = WithMember(NewMember(2));
  writes.aliases = {{{"email", "Kim@example.com"}, MemberNumber(2), true},
                    {{"email", "kim@example.com."}, MemberNumber(2), true},
                    {{"email", "kím@example.com"}, MemberNumber(2), true}};
  EXPECT_TRUE(Commit(*store_, writes).ok());
}

TEST_F(StorageConformance, AnAliasHasOneOwner) {
  WriteSet writes = WithMember(NewMember(1));
  writes.aliases = {{{"card", "1"}, MemberNumber(1), true}};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  writes = WithMember(NewMember(2));
  writes.aliases = {{{"card", "1"}, MemberNumber(2), true}};
  EXPECT_TRUE(absl::IsAborted(Commit(*store_, writes)));

  WriteSet removal;
  removal.aliases = {{{"card", "1"}, MemberNumber(1), false}};
  ASSERT_TRUE(Commit(*store_, removal).ok());
  EXPECT_TRUE(Commit(*store_, writes).ok());
}

// Commands that share a transaction may change one alias several times.
TEST_F(StorageConformance, ChangesOfOneAliasFollowEachOther) {
  const auto commit = [&](const std::vector<domain::AliasChange>& changes) {
    WriteSet writes;
    writes.aliases = changes;
    return Commit(*store_, writes);
  };
  const auto owner = [&](const domain::Alias& alias) -> std::optional<domain::MemberId> {
    KeySet keys;
    keys.aliases = {alias};
    const auto loaded = Read(*store_, keys);
    const auto found = loaded->aliases.find(alias);
    if (found == loaded->aliases.end()) return std::nullopt;
    return found->second;
  };
  WriteSet members = WithMember(NewMember(1));
  members.members.push_back(WithMember(NewMember(2)).members[0]);
  ASSERT_TRUE(Commit(*store_, members).ok());
  const domain::Alias card{"card", "1"};
  const domain::Alias phone{"phone", "1"};
  const domain::MemberId one = MemberNumber(1);
  const domain::MemberId two = MemberNumber(2);

  ASSERT_TRUE(commit({{card, one, true}, {phone, two, true}, {card, one, false}}).ok());
  EXPECT_EQ(owner(card), std::nullopt) << "added, then removed";
  EXPECT_EQ(owner(phone), two);
  ASSERT_TRUE(commit({{card, one, true}}).ok());
  ASSERT_TRUE(commit({{card, one, false}, {phone, two, false}, {card, one, true}}).ok());
  EXPECT_EQ(owner(card), one) << "removed, then added";
  EXPECT_EQ(owner(phone), std::nullopt);
  ASSERT_TRUE(commit({{card, one, false}, {card, two, true}, {phone, one, true}}).ok());
  EXPECT_EQ(owner(card), two) << "moved";
  ASSERT_TRUE(
      commit({{card, two, false}, {card, one, true}, {card, one, false}, {card, two, true}}).ok());
  EXPECT_EQ(owner(card), two) << "moved and moved back";
  EXPECT_TRUE(absl::IsAborted(commit({{card, one, true}, {card, two, false}})))
      << "given before it was taken";
  EXPECT_EQ(owner(card), two);
}

TEST_F(StorageConformance, ARequestTakesEffectOnce) {
  WriteSet writes;
  writes.commands = {NewCommand(RequestScope::kPurchase, "1", 1)};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  EXPECT_TRUE(absl::IsAborted(Commit(*store_, writes)));
  // The scopes are apart, and ids are compared byte for byte.
  writes.commands = {NewCommand(RequestScope::kRequest, "1", 1),
                     NewCommand(RequestScope::kPurchase, "a", 1),
                     NewCommand(RequestScope::kPurchase, "A", 1)};
  ASSERT_TRUE(Commit(*store_, writes).ok());

  KeySet keys;
  keys.requests = {{RequestScope::kPurchase, "1"}, {RequestScope::kSystem, "1"}};
  const auto loaded = Read(*store_, keys);
  ASSERT_TRUE(loaded.ok());
  ASSERT_THAT(loaded->requests, SizeIs(1));
  const StoredReply& reply = loaded->requests.at({RequestScope::kPurchase, "1"});
  EXPECT_EQ(reply.request_hash, std::string("\0hash\xff", 6));
  EXPECT_EQ(reply.reply, std::string("reply\0\xfe", 7));
}

TEST_F(StorageConformance, ACommandIsFoundWholeByItsRequest) {
  WriteSet writes;
  writes.commands = {NewCommand(RequestScope::kPurchase, "1", 1),
                     NewCommand(RequestScope::kRequest, "1", 1)};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  KeySet keys;
  keys.commands = {{RequestScope::kPurchase, "1"}, {RequestScope::kPurchase, "other"}};
  const auto loaded = Read(*store_, keys);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  ASSERT_THAT(loaded->commands, SizeIs(1));
  EXPECT_THAT(loaded->requests, SizeIs(0)) << "which were not asked for";
  const CommandRecord& found = loaded->commands.at({RequestScope::kPurchase, "1"});
  const CommandRecord& written = writes.commands[0].record;
  EXPECT_EQ(found.kind, written.kind);
  EXPECT_EQ(found.action, written.action);
  EXPECT_EQ(found.recorded_at, written.recorded_at);
  EXPECT_EQ(found.member_id, written.member_id);
}

// In the other member's log, each with its own reply.
TEST_F(StorageConformance, AConsequenceHasTheIdOfItsRequest) {
  WriteSet writes = WithMember(NewMember(1));
  writes.members.emplace_back().member = NewMember(2);
  writes.commands = {NewCommand(RequestScope::kRequest, "gift", 1),
                     NewCommand(RequestScope::kConsequence, "gift", 2)};
  writes.commands[0].record.kind = domain::kKindOf<domain::TransferPoints>;
  writes.commands[1].record.kind = domain::kKindOf<domain::ReceivePoints>;
  writes.commands[1].record.reply = "";
  ASSERT_TRUE(Commit(*store_, writes).ok());
  KeySet keys;
  keys.requests = {{RequestScope::kRequest, "gift"}, {RequestScope::kConsequence, "gift"}};
  const auto loaded = Read(*store_, keys);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->requests.at({RequestScope::kRequest, "gift"}).reply,
            writes.commands[0].record.reply);
  EXPECT_EQ(loaded->requests.at({RequestScope::kConsequence, "gift"}).reply, "");
  const auto records = NewReader()->ReadRecords(MemberNumber(1));
  ASSERT_TRUE(records.ok() && records->first.has_value()) << records.status();
  ASSERT_THAT(records->family.front().commands, SizeIs(1));
  EXPECT_EQ(records->family.front().commands[0].kind, domain::kKindOf<domain::ReceivePoints>);
  EXPECT_EQ(records->family.front().commands[0].id, "gift");
  // A reservation is looked for among requests alone.
  keys.requests.clear();
  keys.members = {{{.alias = {}, .reservation_id = "gift"}, {}}};
  EXPECT_EQ(Read(*store_, keys)->origins.begin()->second, MemberNumber(1));
}

TEST_F(StorageConformance, LoadsAccountsAndPutsThemInPlace) {
  WriteSet writes = WithMember(NewMember(1));
  writes.members[0].accounts = {{"points", 1, 2, 3}, {"miles", 0, -5, 0}};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  writes.members[0].member.version = 1;
  writes.members[0].accounts = {{"points", 10, 20, 30}};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  KeySet keys;
  keys.members = {ById(1), ById(1)};
  const auto loaded = Read(*store_, keys);
  EXPECT_THAT(loaded->Find({MemberNumber(1), {}})->accounts,
              ::testing::UnorderedElementsAre(domain::Account{"points", 10, 20, 30},
                                              domain::Account{"miles", 0, -5, 0}));
}

TEST_F(StorageConformance, LoadsOpenLotsInTheOrderOfSpending) {
  const absl::Time march = Utc("2026-03-01 00:00:00");
  const absl::Time april = Utc("2026-04-01 00:00:00");
  WriteSet writes = WithMember(NewMember(1));
  domain::Lot spent = NewLot(4, march, april);
  spent.remaining = 0;
  domain::Lot idle = NewLot(1, march, absl::InfiniteFuture());
  idle.idle_months = 12;
  idle.idle_days = 7;
  writes.members[0].lots = {idle, NewLot(2, march, april), NewLot(3, march, march), spent,
                            NewLot(5, march, april)};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  KeySet keys;
  domain::MemberNeeds needs;
  needs.lots = true;
  keys.members = {ById(1, needs)};
  const auto loaded = Read(*store_, keys);
  const domain::MemberState* state = loaded->Find({MemberNumber(1), {}});
  EXPECT_TRUE(state->has_lots);
  EXPECT_THAT(state->lots, ElementsAre(NewLot(3, march, march), NewLot(2, march, april),
                                       NewLot(5, march, april), idle));
  writes.members[0].member.version = 1;
  writes.members[0].lots = {NewLot(2, march, april)};
  writes.members[0].lots[0].remaining = 7;
  ASSERT_TRUE(Commit(*store_, writes).ok());
  EXPECT_EQ(Read(*store_, keys)->Find({MemberNumber(1), {}})->lots[1].remaining, 7);
}

TEST_F(StorageConformance, ATransactionLoadsWhatWasCommitted) {
  ASSERT_TRUE(Commit(*store_, WithMember(NewMember(1))).ok());
  const auto transaction = store_->Begin();
  ASSERT_TRUE(transaction.ok());
  KeySet keys;
  keys.members = {ById(1)};
  EXPECT_THAT((*transaction)->Load(keys)->members, SizeIs(1));
}

TEST_F(StorageConformance, KeepsRules) {
  WriteSet writes;
  const std::string bytes("\0\xff\1", 3);
  writes.rules = {{1, 1, "one", absl::InfinitePast(), Utc("2026-01-01 00:00:00"), kHardText, ""},
                  {2, 0, "", Utc("2026-01-20 00:00:00"), Utc("2026-01-19 00:00:00"), "", bytes},
                  {3, 2, "two", Utc("2026-02-01 00:00:00"), Utc("2026-01-02 00:00:00"), "", ""}};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  EXPECT_TRUE(absl::IsAborted(Commit(*store_, writes)));
  const auto all = Read(*store_, {});
  ASSERT_THAT(all->rules, SizeIs(3));
  EXPECT_EQ(all->rules[0].text, kHardText);
  EXPECT_EQ(all->rules[0].effective_from, absl::InfinitePast());
  EXPECT_FALSE(all->rules[0].IsNorms());
  EXPECT_TRUE(all->rules[1].IsNorms());
  EXPECT_EQ(all->rules[1].norms, bytes);
  EXPECT_EQ(all->rules[2].version, 2);
  EXPECT_EQ(all->rules[2].effective_from, Utc("2026-02-01 00:00:00"));
  KeySet keys;
  keys.known_rules = 1;
  EXPECT_THAT(Read(*store_, keys)->rules, SizeIs(2));
}

TEST_F(StorageConformance, ListsMembersPageByPage) {
  for (uint64_t number = 1; number <= 5; ++number) {
    domain::Member member = NewMember(number);
    if (number == 3) member.status = domain::MemberStatus::kClosed;
    WriteSet writes = WithMember(member);
    writes.aliases = {{{"card", absl::StrCat(number)}, member.id, true}};
    ASSERT_TRUE(Commit(*store_, writes).ok());
  }
  const auto reader = NewReader();
  const auto first = reader->ListMembers({domain::MemberStatus::kActive, {}}, 3);
  ASSERT_THAT(*first, SizeIs(3));
  EXPECT_EQ((*first)[2].member.id, MemberNumber(4));
  EXPECT_THAT((*first)[2].aliases, ElementsAre(domain::Alias{"card", "4"}));
  const auto second = reader->ListMembers({domain::MemberStatus::kActive, MemberNumber(4)}, 3);
  ASSERT_THAT(*second, SizeIs(1));
  EXPECT_EQ((*second)[0].member.id, MemberNumber(5));
  EXPECT_THAT(*reader->ListMembers({}, 10), SizeIs(5));
  MemberFilter bare{domain::MemberStatus::kActive, {}};
  bare.bare = true;
  const auto without = *reader->ListMembers(bare, 3);
  ASSERT_EQ(without.size(), first->size());
  EXPECT_EQ(without[0].member, (*first)[0].member);
}

TEST_F(StorageConformance, KeepsPurchasesAndFindsThemById) {
  WriteSet writes;
  writes.commands = {NewCommand(RequestScope::kPurchase, "p-1", 1),
                     NewCommand(RequestScope::kRequest, "p-2", 1)};
  writes.commands[0].purchase = NewPurchase(1, "p-1", Utc("2026-01-15 12:00:00"));
  ASSERT_TRUE(Commit(*store_, writes).ok());
  const auto reader = NewReader();
  const auto purchase = reader->FindPurchase("p-1");
  ASSERT_TRUE(purchase.ok());
  EXPECT_EQ(*purchase, writes.commands[0].purchase);
  EXPECT_EQ(*reader->FindPurchase("p-2"), std::nullopt);
  EXPECT_EQ(*reader->FindPurchase("P-1"), std::nullopt);
}

TEST_F(StorageConformance, ListsPurchasesLatestFirst) {
  const absl::Time noon = Utc("2026-01-15 12:00:00");
  const std::pair<const char*, absl::Time> purchases[] = {
      {"b", noon}, {"a", noon}, {"c", noon - absl::Hours(1)}, {"d", noon + absl::Hours(1)}};
  for (const auto& [id, occurred_at] : purchases) {
    WriteSet writes;
    writes.commands = {NewCommand(RequestScope::kPurchase, id, 1)};
    writes.commands[0].purchase = NewPurchase(1, id, occurred_at);
    ASSERT_TRUE(Commit(*store_, writes).ok());
  }
  const auto reader = NewReader();
  const auto ids = [&](const PurchaseFilter& filter, int limit) {
    std::string all;
    const auto found = reader->ListPurchases(filter, limit);
    for (const domain::Purchase& purchase : *found) all += purchase.purchase_id;
    return all;
  };
  PurchaseFilter filter;
  filter.member_id = MemberNumber(1);
  EXPECT_EQ(ids(filter, 10), "dbac");
  EXPECT_EQ(ids(filter, 2), "db");
  filter.before = PurchaseCursor{noon, "b"};
  EXPECT_EQ(ids(filter, 10), "ac");
  filter.before.reset();
  filter.occurred_from = noon;
  filter.occurred_until = noon + absl::Hours(1);
  EXPECT_EQ(ids(filter, 10), "ba");
  filter.member_id = MemberNumber(2);
  EXPECT_EQ(ids(filter, 10), "");
}

TEST_F(StorageConformance, KeepsEntriesAndListsTheLastFirst) {
  WriteSet writes;
  writes.entries = {NewEntry(1, 1), NewEntry(1, 2), NewEntry(1, 3, "miles"), NewEntry(1, 4),
                    NewEntry(2, 1)};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  const auto reader = NewReader();
  EntryFilter filter;
  filter.member_id = MemberNumber(1);
  EXPECT_THAT(*reader->ListEntries(filter, 2),
              ElementsAre(NewEntry(1, 4), NewEntry(1, 3, "miles")));
  filter.before_number = 3;
  EXPECT_THAT(*reader->ListEntries(filter, 10), ElementsAre(NewEntry(1, 2), NewEntry(1, 1)));
  filter.before_number.reset();
  filter.wallet = "miles";
  EXPECT_THAT(*reader->ListEntries(filter, 10), SizeIs(1));
  filter.wallet = "";
  filter.kind = domain::EntryKind::kMature;
  EXPECT_THAT(*reader->ListEntries(filter, 10), ElementsAre(NewEntry(1, 4), NewEntry(1, 2)));
}

TEST_F(StorageConformance, AnEntrysNumberIsTakenOnce) {
  WriteSet writes;
  writes.entries = {NewEntry(1, 1)};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  EXPECT_TRUE(absl::IsAborted(Commit(*store_, writes)));
}

TEST_F(StorageConformance, KeepsTheClockOfATestStore) {
  const auto reader = NewReader();
  EXPECT_EQ(*reader->ReadClock(), std::nullopt);
  WriteSet writes;
  writes.clock.emplace().now = Utc("2026-01-15 12:00:00");
  ASSERT_TRUE(Commit(*store_, writes).ok());
  StoredClock stored = (*reader->ReadClock()).value();
  EXPECT_EQ(stored.version, 1);
  EXPECT_EQ(stored.now, Utc("2026-01-15 12:00:00"));
  // Somebody else was there first.
  EXPECT_TRUE(absl::IsAborted(Commit(*store_, writes)));

  stored.now = Utc("2026-01-16 00:00:00");
  stored.request_id = "advance-1";
  stored.from = Utc("2026-01-15 12:00:00");
  stored.to = Utc("2027-01-15 12:00:00");
  writes.clock = stored;
  ASSERT_TRUE(Commit(*store_, writes).ok());
  EXPECT_TRUE(absl::IsAborted(Commit(*store_, writes)));
  ++stored.version;
  EXPECT_EQ(*reader->ReadClock(), stored);
}

TEST_F(StorageConformance, SumsEverything) {
  WriteSet writes = WithMember(NewMember(1));
  writes.members[0].member.next_due_at = Utc("2026-01-15 12:00:00");
  writes.members[0].accounts = {{"points", 1, 2, 3}, {"miles", 10, 0, 0}};
  writes.members.emplace_back().member = NewMember(2);
  writes.members[1].accounts = {{"points", 100, 200, 300}};
  writes.entries = {NewEntry(1, 1), NewEntry(1, 2), NewEntry(2, 3)};
  writes.commands = {
      NewCommand(RequestScope::kPurchase, "1", 1), NewCommand(RequestScope::kPurchase, "2", 1),
      NewCommand(RequestScope::kReturn, "1", 1), NewCommand(RequestScope::kReturn, "2", 2)};
  writes.commands[0].purchase = NewPurchase(1, "1", Utc("2026-01-15 12:00:00"));
  writes.commands[1].purchase = NewPurchase(1, "2", Utc("2026-01-15 12:00:00"));
  writes.commands[1].purchase->currency = "KRW";
  writes.commands[2].purchase_return = NewReturn(1, "1", Utc("2026-01-15 12:00:00"));
  writes.commands[3].purchase_return = NewReturn(2, "2", Utc("2026-01-15 12:00:00"));
  ASSERT_TRUE(Commit(*store_, writes).ok());

  std::vector<domain::MemberId> due;
  const auto totals =
      NewReader()->Totals(Utc("2026-01-15 12:00:00"), [&](const domain::MemberState& state) {
        EXPECT_TRUE(state.has_lots);
        due.push_back(state.member.id);
      });
  ASSERT_TRUE(totals.ok()) << totals.status();
  EXPECT_THAT(due, ElementsAre(MemberNumber(1)));
  EXPECT_EQ(totals->members, 2);
  EXPECT_EQ(totals->purchases, 2);
  EXPECT_EQ(totals->purchase_lines, 4);
  EXPECT_EQ(totals->currencies.at("EUR").gross_minor, 1'000);
  EXPECT_EQ(totals->currencies.at("KRW").gross_minor, 1'000);
  EXPECT_EQ(totals->returns, 2);
  EXPECT_EQ(totals->currencies.at("EUR").returned_minor, 1'400);
  EXPECT_EQ(totals->currencies.at("KRW").returned_minor, 0);
  const StoredTotals::Wallet& points = totals->wallets.at("points");
  EXPECT_EQ(points.pending, 101);
  EXPECT_EQ(points.available, 202);
  EXPECT_EQ(points.held, 303);
  EXPECT_EQ(totals->wallets.at("miles").pending, 10);
  // Entries 1 and 3 give, 2 matures.
  EXPECT_EQ(points.ledger.at(domain::LedgerAccount::kIssued), -4);
  EXPECT_EQ(points.ledger.at(domain::LedgerAccount::kPending), 2);
  EXPECT_EQ(points.ledger.at(domain::LedgerAccount::kAvailable), 2);
}

TEST_F(StorageConformance, EverythingIsThereAfterReopening) {
  ASSERT_TRUE(Commit(*store_, WithMember(NewMember(1))).ok());
  store_.reset();
  const std::unique_ptr<Store> reopened = database_.Open();
  KeySet keys;
  keys.members = {ById(1)};
  EXPECT_THAT(Read(*reopened, keys)->members, SizeIs(1));
}

TEST_F(StorageConformance, AnotherOpenStoreSeesWhatWasCommitted) {
  const std::unique_ptr<Store> other = database_.Open();
  ASSERT_TRUE(Commit(*store_, WithMember(NewMember(1))).ok());
  EXPECT_TRUE(absl::IsAborted(Commit(*other, WithMember(NewMember(1)))));
  EXPECT_TRUE(Commit(*other, WithMember(NewMember(2))).ok());
  KeySet keys;
  keys.members = {ById(1), ById(2)};
  EXPECT_THAT(Read(*store_, keys)->members, SizeIs(2));
}

}  // namespace
}  // namespace dangol::storage
