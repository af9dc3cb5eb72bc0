#include "server/storage/tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "schema/migrations.h"
#include "server/storage/mysql/rows.h"
#include "server/storage/sqlite/rows.h"

namespace dangol::storage {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(TablesTest, RowsOfAMemberBeginWithTheMember) {
  EXPECT_EQ(SelectSql<domain::Account>(),
            "SELECT member_id, wallet, pending, available, held, owed FROM account");
  EXPECT_EQ(KeyNames(ShapeOf<domain::Lot>()), "member_id, expires_at, lot, purse_id");
  EXPECT_EQ(Width<domain::Account>(), 6);
}

TEST(TablesTest, EveryKindHasAKeyThatBeginsWithTheMemberAndItsOwnTable) {
  std::set<absl::string_view> tables;
  const absl::Status status = ForEachKind([&]<typename Row>() -> absl::Status {
    EXPECT_TRUE(absl::StartsWith(KeyNames(ShapeOf<Row>()), "member_id, ")) << Table<Row>::kName;
    EXPECT_TRUE(tables.insert(Table<Row>::kName).second) << Table<Row>::kName;
    for (const auto& history : {schema::SqliteMigrations(), schema::MysqlMigrations()}) {
      std::string sql;
      for (const schema::Migration& migration : history) absl::StrAppend(&sql, migration.sql);
      EXPECT_THAT(sql, HasSubstr(absl::StrCat(Table<Row>::kName, " (")));
    }
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok());
}

TEST(TablesTest, WhatChangesOfARowThatIsThere) {
  EXPECT_EQ(mysql::OnDuplicateSql(ShapeOf<domain::Account>()),
            " ON DUPLICATE KEY UPDATE pending = VALUES(pending), available = VALUES(available),"
            " held = VALUES(held), owed = VALUES(owed)");
  EXPECT_EQ(sqlite::PutSql(ShapeOf<domain::Account>()),
            "INSERT OR REPLACE INTO account (member_id, wallet, pending, available, held, owed)"
            " VALUES (?, ?, ?, ?, ?, ?)");
}

TEST(TablesTest, AVersionIsChecked) {
  EXPECT_EQ(mysql::OnDuplicateSql(ShapeOf<CounterWrite>()),
            " ON DUPLICATE KEY UPDATE version = IF(version = VALUES(version) - 1,"
            " VALUES(version), NULL), used = VALUES(used)");
  EXPECT_EQ(sqlite::PutSql(ShapeOf<CounterWrite>()),
            "INSERT INTO shared_counter (name, version, used) VALUES (?, ?, ?)"
            " ON CONFLICT (name) DO UPDATE SET version = excluded.version,"
            " used = excluded.used WHERE version = excluded.version - 1");
}

TEST(TablesTest, ACodeThatAnotherCouponHasIsRefused) {
  EXPECT_THAT(mysql::OnDuplicateSql(ShapeOf<domain::Coupon>()),
              HasSubstr("UPDATE status = IF(member_id = VALUES(member_id) AND"
                        " coupon_id = VALUES(coupon_id), VALUES(status), NULL), ended_at ="));
  // Any conflict but that of the key is an error.
  EXPECT_THAT(sqlite::PutSql(ShapeOf<domain::Coupon>()),
              HasSubstr("ON CONFLICT (member_id, coupon_id) DO UPDATE SET status ="));
}

TEST(TablesTest, ARowThatNeverChangesMustBeNew) {
  EXPECT_EQ(mysql::OnDuplicateSql(ShapeOf<domain::TierRecord>()), "");
  EXPECT_THAT(sqlite::PutSql(ShapeOf<domain::TierRecord>()), Not(HasSubstr("CONFLICT")));
}

TEST(TablesTest, IndexesAndRareColumnsAreLeftAlone) {
  const Shape& member = ShapeOf<domain::Member>();
  EXPECT_THAT(sqlite::PutSql(member), HasSubstr("next_due_at = excluded.next_due_at"));
  EXPECT_THAT(sqlite::PutSql(member, /*with_indexed=*/false),
              Not(HasSubstr("next_due_at = excluded")));
  EXPECT_THAT(sqlite::PutSql(member), Not(HasSubstr("merge_json")));
  EXPECT_THAT(mysql::OnDuplicateSql(member), Not(HasSubstr("merge_json")));
  EXPECT_EQ(sqlite::UpdateSql(member, Use::kRare),
            "UPDATE member SET advocate = ?, referrer_id = ?, merge_json = ?, merged_into = ?, "
            "purse_json = ?"
            " WHERE member_id = ?");
}

TEST(TablesTest, ARowAsSql) {
  const domain::Account account = {"points", 1, -2, 3, 4};
  mysql::SqlText sql;
  mysql::AppendRow(account, domain::MemberId{1, 2}, sql, 3);
  EXPECT_EQ(sql.str(), "(3,x'00000000000000010000000000000002','points',1,-2,3,4)");
  EXPECT_EQ(
      mysql::UpdateSql(account, domain::MemberId{1, 2}, Use::kChanging).str(),
      "UPDATE account FORCE INDEX (PRIMARY) SET pending = 1, available = -2, held = 3, owed = 4"
      " WHERE member_id = x'00000000000000010000000000000002' AND wallet = 'points'");
}

}  // namespace
}  // namespace dangol::storage
