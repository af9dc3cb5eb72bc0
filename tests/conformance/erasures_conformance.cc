// Erasures: what the log says of a person goes, and nothing else.

#include <gmock/gmock.h>

#include <string>

#include "tests/conformance/sample_rows.h"
#include "tests/conformance/storage_conformance.h"

namespace dangol::storage {
namespace {

const absl::Time kThen = Utc("2026-03-01 10:00:00");

class ErasuresConformance : public StorageConformance {
 protected:
  static constexpr uint64_t kHead = 1;    // In whose household the person was.
  static constexpr uint64_t kPerson = 2;  // Who is erased.

  static CommandWrite Said(const std::string& id, uint64_t member, uint64_t person = 0) {
    CommandWrite write = NewCommand(RequestScope::kRequest, id, member);
    write.record.kind = domain::kKindOf<domain::UpdateMember>;
    write.record.request_hash = "hash";
    write.record.action = "action";
    write.record.reply = "reply";
    if (person != 0) write.record.inputs.person = MemberNumber(person);
    return write;
  }

  void SetUp() override {
    WriteSet writes = WithMember(NewMember(kHead));
    writes.members.emplace_back().member = NewMember(kPerson);
    writes.commands = {Said("heads", kHead), Said("persons", kPerson),
                       Said("in household", kHead, kPerson)};
    writes.commands.push_back(NewPurchaseCommand(NewPurchase(kPerson, "p-1", kThen)));
    writes.commands.push_back(NewPurchaseCommand(NewPurchase(kHead, "p-2", kThen)));
    writes.aliases = {{{"phone", "1"}, MemberNumber(kPerson), true},
                      {{"phone", "1"}, MemberNumber(kPerson), false, kThen},
                      {{"phone", "2"}, MemberNumber(kPerson), true},
                      {{"phone", "2"}, MemberNumber(kPerson), false, kThen},
                      {{"phone", "2"}, MemberNumber(kHead), true},
                      // Given to the head by mistake, before it was the person's.
                      {{"phone", "3"}, MemberNumber(kHead), true},
                      {{"phone", "3"}, MemberNumber(kHead), false, kThen - absl::Minutes(30)},
                      {{"phone", "3"}, MemberNumber(kPerson), true},
                      {{"phone", "3"}, MemberNumber(kPerson), false, kThen}};
    ASSERT_TRUE(Commit(*store_, writes).ok());
    WriteSet erase;
    domain::Member person = NewMember(kPerson);
    person.version = 1;
    erase.members.emplace_back().member = person;
    erase.commands = {Said("erase", kPerson)};
    erase.commands.front().record.kind = domain::kKindOf<domain::EraseMember>;
    erase.erasures = {{MemberNumber(kPerson), {MemberNumber(kHead)}}};
    const absl::Status erased = Commit(*store_, erase);
    ASSERT_TRUE(erased.ok()) << erased;
  }

  CommandRecord Find(RequestScope scope, const std::string& id) {
    KeySet keys;
    keys.commands = {{scope, id}};
    const auto loaded = NewReader()->Load(keys);
    EXPECT_TRUE(loaded.ok()) << loaded.status();
    const auto found = loaded->commands.find({scope, id});
    EXPECT_NE(found, loaded->commands.end()) << id;
    return found == loaded->commands.end() ? CommandRecord() : found->second;
  }
  CommandRecord Find(const std::string& id) { return Find(RequestScope::kRequest, id); }

  // Whose the alias is for what occurred before it changed hands.
  std::optional<domain::MemberId> OwnerThen(const std::string& phone) {
    KeySet keys;
    keys.now = kThen + absl::Hours(2);
    MemberQuery query;
    query.ref.alias = {"phone", phone};
    query.ref.as_of = kThen - absl::Hours(1);
    keys.members = {query};
    return NewReader()->Load(keys)->FindOwner(query.ref);
  }
};

TEST_F(ErasuresConformance, WhatTheySaidIsGone) {
  for (const char* const id : {"persons", "in household"}) {
    const CommandRecord record = Find(id);
    EXPECT_EQ(record.request_hash, "") << id;
    EXPECT_EQ(record.action, "") << id;
    EXPECT_EQ(record.reply, "") << id;
    EXPECT_EQ(record.kind, domain::kKindOf<domain::UpdateMember>) << id;
  }
}

TEST_F(ErasuresConformance, PurchasesLoseWhatAnAliasCouldBeGuessedBy) {
  const CommandWrite written = NewPurchaseCommand(NewPurchase(kPerson, "p-1", kThen));
  const CommandRecord record = Find(RequestScope::kPurchase, "p-1");
  EXPECT_EQ(record.request_hash, "");
  EXPECT_EQ(record.action, written.record.action);
  EXPECT_EQ(record.reply, written.record.reply);
}

TEST_F(ErasuresConformance, WhatOthersSaidStays) {
  EXPECT_EQ(Find("heads").request_hash, "hash");
  EXPECT_EQ(Find("heads").action, "action");
  EXPECT_EQ(Find("erase").reply, "reply") << "so that it is answered again";
  EXPECT_NE(Find(RequestScope::kPurchase, "p-2").request_hash, "");
}

TEST_F(ErasuresConformance, FormerAliasesGoUnlessSomebodyElseIsCalledSoNow) {
  EXPECT_EQ(OwnerThen("1"), std::nullopt);
  EXPECT_EQ(OwnerThen("3"), std::nullopt) << "nobody's any more, whoever had it before";
  EXPECT_EQ(OwnerThen("2"), MemberNumber(kPerson));
}

}  // namespace
}  // namespace dangol::storage
