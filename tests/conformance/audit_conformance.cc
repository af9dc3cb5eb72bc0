// The audit log: a chain that is appended to with what it tells of.

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/storage/audit_chain.h"
#include "tests/conformance/sample_rows.h"
#include "tests/conformance/storage_conformance.h"

namespace dangol::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class AuditConformance : public StorageConformance {
 protected:
  // An act about a member, which is recorded in this minute.
  static CommandWrite NewAct(const std::string& id, uint64_t member, int minute) {
    CommandWrite write = NewCommand(RequestScope::kRequest, id, member);
    write.record.recorded_at = Utc("2026-03-01 10:00:00") + absl::Minutes(minute);
    AuditRecord& act = write.act.emplace();
    act.recorded_at = write.record.recorded_at;
    act.key = write.record.key;
    act.kind = write.record.kind;
    act.member_id = write.record.member_id;
    act.principal = kHardText;
    act.reason = kHardText;
    act.changes = std::string("\0\x01\xFF'\\", 5);
    return write;
  }

  void Record(const std::string& id, uint64_t member, int minute) {
    WriteSet writes = WithMember(NewMember(member));
    writes.commands = {NewAct(id, member, minute)};
    ASSERT_TRUE(Commit(*store_, writes).ok());
  }

  std::vector<AuditEntry> List(const AuditFilter& filter, int limit = 100) {
    auto listed = NewReader()->ListAudit(filter, limit);
    EXPECT_TRUE(listed.ok()) << listed.status();
    return *std::move(listed);
  }

  std::vector<std::string> Ids(const AuditFilter& filter, int limit = 100) {
    std::vector<std::string> ids;
    for (const AuditEntry& entry : List(filter, limit)) ids.push_back(entry.record.key.id);
    return ids;
  }

  // Whether the chain of every partition is right; and how many acts there are.
  int CheckChains() {
    const auto ends = NewReader()->ReadAuditEnds();
    EXPECT_TRUE(ends.ok()) << ends.status();
    int acts = 0;
    for (const auto& [partition, end] : *ends) {
      ChainCheck check(partition);
      const auto entries = NewReader()->ReadAudit(partition, 0, 1'000);
      EXPECT_TRUE(entries.ok()) << entries.status();
      for (const AuditEntry& entry : *entries) check.Add(entry);
      check.End(end);
      for (const auto& finding : check.findings()) ADD_FAILURE() << finding.message;
      acts += static_cast<int>(entries->size());
    }
    return acts;
  }
};

TEST_F(AuditConformance, AnEmptyStoreHasNoActs) {
  EXPECT_THAT(List({}), IsEmpty());
  EXPECT_EQ(CheckChains(), 0);
}

TEST_F(AuditConformance, AnActIsReadAsItWasWritten) {
  Record("a", 7, 0);
  const std::vector<AuditEntry> listed = List({});
  ASSERT_THAT(listed, SizeIs(1));
  const AuditRecord written = *NewAct("a", 7, 0).act;
  EXPECT_EQ(listed[0].number, 1);
  EXPECT_EQ(listed[0].position, 1);
  EXPECT_EQ(listed[0].record.recorded_at, written.recorded_at);
  EXPECT_EQ(listed[0].record.key, written.key);
  EXPECT_EQ(listed[0].record.kind, written.kind);
  EXPECT_EQ(listed[0].record.member_id, written.member_id);
  EXPECT_EQ(listed[0].record.principal, written.principal);
  EXPECT_EQ(listed[0].record.reason, written.reason);
  EXPECT_EQ(listed[0].record.changes, written.changes);
  EXPECT_EQ(listed[0].chain, NextInChain(ChainBegin(), DigestOf(listed[0].partition, 1, written)));
}

TEST_F(AuditConformance, SeveralOfABatchFollowOnEachOther) {
  WriteSet writes = WithMember(NewMember(7));
  for (int i = 0; i < 5; ++i) writes.commands.push_back(NewAct(absl::StrCat("z-", 5 - i), 7, i));
  ASSERT_TRUE(Commit(*store_, writes).ok());
  Record("later", 7 + kPartitions, 9);
  EXPECT_EQ(CheckChains(), 6);
}

TEST_F(AuditConformance, ACommandThatIsNoActLeavesNone) {
  WriteSet writes = WithMember(NewMember(1));
  writes.commands = {NewCommand(RequestScope::kRequest, "plain", 1)};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  EXPECT_THAT(List({}), IsEmpty());
}

TEST_F(AuditConformance, WhatIsNotCommittedIsNoAct) {
  Record("a", 7, 0);
  WriteSet again = WithMember(NewMember(8));
  again.commands = {NewAct("b", 8, 1), NewAct("a", 7, 2)};
  EXPECT_FALSE(Commit(*store_, again).ok()) << "the request is known";
  EXPECT_EQ(CheckChains(), 1);
}

TEST_F(AuditConformance, ListsTheLatestFirstInPagesOfAnySize) {
  for (int i = 1; i <= 9; ++i) Record(absl::StrCat(i), static_cast<uint64_t>(i), i / 2);
  const std::vector<std::string> all = Ids({});
  ASSERT_THAT(all, SizeIs(9));
  EXPECT_EQ(std::count(all.begin(), all.end(), "1"), 1);
  for (const int limit : {1, 2, 4}) {
    AuditFilter filter;
    std::vector<std::string> paged;
    while (true) {
      const std::vector<AuditEntry> page = List(filter, limit);
      if (page.empty()) break;
      for (const AuditEntry& entry : page) paged.push_back(entry.record.key.id);
      filter.after = {page.back().record.recorded_at, page.back().partition, page.back().number};
    }
    EXPECT_EQ(paged, all) << limit;
  }
}

TEST_F(AuditConformance, ListsByMemberPrincipalKindAndTime) {
  for (int i = 1; i <= 4; ++i) Record(absl::StrCat(i), static_cast<uint64_t>(i), i);
  WriteSet writes = WithMember(NewMember(5));
  writes.commands = {NewAct("5", 5, 5)};
  writes.commands[0].act->principal = "minji";
  writes.commands[0].act->kind = domain::kKindOf<domain::ChangeStatus>;
  ASSERT_TRUE(Commit(*store_, writes).ok());
  AuditFilter filter;
  filter.member_id = MemberNumber(3);
  EXPECT_THAT(Ids(filter), ElementsAre("3"));
  filter = {.principal = "minji"};
  EXPECT_THAT(Ids(filter), ElementsAre("5"));
  filter = {.kind = domain::kKindOf<domain::ChangeStatus>};
  EXPECT_THAT(Ids(filter), ElementsAre("5"));
  filter = {};
  filter.from = Utc("2026-03-01 10:02:00");
  filter.until = Utc("2026-03-01 10:04:00");
  EXPECT_THAT(Ids(filter), ElementsAre("3", "2"));
}

}  // namespace
}  // namespace dangol::storage
