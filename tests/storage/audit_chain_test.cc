#include "server/storage/audit_chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace dangol::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

AuditRecord ActNumber(int number) {
  AuditRecord record;
  record.recorded_at = absl::FromUnixSeconds(1'800'000'000 + number);
  record.key = {RequestScope::kRequest, absl::StrCat("r-", number)};
  record.kind = domain::kKindOf<domain::AdjustPoints>;
  record.principal = "care-1";
  record.reason = "goodwill";
  record.changes = "points";
  return record;
}

// Five acts, as a store has them.
std::vector<AuditEntry> FiveActs() {
  std::vector<AuditEntry> acts;
  std::string chain = ChainBegin();
  for (int i = 1; i <= 5; ++i) {
    chain = NextInChain(chain, DigestOf(0, 10 * i, ActNumber(i)));
    acts.push_back({0, i, 10 * i, ActNumber(i), chain});
  }
  return acts;
}

// The numbers of the acts at which a check finds something.
std::vector<int64_t> FindingsOf(const std::vector<AuditEntry>& acts, const AuditEnd& end) {
  ChainCheck check(0);
  for (const AuditEntry& act : acts) check.Add(act);
  check.End(end);
  std::vector<int64_t> numbers;
  for (const ChainCheck::Finding& finding : check.findings()) numbers.push_back(finding.number);
  return numbers;
}

AuditEnd EndOf(const std::vector<AuditEntry>& acts) {
  return {acts.back().number, acts.back().chain};
}

TEST(AuditChainTest, WhatWasRecordedIsRight) {
  EXPECT_THAT(FindingsOf(FiveActs(), EndOf(FiveActs())), IsEmpty());
  EXPECT_THAT(FindingsOf({}, {0, ChainBegin()}), IsEmpty());
}

// Stored chains have to stay what they are: these values were computed apart, with sha256sum.
TEST(AuditChainTest, HashesAreThoseOfTheDocumentedText) {
  AuditRecord record = ActNumber(1);
  EXPECT_EQ(absl::BytesToHexString(NextInChain(ChainBegin(), std::string(32, '\1'))),
            "5c85955f709283ecce2b74f1b1552918819f390911816e7bb466805a38ab87f3");
  const std::string digest = DigestOf(0, 10, record);
  EXPECT_EQ(absl::BytesToHexString(digest),
            "b8c5783a132602ed54f987cac76e1867a648e00db753ac1e4819e81d4c403c7c");
  // Each value counts, and where one ends and the next begins.
  std::vector<std::function<void(AuditRecord&)>> alterations = {
      [](AuditRecord& r) { r.recorded_at += absl::Microseconds(1); },
      [](AuditRecord& r) { r.key.id = "r-2"; },
      [](AuditRecord& r) { r.key.scope = RequestScope::kSystem; },
      [](AuditRecord& r) { r.kind = domain::kKindOf<domain::ChangeStatus>; },
      [](AuditRecord& r) {
        r.member_id = domain::MemberId{1, 2};
      },
      [](AuditRecord& r) { r.principal = "care-2"; },
      [](AuditRecord& r) { r.reason = ""; },
      [](AuditRecord& r) { r.changes = ""; },
      [](AuditRecord& r) {
        r.principal = "care-1g";
        r.reason = "oodwill";
      },
  };
  for (size_t i = 0; i < alterations.size(); ++i) {
    AuditRecord altered = ActNumber(1);
    alterations[i](altered);
    EXPECT_NE(DigestOf(0, 10, altered), digest) << i;
  }
  EXPECT_NE(DigestOf(1, 10, record), digest);
  EXPECT_NE(DigestOf(0, 11, record), digest);
}

TEST(AuditChainTest, AnAlteredActIsNamed) {
  std::vector<AuditEntry> acts = FiveActs();
  acts[2].record.reason = "nothing to see here";
  EXPECT_THAT(FindingsOf(acts, EndOf(acts)), ElementsAre(3));
}

TEST(AuditChainTest, AnActThatWasHashedAnewDoesNotBearTheNext) {
  std::vector<AuditEntry> acts = FiveActs();
  acts[2].record.reason = "nothing to see here";
  acts[2].chain = NextInChain(acts[1].chain, DigestOf(0, 30, acts[2].record));
  EXPECT_THAT(FindingsOf(acts, EndOf(acts)), ElementsAre(4));
}

TEST(AuditChainTest, ARemovedActIsNamed) {
  const AuditEnd end = EndOf(FiveActs());
  std::vector<AuditEntry> acts = FiveActs();
  acts.erase(acts.begin() + 2);
  EXPECT_THAT(FindingsOf(acts, end), ElementsAre(3));
  acts = FiveActs();
  acts.pop_back();
  EXPECT_THAT(FindingsOf(acts, end), ElementsAre(5));
  acts.clear();
  EXPECT_THAT(FindingsOf(acts, end), ElementsAre(1));
}

TEST(AuditChainTest, ARemovedActIsNamedThoughTheOthersWereNumberedAnew) {
  const AuditEnd end = EndOf(FiveActs());
  std::vector<AuditEntry> acts = FiveActs();
  acts.erase(acts.begin() + 2);
  acts[2].number = 3;
  acts[3].number = 4;
  EXPECT_THAT(FindingsOf(acts, end), ElementsAre(3, 5));
}

TEST(AuditChainTest, SwappedActsAreNamed) {
  std::vector<AuditEntry> acts = FiveActs();
  std::swap(acts[1].record, acts[3].record);
  EXPECT_THAT(FindingsOf(acts, EndOf(acts)), ElementsAre(2, 4));
}

TEST(AuditChainTest, AnAddedActIsNamed) {
  const AuditEnd end = EndOf(FiveActs());
  std::vector<AuditEntry> acts = FiveActs();
  acts.push_back(
      {0, 6, 60, ActNumber(6), NextInChain(acts.back().chain, DigestOf(0, 60, ActNumber(6)))});
  EXPECT_THAT(FindingsOf(acts, end), ElementsAre(6));
}

TEST(AuditChainTest, AnEndThatIsGoneIsTold) {
  ChainCheck check(0);
  for (const AuditEntry& act : FiveActs()) check.Add(act);
  check.End(std::nullopt);
  EXPECT_EQ(check.findings().size(), 1U);
}

}  // namespace
}  // namespace dangol::storage
