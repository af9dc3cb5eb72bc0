#include "server/domain/news.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/common/record.h"
#include "tests/support/programs.h"

namespace dangol::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

LedgerEntry Entry(EntryKind kind, int64_t points, LedgerAccount debit, LedgerAccount credit,
                  const std::string& wallet = "points") {
  LedgerEntry entry;
  entry.wallet = wallet;
  entry.kind = kind;
  entry.points = points;
  entry.debit = debit;
  entry.credit = credit;
  return entry;
}

TEST(NewsTest, NothingChangedIsNoNews) {
  EXPECT_EQ(NewsOf(Effects()), News());
  EXPECT_THAT(EncodeRecord(NewsOf(Effects())), IsEmpty());
}

TEST(NewsTest, PointsAreSumsByWalletAndKind) {
  using enum LedgerAccount;
  Effects effects;
  effects.entries = {Entry(EntryKind::kEarn, 100, kIssued, kPending),
                     Entry(EntryKind::kEarn, 20, kIssued, kPending),
                     Entry(EntryKind::kEarn, 7, kIssued, kAvailable, "stars"),
                     Entry(EntryKind::kMature, 30, kPending, kAvailable),
                     Entry(EntryKind::kHold, 50, kAvailable, kHeld),
                     Entry(EntryKind::kExpire, 5, kAvailable, kExpired)};
  EXPECT_THAT(NewsOf(effects).points,
              ElementsAre(PointsNews{"points", EntryKind::kEarn, 120, 0, 0},
                          PointsNews{"stars", EntryKind::kEarn, 0, 7, 0},
                          PointsNews{"points", EntryKind::kMature, -30, 30, 0},
                          PointsNews{"points", EntryKind::kHold, 0, -50, 50},
                          PointsNews{"points", EntryKind::kExpire, 0, -5, 0}));
}

TEST(NewsTest, WhoActedIsToldOfBesideThePurse) {
  Effects person;
  WorkItem item;
  item.kind = WorkKind::kBadSurvey;
  item.item_id = "s-1";
  person.work_items = {item};
  TierRecord record;
  record.ladder = "main";
  record.span.tier = "gold";
  record.span.day = 20'500;
  person.tier_records = {record};
  Effects effects;
  effects.entries = {Entry(EntryKind::kEarn, 1, LedgerAccount::kIssued, LedgerAccount::kAvailable)};
  effects.of_person = {person};
  const News news = NewsOf(effects);
  EXPECT_EQ(news.points.size(), 1);
  EXPECT_THAT(news.work, ElementsAre(WorkNews{WorkKind::kBadSurvey, "s-1", WorkStatus::kOpen}));
  EXPECT_THAT(news.tiers,
              ElementsAre(TierNews{"main", "gold", TierReason::kReached, 20'500, false}));
}

TEST(NewsTest, AreAsTheyWereWhenTheyAreReadAgain) {
  News news;
  news.points = {{"points", EntryKind::kMature, -30, 30, 0}};
  news.tiers = {{"main", "", TierReason::kFell, 20'500, true}};
  news.awards = {{"incentive:tenth", 3, true}};
  news.coupons = {{"c-1", "coffee", CouponStatus::kUsed}};
  news.work = {{WorkKind::kHostileAdvocate, "1", WorkStatus::kDone}};
  news.program_version = 4;
  News read;
  ASSERT_TRUE(DecodeRecord(EncodeRecord(news), read).ok());
  EXPECT_EQ(read, news);
}

}  // namespace
}  // namespace dangol::domain
